"""Imports of registers, and the lines that they left aside."""

from django.db import models
from django.db.models import Q

from maillage.accounts.models import User
from maillage.directory.uploads import Uploads, some_name


class RegisterImport(models.Model):
    """One reading of a register file: who asked, how far it is, what it found."""

    class State(models.TextChoices):
        WAITING = "waiting", "en attente"
        RUNNING = "running", "en cours"
        DONE = "done", "terminé"
        REFUSED = "refused", "refusé"
        UNDOING = "undoing", "à défaire"
        UNDONE = "undone", "défait"

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
    keeps_changes = models.BooleanField("ce qu’il a changé est gardé", default=False, db_default=False)
    undone_at = models.DateTimeField("défait le", null=True, blank=True)
    undone_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "import du registre"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="undone", undone_at__isnull=False) | (~Q(state="undone") & Q(undone_at__isnull=True)),
                name="register_import_undone_is_dated",
                violation_error_message="Un import défait porte la date où il l’a été.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["undoing", "undone"]) | Q(dry_run=False),
                name="register_import_undone_was_written",
                violation_error_message="Un essai n’a rien écrit\u00a0: il n’y a rien à défaire.",
            ),
        ]


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


class RegisterImportChange(models.Model):
    """What an import did to one structure, so that it can be undone; kept for the latest imports only.

    A structure that it created has a ``fingerprint`` of its row; one that it changed, its official fields before and
    after. The structure is a number, not a key: it may be gone when the import is undone.
    """

    register_import = models.ForeignKey(RegisterImport, models.CASCADE, related_name="changes")
    structure_number = models.BigIntegerField("numéro de la structure")
    fingerprint = models.CharField("empreinte de la fiche créée", max_length=32, blank=True)
    before = models.JSONField("avant", null=True)
    after = models.JSONField("après", null=True)

    class Meta:
        verbose_name = "changement d’un import"
        verbose_name_plural = "changements d’un import"
        constraints = [
            models.UniqueConstraint(
                fields=["register_import", "structure_number"],
                name="register_change_unique",
                violation_error_message="Un import ne change une fiche qu’une fois.",
            ),
            models.CheckConstraint(
                condition=(Q(before__isnull=True, after__isnull=True) & ~Q(fingerprint=""))
                | Q(before__isnull=False, after__isnull=False, fingerprint=""),
                name="register_change_creates_or_updates",
                violation_error_message="Un import crée une fiche, ou la change.",
            ),
        ]
