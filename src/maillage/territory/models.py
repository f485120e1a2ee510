"""Communes, intercommunalités and départements, from official sources (docs/data.md)."""

import re

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class DepartementQuerySet(models.QuerySet):
    def loaded(self):
        """The territory of this installation: the départements whose contours are loaded."""
        return self.filter(contours__isnull=False)


class Departement(models.Model):
    code = models.CharField("code", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=80)

    objects = DepartementQuerySet.as_manager()

    class Meta:
        verbose_name = "département"
        ordering = ["code"]

    def __str__(self):
        return self.name


class Epci(models.Model):
    """An intercommunalité à fiscalité propre; ``code`` is its SIREN."""

    KINDS = {
        "CC": "communauté de communes",
        "CA": "communauté d’agglomération",
        "CU": "communauté urbaine",
        "METRO": "métropole",
        "MET69": "métropole",
    }

    code = models.CharField("SIREN", max_length=9, primary_key=True)
    name = models.CharField("nom", max_length=160)
    kind = models.CharField("type", max_length=10, help_text="CC, CA, CU, METRO…")

    class Meta:
        verbose_name = "intercommunalité"
        ordering = ["name"]

    def __str__(self):
        return self.full_name

    @property
    def full_name(self):
        """« Communauté de communes des Terres du Lauragais », « Toulouse Métropole »."""
        kind, _, rest = self.name.partition(" ")
        return f"{self.KINDS[kind].capitalize()} {rest}" if kind in self.KINDS and rest else self.name

    @property
    def short_name(self):
        """« Terres du Lauragais », « Toulouse Métropole »."""
        kind, _, rest = self.name.partition(" ")
        if kind not in self.KINDS or not rest:
            return self.name
        bare = re.sub(r"^(du |des |de la |de l’|de |d’|le |la |les |l’)", "", rest, flags=re.IGNORECASE)
        return bare[:1].upper() + bare[1:]


class CommuneQuerySet(models.QuerySet):
    def of_territory(self):
        """Communes of the loaded départements."""
        return self.filter(departement__in=Departement.objects.loaded())


class Commune(models.Model):
    """A current commune of France; ``code`` is the INSEE code (text: 2A004)."""

    code = models.CharField("code INSEE", max_length=5, primary_key=True)
    name = models.CharField("nom", max_length=80)
    departement = models.ForeignKey(Departement, models.PROTECT, related_name="communes")
    epci = models.ForeignKey(Epci, models.PROTECT, null=True, related_name="communes")
    population = models.PositiveIntegerField("population municipale", default=0)
    postal_codes = ArrayField(models.CharField(max_length=5), default=list)
    latitude = models.FloatField("latitude du centre, en degrés")
    longitude = models.FloatField("longitude du centre, en degrés")
    search_name = models.CharField(
        "nom plié",
        max_length=80,
        help_text="minuscules, sans accents, tirets ni apostrophes : « saint felix lauragais »",
    )

    objects = CommuneQuerySet.as_manager()

    class Meta:
        verbose_name = "commune"
        ordering = ["search_name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^(\d{2}|2[AB])\d{3}$"),
                name="commune_code_is_insee",
                violation_error_message="Le code INSEE d’une commune a cinq caractères, par exemple 31555 ou 2A004.",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="commune_coordinates_on_earth",
                violation_error_message="Les coordonnées de la commune sont hors de la Terre.",
            ),
        ]
        indexes = [
            GinIndex(fields=["search_name"], opclasses=["gin_trgm_ops"], name="commune_search_name"),
            GinIndex(fields=["postal_codes"], name="commune_postal_codes"),
        ]

    def __str__(self):
        return self.name

    @property
    def label(self):
        """What tells it from its namesakes, and what ``queries.resolve_commune`` reads back: « Revel (31250) »."""
        return f"{self.name} ({self.postal_codes[0] if self.postal_codes else self.code})"


class FormerCommune(models.Model):
    """A code that is no longer, or not quite, a commune: municipal arrondissement, associated, delegated or merged."""

    code = models.CharField("ancien code INSEE", max_length=5, primary_key=True)
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="former_codes")

    class Meta:
        verbose_name = "ancien code de commune"
        verbose_name_plural = "anciens codes de commune"


class DepartementContours(models.Model):
    """The contours of the communes of a loaded département: a TopoJSON topology (territory/topology.py)."""

    departement = models.OneToOneField(Departement, models.CASCADE, primary_key=True, related_name="contours")
    topology = models.JSONField("topologie")
    digest = models.CharField("empreinte", max_length=64, help_text="change quand la topologie change")

    class Meta:
        verbose_name = "contours d’un département"
        verbose_name_plural = "contours des départements"
