"""Changing listings, pausing and ending them, and the page of mine."""

import pytest
from django.urls import reverse

from maillage.directory.models import Structure
from maillage.sharing.photos import clean_photo
from maillage.sharing.pictures import add_picture
from tests.factories.directory import StructureFactory
from tests.factories.sharing import ListingFactory
from tests.sharing.test_photos import photo_file
from tests.web.test_publishing_pages import filled, text_of

pytestmark = pytest.mark.django_db


def edit_form(listing, mandate, **changes):
    form = filled(mandate, opened_at=listing.modified_at.isoformat()) | changes
    del form["structure"]
    return form


def test_a_reader_chosen_before_its_end_may_be_kept(member, mandate):
    reader = StructureFactory(name="Les Amis du théâtre")
    listing = ListingFactory(structure=mandate.structure, visibility="chosen")
    listing.readers.add(reader)
    Structure.objects.filter(pk=reader.pk).update(state="dissolved")
    url = reverse("edit-listing", args=[listing.pk])
    assert reader.name in text_of(member.get(url))
    changed = edit_form(listing, mandate, visibility="chosen", readers=[reader.pk], title="Tracteur")
    assert member.post(url, changed).status_code == 302
    assert list(listing.readers.all()) == [reader]


def test_editing_saves(member, mandate):
    listing = ListingFactory(structure=mandate.structure)
    url = reverse("edit-listing", args=[listing.pk])
    assert listing.title in text_of(member.get(url))
    response = member.post(url, edit_form(listing, mandate, title="Nouveau titre"))
    assert response.status_code == 302
    listing.refresh_from_db()
    assert listing.title == "Nouveau titre"
    assert listing.structure == mandate.structure


@pytest.mark.parametrize("opened_at", ["2020-01-01T00:00:00+00:00", "", "bogus", "2020-01-01T00:00:00"])
def test_editing_over_someone_else_s_change_asks_first(member, mandate, opened_at):
    listing = ListingFactory(structure=mandate.structure)
    url = reverse("edit-listing", args=[listing.pk])
    response = member.post(url, edit_form(listing, mandate, opened_at=opened_at, title="Le mien"))
    assert response.status_code == 422
    assert "pendant que vous l’écriviez" in text_of(response)
    assert "Le mien" in text_of(response)
    again = edit_form(listing, mandate, opened_at=response.context["opened_at"], title="Le mien")
    assert member.post(url, again).status_code == 302


def test_an_error_while_editing_does_not_hide_someone_else_s_change(member, mandate):
    listing = ListingFactory(structure=mandate.structure)
    url = reverse("edit-listing", args=[listing.pk])
    response = member.post(url, edit_form(listing, mandate, opened_at="2020-01-01T00:00:00+00:00", title=""))
    assert response.context["opened_at"] == "2020-01-01T00:00:00+00:00"


def test_an_ended_listing_has_no_form(member, mandate):
    listing = ListingFactory(structure=mandate.structure, closed=True, title="Camionnette")
    url = reverse("edit-listing", args=[listing.pk])
    assert member.get(url).url == listing.get_absolute_url()
    response = member.post(url, edit_form(listing, mandate, title="Tracteur"))
    assert response.status_code == 422
    assert "elle ne change plus" in text_of(response)
    listing.refresh_from_db()
    assert listing.title == "Camionnette"


def test_listings_are_found_by_the_name_that_their_structure_takes(client, member, mandate):
    listing = ListingFactory(structure=mandate.structure)
    url = reverse("edit-section", args=[mandate.structure.pk, "presentation"])
    form = {"name": "Fanfare du canal", "presentation": "", "summary": ""}
    assert member.post(url, form).status_code == 302
    found = client.get(reverse("search"), {"quoi": "fanfare"}, follow=True).context["found"]
    assert found.listings == [listing]


