"""Hours that volunteers give: written by one person, validated by another, corrected with a reason."""

from django.db import models
from django.db.models import F, Q, Sum
from django.utils import timezone

from maillage.accounts.models import User
from maillage.directory.models import Structure
from maillage.volunteering.models.missions import Mission

LEAST_MINUTES, MOST_MINUTES = 5, 24 * 60


class HoursQuerySet(models.QuerySet):
    def validated(self):
        return self.filter(validated_at__isnull=False)

    def waiting(self):
        return self.filter(validated_at=None)

    def of_year(self, year):
        return self.filter(day__year=year)

    def minutes(self):
        return self.aggregate(total=Sum("minutes"))["total"] or 0


class VolunteerHours(models.Model):
    """What a volunteer gave one association, on a day.

    volunteer  None once the account is erased: the hours stay in the accounts of the association, without a name
    written_by  who wrote it, or corrected it last: someone else validates
    """

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="volunteer_hours")
    mission = models.ForeignKey(Mission, models.SET_NULL, null=True, blank=True, related_name="volunteer_hours")
    volunteer = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="volunteer_hours")
    day = models.DateField("jour")
    minutes = models.PositiveSmallIntegerField("durée, en minutes")
    task = models.CharField("ce qui a été fait", max_length=200)
    written_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField("écrit le", default=timezone.now)
    validated_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    validated_at = models.DateTimeField("validé le", null=True, blank=True)

    objects = HoursQuerySet.as_manager()

    class Meta:
        verbose_name = "heures bénévoles"
        verbose_name_plural = "heures bénévoles"
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=LEAST_MINUTES, minutes__lte=MOST_MINUTES),
                name="hours_fit_in_a_day",
                violation_error_message="Une durée va de cinq minutes à vingt-quatre heures.",
            ),
            models.CheckConstraint(
                condition=Q(task__regex=r"\S"),
                name="hours_say_what_was_done",
                violation_error_message="Dites ce qui a été fait.",
            ),
            models.CheckConstraint(
                condition=Q(validated_by__isnull=True) | Q(written_by__isnull=True) | ~Q(validated_by=F("written_by")),
                name="hours_validated_by_another",
                violation_error_message="Une autre personne que celle qui a écrit ces heures les valide.",
            ),
            models.CheckConstraint(
                condition=Q(validated_at__isnull=False) | Q(validated_by__isnull=True),
                name="hours_validation_is_dated",
                violation_error_message="Une validation a une date.",
            ),
        ]
        indexes = [models.Index(fields=["structure", "day"], name="hours_of_structure")]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def is_validated(self):
        return self.validated_at is not None


class HoursCorrection(models.Model):
    """What was written before a correction, and why it was changed: both sides read it."""

    hours = models.ForeignKey(VolunteerHours, models.CASCADE, related_name="corrections")
    day_before = models.DateField("jour d’avant")
    minutes_before = models.PositiveSmallIntegerField("durée d’avant, en minutes")
    reason = models.CharField("raison", max_length=200)
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField("corrigé le", default=timezone.now)

    class Meta:
        verbose_name = "correction d’heures"
        verbose_name_plural = "corrections d’heures"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="hours_correction_says_why",
                violation_error_message="Dites pourquoi vous corrigez.",
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
