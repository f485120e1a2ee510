"""Drafts: what is typed on four screens is kept, seen by few, previewed as it will be, published once."""

from datetime import time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.models import User
from maillage.sharing.drafts import (
    MOST_DRAFTS,
    DraftGone,
    publish_draft,
    remove_forgotten_drafts,
    start_draft,
)
from maillage.sharing.models import Draft, Listing, Picture
from maillage.sharing.photos import clean_photo
from maillage.sharing.pictures import add_picture
from maillage.sharing.services import ListingRefused
from tests.at_once import at_once
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory, StructureFactory
from tests.factories.sharing import DraftFactory, ListingFactory
from tests.factories.territory import CommuneFactory
from tests.sharing.test_photos import photo_file
from tests.web.test_publishing_pages import OFFER_FORM, filled, send, text_of

pytestmark = pytest.mark.django_db


def screen(draft, step="quoi"):
    return reverse("draft-screen", args=[draft.pk, step])


def fill(client, draft, mandate, **changes):
    """All four screens typed; the address of the preview."""
    for step in ("quoi", "ou", "quand", "conditions"):
        response = client.post(screen(draft, step), filled(mandate, **changes))
    assert response.url == reverse("preview-draft", args=[draft.pk])
    return response.url


def test_a_screen_is_kept_right_or_wrong_and_found_again(member, draft, mandate):
    response = member.post(screen(draft, "conditions"), filled(mandate, price="beaucoup"))
    assert response.url == screen(draft, "conditions") + "?verifier=1"
    assert 'value="beaucoup"' in text_of(member.get(response.url))
    plain = member.get(screen(draft, "conditions"))
    assert 'value="beaucoup"' in text_of(plain)
    assert not plain.context["form"].errors


def test_a_text_of_one_line_stays_one_whatever_a_program_sends(member, draft, mandate):
    preview = fill(member, draft, mandate, title="Camionnette\r\ndu\u2028foyer")
    assert member.get(preview).context["listing"].title == "Camionnette du foyer"


def test_going_back_keeps_what_was_typed_and_judges_nothing(member, draft):
    response = member.post(screen(draft, "ou"), {"commune": "Xyzzy", "vers": "retour"})
    assert response.url == screen(draft, "quoi")
    assert 'value="Xyzzy"' in text_of(member.get(screen(draft, "ou")))


def test_finishing_later_says_until_when_and_resumes_where_one_left(member, draft, mandate):
    member.post(screen(draft, "quoi"), filled(mandate))
    response = member.post(screen(draft, "ou"), {"commune": "", "vers": "plus-tard"}, follow=True)
    assert "Votre brouillon est gardé jusqu’au" in text_of(response)
    for place in ("my-listings", "my-space"):
        assert reverse("resume-draft", args=[draft.pk]) in text_of(member.get(reverse(place)))
    assert member.get(reverse("resume-draft", args=[draft.pk])).url == screen(draft, "ou")
    preview = fill(member, draft, mandate)
    assert member.get(reverse("resume-draft", args=[draft.pk])).url == preview


def test_a_preview_leads_to_the_first_screen_that_is_not_right(member, draft, mandate):
    fill(member, draft, mandate)
    member.post(screen(draft, "quand"), {"first_day": "32/13/2026"})
    assert member.get(reverse("preview-draft", args=[draft.pk])).url == screen(draft, "quand") + "?verifier=1"
    assert member.post(reverse("preview-draft", args=[draft.pk])).status_code == 302
    assert not Listing.objects.exists()


def test_the_preview_is_the_page_of_the_listing(member, draft, mandate):
    member.post(screen(draft), {"photo": photo_file(), "photo_description": "Le hayon", "vers": "rester"})
    picture = draft.pictures.get()
    address = fill(member, draft, mandate, **{"picture": picture.pk, f"picture_{picture.pk}": "Le hayon"})
    preview = member.get(address)
    published = member.post(address, {"opened_at": preview.context["draft"].modified_at.isoformat()})
    page = member.get(published.url)
    for said in (
        "Camionnette avec hayon",
        "le week-end de 9",
        "12,50\u00a0€ par jour",
        "25\u00a0km autour",
        "Le hayon",
    ):
        assert said.lower() in text_of(preview).lower()
        assert said.lower() in text_of(page).lower()
    listing = Listing.objects.get()
    assert list(listing.pictures.all()) == [picture]
    assert listing.photo.name == picture.image.name
    assert not Draft.objects.exists()


def test_a_draft_that_changed_since_the_preview_is_shown_again(member, draft, mandate):
    address = fill(member, draft, mandate)
    opened_at = member.get(address).context["draft"].modified_at.isoformat()
    member.post(screen(draft), filled(mandate, title="Tout autre chose"))
    response = member.post(address, {"opened_at": opened_at}, follow=True)
    assert "Ce brouillon a changé" in text_of(response)
    assert "Tout autre chose" in text_of(response)
    assert not Listing.objects.exists()


