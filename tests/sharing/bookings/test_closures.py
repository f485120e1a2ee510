"""Closing an offer for a time: nobody books it, whoever had booked it is told, and it opens again."""

from datetime import time, timedelta

import pytest
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from maillage.sharing.bookings.closures import ClosureTouches, close, close_each, reopen
from maillage.sharing.bookings.services import BookingRefused, BookingTaken, ask, cancel
from maillage.sharing.bookings.stock import Stock
from maillage.sharing.bookings.terms import period_between
from maillage.sharing.models import Booking, Closure, LendingRules, Occupation, Part
from tests.at_once import at_once
from tests.factories.directory import MandateFactory
from tests.factories.sharing import BookingFactory, ListingFactory, next_saturday

pytestmark = pytest.mark.django_db
HALL, SOUND = "technical.premises.hall", "technical.equipment.sound_light.sound"


@pytest.fixture
def saturday():
    return next_saturday(timezone.localdate())


@pytest.fixture
def lender():
    return MandateFactory()


@pytest.fixture
def van(lender):
    return ListingFactory(structure=lender.structure)


def days(first, last=None, start=None, end=None):
    return period_between(first, last or first, start, end)


def closed(listing, lender, period, **more):
    return close(listing_id=listing.pk, author=lender.user, period=period, reason="closed", **more)


def free(listing, period):
    return Stock(listing, period.lower, period.upper).free(period.lower, period.upper)


def test_what_is_closed_is_not_booked(van, lender, saturday):
    LendingRules.objects.create(listing=van, approvals=0)
    closed(van, lender, days(saturday))
    borrower = MandateFactory()
    asked = {"listing_id": van.pk, "borrower": borrower.structure, "author": borrower.user, "purpose": "Une fête"}

    with pytest.raises(BookingTaken):
        ask(**asked, period=days(saturday, None, time(8), time(9)))
    sunday = saturday + timedelta(days=1)
    assert ask(**asked, period=days(sunday, None, time(8), time(9))).state == Booking.State.CONFIRMED


def test_all_that_there_is_is_closed(lender, saturday):
    chairs = ListingFactory(structure=lender.structure, category="technical.equipment.events.tables", quantity=40)
    closed(chairs, lender, days(saturday))
    assert Occupation.objects.get().quantity == 40
    assert free(chairs, days(saturday)) == 0


def test_a_closed_building_closes_its_rooms_and_a_closed_room_its_building_alone(lender, saturday):
    house, left, right = (
        ListingFactory(structure=lender.structure, title=title, category=HALL) for title in ("Maison", "A", "B")
    )
    for room in (left, right):
        Part.objects.create(whole=house, part=room)
    sunday = saturday + timedelta(days=1)
    closed(house, lender, days(saturday))
    closed(left, lender, days(sunday))

    assert [free(one, days(saturday)) for one in (house, left, right)] == [0, 0, 0]
    assert [free(one, days(sunday)) for one in (house, left, right)] == [0, 0, 1]


def test_a_kit_that_is_not_lent_leaves_its_pieces_free(lender, saturday):
    kit, speakers = (
        ListingFactory(structure=lender.structure, title=title, category=SOUND) for title in ("Sono", "Enceintes")
    )
    Part.objects.create(whole=kit, part=speakers)
    closed(kit, lender, days(saturday))
    assert [free(one, days(saturday)) for one in (kit, speakers)] == [0, 1]


def test_closures_may_overlap_and_each_opens_again_alone(van, lender, saturday):
    sunday = saturday + timedelta(days=1)
    first = closed(van, lender, days(saturday, sunday))
    closed(van, lender, days(sunday, sunday + timedelta(days=1)))
    reopen(closure_id=first.pk, author=lender.user)

    assert free(van, days(saturday)) == 1
    assert free(van, days(sunday)) == 0
    reopen(closure_id=first.pk, author=lender.user)
    assert Closure.objects.count() == 1


def test_bookings_that_a_closure_touches_are_told_and_nothing_is_closed(van, lender, saturday):
    booking = BookingFactory(listing=van, confirmed=True)
    request = BookingFactory(listing=van)
    BookingFactory(listing=van, confirmed=True, day=saturday + timedelta(days=3))
    with pytest.raises(ClosureTouches) as refusal:
        closed(van, lender, days(saturday))
    assert refusal.value.bookings == [booking, request]
    assert not Closure.objects.exists()


