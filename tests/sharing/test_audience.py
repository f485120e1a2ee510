"""Who may see a listing, computed for many: the same as the queryset of pages, for every role and visibility."""

import pytest

from maillage.directory.models import Mandate, NetworkMembership, Structure
from maillage.sharing.audience import Audience, networks, readers
from maillage.sharing.models import Listing, ListingReader
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory, StructureFactory
from tests.factories.sharing import ListingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """Owner, same network, its head, chosen reader, stranger who acts, ended mandate, nobody, agents."""
    owner, friend, head, chosen, stranger = StructureFactory.create_batch(5)
    for member in (owner, friend):
        NetworkMembership.objects.create(head=head, member=member)
    for visibility in Listing.Visibility.values:
        listing = ListingFactory(structure=owner, visibility=visibility)
        if visibility == Listing.Visibility.CHOSEN:
            ListingReader.objects.create(listing=listing, structure=chosen)
    ListingFactory(structure=head, visibility=Listing.Visibility.NETWORK)
    acting = [MandateFactory(structure=one).user for one in (owner, friend, head, chosen, stranger)]
    ended = MandateFactory(structure=owner, ended=True).user
    agent = UserFactory(agent=True)
    acting_agent = MandateFactory(structure=chosen, user=UserFactory(agent=True)).user
    return [*acting, ended, UserFactory(), agent, acting_agent, UserFactory(is_superuser=True)]


def test_it_says_of_each_person_what_pages_say(people):
    audience = Audience(networks(), readers())
    shown = Listing.objects.published().filter(structure__state=Structure.State.ACTIVE)
    assert shown.count() == 5
    for person in people:
        mine = set(Mandate.objects.current().filter(user=person).values_list("structure", flat=True))
        seen = {listing.pk for listing in shown if audience.sees(person, mine, listing)}
        assert seen == set(shown.visible_to(person).values_list("pk", flat=True)), person


def test_readers_are_those_of_the_listings_asked(people):
    (row,) = ListingReader.objects.all()
    assert readers(listing__in=[row.listing_id]) == {row.listing_id: {row.structure_id}}
    assert readers(listing__in=[row.listing_id + 1000]) == {}
