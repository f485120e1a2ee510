"""Structures (associations above all), who acts for them, their networks, and the imports of registers."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.models import User
from maillage.directory.register.nomenclature import purpose_label
from maillage.directory.uploads import Uploads, some_name
from maillage.territory.models import Commune


class StructureQuerySet(models.QuerySet):
    def active(self):
        return self.filter(state=Structure.State.ACTIVE)

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
        return self if user.is_authenticated and user.is_agent else self.acted_for_by(user)

    def in_a_network_with(self, structures):
        """Structures that share a network head with one of ``structures``, heads included."""
        heads = NetworkMembership.objects.filter(Q(member__in=structures) | Q(head__in=structures)).values("head")
        members = NetworkMembership.objects.filter(head__in=heads).values("member")
        return self.filter(Q(pk__in=heads) | Q(pk__in=members))


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
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

    @property
    def shown_website(self):
        return self.website or self.official_website

    @property
    def purposes(self):
        """Labels of the declared purposes, each once."""
        return list(dict.fromkeys(map(purpose_label, self.purpose_codes)))


class PictureQuerySet(models.QuerySet):
    def shown(self):
        """Pictures that say in words what they show: the page of the structure has only these."""
        return self.exclude(description="")


class Picture(models.Model):
    """A picture of the page of a structure, in its order; ``description`` is for those who do not see it."""

    MOST = 12

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="pictures")
    file = models.ImageField("photo", upload_to="structures/%Y/%m/")
    small_file = models.ImageField("la même, réduite", upload_to="structures/%Y/%m/")
    description = models.CharField("ce que montre la photo", max_length=200, blank=True)
    place = models.PositiveSmallIntegerField("rang")
    is_cover = models.BooleanField("en couverture", default=False)

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = "photo d’une structure"
        ordering = ["structure", "place"]
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "place"],
                name="picture_place_unique",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="Deux photos ont le même rang. Rechargez la page, puis recommencez.",
            ),
            models.UniqueConstraint(
                fields=["structure"],
                condition=Q(is_cover=True),
                name="picture_one_cover",
                violation_error_message="Une page a une seule photo de couverture.",
            ),
            models.CheckConstraint(
                condition=Q(place__range=(1, 12)),
                name="picture_place_in_range",
                violation_error_message="Une page a douze photos au plus.",
            ),
            models.CheckConstraint(
                condition=Q(is_cover=False) | ~Q(description=""),
                name="picture_cover_is_described",
                violation_error_message="Décrivez la photo avant de la mettre en couverture.",
            ),
        ]


class PageAddress(models.Model):
    """The end of an address that a structure chose for its page, « harmonie-de-revel »; an old one leads on for ever.

    Structures that chose none have no row: their number is their address.
    """

    slug = models.CharField("fin de l’adresse", max_length=60, primary_key=True)
    structure = models.ForeignKey(Structure, models.CASCADE, related_name="page_addresses")
    is_current = models.BooleanField("adresse d’aujourd’hui", default=True)
    chosen_at = models.DateTimeField("choisie le", auto_now_add=True)

    class Meta:
        verbose_name = "adresse de page"
        constraints = [
            models.UniqueConstraint(
                fields=["structure"],
                condition=Q(is_current=True),
                name="page_address_one_current",
                violation_error_message="Une page a une seule adresse à la fois.",
            ),
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$") & Q(slug__regex=r"[a-z]"),
                name="page_address_is_plain",
                violation_error_message="Une adresse s’écrit en lettres sans accent, en chiffres et en tirets, "
                "avec une lettre au moins.",
            ),
        ]

    def __str__(self):
        return self.slug

    def get_absolute_url(self):
        return reverse("structure-at", args=[self.slug])


class VisitorLetter(models.Model):
    """What someone without an account wrote to a structure: sent once they prove their address, erased soon after."""

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="+")
    name = models.CharField("nom", max_length=80)
    email = models.EmailField("adresse e-mail", max_length=254)
    text = models.TextField("message", max_length=2000)
    asked_at = models.DateTimeField("écrite le", auto_now_add=True, db_index=True)
    confirmed_at = models.DateTimeField("adresse prouvée le", null=True, blank=True)

    class Meta:
        verbose_name = "lettre d’un visiteur"
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(name="") & ~Q(email=""),
                name="visitor_letter_is_whole",
                violation_error_message="Une lettre a un nom, une adresse e-mail et un message.",
            )
        ]


class MandateQuerySet(models.QuerySet):
    def current(self):
        today = timezone.localdate()
        return self.filter(Q(starts_on__lte=today), Q(ends_on__isnull=True) | Q(ends_on__gte=today))


@pghistory.track()
class Mandate(models.Model):
    """A person may act for a structure, from a day to another; private by default (docs/adr on access)."""

    class Role(models.TextChoices):
        REPRESENTATIVE = "representative", "représente l’association"
        CONTRIBUTOR = "contributor", "contribue"

    user = models.ForeignKey(User, models.CASCADE, related_name="mandates")
    structure = models.ForeignKey(Structure, models.CASCADE, related_name="mandates")
    role = models.CharField("rôle", max_length=16, choices=Role.choices)
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin", null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = "mandat"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "structure", "role"],
                name="mandate_unique",
                violation_error_message="Cette personne a déjà ce rôle dans cette structure.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="mandate_ends_after_it_starts",
                violation_error_message="La fin du mandat est avant son début.",
            ),
        ]


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


class RegisterImport(models.Model):
    """One reading of a register file: who asked, how far it is, what it found."""

    class State(models.TextChoices):
        WAITING = "waiting", "en attente"
        RUNNING = "running", "en cours"
        DONE = "done", "terminé"
        REFUSED = "refused", "refusé"

    layout = models.CharField("format", max_length=8, help_text="waldec, import ou csv")
    file_name = models.CharField("nom du fichier", max_length=255)
    file = models.FileField("fichier", upload_to=some_name, storage=Uploads(), blank=True)
    column_mapping = models.JSONField("correspondance des colonnes", default=dict, blank=True)
    dry_run = models.BooleanField("essai sans écrire", default=False)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField("état", max_length=8, choices=State.choices, default=State.WAITING)
    bytes_total = models.BigIntegerField(default=0)
    bytes_read = models.BigIntegerField(default=0)
    report = models.JSONField("compte rendu", default=dict, blank=True)
    refusal = models.TextField("raison du refus", blank=True)
    asked_at = models.DateTimeField("demandé le", auto_now_add=True)
    ended_at = models.DateTimeField("terminé le", null=True, blank=True)

    class Meta:
        verbose_name = "import du registre"
        ordering = ["-asked_at", "-pk"]


class RegisterImportLine(models.Model):
    """A line that an import skipped or could not place, and why; lines that went well are only counted."""

    class Outcome(models.TextChoices):
        SKIPPED = "skipped", "ignorée"
        NOTED = "noted", "reprise avec une remarque"

    register_import = models.ForeignKey(RegisterImport, models.CASCADE, related_name="lines")
    line_number = models.PositiveIntegerField("ligne")
    register_id = models.CharField("clé", max_length=40, blank=True)
    outcome = models.CharField("suite donnée", max_length=10, choices=Outcome.choices)
    reason = models.CharField("raison", max_length=40, help_text="code de directory/register/reasons.py")
    successor = models.CharField("remplacée par le numéro RNA", max_length=10, blank=True)

    class Meta:
        verbose_name = "ligne d’un import"
        ordering = ["line_number"]
