"""« Mon espace »: what it counts."""

import pytest
from django.urls import reverse

from tests.factories.directory import MandateFactory
from tests.factories.sharing import ListingFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 4])
def test_my_space_counts_the_listings_of_each_structure(client, count, django_assert_num_queries):
    large, small = (MandateFactory(structure__name=name) for name in ("Amicale", "Banda"))
    small.user = large.user
    small.save()
    ListingFactory.create_batch(count, structure=large.structure)
    ListingFactory(structure=large.structure, paused=True)
    ListingFactory.create_batch(count)  # of others
    client.force_login(large.user)
    with django_assert_num_queries(11):
        answer = client.get(reverse("my-space"))
    told = [(one.structure.name, one.published, one.listings) for one in answer.context["mandates"]]
    assert told == [("Amicale", count, count + 1), ("Banda", 0, 0)]
