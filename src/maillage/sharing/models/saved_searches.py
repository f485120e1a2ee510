"""Searches that people want to hear of."""

from django.db import models
from django.db.models import Q

from maillage.accounts.models import User
from maillage.sharing.models.listings import Listing
from maillage.territory.models import Commune


class SavedSearch(models.Model):
    """A search that someone wants to hear of: what ``search.criteria.Criteria`` says, with a day or a day of the week.

    Without a place, everywhere; ``words`` are in lower case, so that one search is kept once.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_searches")
    direction = models.CharField("sens", max_length=5, choices=Listing.Direction.choices)
    words = models.CharField("mots", max_length=200, blank=True)
    category = models.CharField("catégorie", max_length=80, blank=True)
    place = models.ForeignKey(Commune, models.PROTECT, null=True, blank=True, related_name="+")
    radius_km = models.PositiveSmallIntegerField("rayon, en km", null=True, blank=True)
    day = models.DateField("jour", null=True, blank=True)
    weekday = models.PositiveSmallIntegerField("jour de la semaine", null=True, blank=True, help_text="0 = lundi")
    max_price_cents = models.PositiveIntegerField("prix au plus, en centimes", null=True, blank=True)
    is_paused = models.BooleanField("en pause", default=False)
    kept_at = models.DateTimeField("gardée le", auto_now_add=True)

    class Meta:
        verbose_name = "alerte"
        ordering = ["-kept_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    *("user", "direction", "words", "category", "place"),
                    *("radius_km", "day", "weekday", "max_price_cents"),
                ],
                nulls_distinct=False,
                name="saved_search_unique",
                violation_error_message="Cette recherche est déjà dans vos alertes.",
            ),
            models.CheckConstraint(
                condition=Q(place__isnull=True, radius_km__isnull=True)
                | Q(place__isnull=False, radius_km__isnull=False, radius_km__range=(1, 300)),
                name="saved_search_radius_around_a_place",
                violation_error_message="Une distance de 1 à 300 km se compte autour d’une commune.",
            ),
            models.CheckConstraint(
                condition=Q(day__isnull=True, weekday__isnull=True)
                | Q(day__isnull=False, weekday__isnull=True)
                | Q(day__isnull=True, weekday__isnull=False, weekday__lte=6),
                name="saved_search_one_kind_of_day",
                violation_error_message="Choisissez un jour, ou un jour de la semaine.",
            ),
        ]

    def __str__(self):
        return f"alerte n° {self.pk}"