@pytest.mark.parametrize(
    ("who", "sees"), [("author", True), ("colleague", True), ("agent", False), ("superuser", False), ("other", False)]
)
def test_only_the_author_and_those_who_act_for_the_structure_see_a_draft(client, who, sees):
    draft = DraftFactory()
    picture = add_picture(draft, clean_photo(photo_file()))
    person = {
        "author": lambda: draft.author,
        "colleague": lambda: MandateFactory(structure=draft.structure).user,
        "agent": lambda: UserFactory(agent=True),
        "superuser": lambda: UserFactory(is_superuser=True),
        "other": lambda: MandateFactory().user,
    }[who]()
    client.force_login(person)
    assert client.get(screen(draft)).status_code == (200 if sees else 404)
    assert client.post(screen(draft), {"title": "x"}).status_code == (302 if sees else 404)
    assert client.get(picture.get_absolute_url()).status_code == (200 if sees else 404)
    assert Draft.objects.visible_to(person).exists() is sees


def test_no_search_nor_page_shows_a_draft(client, member, draft, mandate):
    fill(member, draft, mandate, title="Zeppelin gonflable")
    client.force_login(MandateFactory().user)
    assert client.get(reverse("search"), {"quoi": "zeppelin"}, follow=True).context["found"].total == 0
    assert "Zeppelin" not in text_of(client.get(reverse("structure", args=[mandate.structure.pk])))


def test_a_structure_that_is_not_mine_is_not_taken(member, draft, mandate):
    theirs = StructureFactory()
    member.post(screen(draft), filled(mandate, structure=theirs.pk))
    draft.refresh_from_db()
    assert draft.structure == mandate.structure
    assert list(member.get(screen(draft) + "?verifier=1").context["form"].errors) == ["structure"]


def test_a_category_is_suggested_by_the_title_and_chosen_by_its_button(member, draft):
    fragment = text_of(member.get(reverse("suggest-categories"), {"title": "une camionnette <b>"}))
    assert 'name="categorie" value="technical.vehicles.van"' in fragment
    assert "<html" not in fragment
    response = member.post(screen(draft), {"title": "Ma camionnette", "categorie": "technical.vehicles.van"})
    page = member.get(response.url)
    assert page.context["form"]["category"].value() == "technical.vehicles.van"
    assert page.context["form"]["title"].value() == "Ma camionnette"


def test_pictures_change_places_and_leave(member, draft):
    for name in "abc":
        member.post(screen(draft), {"photo": photo_file(), "photo_description": name, "vers": "rester"})
    first, second, third = draft.pictures.all()
    member.post(screen(draft), {"picture": [first.pk, second.pk, third.pk], "monter": third.pk})
    assert list(draft.pictures.all()) == [first, third, second]
    member.post(screen(draft), {"retirer": first.pk})
    assert list(draft.pictures.all()) == [third, second]


@pytest.mark.parametrize("sent", [{"monter": "x"}, {"retirer": "0"}, {"picture": ["9" * 30, "-1", "a\x00"]}])
def test_numbers_of_pictures_that_are_not_there_change_nothing(member, draft, sent):
    picture = add_picture(draft, clean_photo(photo_file()))
    assert member.post(screen(draft), sent).status_code == 302
    assert list(draft.pictures.all()) == [picture]


def test_a_seventh_picture_and_a_false_one_are_refused_with_words(member, draft):
    response = member.post(screen(draft), {"title": "Gardé", "photo": photo_file("GIF")})
    page = member.get(response.url)
    assert "n’est pas une photo" in text_of(page)
    assert 'value="Gardé"' in text_of(page)
    for _ in range(6):
        add_picture(draft, clean_photo(photo_file()))
    response = member.post(screen(draft), {"photo": photo_file()})
    assert "six photos au plus" in text_of(member.get(response.url))
    assert draft.pictures.count() == 6


def test_the_database_refuses_a_seventh_picture_and_one_of_nobody(draft):
    with pytest.raises(IntegrityError, match="picture_six_at_most"), transaction.atomic():
        Picture.objects.create(draft=draft, image="x.webp", position=6)
    with pytest.raises(IntegrityError, match="picture_of_a_listing_or_of_a_draft"), transaction.atomic():
        Picture.objects.create(image="x.webp", position=0)
    with pytest.raises(IntegrityError, match="picture_of_a_listing_or_of_a_draft"), transaction.atomic():
        Picture.objects.create(draft=draft, listing=ListingFactory(), image="x.webp", position=0)
    Picture.objects.bulk_create([Picture(draft=draft, image="x.webp", position=0) for _ in "ab"])
    with pytest.raises(IntegrityError, match="picture_place_in_draft"), transaction.atomic():
        connection.check_constraints()
    draft.pictures.all().delete()
    with pytest.raises(IntegrityError, match="draft_direction_known"), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(direction="gift")


