"""Drafts: a listing that is being written, as it was typed; and the pictures of drafts and listings.

A draft is a row of its own, not a listing in a state: what search, matches and opportunities read cannot hold one, and
a listing stays complete by the constraints of its table.
"""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Deferrable, Q
from django.urls import reverse
from django.utils import timezone

from maillage.directory.models import Structure
from maillage.sharing.models.listings import Listing

KEPT_DAYS = 30
MOST_PICTURES = 6


class DraftQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Drafts that ``user`` wrote, or that are of a structure that they act for: nobody else, operators included."""
        if not user.is_authenticated:
            return self.none()
        mine = Structure.objects.acted_for_by(user).values("pk")
        return self.filter(Q(author=user) | Q(structure__in=mine))

    def forgotten(self):
        """Those that nobody has touched for ``KEPT_DAYS``."""
        return self.filter(modified_at__lt=timezone.now() - timedelta(days=KEPT_DAYS))


class Draft(models.Model):
    """``typed`` holds what was typed on each screen: ``{"quoi": {"title": ["Camionnette"], …}, …}``."""

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="drafts", null=True)
    direction = models.CharField("sens", max_length=5, choices=Listing.Direction.choices)
    typed = models.JSONField("ce qui a été écrit", default=dict)
    created_at = models.DateTimeField("commencé le", auto_now_add=True)
    modified_at = models.DateTimeField("modifié le", auto_now=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = "brouillon"
        ordering = ["-modified_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(direction__in=Listing.Direction.values),
                name="draft_direction_known",
                violation_error_message="Un brouillon est celui d’une offre ou d’un besoin.",
            ),
        ]

    def __str__(self):
        return self.title or "Sans titre"

    def get_absolute_url(self):
        return reverse("resume-draft", args=[self.pk])

    def said(self, step, name):
        """What was typed in one field, "" when nothing was."""
        return next(iter(self.typed.get(step, {}).get(name, ())), "")

    @property
    def title(self):
        return self.said("quoi", "title").strip()[:120]

    @property
    def kept_until(self):
        return timezone.localdate(self.modified_at) + timedelta(days=KEPT_DAYS)


class PublishedDraft(models.Model):
    """Which listing a draft became: the addresses of its screens, to which browsers go back, lead there."""

    number = models.BigIntegerField("numéro du brouillon", primary_key=True)
    listing = models.ForeignKey(Listing, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "brouillon publié"
        verbose_name_plural = "brouillons publiés"


class Picture(models.Model):
    """A picture of a listing or of a draft, in its place among the others."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="pictures", null=True, blank=True)
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="pictures", null=True, blank=True)
    image = models.ImageField("photo", upload_to="listings/%Y/%m/")
    description = models.CharField("ce que montre la photo", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("place")

    class Meta:
        verbose_name = "photo"
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(listing__isnull=False, draft__isnull=True) | Q(listing__isnull=True, draft__isnull=False),
                name="picture_of_a_listing_or_of_a_draft",
                violation_error_message="Une photo est celle d’une annonce ou d’un brouillon.",
            ),
            models.CheckConstraint(
                condition=Q(position__lt=MOST_PICTURES),
                name="picture_six_at_most",
                violation_error_message="Une annonce montre six photos au plus.",
            ),
            # Checked on commit, so that two pictures may change places.
            models.UniqueConstraint(
                fields=["listing", "position"], name="picture_place_in_listing", deferrable=Deferrable.DEFERRED
            ),
            models.UniqueConstraint(
                fields=["draft", "position"], name="picture_place_in_draft", deferrable=Deferrable.DEFERRED
            ),
        ]

    def __str__(self):
        return self.description or f"Photo {self.position + 1}"

    def get_absolute_url(self):
        return reverse("picture", args=[self.pk])
