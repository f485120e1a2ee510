"""When a listing holds, as windows of local time, as a question on a day, and as a sentence."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.sharing.availability import is_ever_free, is_free_on, sentence, windows
from maillage.sharing.models import Listing
from tests.factories.sharing import ListingFactory

MONDAY = date(2026, 11, 23)


def midnight(day):
    return datetime.combine(date(2026, 11, day), time())


def listing(**when):
    return Listing(**when)


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ({}, "toute l’année"),
        ({"first_day": date(2026, 11, 28), "last_day": date(2026, 11, 28)}, "samedi 28\u00a0novembre 2026"),
        (
            {"weekdays": [3, 1], "starts_at": time(9), "ends_at": time(12), "last_day": date(2027, 6, 30)},
            "les mardis et jeudis de 9\u00a0h à 12\u00a0h, jusqu’au 30\u00a0juin 2027",
        ),
        ({"weekdays": [5]}, "les samedis"),
        ({"weekdays": [5, 6]}, "le week-end"),
        ({"weekdays": [0, 1, 2, 3, 4]}, "du lundi au vendredi"),
        ({"weekdays": [0, 1, 3, 4, 5, 6]}, "tous les jours sauf le mercredi"),
        ({"weekdays": [0, 1, 2, 3, 4, 5, 6]}, "tous les jours"),
        ({"starts_at": time(18, 30), "ends_at": time(22)}, "tous les jours de 18\u00a0h\u00a030 à 22\u00a0h"),
        ({"first_day": date(2027, 1, 1)}, "à partir du 1er\u00a0janvier 2027"),
        (
            {"first_day": date(2027, 1, 1), "last_day": date(2027, 2, 3)},
            "du 1er\u00a0janvier 2027 au 3\u00a0février 2027",
        ),
    ],
)
def test_sentence_is_french(when, said):
    assert sentence(listing(**when)) == said


def test_days_on_end_make_one_window():
    found = windows(listing(weekdays=[0, 1, 3]), MONDAY, 7)
    assert found == (
        (midnight(23), midnight(25)),
        (midnight(26), midnight(27)),
    )


def test_no_limit_is_one_window_over_the_horizon():
    assert windows(listing(), MONDAY, 7) == ((midnight(23), midnight(30)),)


def test_windows_stop_at_the_first_and_last_day():
    found = windows(listing(first_day=MONDAY + timedelta(days=2), last_day=MONDAY + timedelta(days=3)), MONDAY, 30)
    assert found == ((midnight(25), midnight(27)),)


def test_what_is_over_has_no_window():
    assert windows(listing(last_day=MONDAY - timedelta(days=1)), MONDAY, 30) == ()


@pytest.mark.parametrize("change_of_clocks", [date(2027, 3, 28), date(2026, 10, 25)])
def test_hours_stay_on_the_wall_across_a_change_of_clocks(change_of_clocks):
    found = windows(listing(starts_at=time(9), ends_at=time(12)), change_of_clocks - timedelta(days=1), 3)
    assert [(start.time(), end.time()) for start, end in found] == [(time(9), time(12))] * 3


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(st.none() | days, st.none() | days, st.sets(st.integers(0, 6)), days, st.integers(1, 60))
def test_a_day_is_free_when_some_window_covers_it(first, last, weekdays, horizon, length):
    offered = listing(first_day=first, last_day=last, weekdays=sorted(weekdays))
    found = windows(offered, horizon, length)
    assert is_ever_free(offered, horizon, length) is bool(found)
    for day in (horizon + timedelta(days=offset) for offset in range(length)):
        noon = datetime.combine(day, time(12))
        assert any(start <= noon < end for start, end in found) is is_free_on(offered, day)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "when",
    [
        {},
        {"weekdays": [1]},
        {"weekdays": [0, 6]},
        {"first_day": MONDAY},
        {"last_day": MONDAY},
        {"first_day": MONDAY + timedelta(days=1), "last_day": MONDAY + timedelta(days=1)},
    ],
)
@pytest.mark.parametrize("offset", range(-2, 3))
def test_free_on_says_the_same_for_lists(when, offset):
    day = MONDAY + timedelta(days=offset)
    offered = ListingFactory(**when)
    assert Listing.objects.free_on(day).filter(pk=offered.pk).exists() is is_free_on(offered, day)
