"""Communes of the loaded territory: Toulouse unless a test names another."""

import factory

from maillage.territory.models import Commune


class CommuneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Commune
        django_get_or_create = ["code"]

    class Params:
        toulouse = factory.Trait(code="31555")
        revel = factory.Trait(code="31451")

    code = "31555"
