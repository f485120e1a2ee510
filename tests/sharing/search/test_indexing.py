import pytest
from django.core.management import call_command

from maillage.engine.text import stems
from maillage.sharing.indexing import reindex, search_vector
from maillage.sharing.models import Listing, SearchWord
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
