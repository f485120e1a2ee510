"""From a listing to its association: without an account, in the name of one's own, or nowhere when nobody reads."""

from urllib.parse import quote

import pytest
from django.urls import reverse

from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory, StructureFactory
from tests.factories.places import PlaceFactory
from tests.factories.sharing import ListingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing():
    return ListingFactory(structure=MandateFactory().structure, title="Une camionnette")


def text_of(response):
    return response.content.decode()


def as_visitor(listing):
    return f"{reverse('write-as-visitor', args=[listing.structure_id])}?annonce={listing.pk}"


def as_association(listing):
    return reverse("write-about-listing", args=[listing.pk])


def test_a_visitor_writes_without_an_account_and_the_letter_begins_with_the_title(client, listing):
    assert f'href="{as_visitor(listing)}"' in text_of(client.get(listing.get_absolute_url()))
    text = client.get(as_visitor(listing)).context["form"]["text"].value()
    assert "«\u00a0Une camionnette\u00a0»" in text


def test_the_letter_does_not_tell_the_title_of_a_listing_that_the_visitor_cannot_see(client, listing):
    hidden = ListingFactory(structure=listing.structure, title="Chaises cachées", visibility="members")
    for asked in (hidden.pk, ListingFactory().pk, "x", "²", "9" * 30):
        page = client.get(reverse("write-as-visitor", args=[listing.structure_id]), {"annonce": asked})
        assert page.status_code == 200
        assert page.context["form"].initial == {}


def test_signing_in_says_why_and_a_new_account_comes_back_to_the_listing(client, listing):
    assert f'href="{as_association(listing)}"' in text_of(client.get(listing.get_absolute_url()))
    response = client.get(as_association(listing), follow=True)
    page = text_of(response)
    assert page.index("Pour écrire au nom de votre association") < page.index('name="login"')
    assert f"{reverse('account_signup')}?next={quote(as_association(listing), safe='')}" in page


@pytest.mark.parametrize("address", ["", "/nulle-part/", "//ailleurs.example/", "/chercher/?quoi=x"])
def test_signing_in_without_a_reason_says_none(client, address):
    page = client.get(reverse("account_login"), {"next": address})
    assert page.status_code == 200
    assert "Pourquoi me connecter" not in text_of(page)


def test_an_account_without_association_is_told_so_and_shown_two_ways(client, listing):
    client.force_login(UserFactory())
    page = text_of(client.get(as_association(listing)))
    assert "Votre compte n’est lié à aucune association" in page
    assert "ne représente pas d’autre association" not in page
    assert f'href="{reverse("structures")}">' in page
    assert f'href="{as_visitor(listing)}"' in page


def test_who_represents_this_association_alone_is_told_so(client, listing):
    client.force_login(listing.structure.mandates.get().user)
    assert "ne représente pas d’autre association que celle-ci" in text_of(client.get(as_association(listing)))


def test_nobody_is_led_to_write_where_nobody_reads(client, member):
    listing = ListingFactory(structure=StructureFactory())
    place = PlaceFactory(commune=listing.commune, support=True, name="Maison des associations")
    for leave in (False, True):
        if leave:
            client.logout()
        page = text_of(client.get(listing.get_absolute_url()))
        assert as_association(listing) not in page
        assert reverse("write-as-visitor", args=[listing.structure_id]) not in page
        assert "personne n’y lirait votre message" in page
        assert f'<a href="{place.get_absolute_url()}">Maison des associations</a>' in page
        assert f'href="{reverse("ask-to-act", args=[listing.structure_id])}"' in page


def test_without_a_support_place_the_team_is_named(client):
    listing = ListingFactory(structure=StructureFactory())
    assert f'<a href="{reverse("help")}">L’équipe du territoire</a>' in text_of(client.get(listing.get_absolute_url()))


def test_a_visitor_does_not_write_to_those_who_only_write_between_associations(client):
    quiet = MandateFactory(user=UserFactory(hears_of_messages=False))
    listing = ListingFactory(structure=quiet.structure)
    page = text_of(client.get(listing.get_absolute_url()))
    assert "Écrire sans compte" not in page
    assert as_association(listing) in page
