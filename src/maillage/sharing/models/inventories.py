"""Inventories: what a structure owns, read from a file, kept until it is confirmed, then what was made of it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from maillage.directory.models import Structure
from maillage.sharing.models.drafts import KEPT_DAYS, Draft
from maillage.sharing.models.listings import Listing


class InventoryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the structures that ``user`` acts for: nobody else's, operators included."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(structure__in=Structure.objects.acted_for_by(user).values("pk"))

    def forgotten(self):
        """Those that were handed over ``KEPT_DAYS`` ago and never confirmed."""
        return self.filter(state=Inventory.State.WAITING, asked_at__lt=timezone.now() - timedelta(days=KEPT_DAYS))


class Inventory(models.Model):
    """The lines of a file handed over for a structure; the file itself is not kept."""

    class State(models.TextChoices):
        WAITING = "waiting", "à confirmer"
        DONE = "done", "fait"
        UNDONE = "undone", "défait"

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="inventories")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="inventories")
    file_name = models.CharField("fichier", max_length=255)
    notes = models.JSONField("remarques sur le fichier", default=list)
    state = models.CharField("état", max_length=7, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField("demandé le", auto_now_add=True)
    done_at = models.DateTimeField("fait le", null=True, blank=True)
    undone_at = models.DateTimeField("défait le", null=True, blank=True)

    objects = InventoryQuerySet.as_manager()

    class Meta:
        verbose_name = "inventaire"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", done_at__isnull=True, undone_at__isnull=True)
                | Q(state="done", done_at__isnull=False, undone_at__isnull=True)
                | Q(state="undone", done_at__isnull=False, undone_at__isnull=False),
                name="inventory_dates_fit_state",
                violation_error_message="Un import est fait avant d’être défait, et chacun porte sa date.",
            ),
        ]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("inventory", args=[self.pk])

    @property
    def is_waiting(self):
        return self.state == Inventory.State.WAITING

    @property
    def kept_until(self):
        return timezone.localdate(self.asked_at) + timedelta(days=KEPT_DAYS)


class InventoryLine(models.Model):
    """A line of the file: what it tells, what was chosen, what became of it.

    facts     what the file tells, as Listing names it; ``commune_id`` for the commune
    before    of a listing that was brought up to date, what it said and what it says since, as JSON
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", "à confirmer"
        CREATED = "created", "publié"
        DRAFTED = "drafted", "en brouillon"
        UPDATED = "updated", "mis à jour"
        UNCHANGED = "unchanged", "déjà là"
        LEFT_ASIDE = "left_aside", "laissé de côté"

    inventory = models.ForeignKey(Inventory, models.CASCADE, related_name="lines")
    line_number = models.PositiveIntegerField("ligne")
    title = models.CharField("titre", max_length=120, blank=True)
    reference = models.CharField("référence", max_length=60, blank=True)
    facts = models.JSONField("ce que dit le fichier", default=dict)
    category = models.CharField("catégorie", max_length=80, blank=True)
    suggestions = models.JSONField("catégories proposées", default=list)
    notes = models.JSONField("remarques", default=list)
    problem = models.CharField("problème", max_length=250, blank=True)
    is_kept = models.BooleanField("cochée", default=True)
    outcome = models.CharField("suite donnée", max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    listing = models.ForeignKey(Listing, models.SET_NULL, null=True, blank=True, related_name="inventory_lines")
    draft = models.ForeignKey(Draft, models.SET_NULL, null=True, blank=True, related_name="inventory_lines")
    before = models.JSONField("avant", null=True)
    after = models.JSONField("après", null=True)

    class Meta:
        verbose_name = "ligne d’inventaire"
        verbose_name_plural = "lignes d’inventaire"
        ordering = ["line_number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inventory", "line_number"],
                name="inventory_line_once",
                violation_error_message="Cette ligne du fichier est déjà lue.",
            ),
            models.CheckConstraint(
                condition=Q(problem="") | Q(outcome__in=["waiting", "left_aside"]),
                name="inventory_line_with_a_problem_makes_nothing",
                violation_error_message="Une ligne qui a un problème ne devient pas une annonce.",
            ),
        ]

    def __str__(self):
        return self.title or f"ligne {self.line_number}"