def test_pictures_of_a_listing_are_put_in_order_removed_and_added(member, mandate):
    listing = ListingFactory(structure=mandate.structure)
    first, second, third = [add_picture(listing, clean_photo(photo_file()), name) for name in "abc"]
    url = reverse("edit-listing", args=[listing.pk])
    asked = {"picture": [first.pk, second.pk, third.pk]} | {f"picture_{one.pk}": "x" for one in (first, second, third)}
    form = edit_form(listing, mandate, **asked)
    shown = member.post(url, form | {"monter": third.pk}).context["form"].pictures
    assert shown == [first, third, second]
    shown = member.post(url, form | {"retirer": first.pk}).context["form"].pictures
    assert shown == [second, third]
    assert listing.pictures.count() == 3
    kept = form | {"picture": [third.pk, second.pk], f"picture_{third.pk}": "Le hayon"}
    assert member.post(url, kept | {"photo": photo_file(), "photo_description": "Neuve"}).status_code == 302
    listing.refresh_from_db()
    assert [picture.description for picture in listing.pictures.all()] == ["Le hayon", "x", "Neuve"]
    assert (listing.photo.name, listing.photo_description) == (third.image.name, "Le hayon")
    listing.refresh_from_db()
    assert member.post(url, edit_form(listing, mandate)).status_code == 302
    listing.refresh_from_db()
    assert not listing.photo


def test_a_photo_without_words_is_asked_for_them_and_chosen_again(member, mandate):
    listing = ListingFactory(structure=mandate.structure)
    url = reverse("edit-listing", args=[listing.pk])
    response = member.post(url, edit_form(listing, mandate, photo=photo_file()))
    assert list(response.context["form"].errors) == ["photo_description"]
    assert "Choisissez la photo à nouveau" in text_of(response)


def test_pause_resume_and_close_say_what_happened(member, mandate):
    listing = ListingFactory(structure=mandate.structure)
    for name, said in [
        ("pause-listing", "est en pause"),
        ("resume-listing", "de nouveau en ligne"),
        ("close-listing", "est terminée"),
        ("resume-listing", "ne change plus"),
    ]:
        response = member.post(reverse(name, args=[listing.pk]), follow=True)
        assert said in text_of(response)


def test_my_listings_show_mine_with_states_and_counts(member, mandate):
    need = ListingFactory(need=True, structure=mandate.structure)
    paused = ListingFactory(paused=True, structure=mandate.structure)
    ListingFactory.create_batch(2)
    response = member.get(reverse("my-listings"))
    assert [(row, row.answer_count) for row in response.context["page"]] == [(paused, None), (need, 2)]
    assert "2\u00a0offres y répondent" in text_of(response)
    assert "En pause" in text_of(response)


def test_my_listings_say_in_words_that_nothing_answers_yet(member, mandate):
    ListingFactory(structure=mandate.structure)
    ListingFactory(structure=mandate.structure, need=True, category="training")
    page = text_of(member.get(reverse("my-listings")))
    assert "Aucun besoin n’y correspond encore" in page
    assert "Aucune offre n’y répond encore" in page
    ListingFactory.create_batch(2, need=True)
    assert "2\u00a0besoins à satisfaire" in text_of(member.get(reverse("my-listings")))


def test_my_listings_say_how_to_begin(member):
    assert "Commencez par une chose simple" in text_of(member.get(reverse("my-listings")))


@pytest.mark.parametrize("count", [1, 6])
def test_cost_of_my_listings_does_not_grow(member, mandate, count, django_assert_max_num_queries):
    ListingFactory.create_batch(count, structure=mandate.structure)
    ListingFactory.create_batch(2, need=True)
    member.get(reverse("my-listings"))
    with django_assert_max_num_queries(15):
        response = member.get(reverse("my-listings"))
    assert len(response.context["page"].object_list) == count


def test_a_card_shows_the_photo_and_who_sees_it(member, mandate):
    listing = ListingFactory(structure=mandate.structure, visibility="members", photo_description="Une camionnette")
    listing.photo.save("x.webp", photo_file("WEBP"))
    page = member.get(reverse("my-listings")).content.decode()
    assert f'src="{reverse("listing-photo", args=[listing.pk])}" alt="Une camionnette"' in page
    assert f"Visible par\u00a0: {listing.get_visibility_display()}" in page
