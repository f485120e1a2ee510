"""What is new, asked in memory: the same answers as the search page, for searches drawn at random."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from maillage.sharing.alerts import criteria_of
from maillage.sharing.models import Listing, SavedSearch
from maillage.sharing.search.newcomers import Newcomers
from maillage.sharing.search.query import matching
from maillage.sharing.search.spelling import mend
from tests.factories.accounts import UserFactory
from tests.factories.directory import StructureFactory
from tests.factories.sharing import ListingFactory
from tests.factories.territory import CommuneFactory

pytestmark = pytest.mark.django_db
KINDS = ("technical.vehicles.van", "technical.premises.hall", "technical.equipment.events.tent")
WORDS = (
    "",
    "camionnette",
    "camionette",
    "salle",
    "barnum blanc",
    "tente",
    "le",
    "grande salle",
    "revel",
    "salle pour 40 personnes",
    "2 barnums",
)
DAY = timedelta(days=1)


@pytest.fixture
def revel():
    return CommuneFactory(revel=True)


def invent_listing(chance, structures, today):
    structure = chance.choice(structures)
    first = chance.choice((None, None, today - 9 * DAY, today + 3 * DAY))
    last = chance.choice((None, None, today + 1 * DAY, today + 8 * DAY))
    is_free = chance.random() < 0.5
    if first and last and last < first:
        first = None
    return ListingFactory(
        structure=structure,
        direction=chance.choice(("offer", "offer", "need")),
        category=chance.choice(KINDS),
        title=chance.choice(("Grande salle", "Camionnette", "Barnum blanc", "Tente", "Fourgon")),
        radius_km=chance.choice((None, 10, 60)),
        weekdays=chance.choice(([], [5, 6], [0, 1, 2, 3, 4])),
        first_day=first,
        last_day=last,
        conditions="free" if is_free else "cost_share",
        price_cents=None if is_free else chance.choice((None, 1000, 5000)),
    )


def invent_search(chance, person, places, today):
    place = chance.choice((None, *places))
    return SavedSearch(
        user=person,
        direction=chance.choice(("offer", "offer", "need")),
        words=chance.choice(WORDS),
        category=chance.choice(("", "", "technical.vehicles", "technical")),
        place=place,
        radius_km=chance.choice((5, 25, 100)) if place else None,
        day=chance.choice((None, None, today + 2 * DAY, today + 12 * DAY)),
        max_price_cents=chance.choice((None, None, 0, 2000)),
    )


def everything_new(today):
    now = timezone.now()
    return Newcomers(since=now - DAY, until=now + DAY, today=today)


def test_searches_find_in_memory_what_the_page_finds(revel):
    chance, today = random.Random(31), timezone.localdate()
    places = [revel, CommuneFactory(toulouse=True), CommuneFactory(code="31569")]
    structures = [StructureFactory(commune=place) for place in places]
    for _ in range(60):
        invent_listing(chance, structures, today)
    person = UserFactory(is_superuser=True)  # sees all: who may see what is asked elsewhere
    newcomers = everything_new(today)
    newcomers.understand(WORDS)
    found_something = 0
    for _ in range(300):
        saved = invent_search(chance, person, places, today)
        criteria = criteria_of(saved, today)
        mends = dict(mend(" ".join(WORDS), user=_visitor()))
        expected = matching(criteria, mends.items(), user=person, today=today)
        found = {listing.pk for listing in newcomers.answering(saved)}
        assert found == set(expected.values_list("pk", flat=True)), vars(saved)
        found_something += bool(found)
    assert found_something > 60


def _visitor():
    from django.contrib.auth.models import AnonymousUser

    return AnonymousUser()


@pytest.mark.parametrize(
    ("free", "is_found"),
    [
        ({}, True),
        ({"weekdays": [5]}, True),
        ({"weekdays": [6]}, False),
        ({"first_day": 30}, True),
        ({"last_day": 6}, True),
        ({"first_day": 0, "last_day": 0}, None),
        ({"first_day": 7, "last_day": 12}, None),
    ],
)
def test_a_day_of_the_week_is_one_that_comes(revel, free, is_found):
    today = timezone.localdate()
    dated = {name: today + value * DAY if name.endswith("_day") else value for name, value in free.items()}
    listing = ListingFactory(structure__commune=revel, **dated)
    saved = SavedSearch(user=UserFactory(), direction="offer", weekday=5)
    if is_found is None:
        first, last = dated["first_day"], dated["last_day"]
        is_found = any((first + n * DAY).weekday() == 5 for n in range((last - first).days + 1))
    assert (listing in everything_new(today).answering(saved)) is is_found


def test_only_what_was_published_between_the_two_moments_is_new(revel):
    old, new, later = ListingFactory.create_batch(3, structure__commune=revel)
    now = timezone.now()
    for listing, days in ((old, -3), (new, -1), (later, 1)):
        Listing.objects.filter(pk=listing.pk).update(published_at=now + days * DAY)
    newcomers = Newcomers(since=now - 2 * DAY, until=now, today=timezone.localdate())
    assert newcomers.answering(SavedSearch(user=UserFactory(), direction="offer")) == [new]


@pytest.mark.parametrize("hidden", [{"paused": True}, {"structure__dissolved": True}])
def test_what_nobody_is_shown_is_no_news(revel, hidden):
    ListingFactory(structure__commune=revel, **hidden)
    assert everything_new(timezone.localdate()).listings == []
