"""Structures (associations above all), who acts for them, and the networks that join them."""

from datetime import timedelta

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.models import User
from maillage.directory.register.nomenclature import purpose_label
from maillage.territory.models import Commune


class StructureQuerySet(models.QuerySet):
    def active(self):
        return self.filter(state=Structure.State.ACTIVE, merged_into=None)

    def acted_for_by(self, user):
        """Structures that ``user`` may act for today (a mandate that has begun and not ended)."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(pk__in=Mandate.objects.current().filter(user=user).values("structure"))

    def seen_by(self, user):
        """Agrees with the permission ``directory.see_structure``."""
        if user.is_authenticated and user.is_agent:
            return self
        return self.filter(Q(state__in=Structure.PUBLIC_STATES) | Q(pk__in=Structure.objects.acted_for_by(user)))

    def edited_by(self, user):
        """Agrees with the permission ``directory.edit_structure``."""
        if user.is_authenticated and user.is_agent:
            return self
        return self.acted_for_by(user).exclude(state=Structure.State.DISSOLVED)

    def in_a_network_with(self, structures):
        """Structures that share a network head with one of ``structures``, heads included."""
        heads = NetworkMembership.objects.filter(Q(member__in=structures) | Q(head__in=structures)).values("head")
        members = NetworkMembership.objects.filter(head__in=heads).values("member")
        return self.filter(Q(pk__in=heads) | Q(pk__in=members))


# Told by statement, not by row: an import or its undoing writes tens of thousands at once.
@pghistory.track(pghistory.UpdateEvent(level=pghistory.Statement), pghistory.DeleteEvent(level=pghistory.Statement))
class Structure(models.Model):
    """An association or another body of the territory.

    Official fields come from the register and are replaced at each import; ``name``, ``presentation``,
    ``website``, ``summary``, ``phone`` and ``whereabouts`` belong to the structure and no import touches them once it
    has written them.
    """

    class State(models.TextChoices):
        ACTIVE = "active", "active"
        DISSOLVED = "dissolved", "dissoute"
        SUPPRESSED = "suppressed", "supprimée du registre"
        INACTIVE = "inactive", "inactive"

    PUBLIC_STATES = (State.ACTIVE, State.DISSOLVED)

    class Kind(models.TextChoices):
        ASSOCIATION = "association", "association"
        PUBLIC = "public", "collectivité ou établissement public"
        OTHER = "other", "autre structure"

    kind = models.CharField("nature", max_length=12, choices=Kind.choices, default=Kind.ASSOCIATION)
    state = models.CharField("état", max_length=10, choices=State.choices, default=State.ACTIVE)
    name = models.CharField("nom affiché", max_length=255)
    presentation = models.TextField("présentation", blank=True)
    website = models.URLField("site internet", max_length=300, blank=True)
    summary = models.CharField("en deux phrases", max_length=240, blank=True, db_default="")
    phone = models.CharField("téléphone public", max_length=20, blank=True, db_default="")
    whereabouts = models.CharField("où et quand nous trouver", max_length=300, blank=True, db_default="")
    commune = models.ForeignKey(Commune, models.PROTECT, null=True, blank=True, related_name="structures")
    siret = models.CharField("SIRET", max_length=14, null=True, blank=True)
    leads_network = models.BooleanField("tête de réseau", default=False, db_default=False)
    is_demonstration = models.BooleanField("structure inventée pour la démonstration", default=False)

    rna_id = models.CharField("numéro RNA", max_length=10, null=True, blank=True)
    register_id = models.CharField("clé dans le registre", max_length=40, null=True, blank=True)
    official_title = models.CharField("titre officiel", max_length=500, blank=True)
    official_acronym = models.CharField("sigle", max_length=80, blank=True)
    official_purpose = models.TextField("objet déclaré", blank=True)
    official_website = models.URLField("site déclaré", max_length=300, blank=True)
    official_commune_label = models.CharField("commune déclarée", max_length=80, blank=True)
    purpose_codes = ArrayField(
        models.CharField(max_length=6), verbose_name="codes d’objet social", default=list, blank=True
    )
    is_public_utility = models.BooleanField("reconnue d’utilité publique", default=False)
    created_on = models.DateField("date de création", null=True, blank=True)
    published_on = models.DateField("date de publication", null=True, blank=True)
    dissolved_on = models.DateField("date de dissolution", null=True, blank=True)
    register_updated_at = models.DateTimeField("mise à jour du registre", null=True, blank=True)
    register_digest = models.BinaryField("empreinte des champs officiels", null=True, blank=True, editable=False)

    replaced_by = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="remplacée dans le registre par",
    )

    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="réunie à",
        help_text="par l’équipe du territoire : deux fiches de la même association, ou une fusion",
    )
    merged_on = models.DateField("réunie le", null=True, blank=True)

    search_name = models.CharField("nom plié", max_length=600, blank=True)
    modified_at = models.DateTimeField(auto_now=True)

    objects = StructureQuerySet.as_manager()

    class Meta:
        verbose_name = "structure"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["register_id"],
                name="structure_register_id_unique",
                violation_error_message="Une structure a déjà cette clé dans le registre.",
            ),
            models.UniqueConstraint(
                fields=["rna_id"],
                name="structure_rna_id_unique",
                violation_error_message="Une structure a déjà ce numéro RNA.",
            ),
            models.CheckConstraint(
                condition=Q(rna_id__regex=r"^W\d[A-Z\d]\d{7}$"),
                name="structure_rna_id_format",
                violation_error_message="Un numéro RNA a la forme W313001234.",
            ),
            models.CheckConstraint(
                condition=Q(siret__regex=r"^\d{14}$"),
                name="structure_siret_format",
                violation_error_message="Un SIRET a quatorze chiffres.",
            ),
            models.CheckConstraint(
                condition=~Q(replaced_by=models.F("pk")),
                name="structure_not_replaced_by_itself",
                violation_error_message="Une structure ne se remplace pas elle-même.",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=models.F("pk")),
                name="structure_not_merged_into_itself",
                violation_error_message="Une fiche ne se réunit pas à elle-même.",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True, merged_on__isnull=True)
                | Q(merged_into__isnull=False, merged_on__isnull=False),
                name="structure_merger_is_dated",
                violation_error_message="Deux fiches se réunissent un jour donné.",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="structure_has_name",
                violation_error_message="Donnez un nom à la structure.",
            ),
        ]
        indexes = [
            GinIndex(fields=["search_name"], opclasses=["gin_trgm_ops"], name="structure_search_name"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("structure", args=[self.pk])

    def chosen_url(self):
        """The address that the structure chose for its page, else its number. Asks the database: not for a list."""
        chosen = self.page_addresses.filter(is_current=True).first()
        return chosen.get_absolute_url() if chosen else self.get_absolute_url()

    @property
    def shown_website(self):
        return self.website or self.official_website

    @property
    def is_in_a_network(self):
        """Whether what is for its network has readers: it is a member of one, or leads one that has members."""
        return NetworkMembership.objects.filter(Q(head=self) | Q(member=self)).exists()

    @property
    def purposes(self):
        """Labels of the declared purposes, each once."""
        return list(dict.fromkeys(map(purpose_label, self.purpose_codes)))

    @property
    def is_active(self):
        """What ``StructureQuerySet.active`` says, for one structure."""
        return self.state == self.State.ACTIVE and self.merged_into_id is None


class MandateQuerySet(models.QuerySet):
    def current(self):
        today = timezone.localdate()
        return self.not_over().filter(starts_on__lte=today)

    def not_over(self):
        """Those of today and those to come."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=timezone.localdate()))

    def representatives(self):
        return self.filter(role=Mandate.Role.REPRESENTATIVE)

    def helpers(self):
        return self.filter(role=Mandate.Role.HELPER)

    def of_the_team(self):
        """Without those who only help at its demand (``Assistance``)."""
        return self.exclude(role=Mandate.Role.HELPER)


