"""The member of the pages' tests."""

import pytest

from tests.factories.directory import MandateFactory
from tests.factories.sharing import DraftFactory


@pytest.fixture
def mandate():
    return MandateFactory(structure__name="Harmonie de Revel")


@pytest.fixture
def member(client, mandate):
    client.force_login(mandate.user)
    return client


@pytest.fixture
def draft(mandate):
    return DraftFactory(structure=mandate.structure, author=mandate.user)
