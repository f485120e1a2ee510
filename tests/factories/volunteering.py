"""The least valid mission: published, insured, in a week, with two places; variations are traits."""

from datetime import date, timedelta
from decimal import Decimal

import factory
from django.utils import timezone

from maillage.volunteering.models import Engagement, InKindContribution, Mission, Rate, VolunteerHours, cents_of
from tests.factories.accounts import UserFactory
from tests.factories.directory import StructureFactory


class MissionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Mission

    class Params:
        draft = factory.Trait(state=Mission.State.DRAFT, published_at=None)
        cancelled = factory.Trait(state=Mission.State.CANCELLED, cancelled_because="La salle n’est plus libre.")
        over = factory.Trait(first_day=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=7)))

    structure = factory.SubFactory(StructureFactory)
    title = factory.Sequence(lambda n: f"Tenir la buvette {n}")
    tasks = "Servir les boissons et tenir la caisse."
    commune = factory.SelfAttribute("structure.commune")
    place = "salle des fêtes"
    first_day = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=7))
    last_day = factory.SelfAttribute("first_day")
    hours = "de 14\u00a0h à 18\u00a0h"
    places = 2
    insurer = "Mutuelle des coteaux"
    policy = "31-4425"
    contact_role = "la responsable de la buvette"
    state = Mission.State.PUBLISHED
    published_at = factory.LazyFunction(timezone.now)


class EngagementFactory(factory.django.DjangoModelFactory):
    """Accepted; ``invited`` waits at an address."""

    class Meta:
        model = Engagement

    class Params:
        invited = factory.Trait(
            user=None,
            email=factory.Sequence(lambda n: f"benevole{n}@exemple.fr"),
            invited_by=factory.SelfAttribute("mission.structure"),
            state=Engagement.State.INVITED,
            answered_at=None,
            terms_at=None,
        )

    mission = factory.SubFactory(MissionFactory)
    user = factory.SubFactory(UserFactory)
    state = Engagement.State.ACCEPTED
    answered_at = factory.LazyFunction(timezone.now)
    terms_at = factory.SelfAttribute("mission.terms_at")


class HoursFactory(factory.django.DjangoModelFactory):
    """Two hours of today, written by the volunteer; ``validated`` by someone else."""

    class Meta:
        model = VolunteerHours

    class Params:
        validated = factory.Trait(
            validated_by=factory.SubFactory(UserFactory), validated_at=factory.LazyFunction(timezone.now)
        )

    structure = factory.SubFactory(StructureFactory)
    volunteer = factory.SubFactory(UserFactory)
    day = factory.LazyFunction(timezone.localdate)
    minutes = 120
    task = "Tenir la buvette"
    written_by = factory.SelfAttribute("volunteer")


class ContributionFactory(factory.django.DjangoModelFactory):
    """A room lent for two days, by a town hall that is not on Maillage."""

    class Meta:
        model = InKindContribution

    structure = factory.SubFactory(StructureFactory)
    giver_name = "Mairie de Revel"
    kind = InKindContribution.Kind.LOAN
    label = "Salle des fêtes"
    day = factory.LazyFunction(timezone.localdate)
    quantity = Decimal(2)
    unit = "jour"
    unit_value = Decimal("120.50")
    amount_cents = factory.LazyAttribute(lambda one: cents_of(one.quantity, one.unit_value))
    method = InKindContribution.Method.RENTAL
    source = "tarif de location de la mairie"


class RateFactory(factory.django.DjangoModelFactory):
    """A rate of the territory, whose figure is invented."""

    class Meta:
        model = Rate

    name = "Taux d’essai"
    hour_value = Decimal("11.11")
    source = "inventé pour les tests"
    valid_from = date(2020, 1, 1)