class DateRange(models.Func):
    """The days from ``starts_on`` to ``ends_on``, both included; without an end when there is none."""

    function = "DATERANGE"
    output_field = DateRangeField()


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Mandate(models.Model):
    """A person may act for a structure, from a day to another; private by default (docs/adr on access)."""

    class Role(models.TextChoices):
        REPRESENTATIVE = "representative", "représente l’association"
        CONTRIBUTOR = "contributor", "contribue"
        HELPER = "helper", "aide à sa demande"

    TEAM_ROLES = Role.choices[:2]  # those that a structure gives itself

    user = models.ForeignKey(User, models.CASCADE, related_name="mandates")
    structure = models.ForeignKey(Structure, models.CASCADE, related_name="mandates")
    role = models.CharField("rôle", max_length=16, choices=Role.choices)
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin", null=True, blank=True, help_text="le dernier jour du mandat")
    may_commit = models.BooleanField("peut engager l’association", default=False, help_text="le droit de signer")

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = "mandat"
        constraints = [
            ExclusionConstraint(
                name="mandate_no_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("structure", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on", models.Value("[]")), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Cette personne a déjà un mandat dans cette structure à ces dates.",
            ),
            models.CheckConstraint(
                condition=Q(may_commit=False) | Q(role="representative"),
                name="mandate_commits_as_representative",
                violation_error_message="Seule une personne qui représente la structure peut l’engager.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="mandate_ends_after_it_starts",
                violation_error_message="La fin du mandat est avant son début.",
            ),
            models.CheckConstraint(
                condition=~Q(role="helper")
                | Q(ends_on__isnull=False, ends_on__lte=models.F("starts_on") + timedelta(days=366)),
                name="mandate_of_help_ends",
                violation_error_message="Qui aide une association le fait jusqu’à un jour, un an plus tard au plus.",
            ),
        ]


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class NetworkMembership(models.Model):
    """``member`` belongs to the network that ``head`` leads (federation, MJC, foyers ruraux…)."""

    head = models.ForeignKey(Structure, models.CASCADE, related_name="network_members")
    member = models.ForeignKey(Structure, models.CASCADE, related_name="network_heads")

    class Meta:
        verbose_name = "adhésion à un réseau"
        constraints = [
            models.UniqueConstraint(
                fields=["head", "member"],
                name="network_membership_unique",
                violation_error_message="Cette structure est déjà membre de ce réseau.",
            ),
            models.CheckConstraint(
                condition=~Q(head=models.F("member")),
                name="network_membership_not_oneself",
                violation_error_message="Une structure n’est pas membre d’elle-même.",
            ),
        ]


class NetworkRequest(models.Model):
    """A structure asks to join a network, or the head of the network invites it: the other one has not answered yet."""

    head = models.ForeignKey(Structure, models.CASCADE, related_name="+")
    member = models.ForeignKey(Structure, models.CASCADE, related_name="+")
    is_invitation = models.BooleanField("invitation de la tête de réseau")
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField("demandée le", default=timezone.now)

    class Meta:
        verbose_name = "demande d’adhésion à un réseau"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["head", "member"],
                name="network_request_unique",
                violation_error_message="Cette demande attend déjà une réponse.",
            ),
            models.CheckConstraint(
                condition=~Q(head=models.F("member")),
                name="network_request_not_oneself",
                violation_error_message="Une structure ne rejoint pas son propre réseau.",
            ),
        ]
