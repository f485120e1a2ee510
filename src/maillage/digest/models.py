"""When each person wants news by e-mail, up to when they were told, and which ends of listings they heard of."""

from datetime import timedelta
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q

from maillage.accounts.models import User
from maillage.sharing.models import Listing

TUESDAY = 1


class SubscriptionQuerySet(models.QuerySet):
    def due(self, today):
        """Those not told since their last day of news: an outage of the server makes them late, never forgotten."""
        weekly = Q(rhythm=Subscription.Rhythm.WEEK)
        late = [
            weekly & Q(weekday=day, told_on__lt=today - timedelta(days=(today.weekday() - day) % 7)) for day in range(7)
        ]
        daily = Q(rhythm=Subscription.Rhythm.DAY, told_on__lt=today)
        return self.filter(reduce(or_, late, daily), user__is_active=True)


class Subscription(models.Model):
    """News for one person: ``told_on`` is the last day when they were read, ``told_until`` how far they were told."""

    class Rhythm(models.TextChoices):
        DAY = "day", "chaque jour"
        WEEK = "week", "chaque semaine"
        NEVER = "never", "jamais"

    user = models.OneToOneField(User, models.CASCADE, related_name="subscription")
    rhythm = models.CharField("rythme", max_length=5, choices=Rhythm.choices, default=Rhythm.WEEK)
    weekday = models.PositiveSmallIntegerField("jour de la semaine", default=TUESDAY, help_text="0 = lundi")
    told_on = models.DateField("dernier jour de nouvelles")
    told_until = models.DateTimeField("nouvelles données jusqu’à")
    hears_of_team = models.BooleanField(
        "reçoit ce qui attend l’équipe", default=True, db_default=True, help_text="pour les agents"
    )
    team_told_until = models.DateTimeField("ce qui attend l’équipe, dit jusqu’à", null=True, blank=True)
    reminded_on = models.DateField("dernier jour d’un rappel", null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = "abonnement aux nouvelles"
        verbose_name_plural = "abonnements aux nouvelles"
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__lte=6),
                name="subscription_weekday_exists",
                violation_error_message="Les jours de la semaine vont de lundi à dimanche.",
            ),
            models.CheckConstraint(
                condition=Q(rhythm__in=["day", "week", "never"]),
                name="subscription_rhythm_exists",
                violation_error_message="Choisissez chaque jour, chaque semaine ou jamais.",
            ),
        ]

    def __str__(self):
        return f"nouvelles {self.get_rhythm_display()}"


class Reminder(models.Model):
    """A person heard that a listing ends: once before, once on its last day, for each of its terms."""

    class Moment(models.TextChoices):
        SOON = "soon", "bientôt"
        LAST = "last", "le dernier jour"

    user = models.ForeignKey(User, models.CASCADE, related_name="reminders")
    listing = models.ForeignKey(Listing, models.CASCADE, related_name="reminders")
    valid_until = models.DateField("échéance")
    moment = models.CharField("moment", max_length=4, choices=Moment.choices)
    sent_on = models.DateField("envoyé le")

    class Meta:
        verbose_name = "rappel"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "listing", "valid_until", "moment"],
                name="reminder_once",
                violation_error_message="Ce rappel est déjà parti.",
            ),
            models.CheckConstraint(
                condition=Q(moment__in=["soon", "last"]),
                name="reminder_moment_known",
                violation_error_message="Un rappel part bientôt avant la fin, ou le dernier jour.",
            ),
        ]

    def __str__(self):
        return f"rappel n° {self.pk}"
