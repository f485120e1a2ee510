"""Agreements: who lends what to whom, the versions of their document, and who signed which."""

import pgtrigger
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.models import User
from maillage.directory.models import Structure
from maillage.sharing.models import Booking, Listing


class Nature(models.TextChoices):
    """One document a nature: ``documents.KINDS`` has what each asks, refuses and says."""

    FREE_LOAN = "free_loan", "prêt gratuit de matériel"
    COST_SHARE = "cost_share", "mise à disposition de matériel contre participation aux frais"
    RENTAL = "rental", "location de matériel"
    PREMISES_OWNED = "premises_owned", "occupation d’un local"
    PREMISES_RENTED = "premises_rented", "occupation d’un local loué"
    SERVICE = "service", "prestation de service"
    STAFF_LOAN = "staff_loan", "prêt de personnel"
    VOLUNTEERS = "volunteers", "mission de bénévoles"
    PREMISES_COMMUNAL = "premises_communal", "occupation d’un local communal"


class Side(models.TextChoices):
    LENDER = "lender", "qui prête"
    BORROWER = "borrower", "qui emprunte"

    @property
    def other(self):
        return Side.BORROWER if self == Side.LENDER else Side.LENDER


class AgreementQuerySet(models.QuerySet):
    def seen_by(self, user):
        """Agrees with ``agreements.see_agreement``; what was never proposed is its author's structure's alone."""
        mine = Structure.objects.acted_for_by(user).values("pk")
        shown = Q(Exists(Version.objects.filter(agreement=OuterRef("pk"))))
        return self.filter(
            Q(lender__in=mine) & (shown | Q(written_for=Side.LENDER))
            | Q(borrower__in=mine) & (shown | Q(written_for=Side.BORROWER))
        )

    def open(self):
        return self.filter(state__in=Agreement.OPEN)

    def in_force(self):
        today = timezone.localdate()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), state=Agreement.State.IN_FORCE)

    def over(self):
        """What is kept to be read: ended, terminated, withdrawn."""
        ended = Q(state=Agreement.State.IN_FORCE, ends_on__lt=timezone.localdate())
        return self.filter(ended | Q(state__in=[Agreement.State.TERMINATED, Agreement.State.WITHDRAWN]))


class Agreement(models.Model):
    """What a structure lends, or does, for another.

    typed        what was typed in the form, as it was: {name of the question: [values]}
    written_for  the side whose draft it is, until it is proposed
    """

    class State(models.TextChoices):
        DRAFT = "draft", "brouillon"
        PROPOSED = "proposed", "proposé"
        SIGNED_BY_ONE = "signed_by_one", "signé par une association"
        IN_FORCE = "in_force", "signé par les deux"
        TERMINATED = "terminated", "résilié"
        WITHDRAWN = "withdrawn", "abandonné"

    OPEN = (State.DRAFT, State.PROPOSED, State.SIGNED_BY_ONE)
    TO_SIGN = (State.PROPOSED, State.SIGNED_BY_ONE)

    nature = models.CharField("nature", max_length=20, choices=Nature.choices)
    state = models.CharField("état", max_length=13, choices=State.choices, default=State.DRAFT)
    lender = models.ForeignKey(Structure, models.PROTECT, related_name="agreements_as_lender")
    borrower = models.ForeignKey(Structure, models.PROTECT, related_name="agreements_as_borrower")
    listing = models.ForeignKey(Listing, models.SET_NULL, null=True, blank=True, related_name="agreements")
    booking = models.ForeignKey(
        Booking, models.SET_NULL, null=True, blank=True, related_name="agreements", verbose_name="réservation"
    )
    renews = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="renouvelle"
    )
    written_for = models.CharField("brouillon de", max_length=8, choices=Side.choices)
    written_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    typed = models.JSONField("écrit", default=dict, blank=True)
    starts_on = models.DateField("début", null=True, blank=True)
    ends_on = models.DateField("fin", null=True, blank=True)
    created_at = models.DateTimeField("commencé le", auto_now_add=True)
    modified_at = models.DateTimeField("modifié le", auto_now=True)
    reminded_at = models.DateTimeField("dernier rappel", null=True, blank=True)
    closed_on = models.DateField("résilié ou abandonné le", null=True, blank=True)
    closing_reason = models.CharField("pourquoi", max_length=300, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = "accord"
        ordering = ["-modified_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(lender=F("borrower")) | Q(state__in=["terminated", "withdrawn"]),
                name="agreement_between_two",
                violation_error_message="Un accord se fait entre deux structures différentes.",
            ),
            models.UniqueConstraint(
                fields=["booking"],
                condition=~Q(state="withdrawn"),
                name="agreement_once_a_booking",
                violation_error_message="Cette réservation a déjà son accord.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="agreement_ends_after_it_starts",
                violation_error_message="La fin de l’accord est avant son début.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["terminated", "withdrawn"], closed_on__isnull=False)
                | ~Q(state__in=["terminated", "withdrawn"]) & Q(closed_on__isnull=True),
                name="agreement_closing_is_dated",
                violation_error_message="Un accord résilié ou abandonné l’est un jour donné.",
            ),
            models.CheckConstraint(
                condition=~Q(state="terminated") | Q(closing_reason__regex=r"\S"),
                name="agreement_termination_says_why",
                violation_error_message="Dites pourquoi cet accord s’arrête.",
            ),
        ]

    def __str__(self):
        return f"{self.get_nature_display().capitalize()} n° {self.pk}"

    def get_absolute_url(self):
        return reverse("agreement", args=[self.pk])

    @property
    def is_open(self):
        return self.state in self.OPEN

    @property
    def is_to_sign(self):
        return self.state in self.TO_SIGN

    @property
    def is_past(self):
        return self.ends_on is not None and self.ends_on < timezone.localdate()

    @property
    def is_over(self):
        """What ``AgreementQuerySet.over`` says, for one."""
        ended = self.state == self.State.IN_FORCE and self.is_past
        return ended or self.state in (self.State.TERMINATED, self.State.WITHDRAWN)

    @property
    def said_state(self):
        return "terminé" if self.is_over and self.state == self.State.IN_FORCE else self.get_state_display()

    @property
    def latest(self):
        """The version that counts, None for a draft."""
        return self.versions.order_by("-number").first()

    def structure_of(self, side):
        return self.lender if side == Side.LENDER else self.borrower


