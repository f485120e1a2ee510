"""What went wrong in a loan, what each side says of it, and how it ends."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from maillage.handovers.models.reports import ConditionReport, Side
from maillage.sharing.models import Booking, Closure


class Incident(models.Model):
    """Something damaged or lost, until both sides agree on how it ends, or the lender ends it alone.

    bears   who answers for it by the agreement, as the lender reads it
    closure the time at which the thing is out of service because of it
    alone   whether the lender ended it without the other side
    """

    class State(models.TextChoices):
        OPEN = "open", "en cours"
        SETTLED = "settled", "réglé entre les deux associations"
        REPAIRED = "repaired", "réparé ou remplacé"
        DROPPED = "dropped", "sans suite"

    ENDS = (State.SETTLED, State.REPAIRED, State.DROPPED)

    class Bears(models.TextChoices):
        UNKNOWN = "unknown", "à voir ensemble"
        BORROWER = "borrower", "l’association qui emprunte"
        LENDER = "lender", "l’association qui prête"
        INSURANCE = "insurance", "une assurance"

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="incidents")
    report = models.ForeignKey(ConditionReport, models.SET_NULL, null=True, blank=True, related_name="incidents")
    what = models.TextField("ce qui s’est passé", max_length=1000)
    bears = models.CharField("qui en répond", max_length=9, choices=Bears.choices, default=Bears.UNKNOWN)
    value_cents = models.PositiveIntegerField("valeur estimée, en centimes", null=True, blank=True)
    state = models.CharField("état", max_length=8, choices=State.choices, default=State.OPEN)
    alone = models.BooleanField("clos par la prêteuse seule", default=False)
    side = models.CharField("signalé par", max_length=8, choices=Side.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="incidents")
    closure = models.ForeignKey(Closure, models.SET_NULL, null=True, blank=True, related_name="incidents")
    opened_at = models.DateTimeField("signalé le", auto_now_add=True)
    resolved_at = models.DateTimeField("clos le", null=True, blank=True)

    class Meta:
        verbose_name = "incident"
        ordering = ["opened_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", resolved_at__isnull=True)
                | Q(state__in=["settled", "repaired", "dropped"], resolved_at__isnull=False),
                name="incident_resolved_at_a_time",
                violation_error_message="Un incident est en cours, réglé, réparé ou sans suite.",
            ),
            models.CheckConstraint(
                condition=Q(what__regex=r"\S"),
                name="incident_in_words",
                violation_error_message="Dites ce qui s’est passé.",
            ),
            models.CheckConstraint(
                condition=Q(bears__in=["unknown", "borrower", "lender", "insurance"]),
                name="incident_bears_known",
                violation_error_message="Choisissez qui en répond dans la liste.",
            ),
            models.CheckConstraint(
                condition=Q(value_cents__isnull=True) | Q(value_cents__gte=1),
                name="incident_value_positive",
                violation_error_message="La valeur estimée est plus grande que zéro.",
            ),
        ]

    def __str__(self):
        return f"incident n° {self.pk}"

    def get_absolute_url(self):
        return reverse("incident", args=[self.pk])

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    @property
    def is_out_of_service(self):
        return self.closure is not None and self.closure.period.upper > timezone.now()

    @property
    def proposal(self):
        """The last IncidentWord that proposes an end; None without."""
        return self.words.exclude(proposes="").last()


class IncidentWord(models.Model):
    """What one side says of an incident, with the end that it proposes, if any."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="words")
    side = models.CharField("dit par", max_length=8, choices=Side.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="incident_words")
    text = models.TextField("message", max_length=1000)
    proposes = models.CharField("issue proposée", max_length=8, choices=Incident.State.choices, blank=True)
    at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "parole sur un incident"
        verbose_name_plural = "paroles sur un incident"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(text__regex=r"\S"),
                name="incident_word_has_text",
                violation_error_message="Écrivez quelques mots.",
            ),
            models.CheckConstraint(
                condition=Q(proposes__in=["", "settled", "repaired", "dropped"]),
                name="incident_word_proposes_an_end",
                violation_error_message="On propose une issue\u00a0: réglé, réparé ou sans suite.",
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def booking(self):
        return self.incident.booking
