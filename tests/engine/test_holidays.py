"""Public holidays of France."""

from datetime import date

import pytest

from maillage.engine.holidays import easter, public_holidays
from maillage.engine.spans import minus


@pytest.mark.parametrize(
    "sunday",
    [
        date(1818, 3, 22),  # the earliest there is
        date(1943, 4, 25),  # the latest there is
        date(2000, 4, 23),
        date(2024, 3, 31),
        date(2026, 4, 5),
        date(2027, 3, 28),
        date(2038, 4, 25),
    ],
)
def test_easter_is_on_its_sunday(sunday):
    assert easter(sunday.year) == sunday


def test_there_are_eleven_public_holidays_in_order():
    days = public_holidays(2027)
    assert list(days) == sorted(days)
    assert {day.isoformat()[5:] for day in days} == {
        *("01-01", "03-29", "05-01", "05-06", "05-08", "05-17", "07-14", "08-15", "11-01", "11-11", "12-25"),
    }
    assert days[date(2027, 5, 6)] == "Ascension"


def test_minus_leaves_what_is_not_taken():
    assert minus([(0, 10), (20, 30)], [(-5, 2), (4, 6), (5, 7), (25, 40)]) == [(2, 4), (7, 10), (20, 25)]
    assert minus([(0, 10)], [(0, 10)]) == []
    assert minus([(0, 10)], []) == [(0, 10)]