def test_a_hostile_screen_is_kept_within_bounds(member, draft):
    sent = {
        "title": "a\x00b",
        "text": "x" * 100_000,
        "weekdays": [str(day) for day in range(900)],
        "state": "published",
    }
    assert member.post(screen(draft), sent).status_code == 302
    draft.refresh_from_db()
    assert draft.said("quoi", "title") == "a\ufffdb"
    assert len(draft.said("quoi", "text")) == 20_000
    assert draft.typed["quoi"].keys() == {"title", "text"}


def test_a_draft_nobody_touches_is_removed_with_its_files(draft, django_capture_on_commit_callbacks):
    picture = add_picture(draft, clean_photo(photo_file()))
    kept = DraftFactory()
    Draft.objects.filter(pk=draft.pk).update(modified_at=timezone.now() - timedelta(days=31))
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_forgotten_drafts() == 1
    assert list(Draft.objects.all()) == [kept]
    assert not picture.image.storage.exists(picture.image.name)


def test_removing_a_draft_and_leaving_too_many(member, draft, mandate):
    assert member.post(reverse("remove-draft", args=[draft.pk])).status_code == 302
    assert not Draft.objects.exists()
    DraftFactory.create_batch(MOST_DRAFTS, structure=mandate.structure, author=mandate.user)
    response = send(member, OFFER_FORM, filled(mandate))
    assert response.status_code == 422
    assert f"Vous avez déjà {MOST_DRAFTS} brouillons" in text_of(response)
    with pytest.raises(ListingRefused):
        start_draft(structure=mandate.structure, author=mandate.user, direction="offer")


@pytest.mark.parametrize("state", ["published", "paused", "closed"])
def test_a_copy_begins_as_the_listing_and_lives_its_own_life(member, mandate, state):
    day = timezone.localdate() + timedelta(days=9)
    told = {"title": "Camionnette du foyer", "text": "Permis B.", "quantity": 2, "weekdays": [5, 6], "last_day": day}
    told |= {"conditions": "price", "price_cents": 1250, "price_unit": "day", "visibility": "members"}
    told |= {"starts_at": time(9), "ends_at": time(18, 30)}
    listing = ListingFactory(structure=mandate.structure, state=state, radius_km=30, **told)
    listing.refresh_from_db()
    picture = add_picture(listing, clean_photo(photo_file()), "Le hayon")
    response = member.post(reverse("copy-listing", args=[listing.pk]))
    draft = Draft.objects.get()
    assert response.url == screen(draft)
    assert "Voici une copie" in text_of(member.get(response.url))
    address = reverse("preview-draft", args=[draft.pk])
    opened_at = member.get(address).context["draft"].modified_at.isoformat()
    member.post(address, {"opened_at": opened_at})
    copied = Listing.objects.exclude(pk=listing.pk).get()
    assert {name: getattr(copied, name) for name in told} == told
    assert (copied.state, copied.radius_km, copied.commune) == ("published", 50, listing.commune)
    own = copied.pictures.get()
    assert (own.description, own.image.name != picture.image.name) == ("Le hayon", True)
    assert listing.pictures.get() == picture


@pytest.mark.parametrize("count", [1, 6])
def test_cost_of_my_listings_does_not_grow_with_drafts(member, mandate, count, django_assert_max_num_queries):
    DraftFactory.create_batch(count, structure=mandate.structure, author=mandate.user)
    member.get(reverse("my-listings"))
    with django_assert_max_num_queries(14):
        member.get(reverse("my-listings"))


def test_others_prices_are_told_from_five_on(member, draft):
    draft.typed = {"quoi": {"category": ["technical.vehicles.van"]}}
    draft.save()
    told = "La caution est de 200 €."
    ListingFactory.create_batch(4, priced=True, text=f"Neuve. {told} Permis B.")
    ListingFactory(priced=True, visibility="members", price_cents=9900, text="Assurance secrète.")
    page = text_of(member.get(screen(draft, "conditions")))
    assert told in page.replace("\u00a0", " ")
    assert "Prix du milieu" not in page
    assert "secrète" not in page
    ListingFactory(priced=True, price_cents=5000)
    assert "Prix du milieu\u00a0: 30\u00a0€ par jour" in text_of(member.get(screen(draft, "conditions")))


@pytest.mark.django_db(transaction=True)
def test_two_people_publish_the_same_draft_at_once_and_one_listing_comes_out():
    draft = DraftFactory(typed={"quoi": {}})
    author = User.objects.get(pk=draft.author_id)
    details = {"category": "technical.vehicles.van", "title": "Camionnette", "commune": CommuneFactory(revel=True)}

    def publish():
        try:
            return publish_draft(
                draft_id=draft.pk, author=author, opened_at=draft.modified_at, descriptions={}, **details
            )
        except DraftGone:
            return None

    results = at_once(publish, publish)
    assert sorted(result is None for result in results) == [False, True]
    assert Listing.objects.count() == 1
