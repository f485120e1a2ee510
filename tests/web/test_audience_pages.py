"""« Mon réseau » as those who see a listing: for structures that have one."""

import pytest
from django.urls import reverse

from maillage.directory.models import NetworkMembership
from maillage.sharing.services import ListingRefused, publish_listing
from tests.factories.directory import StructureFactory
from tests.factories.sharing import DraftFactory, ListingFactory

pytestmark = pytest.mark.django_db
OFF = "Vous n’êtes dans aucun réseau"


def text_of(response):
    return response.content.decode()


@pytest.fixture
def draft(mandate):
    return DraftFactory(structure=mandate.structure, author=mandate.user)


def network_choice(page):
    start = page.index('value="network"')
    return page[page.rindex("<input", 0, start) : page.index(">", start)]


def test_a_structure_without_a_network_cannot_show_to_its_network(member, mandate, draft):
    screen = reverse("draft-screen", args=[draft.pk, "conditions"])
    page = text_of(member.get(screen))
    assert "disabled" in network_choice(page)
    assert f'href="{reverse("network", args=[mandate.structure.pk])}">En rejoindre un</a>' in page
    member.post(screen, {"conditions": "free", "visibility": "network"})
    assert OFF in text_of(member.get(f"{screen}?verifier=1"))


@pytest.mark.parametrize("side", ["head", "member"])
def test_whoever_has_a_network_may(member, mandate, draft, side):
    other = StructureFactory(leads_network=True)
    pair = {"head": other, "member": mandate.structure} | {side: mandate.structure}
    pair["member" if side == "head" else "head"] = other
    mandate.structure.leads_network = True
    mandate.structure.save()
    NetworkMembership.objects.create(**pair)
    screen = reverse("draft-screen", args=[draft.pk, "conditions"])
    page = text_of(member.get(screen))
    assert "disabled" not in network_choice(page)
    assert "En rejoindre un" not in page
    member.post(screen, {"conditions": "free", "visibility": "network"})
    assert OFF not in text_of(member.get(f"{screen}?verifier=1"))


def test_changing_a_listing_refuses_it_too(member, mandate):
    listing = ListingFactory(structure=mandate.structure)
    page = text_of(member.get(reverse("edit-listing", args=[listing.pk])))
    assert "disabled" in network_choice(page)


def test_the_service_refuses_what_nobody_would_see(mandate):
    listing = ListingFactory.build(structure=mandate.structure)
    known = {"structure": mandate.structure, "author": mandate.user, "direction": "offer", "title": "Une sono"}
    known |= {"commune": mandate.structure.commune, "category": listing.category, "visibility": "network"}
    with pytest.raises(ListingRefused, match=OFF):
        publish_listing(**known)
