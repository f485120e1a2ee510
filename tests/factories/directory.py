"""The least valid structure and mandate; variations are traits."""

from datetime import timedelta

import factory
from django.utils import timezone

from maillage.directory.models import Assistance, Mandate, NetworkMembership, Structure
from maillage.engine.text import fold
from tests.factories.accounts import UserFactory
from tests.factories.territory import CommuneFactory


class StructureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Structure

    class Params:
        registered = factory.Trait(
            rna_id=factory.Sequence(lambda n: f"W313{n:06d}"),
            register_id=factory.SelfAttribute("rna_id"),
            official_title=factory.LazyAttribute(lambda structure: structure.name.upper()),
        )
        dissolved = factory.Trait(state=Structure.State.DISSOLVED)

    name = factory.Sequence(lambda n: f"Structure {n}")
    commune = factory.SubFactory(CommuneFactory)
    search_name = factory.LazyAttribute(lambda structure: fold(structure.name))


class MandateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Mandate

    class Params:
        ended = factory.Trait(ends_on=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1)))

    user = factory.SubFactory(UserFactory)
    structure = factory.SubFactory(StructureFactory)
    role = Mandate.Role.REPRESENTATIVE
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=365))


class NetworkMembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NetworkMembership

    head = factory.SubFactory(StructureFactory)
    member = factory.SubFactory(StructureFactory)


class AssistanceFactory(factory.django.DjangoModelFactory):
    """Running: with its mandate."""

    class Meta:
        model = Assistance

    class Params:
        today = factory.LazyFunction(timezone.localdate)

    structure = factory.SubFactory(StructureFactory)
    helper = factory.SubFactory(UserFactory)
    mandate = factory.SubFactory(
        MandateFactory,
        user=factory.SelfAttribute("..helper"),
        structure=factory.SelfAttribute("..structure"),
        role=Mandate.Role.HELPER,
        starts_on=factory.SelfAttribute("..today"),
        ends_on=factory.SelfAttribute("..until"),
    )
    asked_by = "Mme Delmas"
    how = Assistance.How.PHONE
    asked_on = factory.SelfAttribute("today")
    until = factory.LazyAttribute(lambda given: given.today + timedelta(days=14))
