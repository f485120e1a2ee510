"""What the territory says of itself, for pages and letters."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

THE_ONE = 1


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent())
class TerritorySettings(models.Model):
    """One row at most: what its fields leave empty is said by the environment, or by nobody."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONE, editable=False)
    host = models.CharField("qui gère ce site", max_length=160, blank=True)
    email = models.EmailField("adresse de l’équipe", blank=True)
    phone = models.CharField("téléphone de l’équipe", max_length=20, blank=True)
    phone_hours = models.CharField("quand appeler", max_length=160, blank=True)
    data_officer = models.EmailField("délégué à la protection des données", blank=True)
    legal_notice = models.TextField("mention légale de l’éditeur", max_length=1000, blank=True)
    welcome = models.CharField("phrase d’accueil", max_length=160, blank=True)
    answered_within = models.PositiveSmallIntegerField("jours d’attente d’une demande d’agir", null=True, blank=True)

    class Meta:
        verbose_name = "réglages du territoire"
        verbose_name_plural = "réglages du territoire"
        constraints = [
            models.CheckConstraint(
                condition=Q(id=THE_ONE),
                name="territory_settings_are_one",
                violation_error_message="Les réglages du territoire tiennent en une seule ligne.",
            ),
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__regex=r"^[+0-9][0-9 ]{2,19}$"),
                name="territory_settings_phone_is_dialled",
                violation_error_message="Un numéro de téléphone s’écrit en chiffres.",
            ),
            models.CheckConstraint(
                condition=Q(answered_within__range=(1, 60)),
                name="territory_settings_promise_is_soon",
                violation_error_message="On promet une réponse sous un à soixante jours.",
            ),
        ]

    def __str__(self):
        return "réglages du territoire"


def environment_says():
    """What an operator set, for the fields that the territory leaves empty."""
    return {"host": settings.SITE_PUBLISHER, "email": settings.SITE_EMAIL, "phone": settings.SITE_PHONE}
