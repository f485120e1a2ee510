"""Who sees a listing: the predicate and the queryset agree, for every role, state and visibility."""

from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser

from maillage.directory.models import Structure
from maillage.sharing.models import Listing, ListingReader
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory, NetworkMembershipFactory, StructureFactory
from tests.factories.sharing import ListingFactory

pytestmark = pytest.mark.django_db

EVERYONE, MEMBERS, NETWORK, CHOSEN = Listing.Visibility.values
SEEN_WHEN_PUBLISHED = {
    "visitor": {EVERYONE},
    "account": {EVERYONE},
    "former": {EVERYONE},
    "agent": {EVERYONE, MEMBERS},
    "member": {EVERYONE, MEMBERS},
    "network": {EVERYONE, MEMBERS, NETWORK},
    "head": {EVERYONE, MEMBERS, NETWORK},
    "chosen": {EVERYONE, MEMBERS, CHOSEN},
    "own": {EVERYONE, MEMBERS, NETWORK, CHOSEN},
    "superuser": {EVERYONE, MEMBERS, NETWORK, CHOSEN},
}
OTHERS = sorted(SEEN_WHEN_PUBLISHED.keys() - {"own", "superuser"})


def person(role, listing):
    """Someone who stands in this role to the listing."""
    if role == "visitor":
        return AnonymousUser()
    if role in ("account", "agent", "superuser"):
        return UserFactory(is_agent=role == "agent", is_superuser=role == "superuser")
    if role == "former":
        return MandateFactory(structure=listing.structure, ended=True).user
    mandate = MandateFactory(structure=listing.structure if role == "own" else StructureFactory())
    if role == "network":
        head = StructureFactory()
        NetworkMembershipFactory(head=head, member=listing.structure)
        NetworkMembershipFactory(head=head, member=mandate.structure)
    if role == "head":
        NetworkMembershipFactory(head=mandate.structure, member=listing.structure)
    if role == "chosen":
        ListingReader.objects.create(listing=listing, structure=mandate.structure)
    return mandate.user


@pytest.mark.parametrize(
    ("role", "state", "visibility"),
    list(
        product(
            sorted(SEEN_WHEN_PUBLISHED.keys() - {"own", "superuser"}), Listing.State.values, Listing.Visibility.values
        )
    ),
)
def test_those_who_saw_a_listing_may_know_that_it_was_withdrawn(role, state, visibility):
    listing = ListingFactory(state=state, visibility=visibility)
    is_withdrawn = state in (Listing.State.PAUSED, Listing.State.CLOSED)
    expected = is_withdrawn and visibility in SEEN_WHEN_PUBLISHED[role]
    assert person(role, listing).has_perm("sharing.know_of_ended_listing", listing) is expected


@pytest.mark.parametrize(
    ("role", "state", "visibility"),
    list(product(SEEN_WHEN_PUBLISHED, Listing.State.values, Listing.Visibility.values)),
)
def test_predicate_and_queryset_agree_on_who_sees_a_listing(role, state, visibility):
    listing = ListingFactory(state=state, visibility=visibility)
    user = person(role, listing)
    published = state == Listing.State.PUBLISHED and visibility in SEEN_WHEN_PUBLISHED[role]
    expected = published or role in ("own", "superuser")
    assert user.has_perm("sharing.see_listing", listing) is expected
    assert Listing.objects.visible_to(user).filter(pk=listing.pk).exists() is expected


@pytest.mark.parametrize(
    ("role", "state", "visibility"),
    list(
        product(
            SEEN_WHEN_PUBLISHED, sorted({*Structure.State.values} - {Structure.State.ACTIVE}), Listing.Visibility.values
        )
    ),
)
def test_only_its_own_people_see_a_listing_of_a_structure_that_is_not_active(role, state, visibility):
    listing = ListingFactory(visibility=visibility, structure__state=state)
    user = person(role, listing)
    expected = role in ("own", "superuser")
    assert user.has_perm("sharing.see_listing", listing) is expected
    assert Listing.objects.visible_to(user).filter(pk=listing.pk).exists() is expected


@pytest.mark.parametrize("structure_state", list(Structure.State))
@pytest.mark.parametrize(("state", "visibility"), list(product(Listing.State, Listing.Visibility)))
def test_property_and_queryset_agree_on_what_is_public(state, visibility, structure_state):
    listing = ListingFactory(state=state, visibility=visibility, structure__state=structure_state)
    assert Listing.objects.public().exists() is listing.is_public


@pytest.mark.parametrize(
    ("role", "expected"),
    [("visitor", False), ("account", False), ("former", False), ("agent", False), ("member", False), ("own", True)],
)
def test_only_those_who_act_for_the_structure_edit_and_publish(role, expected):
    listing = ListingFactory()
    user = person(role, listing)
    assert user.has_perm("sharing.edit_listing", listing) is expected
    assert user.has_perm("sharing.publish_for", listing.structure) is expected


def test_no_one_publishes_for_a_dissolved_structure():
    mandate = MandateFactory(structure__dissolved=True)
    assert not mandate.user.has_perm("sharing.publish_for", mandate.structure)
