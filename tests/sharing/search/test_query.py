from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from maillage.engine.geo import distance_km
from maillage.sharing.models import Listing
from maillage.sharing.search.alternatives import alternatives
from maillage.sharing.search.criteria import DISTANCE, Criteria
from maillage.sharing.search.query import search
from maillage.territory.models import Commune
from tests.factories.directory import MandateFactory
from tests.factories.sharing import ListingFactory
from tests.factories.territory import CommuneFactory

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def titles(criteria, user=VISITOR, **page):
    return [listing.title for listing in search(criteria, user=user, today=timezone.localdate(), **page).listings]


@pytest.fixture
def revel():
    return CommuneFactory(revel=True)


def near(place, km):
    """The coordinates ``km`` north of ``place``."""
    return {"latitude": place.latitude + km / 111.195, "longitude": place.longitude}


@pytest.mark.parametrize(
    "words", ["camionnette", "CAMIONNETTES", "fourgon", "camionete", "une camionnette", "bachée", "bachee", "revel"]
)
def test_a_van_is_found_by_its_words_synonyms_plurals_and_mistakes(revel, words):
    ListingFactory(title="Camionnette bâchée 12 m³", structure__commune=revel)
    ListingFactory(title="Barnum", category="technical.equipment")
    assert titles(Criteria(words=words)) == ["Camionnette bâchée 12 m³"]


def test_every_word_that_says_something_is_needed():
    ListingFactory(title="Table ronde", category="technical.equipment")
    assert titles(Criteria(words="la table ronde")) == ["Table ronde"]
    assert titles(Criteria(words="table carrée")) == []


def test_a_word_of_the_title_is_worth_more_than_one_of_the_text():
    ListingFactory(title="Salle du bas", text="On y range les tréteaux", category="technical.premises")
    ListingFactory(title="Tréteaux", category="technical.equipment")
    assert titles(Criteria(words="tréteaux")) == ["Tréteaux", "Salle du bas"]


def test_near_ones_come_first_within_the_radius_and_no_farther_than_they_accept(revel):
    for km in (24, 5, 12, 26):
        ListingFactory(title=f"Barnum à {km}", **near(revel, km))
    ListingFactory(title="Barnum casanier", radius_km=3, **near(revel, 4))
    for words in ("barnum", ""):
        criteria = Criteria(words=words, place=revel, sort=DISTANCE)
        assert titles(criteria) == ["Barnum à 5", "Barnum à 12", "Barnum à 24"]


def test_relevance_prefers_the_near_when_words_are_equal(revel):
    ListingFactory(title="Barnum loin", **near(revel, 20))
    ListingFactory(title="Barnum près", **near(revel, 1))
    assert titles(Criteria(words="barnum", place=revel)) == ["Barnum près", "Barnum loin"]


def test_distance_in_sql_is_that_of_the_engine(revel):
    toulouse = Commune.objects.get(code="31555")
    ListingFactory(latitude=toulouse.latitude, longitude=toulouse.longitude)
    criteria = Criteria(place=revel, radius_km=None)
    [found] = search(criteria, user=VISITOR, today=timezone.localdate()).listings
    expected = distance_km(revel.latitude, revel.longitude, toulouse.latitude, toulouse.longitude)
    assert found.distance_km == pytest.approx(expected, abs=1e-6)


def test_pages_follow_each_other_without_gap_nor_repeat(revel):
    for km in range(1, 21):
        ListingFactory(title=f"{km}", **near(revel, km))
    for criteria in (Criteria(place=revel), Criteria(place=revel, radius_km=None)):
        read = [title for first in (0, 8, 16) for title in titles(criteria, first=first, size=8)]
        assert read == [f"{km}" for km in range(1, 21)]


def test_days_families_and_prices_narrow_the_search():
    today = timezone.localdate()
    wednesday = today + timedelta(days=(2 - today.weekday() - 1) % 7 + 1)
    ListingFactory(title="Le mercredi", weekdays=[2])
    ListingFactory(title="Le jeudi", weekdays=[3])
    ListingFactory(title="Passé", last_day=today - timedelta(days=1))
    ListingFactory(title="À 30 €", weekdays=[3], priced=True)
    ListingFactory(title="Salle", weekdays=[3], category="technical.premises.meeting_room")
    assert titles(Criteria(day=wednesday)) == ["Le mercredi"]
    assert titles(Criteria(category="technical.premises")) == ["Salle"]
    assert sorted(titles(Criteria(category="technical.vehicles"))) == ["Le jeudi", "Le mercredi", "À 30 €"]
    assert sorted(titles(Criteria(max_price_cents=0))) == ["Le jeudi", "Le mercredi", "Salle"]
    assert len(titles(Criteria(max_price_cents=3000))) == 4


def test_one_finds_only_what_one_may_see():
    mandate = MandateFactory()
    ListingFactory(title="Pour tous")
    ListingFactory(title="Pour les membres", visibility=Listing.Visibility.MEMBERS)
    ListingFactory(title="La mienne", structure=mandate.structure, paused=True)
    ListingFactory(title="En pause", paused=True)
    ListingFactory(title="Un besoin", need=True)
    ListingFactory(title="D’une structure supprimée", structure__state="suppressed")
    assert titles(Criteria()) == ["Pour tous"]
    assert titles(Criteria(), user=mandate.user) == ["Pour les membres", "Pour tous"]
    assert titles(Criteria(direction=Listing.Direction.NEED), user=mandate.user) == ["Un besoin"]
    assert titles(Criteria(direction=Listing.Direction.NEED)) == []


@pytest.mark.parametrize("words", ["", "camionnette"])
@pytest.mark.parametrize("count", [1, 30])
def test_the_number_of_queries_does_not_depend_on_what_is_found(revel, count, words, django_assert_num_queries):
    ListingFactory.create_batch(count, structure__commune=revel)
    with django_assert_num_queries(3 if words else 4):
        found = search(Criteria(words=words, place=revel), user=VISITOR, today=timezone.localdate())
        assert [listing.commune.name for listing in found.listings] == ["Revel"] * min(count, 24)
    assert found.total == count


def test_alternatives_change_one_thing_each_and_say_how_many(revel):
    today = timezone.localdate()
    tomorrow = today + timedelta(days=1)
    ListingFactory(title="Barnum rouge", **near(revel, 30))
    ListingFactory(title="Barnum bleu", weekdays=[(tomorrow + timedelta(days=1)).weekday()], **near(revel, 3))
    criteria = Criteria(words="barnum", place=revel, day=tomorrow)
    found = [(other.kind, other.count) for other in alternatives(criteria, user=VISITOR, today=today)]
    assert found == [("wider", 1), ("day", 1), ("any_day", 1)]
    unknown = [
        (other.left_out, other.count)
        for other in alternatives(Criteria(words="barnum licorne"), user=VISITOR, today=today)
    ]
    assert unknown == [("licorne", 2)]
