"""Publishing, changing, pausing, resuming and closing a listing, and what follows."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.files.base import ContentFile

from maillage.sharing import services
from maillage.sharing.models import Listing
from tests.at_once import at_once
from tests.factories.directory import MandateFactory, StructureFactory
from tests.factories.sharing import ListingFactory
from tests.factories.territory import CommuneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def mandate():
    return MandateFactory()


def publish(mandate, **details):
    given = {"direction": "offer", "category": "technical.vehicles.van", "title": "Camionnette"} | details
    given.setdefault("commune", CommuneFactory(revel=True))
    return services.publish_listing(structure=mandate.structure, author=mandate.user, **given)


def history(listing):
    return list(listing.events.order_by("pgh_id").values_list("pgh_label", "state", "pgh_context__metadata__user"))


@pytest.mark.parametrize(("direction", "visibility"), [("offer", "everyone"), ("need", "members")])
def test_a_need_is_hidden_from_the_public_by_default(mandate, direction, visibility):
    assert publish(mandate, direction=direction).visibility == visibility


def test_a_listing_lies_in_its_commune_unless_told_otherwise(mandate):
    revel = CommuneFactory(revel=True)
    listing = publish(mandate, commune=revel)
    assert (listing.latitude, listing.longitude) == (revel.latitude, revel.longitude)


def test_publishing_makes_it_findable_and_leaves_a_trace(mandate):
    listing = publish(mandate)
    assert Listing.objects.filter(search_vector="camionnet").get() == listing
    assert history(listing) == [("insert", "published", mandate.user.pk)]


@pytest.mark.parametrize(
    ("details", "part"),
    [
        ({"category": "bogus"}, "catégorie"),
        ({"title": ""}, "vide"),
        ({"title": "x" * 121}, "120"),
        ({"quantity": 0}, "quantité"),
        ({"weekdays": [9]}, "jours"),
        ({"conditions": "price"}, "gratuite"),
        ({"visibility": "chosen"}, "structure"),
        ({"radius_km": 301}, "rayon"),
    ],
)
def test_publishing_refuses_with_a_sentence_and_writes_nothing(mandate, details, part):
    with pytest.raises(services.ListingRefused, match=part):
        publish(mandate, **details)
    assert not Listing.objects.exists()


def test_readers_are_kept_only_for_a_listing_with_chosen_readers(mandate):
    reader = StructureFactory()
    listing = publish(mandate, visibility="chosen", readers=[reader])
    assert list(listing.readers.all()) == [reader]
    change(listing, mandate, visibility="everyone", readers=[reader])
    assert list(listing.readers.all()) == []


def change(listing, mandate, *, opened_at=None, **changes):
    opened_at = opened_at or listing.modified_at
    return services.change_listing(listing_id=listing.pk, author=mandate.user, opened_at=opened_at, **changes)


def test_a_change_is_saved_indexed_and_traced(mandate):
    listing = publish(mandate)
    change(listing, mandate, title="Tracteur")
    assert Listing.objects.filter(search_vector="tracteur").get() == listing
    assert history(listing)[-1] == ("update", "published", mandate.user.pk)


def test_a_change_of_commune_moves_the_point(mandate):
    toulouse = CommuneFactory(toulouse=True)
    listing = change(publish(mandate), mandate, commune=toulouse)
    assert listing.latitude == toulouse.latitude


def test_a_change_over_someone_else_s_is_refused(mandate):
    listing = publish(mandate)
    change(listing, mandate, title="Le premier a gagné")
    with pytest.raises(services.ListingChangedMeanwhile, match="relisez"):
        change(listing, mandate, title="Le second")
    listing.refresh_from_db()
    assert listing.title == "Le premier a gagné"


def test_a_change_without_knowing_when_it_was_opened_is_refused(mandate):
    listing = publish(mandate)
    with pytest.raises(services.ListingChangedMeanwhile):
        change(listing, mandate, opened_at=listing.modified_at - timedelta(seconds=1), title="Autre")


def test_the_file_of_a_picture_leaves_after_commit(mandate, django_capture_on_commit_callbacks):
    listing = publish(mandate)
    listing = change(listing, mandate, photo=(ContentFile(b"first", name="first.webp"), "Le hayon"))
    storage, former = listing.photo.storage, listing.photo.name
    with django_capture_on_commit_callbacks(execute=True):
        changed = change(listing, mandate, pictures={}, photo=(ContentFile(b"second", name="second.webp"), "Neuve"))
        assert storage.exists(former)
    assert not storage.exists(former)
    assert storage.exists(changed.photo.name)
    assert changed.photo_description == "Neuve"


def test_pause_resume_and_close(mandate):
    listing = publish(mandate)
    given = {"listing_id": listing.pk, "author": mandate.user}
    assert services.pause_listing(**given).state == "paused"
    assert services.pause_listing(**given).state == "paused"
    assert services.resume_listing(**given).state == "published"
    assert services.close_listing(**given).state == "closed"
    assert [state for _, state, _ in history(listing)] == ["published", "paused", "published", "closed"]


@pytest.mark.parametrize("move", [services.pause_listing, services.resume_listing])
def test_a_closed_listing_stays_closed(mandate, move):
    listing = ListingFactory(closed=True)
    with pytest.raises(services.ListingRefused, match="terminée"):
        move(listing_id=listing.pk, author=mandate.user)


def test_a_closed_listing_is_not_changed(mandate):
    listing = ListingFactory(closed=True, title="Camionnette")
    with pytest.raises(services.ListingRefused, match="ne change plus"):
        change(listing, mandate, title="Tracteur")
    listing.refresh_from_db()
    assert listing.title == "Camionnette"


def test_a_listing_that_is_gone_is_refused(mandate):
    with pytest.raises(services.ListingRefused, match="n’existe plus"):
        services.pause_listing(listing_id=404_404, author=mandate.user)


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_save_at_once_one_wins_and_one_is_told(mandate):
    listing = publish(mandate)

    def save(title):
        try:
            change(listing, mandate, title=title)
        except services.ListingChangedMeanwhile:
            return "told"
        return "saved"

    outcomes = at_once(*(partial(save, title) for title in ("Un", "Deux")))
    assert sorted(outcomes) == ["saved", "told"]
