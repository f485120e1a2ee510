"""What people have been told of loans that end, or that are late."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from maillage.sharing.models import Booking


class LoanReminder(models.Model):
    """A person was told once of one moment of a loan; another end, after an extension, is told anew."""

    class Moment(models.TextChoices):
        BEFORE = "before", "la veille"
        DUE = "due", "le jour même"
        LATE = "late", "un jour de retard"
        STILL_LATE = "still", "trois jours de retard"
        NEXT = "next", "le prêt d’avant est en retard"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="loan_reminders")
    booking = models.ForeignKey(Booking, models.CASCADE, related_name="reminders")
    moment = models.CharField("moment", max_length=6, choices=Moment.choices)
    about = models.DateTimeField("pour", help_text="la fin du prêt, ou le début de celui qui suit")
    sent_at = models.DateTimeField("envoyé le", auto_now_add=True)

    class Meta:
        verbose_name = "rappel d’un prêt"
        verbose_name_plural = "rappels des prêts"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "booking", "moment", "about"],
                name="loan_reminder_once",
                violation_error_message="Ce rappel est déjà parti.",
            ),
            models.CheckConstraint(
                condition=Q(moment__in=["before", "due", "late", "still", "next"]),
                name="loan_reminder_moment_known",
                violation_error_message="Un rappel part la veille, le jour même, en retard, ou pour le prêt qui suit.",
            ),
        ]

    def __str__(self):
        return f"rappel n° {self.pk}"
