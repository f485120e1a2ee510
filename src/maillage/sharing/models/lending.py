"""How an offer is lent: the rules of its owner, what it is made of, and when it is closed."""

import pghistory
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from maillage.sharing.models.listings import Listing


@pghistory.track()
class LendingRules(models.Model):
    """What the owner of an offer asks of those who borrow it; an offer without a row has the usual rules."""

    class Rhythm(models.TextChoices):
        HOUR = "hour", "à l’heure"
        HALF_DAY = "half_day", "à la demi-journée"
        DAY = "day", "à la journée"

    listing = models.OneToOneField(Listing, models.CASCADE, related_name="lending_rules", primary_key=True)
    rhythm = models.CharField("se prête", max_length=8, choices=Rhythm.choices, default=Rhythm.DAY)
    minutes_before = models.PositiveSmallIntegerField("pour préparer, en minutes", default=0)
    minutes_after = models.PositiveSmallIntegerField("pour ranger, en minutes", default=0)
    notice_days = models.PositiveSmallIntegerField("à demander au moins, en jours avant", default=0)
    longest_days = models.PositiveSmallIntegerField("durée la plus longue, en jours", null=True, blank=True)
    horizon_days = models.PositiveSmallIntegerField("à demander au plus, en jours avant", default=366)
    approvals = models.PositiveSmallIntegerField("personnes qui doivent accepter", default=1)
    most_each = models.PositiveSmallIntegerField(
        "réservations à venir, au plus, par association", null=True, blank=True
    )
    cancel_days = models.PositiveSmallIntegerField("s’annule au plus tard, en jours avant", default=0)
    most_people = models.PositiveIntegerField("effectif maximal", null=True, blank=True)
    most_people_source = models.CharField("d’où vient l’effectif maximal", max_length=200, blank=True)
    word = models.TextField("à savoir avant de demander", max_length=1000, blank=True)

    class Meta:
        verbose_name = "règles de prêt"
        verbose_name_plural = "règles de prêt"
        constraints = [
            models.CheckConstraint(
                condition=Q(rhythm__in=["hour", "half_day", "day"]),
                name="lending_rules_rhythm_known",
                violation_error_message="Un bien se prête à l’heure, à la demi-journée ou à la journée.",
            ),
            models.CheckConstraint(
                condition=Q(minutes_before__lte=24 * 60, minutes_after__lte=24 * 60),
                name="lending_rules_buffers_within_a_day",
                violation_error_message="Préparer et ranger prennent un jour au plus, soit 1\u202f440 minutes.",
            ),
            models.CheckConstraint(
                condition=Q(approvals__lte=2),
                name="lending_rules_two_approvals_at_most",
                violation_error_message="Deux personnes au plus acceptent une demande.",
            ),
            models.CheckConstraint(
                condition=Q(longest_days__isnull=True) | Q(longest_days__range=(1, 366)),
                name="lending_rules_longest_within_a_year",
                violation_error_message="La durée la plus longue va de 1 à 366 jours.",
            ),
            models.CheckConstraint(
                condition=Q(horizon_days__range=(1, 731), notice_days__lte=F("horizon_days")),
                name="lending_rules_notice_before_horizon",
                violation_error_message="On peut demander de 1 à 731 jours avant, et le délai le plus court est plus "
                "petit que le plus long.",
            ),
            models.CheckConstraint(
                condition=Q(most_each__isnull=True) | Q(most_each__gte=1),
                name="lending_rules_one_each_at_least",
                violation_error_message="Une association peut avoir au moins une réservation à venir.",
            ),
            models.CheckConstraint(
                condition=Q(most_people__isnull=True) | Q(most_people__gte=1) & ~Q(most_people_source=""),
                name="lending_rules_most_people_sourced",
                violation_error_message="Dites d’où vient l’effectif maximal\u00a0: arrêté, procès-verbal ou "
                "déclaration, avec sa date.",
            ),
        ]

    def __str__(self):
        return f"règles de prêt de l’annonce n° {self.listing_id}"


class Part(models.Model):
    """What an offer is made of: a kit of its pieces, a building of its rooms. Who borrows the whole takes its parts."""

    whole = models.ForeignKey(Listing, models.CASCADE, related_name="parts")
    part = models.ForeignKey(Listing, models.CASCADE, related_name="wholes")
    quantity = models.PositiveIntegerField("combien", default=1)

    class Meta:
        verbose_name = "élément"
        constraints = [
            models.UniqueConstraint(
                fields=["whole", "part"],
                name="part_once",
                violation_error_message="Cet élément fait déjà partie de l’ensemble.",
            ),
            models.CheckConstraint(
                condition=~Q(whole=F("part")),
                name="part_of_another",
                violation_error_message="Une annonce ne fait pas partie d’elle-même.",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1),
                name="part_quantity_at_least_one",
                violation_error_message="Un ensemble a au moins un exemplaire de chacun de ses éléments.",
            ),
        ]

    def __str__(self):
        return f"{self.quantity} × {self.part}"


class ClosureQuerySet(models.QuerySet):
    def to_come(self):
        return self.filter(period__endswith__gt=timezone.now())


class Closure(models.Model):
    """A time at which an offer is not lent: holidays, works, its owner's own use, an outside calendar."""

    class Reason(models.TextChoices):
        OWN_USE = "own_use", "nous nous en servons"
        CLOSED = "closed", "fermé"
        REPAIR = "repair", "en réparation"
        CALENDAR = "calendar", "d’après un agenda extérieur"

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="closures")
    period = DateTimeRangeField("période", default_bounds="[)")
    reason = models.CharField("raison", max_length=8, choices=Reason.choices)
    word = models.CharField("précision", max_length=200, blank=True)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        verbose_name = "fermeture"
        ordering = ["period"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__lower_inf=False, period__upper_inf=False),
                name="closure_has_a_beginning_and_an_end",
                violation_error_message="La fin de la fermeture vient après son début.",
            ),
        ]

    def __str__(self):
        return self.get_reason_display()


class OutsideCalendar(models.Model):
    """The secret address of a calendar that an owner keeps elsewhere: read each hour, its events are closures."""

    listing = models.OneToOneField(Listing, models.CASCADE, related_name="outside_calendar", primary_key=True)
    address = models.CharField("adresse secrète", max_length=1000)
    read_at = models.DateTimeField("lu le", null=True, blank=True)
    problem = models.CharField("ce qui n’a pas été", max_length=300, blank=True)

    class Meta:
        verbose_name = "agenda extérieur"
        verbose_name_plural = "agendas extérieurs"
        constraints = [
            models.CheckConstraint(
                condition=Q(address__startswith="https://"),
                name="outside_calendar_by_https",
                violation_error_message="L’adresse d’un agenda commence par https://.",
            ),
        ]

    def __str__(self):
        return f"agenda extérieur de l’annonce n° {self.listing_id}"
