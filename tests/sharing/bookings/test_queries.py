"""What is wholly taken on a day is left out of searches; what is free at some hour of it stays."""

from datetime import datetime, time, timedelta
from random import Random

import pytest
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from maillage.sharing.bookings.queries import taken_on
from maillage.sharing.bookings.stock import Stock
from maillage.sharing.bookings.terms import period_between, whole_days
from maillage.sharing.models import Booking, Listing, Part
from maillage.sharing.search.criteria import Criteria
from maillage.sharing.search.query import matching
from tests.factories.accounts import UserFactory
from tests.factories.sharing import BookingFactory, ListingFactory, next_saturday

pytestmark = pytest.mark.django_db
CHAIRS = "technical.equipment.events.tables"


@pytest.fixture
def saturday():
    return next_saturday(timezone.localdate())


def out(day):
    return set(Listing.objects.filter(pk__in=taken_on(day)))


def hours(day, start, end):
    return period_between(day, day, time(start), time(end))


def test_a_search_for_a_day_leaves_out_what_is_taken(saturday):
    taken, free = ListingFactory(), ListingFactory()
    BookingFactory(listing=taken, confirmed=True, period=whole_days(taken, saturday, saturday))
    BookingFactory(listing=free, period=whole_days(free, saturday, saturday))  # asked, not accepted
    for day, expected in ((saturday, {free}), (saturday + timedelta(days=1), {free, taken})):
        criteria = Criteria(direction="offer", day=day)
        assert set(matching(criteria, user=UserFactory(), today=timezone.localdate())) == expected


def test_what_is_free_at_some_hour_stays(saturday):
    van = ListingFactory(starts_at=time(8), ends_at=time(20))
    BookingFactory(listing=van, confirmed=True, period=hours(saturday, 8, 19))
    assert out(saturday) == set()
    BookingFactory(listing=van, confirmed=True, period=hours(saturday, 19, 20))
    assert out(saturday) == {van}


def test_what_is_overdue_is_out_today():
    today = timezone.localdate()
    late = BookingFactory(confirmed=True, day=today - timedelta(days=3))
    assert out(today) == set()
    Booking.objects.update(handed_at=timezone.now() - timedelta(days=3))
    assert out(today + timedelta(days=1)) == {late.listing}


def test_it_says_what_the_stock_says_whatever_is_booked(saturday):
    chance = Random(31)
    whole = ListingFactory(title="Kit")
    offers = [whole] + [
        ListingFactory(category=CHAIRS, quantity=chance.choice([1, 1, 2, 3]), starts_at=start, ends_at=end)
        for start, end in [(None, None), (time(8), time(20)), (time(9), time(12)), (None, None)]
    ]
    Part.objects.create(whole=whole, part=offers[4], quantity=offers[4].quantity)
    midnight = timezone.make_aware(datetime.combine(saturday, time()))
    for offer in offers[1:]:
        for _ in range(6):
            start = midnight + timedelta(hours=chance.randrange(-12, 24))
            period = TimestamptzRange(start, start + timedelta(hours=chance.choice([1, 3, 8, 30])), "[)")
            booking = BookingFactory.build(listing=offer, period=period, quantity=chance.randint(1, offer.quantity))
            bounds = (period.lower, period.upper)
            if Stock(offer, *bounds).free(*bounds) >= booking.quantity:
                BookingFactory(listing=offer, period=period, quantity=booking.quantity, confirmed=True)
    for day in (saturday + timedelta(days=days) for days in range(-1, 3)):
        expected = set()
        for offer in offers:
            opens = whole_days(offer, day, day)
            bounds = (opens.lower, opens.upper)
            if not any(free for _, _, free in Stock(offer, *bounds).timeline(*bounds)):
                expected.add(offer)
        assert out(day) == expected
