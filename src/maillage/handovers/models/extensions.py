"""More time, asked for by who borrows and given by who lends, before the thing is due."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from maillage.sharing.models import Booking


class Extension(models.Model):
    """A request to keep a lent thing until ``until``; accepted, it changes the period of the booking."""

    class State(models.TextChoices):
        ASKED = "asked", "demandée"
        ACCEPTED = "accepted", "acceptée"
        REFUSED = "refused", "refusée"

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="extensions")
    until = models.DateTimeField("jusqu’au")
    words = models.CharField("pourquoi", max_length=300, blank=True)
    state = models.CharField("état", max_length=8, choices=State.choices, default=State.ASKED)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="extensions")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="extensions_answered"
    )
    asked_at = models.DateTimeField("demandée le", auto_now_add=True)

    class Meta:
        verbose_name = "prolongation"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["asked", "accepted", "refused"]),
                name="extension_state_known",
                violation_error_message="Une prolongation est demandée, acceptée ou refusée.",
            ),
            models.UniqueConstraint(
                fields=["booking"],
                condition=Q(state="asked"),
                name="extension_one_at_a_time",
                violation_error_message="Une prolongation attend déjà une réponse.",
            ),
        ]

    def __str__(self):
        return f"prolongation n° {self.pk}"
