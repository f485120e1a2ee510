import re

import pytest
from django.core.management import call_command
from procrastinate.contrib.django import app

from maillage.directory.models import Structure
from maillage.engine.text import stems
from maillage.sharing.indexing import reindex, reindex_structure, search_vector
from maillage.sharing.models import Listing, SearchWord
from maillage.sharing.tasks import forget_words_of_no_listing
from tests.factories.sharing import ListingFactory

pytestmark = pytest.mark.django_db


def weights_of(listing, stem):
    places = dict(part.split(":") for part in search_vector(listing).split(" "))
    return {place[-1] for place in places.get(stem, "").split(",") if place}


def test_a_vector_tells_where_each_word_is_said():
    listing = ListingFactory(title="Grand barnum", text="Pour vos fêtes", structure__name="Écho des coteaux")
    assert weights_of(listing, "barnum") == {"A"}
    assert "B" in weights_of(listing, "camionnet")
    assert weights_of(listing, "fet") == {"C"}
    assert weights_of(listing, stems("coteaux")[0]) == {"D"}


def test_a_very_long_text_is_indexed():
    listing = ListingFactory(text="une table pliante " * 200)
    listing.refresh_from_db()
    assert f"'{stems('pliante')[0]}':" in listing.search_vector


def test_a_text_that_is_no_word_is_left_out():
    listing = ListingFactory(title="Barnum", text="x" * 3000)
    assert Listing.objects.filter(search_vector="barnum").get() == listing


def test_words_that_no_public_listing_uses_any_more_are_forgotten():
    hidden = ListingFactory(title="Barnum")
    ListingFactory(title="Tables", structure=hidden.structure)
    Listing.objects.filter(pk=hidden.pk).update(visibility=Listing.Visibility.MEMBERS)
    SearchWord.objects.filter(word="tables").delete()  # as if its writing had been interrupted
    forget_words_of_no_listing(timestamp=0)
    assert list(SearchWord.objects.filter(word__in=["barnum", "tables"]).values_list("word", flat=True)) == ["tables"]


def test_words_are_forgotten_every_day():
    [daily] = [
        periodic.cron
        for periodic in app.periodic_registry.periodic_tasks.values()
        if periodic.task.name == "sharing.forget_words"
    ]
    assert re.fullmatch(r"\d+ \d+ \* \* \*", daily)


def test_listings_are_found_by_the_new_name_of_their_structure(django_assert_num_queries):
    listing = ListingFactory(structure__name="Harmonie")
    ListingFactory.create_batch(3, structure=listing.structure)
    Structure.objects.filter(pk=listing.structure_id).update(name="Fanfare")
    with django_assert_num_queries(3):
        reindex_structure(listing.structure_id)
    assert Listing.objects.filter(search_vector=stems("fanfare")[0]).count() == 4
    assert not Listing.objects.filter(search_vector=stems("harmonie")[0]).exists()
    assert SearchWord.objects.filter(word="fanfare").exists()


def test_words_of_a_suppressed_structure_are_not_learnt():
    ListingFactory(title="Barnum", structure__state="suppressed")
    assert not SearchWord.objects.exists()


def test_reindexing_repairs_what_differs_and_forgets_unused_words(capsys):
    kept, lost = ListingFactory(title="Barnum"), ListingFactory(title="Tables")
    before = Listing.objects.get(pk=lost.pk).search_vector
    Listing.objects.filter(pk=lost.pk).update(search_vector=None)
    SearchWord.objects.create(word="oublie")
    call_command("sharing_reindex")
    assert "2 annonces indexées." in capsys.readouterr().out
    assert Listing.objects.get(pk=lost.pk).search_vector == before
    assert not SearchWord.objects.filter(word="oublie").exists()
    assert SearchWord.objects.filter(word="barnum").exists()
    assert kept.search_vector == search_vector(kept)


def test_reindexing_goes_through_every_batch():
    ListingFactory.create_batch(5)
    Listing.objects.update(search_vector=None)
    assert reindex(batch_size=2) == 5
    assert not Listing.objects.filter(search_vector=None).exists()
