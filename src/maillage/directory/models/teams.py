"""Who asks to act for a structure, and who is invited to; ``Mandate`` says who does."""

from datetime import timedelta
from uuid import uuid4

import pghistory
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone

from maillage.accounts import links
from maillage.accounts.models import User
from maillage.directory.models.structures import Mandate, Structure
from maillage.directory.uploads import Uploads

DOCUMENTS = "claims"  # the folder of uploads that holds them


def document_name(claim, filename):
    """A name that cannot be guessed; its end alone says what is inside."""
    return f"{DOCUMENTS}/{uuid4().hex}.{filename.rpartition('.')[2]}"


class ClaimQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=Claim.State.WAITING)

    def for_the_territory(self):
        """Claims that the territory's team decides: nobody represents the structure yet."""
        representatives = Mandate.objects.current().representatives().filter(structure=OuterRef("structure"))
        return self.waiting().filter(~Exists(representatives))


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    exclude=["position", "text", "site_email", "document", "refusal", "question", "answer"],
)
class Claim(models.Model):
    """Someone asks to act for a structure.

    Whoever represents the structure decides; where nobody does, a letter to its own site proves it, or the territory's
    team decides. What served to decide (document, address of the site) is erased with the decision.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "en attente"
        ACCEPTED = "accepted", "acceptée"
        REFUSED = "refused", "refusée"
        WITHDRAWN = "withdrawn", "retirée"
        EXPIRED = "expired", "close sans réponse"

    WAITS_FOR = timedelta(days=182)  # six months: what nobody answered is closed, its document erased

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="claims")
    user = models.ForeignKey(User, models.CASCADE, related_name="claims")
    position = models.CharField("fonction", max_length=120, blank=True)
    text = models.TextField("message", max_length=1000, blank=True, validators=[MaxLengthValidator(1000)])
    may_commit = models.BooleanField("dit pouvoir engager l’association", default=False)
    site_email = models.EmailField("adresse du site de l’association", blank=True)
    document = models.FileField("justificatif", upload_to=document_name, storage=Uploads(), blank=True)
    made_at = models.DateTimeField("faite le", default=timezone.now)
    read_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    read_at = models.DateTimeField("justificatif lu le", null=True, blank=True)
    state = models.CharField("état", max_length=9, choices=State.choices, default=State.WAITING)
    refusal = models.TextField("raison du refus", max_length=1000, blank=True, validators=[MaxLengthValidator(1000)])
    question = models.TextField(
        "précision demandée", max_length=1000, blank=True, validators=[MaxLengthValidator(1000)]
    )
    answer = models.TextField("précision donnée", max_length=1000, blank=True, validators=[MaxLengthValidator(1000)])
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("décidée le", null=True, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = "demande d’agir pour une structure"
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "structure"],
                condition=Q(state="waiting"),
                name="claim_one_waiting",
                violation_error_message="Vous avez déjà une demande en attente pour cette association.",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | (~Q(state="waiting") & Q(decided_at__isnull=False)),
                name="claim_decision_is_dated",
                violation_error_message="Une décision a une date.",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | Q(refusal__regex=r"\S"),
                name="claim_refusal_has_reason",
                violation_error_message="Dites pourquoi vous refusez.",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(document="", site_email=""),
                name="claim_keeps_no_proof",
                violation_error_message="Ce qui a servi à décider est effacé avec la décision.",
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def last_day(self):
        """That on which it may still be answered."""
        return timezone.localdate(self.made_at + self.WAITS_FOR)


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), exclude=["word"])
class HandOver(models.Model):
    """One team hands a structure over to another: from ``day`` on, the new representatives alone.

    The mandates that end are changed once someone is sure to follow: at once, or when a first invitation is accepted.
    """

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="hand_overs")
    day = models.DateField("premier jour de la nouvelle équipe")
    word = models.TextField("mot pour la suite", max_length=2000, blank=True, validators=[MaxLengthValidator(2000)])
    leaving = models.ManyToManyField(Mandate, related_name="+", verbose_name="mandats qui finissent")
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField("fait le", default=timezone.now)

    class Meta:
        verbose_name = "passage de relais"
        ordering = ["-made_at", "-pk"]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"


class InvitationQuerySet(models.QuerySet):
    def standing(self):
        """Those whose letter still serves."""
        return self.filter(made_at__gte=timezone.now() - timedelta(seconds=links.LASTS["invitation"]))


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["email"])
class Invitation(models.Model):
    """Those who represent a structure invite an address to act for it; accepted, it becomes a mandate and goes."""

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="invitations")
    email = models.EmailField("adresse e-mail")
    role = models.CharField("rôle", max_length=16, choices=Mandate.TEAM_ROLES)
    may_commit = models.BooleanField("pourra engager l’association", default=False)
    hand_over = models.ForeignKey(HandOver, models.SET_NULL, null=True, blank=True, related_name="invitations")
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField("faite le", default=timezone.now)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation à agir pour une structure"
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "structure",
                name="invitation_unique",
                violation_error_message="Cette adresse est déjà invitée.",
            ),
            models.CheckConstraint(
                condition=Q(may_commit=False) | Q(role="representative"),
                name="invitation_commits_as_representative",
                violation_error_message="Seule une personne qui représente la structure peut l’engager.",
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
