"""From a search to a draft, what is told before publishing, and the way back after it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.sharing.models import Draft, Listing
from tests.factories.directory import MandateFactory
from tests.factories.sharing import ListingFactory
from tests.factories.territory import CommuneFactory
from tests.web.test_drafts import fill, screen
from tests.web.test_publishing_pages import filled, text_of

pytestmark = pytest.mark.django_db


def test_a_search_that_found_nothing_becomes_a_need_with_its_place_and_day(member, mandate):
    CommuneFactory(revel=True)
    day = timezone.localdate() + timedelta(days=9)
    search = member.get("/chercher/", {"quoi": "licorne", "ou": "Revel (31250)", "quand": day.isoformat()})
    start = member.get(search.context["publish_url"])
    assert start.context["form"]["sens"].value() == "besoin"
    assert start.context["form"]["quoi"].value() == "licorne"
    begin = reverse("publish-listing") + "?sens=besoin&quoi=licorne" + start.context["searched"]
    action = member.get(begin).context["searched"]
    response = member.post(reverse("publish-listing") + "?sens=besoin" + action, filled(mandate))
    draft = Draft.objects.get()
    assert draft.direction == Listing.Direction.NEED
    assert response.url == screen(draft, "ou")
    assert member.get(screen(draft, "ou")).context["form"]["commune"].value() == "Revel (31250)"
    when = member.get(screen(draft, "quand")).context["form"]
    assert when["first_day"].value() == when["last_day"].value() == f"{day:%d/%m/%Y}"
    assert fill(member, draft, mandate, commune="Toulouse") == reverse("preview-draft", args=[draft.pk])


def test_a_search_of_one_kind_of_thing_goes_straight_on_with_its_place(member):
    straight = member.get("/proposer/?sens=besoin&quoi=salle&ou=Revel&quand=samedi")
    assert straight.url.endswith("&categorie=technical.premises&ou=Revel&quand=samedi")


def test_a_need_that_nobody_answers_leads_to_an_offer(member):
    search = member.get("/chercher/", {"sens": "besoin", "quoi": "licorne"})
    assert search.context["publish_url"] == "/proposer/?sens=offre&quoi=licorne"
    assert member.get(search.context["publish_url"]).status_code == 200


@pytest.mark.parametrize("place", ["\0", "é" * 5000, "\u202e"])
def test_what_a_search_says_never_breaks_a_draft(member, mandate, place):
    query = {"sens": "besoin", "quoi": "salle", "ou": place, "quand": place}
    assert member.get(reverse("publish"), query, follow=True).status_code == 200
    assert member.get(reverse("publish-listing"), query).status_code == 200


# A number or an address in the text.

CALL = "Permis B. Appelez le 05 61 83 12 34."


def test_a_number_in_the_text_is_told_of_once_and_may_stay(member, draft, mandate):
    response = member.post(screen(draft), filled(mandate, text=CALL))
    page = text_of(member.get(response.url))
    assert "Ce numéro sera lu par tous" in page
    assert "Le retirer" in page
    assert "Camionnette avec hayon" in page
    response = member.post(screen(draft), filled(mandate, text=CALL, a_tous="laisser"))
    assert response.url == screen(draft, "ou")
    assert "Ce numéro sera lu" not in text_of(member.get(screen(draft) + "?verifier=1"))
    draft.refresh_from_db()
    assert draft.said("quoi", "text") == CALL


def test_a_number_is_taken_out_at_the_press_of_a_button(member, draft, mandate):
    response = member.post(screen(draft), filled(mandate, text=CALL, a_tous="retirer"))
    assert response.url == screen(draft, "ou")
    draft.refresh_from_db()
    assert draft.said("quoi", "text") == "Permis B. Appelez le ."


def test_another_number_is_told_of_again(member, draft, mandate):
    member.post(screen(draft), filled(mandate, text=CALL, a_tous="laisser"))
    draft.refresh_from_db()
    left = draft.said("quoi", "shown_to_all")
    response = member.post(screen(draft), filled(mandate, text="odile@exemple.fr", shown_to_all=left))
    assert "Cette adresse sera lue par tous" in text_of(member.get(response.url))


def test_a_number_is_told_of_when_a_listing_changes_unless_it_was_there(member, mandate):
    listing = ListingFactory(structure=mandate.structure, text=CALL)
    edit = reverse("edit-listing", args=[listing.pk])
    opened_at = listing.modified_at.isoformat()
    left = member.get(edit).context["form"]["shown_to_all"].value()
    assert left == "05 61 83 12 34"
    sent = filled(mandate, text=f"{CALL} odile@exemple.fr", shown_to_all=left, opened_at=opened_at)
    response = member.post(edit, sent)
    assert response.status_code == 422
    assert "Ce numéro et cette adresse seront lus par tous" in text_of(response)
    assert member.post(edit, sent | {"a_tous": "laisser"}).status_code == 302
    listing.refresh_from_db()
    assert listing.text == sent["text"]


# After publishing, and before.


@pytest.mark.parametrize("name", ["resume-draft", "preview-draft", "draft-screen"])
def test_the_back_button_after_publishing_finds_the_listing(member, draft, mandate, name):
    preview = fill(member, draft, mandate)
    draft.refresh_from_db()
    sent = {"opened_at": draft.modified_at.isoformat()}
    listing = member.post(preview, sent).url
    back = reverse(name, args=[draft.pk, "quoi"] if name == "draft-screen" else [draft.pk])
    assert member.get(back).url == listing
    again = member.post(preview, sent, follow=True)
    assert again.redirect_chain[0][0] == listing
    assert "Ce brouillon est déjà publié" in text_of(again)
    assert Listing.objects.count() == 1
    member.force_login(MandateFactory().user)
    assert member.get(back).status_code == 404
    member.logout()
    assert "/compte/connexion/" in member.get(back).url


def test_the_first_step_of_publishing_tells_of_drafts(member, draft):
    ListingFactory()
    page = text_of(member.get(reverse("publish")))
    assert "Vous avez un brouillon" in page
    assert f'href="{draft.get_absolute_url()}"' in page
    draft.delete()
    assert "Vous avez un brouillon" not in text_of(member.get(reverse("publish")))
