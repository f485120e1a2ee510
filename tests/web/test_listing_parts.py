"""« De quoi est-ce fait ? »: pieces are added and taken out, and each page says what it is part of."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from maillage.sharing.models import Part
from tests.factories.sharing import ListingFactory
from tests.web.test_publishing_pages import text_of

pytestmark = pytest.mark.django_db
SOUND = "technical.equipment.sound_light.sound"


@pytest.fixture
def kit(mandate):
    return ListingFactory(structure=mandate.structure, title="Sono complète", category=SOUND)


@pytest.fixture
def speakers(mandate):
    return ListingFactory(structure=mandate.structure, title="Enceintes", category=SOUND, quantity=2)


def address(listing):
    return reverse("listing-parts", args=[listing.pk])


def plain(response):
    return " ".join(strip_tags(text_of(response)).split())


def test_a_piece_is_added_shown_on_both_pages_and_taken_out(member, kit, speakers):
    assert member.post(address(kit), {"part": speakers.pk, "quantity": "2"}).status_code == 302
    assert "2 × Enceintes" in plain(Client().get(kit.get_absolute_url()))
    assert "Fait partie de « Sono complète »" in plain(Client().get(speakers.get_absolute_url()))

    member.post(address(kit), {"part": speakers.pk, "quantity": "0"})
    assert not Part.objects.exists()


def test_a_visitor_reads_nothing_of_a_piece_that_is_not_for_them(member, kit, speakers):
    speakers.visibility = "members"
    speakers.save()
    Part.objects.create(whole=kit, part=speakers)
    assert "Enceintes" not in plain(Client().get(kit.get_absolute_url()))
    assert "Enceintes" in plain(member.get(kit.get_absolute_url()))


def test_what_cannot_be_says_why_and_keeps_what_was_chosen(member, kit, speakers):
    response = member.post(address(kit), {"part": speakers.pk, "quantity": "3"})
    assert response.status_code == 422
    assert "Il y en a 2 en tout" in plain(response)
    assert response.context["form"]["quantity"].value() == "3"


def test_only_offers_of_the_same_structure_that_are_lent_may_be_chosen(member, mandate, kit, speakers):
    ListingFactory(structure=mandate.structure, need=True)
    ListingFactory(structure=mandate.structure, category="information.publishing")
    ListingFactory(title="D’une autre")
    assert list(member.get(address(kit)).context["form"].fields["part"].queryset) == [speakers]
