"""The member of the pages' tests."""

import pytest

from tests.factories.directory import MandateFactory


@pytest.fixture
def mandate():
    return MandateFactory(structure__name="Harmonie de Revel")


@pytest.fixture
def member(client, mandate):
    client.force_login(mandate.user)
    return client
