import pytest

from tests.factories.directory import MandateFactory
from tests.factories.sharing import ListingFactory


@pytest.fixture
def borrower(db):
    return MandateFactory(structure__name="Harmonie de Revel", user__name="Alix Martin")


@pytest.fixture
def lender(db):
    return MandateFactory(structure__name="Foyer rural", user__name="Noé Benali")


@pytest.fixture
def van(lender):
    return ListingFactory(structure=lender.structure, title="Minibus")


@pytest.fixture
def chairs(lender):
    return ListingFactory(
        structure=lender.structure, title="Chaises", category="technical.equipment.events.tables", quantity=40
    )
