"""Opportunities as a run would write them, and listings among which a run finds some."""

import factory
from django.utils import timezone

from maillage.opportunities.models import Opportunity, Party, Run
from tests.factories.directory import MandateFactory, StructureFactory
from tests.factories.sharing import ListingFactory
from tests.factories.territory import CommuneFactory

THINGS = ("technical.vehicles.van", "technical.premises.hall", "technical.equipment.events.tent")


class OpportunityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Opportunity

    kind = Opportunity.Kind.CIRCLE
    fingerprint = factory.Sequence(lambda n: f"{n:064x}")
    value = 1500
    found_at = factory.LazyFunction(timezone.now)
    seen_at = factory.SelfAttribute("found_at")


class PartyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Party

    opportunity = factory.SubFactory(OpportunityFactory)
    structure = factory.SelfAttribute("takes.structure")
    position = factory.Sequence(lambda n: n % 1000)
    takes = factory.SubFactory(ListingFactory, need=True)
    distance = 15


class RunFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Run

    class Params:
        done = factory.Trait(state=Run.State.DONE, percent=100, counts={"new": 3, "expired": 1})


def circle_mandates(count=3, commune=None):
    """``count`` people, each for a structure that offers one of THINGS and needs the one before it."""
    mandates = [MandateFactory(structure__commune=commune or CommuneFactory(revel=True)) for _ in range(count)]
    for place, mandate in enumerate(mandates):
        ListingFactory(structure=mandate.structure, category=THINGS[place], title=f"Prêt {place}")
        ListingFactory(
            structure=mandate.structure, need=True, category=THINGS[(place - 1) % count], title=f"Besoin {place}"
        )
    return mandates


def pool_of_needs(count, commune=None, **details):
    """``count`` structures in one commune that need the same."""
    commune = commune or CommuneFactory(revel=True)
    return [ListingFactory(structure=StructureFactory(commune=commune), need=True, **details) for _ in range(count)]


def make_opportunity(*pairs, kind=Opportunity.Kind.CIRCLE, **fields):
    """An opportunity of (offer or None, need or None) pairs, one a structure, written as a run would."""
    opportunity = OpportunityFactory(kind=kind, **fields)
    for position, (gives, takes) in enumerate(pairs):
        structure = (takes or gives).structure
        PartyFactory(opportunity=opportunity, structure=structure, position=position, gives=gives, takes=takes)
    return opportunity
