"""Structures that ended: who said so, what became of what they had, and what would come back if it was a mistake."""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from maillage.accounts.models import User
from maillage.directory.models.structures import Structure


class DissolutionQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(taken_back_at=None)


class Dissolution(models.Model):
    """A structure ended, and what that closes is closed: someone declared it here, or the register says so.

    kept  what it changed, so that it can be taken back: {"mandates": {id: last day or None}, "listings": {id: state},
          "memberships": [[head, member]…], "dissolved_on": what the page said before}
    """

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="dissolutions")
    is_declared = models.BooleanField("déclarée ici", help_text="sinon, elle vient du registre")
    day = models.DateField("jour de la dissolution")
    becomes = models.TextField(
        "ce que devient ce qu’elle avait", max_length=1000, blank=True, validators=[MaxLengthValidator(1000)]
    )
    receiver = models.ForeignKey(
        Structure, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="structure qui reçoit"
    )
    kept = models.JSONField("ce qui reviendrait", default=dict)
    declared_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    declared_at = models.DateTimeField("déclarée le", default=timezone.now)
    taken_back_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    taken_back_at = models.DateTimeField("annulée le", null=True, blank=True)

    objects = DissolutionQuerySet.as_manager()

    class Meta:
        verbose_name = "dissolution"
        ordering = ["-declared_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["structure"],
                condition=Q(taken_back_at=None),
                name="dissolution_one_standing",
                violation_error_message="Cette structure est déjà dissoute.",
            ),
            models.CheckConstraint(
                condition=Q(receiver__isnull=True) | ~Q(receiver=F("structure")),
                name="dissolution_not_to_oneself",
                violation_error_message="Une structure dissoute ne reçoit pas ce qu’elle avait.",
            ),
            models.CheckConstraint(
                condition=Q(is_declared=False) | Q(becomes__regex=r"\S") | Q(receiver__isnull=False),
                name="dissolution_says_what_becomes",
                violation_error_message="Dites ce que devient ce que la structure avait, ou qui le reçoit.",
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
