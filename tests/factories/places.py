"""The least valid place: an association house of Revel; variations are traits."""

import factory
from django.utils import timezone

from maillage.places.models import Place, PlaceImport, PlaceReport, stored_hours
from tests.factories.territory import CommuneFactory

TUESDAY, THURSDAY, SATURDAY = 1, 3, 5


class PlaceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Place

    class Params:
        support = factory.Trait(kind="support_point")
        hidden = factory.Trait(is_published=False)
        verified = factory.Trait(verified_on=factory.LazyFunction(timezone.localdate))
        weekly = factory.Trait(hours=stored_hours([(TUESDAY, 540, 720), (THURSDAY, 540, 720), (SATURDAY, 600, 720)]))
        complete = factory.Trait(
            verified=True,
            weekly=True,
            address="3, rue du Foyer",
            phone="05 61 00 00 00",
            email="contact@lieu.example",
            website="https://lieu.example",
            contact_role="l’animatrice de la vie associative",
            accessibility="Entrée de plain-pied, toilettes adaptées.",
        )

    kind = "association_house"
    name = factory.Sequence(lambda n: f"Maison des associations {n}")
    commune = factory.SubFactory(CommuneFactory, revel=True)
    latitude = factory.SelfAttribute("commune.latitude")
    longitude = factory.SelfAttribute("commune.longitude")
    source = "mairie"


class PlaceReportFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PlaceReport

    place = factory.SubFactory(PlaceFactory)
    subject = PlaceReport.Subject.HOURS
    text = factory.Sequence(lambda n: f"Le {n}e samedi du mois aussi.")


class PlaceImportFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PlaceImport

    class Params:
        done = factory.Trait(state=PlaceImport.State.DONE, done_at=factory.LazyFunction(timezone.now), content=b"")

    file_name = "lieux.csv"
    source = "Ville de Revel"
    content = "nom;sorte;code postal;commune\nFoyer d’en haut;foyer rural;31250;Revel\nMairie;mairie;;\n".encode()