def test_bookings_that_a_closure_touches_are_cancelled_when_one_says_so(van, lender, saturday):
    booking, request = BookingFactory(listing=van, confirmed=True), BookingFactory(listing=van)
    closed(van, lender, days(saturday), word="Travaux de toiture", cancels=True)

    booking.refresh_from_db(), request.refresh_from_db()
    assert (booking.state, booking.word) == (Booking.State.CANCELLED, "Travaux de toiture")
    assert (request.state, request.why) == (Booking.State.REFUSED, Booking.Why.OTHER)
    assert list(Occupation.objects.values_list("booking", "closure__word")) == [(None, "Travaux de toiture")]


def test_a_booking_of_the_kit_is_touched_when_a_piece_is_closed(lender, saturday):
    kit, speakers = (
        ListingFactory(structure=lender.structure, title=title, category=SOUND) for title in ("Sono", "Enceintes")
    )
    Part.objects.create(whole=kit, part=speakers)
    booking = BookingFactory(listing=kit, confirmed=True)
    with pytest.raises(ClosureTouches) as refusal:
        closed(speakers, lender, days(saturday))
    assert refusal.value.bookings == [booking]


def test_what_is_handed_over_is_not_cancelled_by_a_closure(van, lender, saturday):
    booking = BookingFactory(listing=van, confirmed=True)
    Booking.objects.filter(pk=booking.pk).update(handed_at=timezone.now())
    with pytest.raises(BookingRefused, match="déjà remis"):
        closed(van, lender, days(saturday), cancels=True)
    assert not Closure.objects.exists()


def test_several_periods_are_closed_together_or_not_at_all(van, lender, saturday):
    BookingFactory(listing=van, confirmed=True)
    periods = [(days(saturday + timedelta(days=20)), "Noël"), (days(saturday), "Travaux")]
    with pytest.raises(ClosureTouches):
        close_each(listing_id=van.pk, author=lender.user, periods=periods, reason="closed")
    assert not Closure.objects.exists()


def test_a_closure_sent_twice_is_one(van, lender, saturday):
    assert closed(van, lender, days(saturday)) == closed(van, lender, days(saturday))


def test_only_people_of_the_lender_close_and_reopen(van, lender, saturday):
    stranger = MandateFactory()
    with pytest.raises(BookingRefused, match="Vous n’agissez pas pour"):
        closed(van, stranger, days(saturday))
    closure = closed(van, lender, days(saturday))
    with pytest.raises(BookingRefused, match="Vous n’agissez pas pour"):
        reopen(closure_id=closure.pk, author=stranger.user)


def test_what_is_closed_since_this_morning_leaves_alone_what_is_over(van, lender):
    now = timezone.now()

    def since(hours, until):
        return TimestamptzRange(now - timedelta(hours=hours), now + timedelta(hours=until), "[)")

    over = BookingFactory(listing=van, confirmed=True, period=since(3, -2))
    close(listing_id=van.pk, author=lender.user, period=since(4, 24), reason="closed")
    taken = Occupation.objects.order_by("period").values_list("booking", "period")
    assert [(one, period.upper - period.lower) for one, period in taken] == [
        (None, timedelta(hours=1)),
        (over.pk, timedelta(hours=1)),
        (None, timedelta(hours=26)),
    ]


def test_a_past_day_is_not_closed(van, lender):
    with pytest.raises(BookingRefused, match="déjà passée"):
        closed(van, lender, days(timezone.localdate() - timedelta(days=2)))


@pytest.mark.django_db(transaction=True)
def test_of_a_booking_and_a_closure_at_once_one_is_refused(van, lender, saturday):
    LendingRules.objects.create(listing=van, approvals=0)
    borrowers = [MandateFactory() for _ in range(6)]
    calls = [
        lambda one=one: ask(
            listing_id=van.pk, borrower=one.structure, author=one.user, period=days(saturday), purpose="Une fête"
        )
        for one in borrowers
    ]
    at_once(*calls, lambda: closed(van, lender, days(saturday)), lambda: closed(van, lender, days(saturday)))
    assert Occupation.objects.count() == 1


def test_a_cancelled_booking_frees_nothing_that_is_closed(van, lender, saturday):
    booking = BookingFactory(listing=van, confirmed=True)
    closed(van, lender, days(saturday + timedelta(days=1)))
    cancel(booking_id=booking.pk, author=lender.user, word="En panne")
    assert free(van, days(saturday)) == 1
    assert free(van, days(saturday + timedelta(days=1))) == 0