def sha256_of(content):
    """The digest that PostgreSQL computes of a text in UTF-8."""
    return Func(
        Func(
            Func(content, Value("UTF8"), function="convert_to", output_field=models.BinaryField()),
            function="sha256",
            output_field=models.BinaryField(),
        ),
        Value("hex"),
        function="encode",
        output_field=models.TextField(),
    )


class Version(models.Model):
    """A document as it was proposed. It never changes: triggers refuse, and its digest is checked by the database.

    facts    what it was written from
    content  the canonical JSON of what people read (writing.canonical)
    digest   SHA-256 of ``content`` in UTF-8, in hexadecimal: what is signed
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("numéro")
    facts = models.JSONField("faits")
    content = models.TextField("contenu")
    digest = models.CharField("empreinte", max_length=64)
    made_at = models.DateTimeField("proposée le", default=timezone.now)
    made_for = models.CharField("proposée par", max_length=8, choices=Side.choices)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "version"
        ordering = ["agreement", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "number"],
                name="version_number_once",
                violation_error_message="Cet accord a déjà une version de ce numéro.",
            ),
            models.CheckConstraint(
                condition=Q(digest=sha256_of(F("content"))),
                name="version_digest_is_that_of_its_content",
                violation_error_message="L’empreinte n’est pas celle de ce texte.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="version_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["made_by"]),
            )
        ]


class Signature(models.Model):
    """Someone signed a version for one of its two sides, after a code sent to their address."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="signatures")
    side = models.CharField("pour", max_length=8, choices=Side.choices)
    person = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField("nom", max_length=150)
    capacity = models.CharField("qualité", max_length=80)
    digest = models.CharField("empreinte du texte signé", max_length=64)
    signed_at = models.DateTimeField("signé le", default=timezone.now)

    class Meta:
        verbose_name = "signature"
        ordering = ["signed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "side"],
                name="signature_once_a_side",
                violation_error_message="Cette version est déjà signée pour cette association.",
            ),
            models.UniqueConstraint(
                fields=["version", "person"],
                name="signature_once_a_person",
                violation_error_message="Une même personne ne signe pas pour les deux associations.",
            ),
            models.CheckConstraint(
                condition=Q(name__regex=r"\S") & Q(capacity__regex=r"\S"),
                name="signature_says_who",
                violation_error_message="Une signature dit qui signe, et en quelle qualité.",
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                name="signature_digest_format",
                violation_error_message="Une empreinte a soixante-quatre signes.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="signature_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["person"]),
            )
        ]


class SignedCopy(models.Model):
    """The PDF that everyone received once all had signed, to the byte."""

    version = models.OneToOneField(Version, models.PROTECT, related_name="copy")
    pdf = models.BinaryField("PDF")
    digest = models.CharField("empreinte", max_length=64, unique=True)

    class Meta:
        verbose_name = "exemplaire signé"
        verbose_name_plural = "exemplaires signés"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    digest=Func(
                        Func(F("pdf"), function="sha256", output_field=models.BinaryField()),
                        Value("hex"),
                        function="encode",
                        output_field=models.TextField(),
                    )
                ),
                name="copy_digest_is_that_of_its_pdf",
                violation_error_message="L’empreinte n’est pas celle de ce PDF.",
            ),
        ]
        triggers = [pgtrigger.Protect(name="copy_never_changes", operation=pgtrigger.Update)]
