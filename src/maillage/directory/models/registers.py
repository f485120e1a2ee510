"""Imports of registers, and the lines that they left aside."""

from django.db import models

from maillage.accounts.models import User
from maillage.directory.uploads import Uploads, some_name


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
