"""« Montrer jusqu’au » when one publishes, and renewing from the page of a listing and from « Mes annonces »."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.engine.french import date_fr
from maillage.sharing.models import Draft, Listing
from tests.factories.sharing import ListingFactory
from tests.web.test_my_listings import edit_form
from tests.web.test_publishing_pages import NEED_FORM, OFFER_FORM, filled, send, text_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def on(days):
    return timezone.localdate() + days * DAY


def typed(day):
    return f"{day:%d/%m/%Y}"


@pytest.mark.parametrize(
    ("address", "asked", "days"),
    [
        (OFFER_FORM, {}, 365),
        (NEED_FORM, {}, 91),
        (OFFER_FORM, {"valid_until": typed(on(20))}, 20),
        (NEED_FORM, {"valid_until": typed(on(80)), "last_day": typed(on(12))}, 12),
    ],
)
def test_publishing_gives_the_term_that_was_chosen_or_the_usual_one(member, mandate, address, asked, days):
    page = send(member, address, filled(mandate, **asked))
    assert page.status_code == 302
    assert Listing.objects.get().valid_until == on(days)


@pytest.mark.parametrize(
    ("day", "said"),
    [(typed(on(-1)), "déjà passée"), (typed(on(800)), "trop loin"), ("bientôt", "pas compris ce jour")],
)
def test_a_term_that_cannot_be_is_refused_in_words_and_what_was_typed_stays(member, mandate, day, said):
    page = send(member, OFFER_FORM, filled(mandate, valid_until=day))
    assert page.status_code == 422
    assert said in text_of(page)
    assert page.context["form"]["valid_until"].value() == day


def test_the_screen_proposes_the_usual_term_and_the_preview_says_it(member, mandate):
    member.post(OFFER_FORM, filled(mandate))
    draft = Draft.objects.get()
    screen = member.get(reverse("draft-screen", args=[draft.pk, "quand"]))
    assert typed(on(365)) in text_of(screen)


def test_saving_an_expired_listing_offers_another_term(member, mandate):
    listing = ListingFactory(structure=mandate.structure, expired=True)
    url = reverse("edit-listing", args=[listing.pk])
    shown = member.get(url).context["form"]["valid_until"].value()
    member.post(url, edit_form(listing, mandate, valid_until=shown))
    listing.refresh_from_db()
    assert listing.is_published


def test_a_copy_begins_another_term(member, mandate):
    listing = ListingFactory(structure=mandate.structure, expired=True)
    member.post(reverse("copy-listing", args=[listing.pk]))
    assert Draft.objects.get().said("quand", "valid_until") == ""


def test_others_are_told_that_a_listing_has_expired_and_its_people_that_they_may_renew_it(client, member, mandate):
    listing = ListingFactory(structure=mandate.structure, expired=True, title="Fourgon du foyer")
    client.logout()
    page = client.get(listing.get_absolute_url())
    assert (page.status_code, "Cette annonce a expiré" in text_of(page)) == (404, True)
    assert "Fourgon du foyer" not in text_of(page)
    client.force_login(mandate.user)
    page = text_of(client.get(listing.get_absolute_url()))
    assert f"Expirée le {date_fr(listing.valid_until)}" in page
    assert "Renouveler" in page


def test_the_button_of_the_page_renews(member, mandate):
    listing = ListingFactory(structure=mandate.structure, expired=True)
    page = member.post(reverse("renew-listing", args=[listing.pk]), follow=True)
    assert f"montrée jusqu’au {date_fr(on(365))}" in text_of(page)
    listing.refresh_from_db()
    assert listing.valid_until == on(365)


def test_an_ended_listing_is_not_renewed_from_its_page(member, mandate):
    listing = ListingFactory(structure=mandate.structure, closed=True, valid_until=on(-3))
    page = member.post(reverse("renew-listing", args=[listing.pk]), follow=True)
    assert "elle ne change plus" in text_of(page)


def test_a_listing_that_is_over_is_told_what_to_change(member, mandate):
    listing = ListingFactory(structure=mandate.structure, need=True, last_day=on(-2))
    page = text_of(member.get(listing.get_absolute_url()))
    assert "changez ses jours" in page
    assert "Renouveler" not in page


def test_my_listings_renew_those_that_are_ticked_and_mine_alone(member, mandate):
    soon = ListingFactory(structure=mandate.structure, valid_until=on(10))
    gone = ListingFactory(structure=mandate.structure, expired=True)
    left = ListingFactory(structure=mandate.structure, expired=True)
    foreign = ListingFactory(expired=True)
    page = member.get(reverse("my-listings"))
    assert set(page.context["to_renew"]) == {soon, gone, left}
    ticked = {"listing": [soon.pk, gone.pk, foreign.pk, "x", 2**70]}
    assert "2\u00a0annonces renouvelées" in text_of(member.post(reverse("renew-listings"), ticked, follow=True))
    assert set(Listing.objects.filter(valid_until=on(365))) == {soon, gone}


def test_my_listings_say_to_tick_one(member, mandate):
    page = member.post(reverse("renew-listings"), follow=True)
    assert "Cochez au moins une annonce" in text_of(page)


def test_my_space_and_the_word_of_the_former_team_count_what_is_shown(member, mandate):
    shown = ListingFactory(structure=mandate.structure)
    ListingFactory(structure=mandate.structure, expired=True)
    (mine,) = member.get(reverse("my-space")).context["mandates"]
    assert (mine.published, mine.listings) == (1, 2)
    page = member.get(reverse("hand-over", args=[mandate.structure.pk]))
    assert list(page.context["listings"]) == [shown]


def opened_form(client, listing, mandate, **changes):
    """The form as it was opened, with what it keeps of the listing, save ``changes``."""
    page = client.get(reverse("edit-listing", args=[listing.pk]))
    shown = {"valid_until": typed(page.context["form"].initial["valid_until"])}
    return edit_form(listing, mandate, opened_until=page.context["opened_until"], **shown | changes)


def test_a_form_opened_before_a_renewal_does_not_undo_it(member, mandate):
    listing = ListingFactory(structure=mandate.structure, valid_until=on(5))
    form = opened_form(member, listing, mandate, title="Camionnette bleue")
    member.post(reverse("renew-listings"), {"listing": listing.pk})
    assert member.post(reverse("edit-listing", args=[listing.pk]), form).status_code == 302
    listing.refresh_from_db()
    assert (listing.title, listing.valid_until) == ("Camionnette bleue", on(365))


def test_a_term_chosen_in_a_form_opened_before_a_renewal_is_the_one(member, mandate):
    listing = ListingFactory(structure=mandate.structure, valid_until=on(5))
    form = opened_form(member, listing, mandate, valid_until=typed(on(9)))
    member.post(reverse("renew-listings"), {"listing": listing.pk})
    refused = member.post(reverse("edit-listing", args=[listing.pk]), form | {"title": ""})
    assert refused.context["opened_until"] == on(5).isoformat()
    assert member.post(reverse("edit-listing", args=[listing.pk]), form).status_code == 302
    listing.refresh_from_db()
    assert listing.valid_until == on(9)
