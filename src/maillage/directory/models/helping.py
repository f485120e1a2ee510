"""Someone acts for a structure that asks for it, without being of its team; ``Mandate`` says until when."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from maillage.accounts.models import User
from maillage.directory.models.structures import Mandate, Structure
from maillage.engine.french import NBSP, date_fr

REMINDED_BEFORE = timedelta(days=7)
FORGOTTEN = "quelqu’un de l’association"


class AssistanceQuerySet(models.QuerySet):
    def running(self):
        return self.filter(mandate__in=Mandate.objects.current())

    def to_remind(self):
        """Those that end within a week, that nobody was told of yet; not those that last a week at most."""
        soon = timezone.localdate() + REMINDED_BEFORE
        lasting = self.running().filter(until__lte=soon, mandate__starts_on__lt=F("until") - REMINDED_BEFORE)
        return lasting.filter(end_told_at=None)


class Assistance(models.Model):
    """At whose demand ``helper`` acts, or acted, for ``structure``: the head of its network, or the territory's team.

    It outlives the mandate, so that what was written meanwhile can say who wrote it.
    """

    class How(models.TextChoices):
        PHONE = "phone", "par téléphone"
        MEETING = "meeting", "de vive voix"
        LETTER = "letter", "par courrier"
        ONLINE = "online", "sur Maillage"

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="assistances")
    head = models.ForeignKey(
        Structure, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="réseau qui aide"
    )
    helper = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    mandate = models.OneToOneField(Mandate, models.SET_NULL, null=True, blank=True, related_name="assistance")
    asked_by = models.CharField("qui l’a demandé", max_length=120)
    how = models.CharField("comment", max_length=7, choices=How.choices)
    asked_on = models.DateField("demandé le")
    until = models.DateField("dernier jour prévu")
    made_at = models.DateTimeField("commencée le", default=timezone.now)
    end_told_at = models.DateTimeField("fin rappelée le", null=True, blank=True)

    objects = AssistanceQuerySet.as_manager()

    class Meta:
        verbose_name = "aide à la demande d’une association"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(asked_by__regex=r"\S"),
                name="assistance_names_who_asked",
                violation_error_message="Dites qui l’a demandé.",
            ),
            models.CheckConstraint(
                condition=Q(asked_on__lte=F("until")),
                name="assistance_asked_before_it_ends",
                violation_error_message="L’association l’a demandé avant que l’aide finisse.",
            ),
            models.CheckConstraint(
                condition=~Q(head=F("structure")),
                name="assistance_not_to_oneself",
                violation_error_message="Un réseau n’est pas son propre membre.",
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def sentence(self):
        """For the structure and the journal, who may read names."""
        who = self.helper.name if self.helper and self.helper.name else "une personne de l’équipe"
        through = f", pour {self.head}" if self.head else ""
        return f"saisi {self.get_how_display()} par {who}{through}, à la demande de {self.asked_by}"

    @property
    def public_sentence(self):
        """For all: never who, whose mandate is private."""
        if self.head:
            return f"Saisi par «{NBSP}{self.head}{NBSP}» pour cette association"
        return f"Saisi par l’équipe du territoire, à la demande de l’association, le {date_fr(self.asked_on)}"


class HelpRequest(models.Model):
    """A member asks the head of its network to act for it, or the head offers to: the other has not answered yet."""

    head = models.ForeignKey(Structure, models.CASCADE, related_name="+")
    member = models.ForeignKey(Structure, models.CASCADE, related_name="+")
    is_offer = models.BooleanField("proposée par la tête de réseau")
    until = models.DateField("dernier jour")
    author = models.ForeignKey(User, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField("demandée le", default=timezone.now)

    class Meta:
        verbose_name = "demande d’aide à un réseau"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["head", "member"],
                name="help_request_unique",
                violation_error_message="Une demande attend déjà une réponse.",
            ),
            models.CheckConstraint(
                condition=~Q(head=F("member")),
                name="help_request_not_to_oneself",
                violation_error_message="Un réseau n’est pas son propre membre.",
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
