"""Fifty people at the same instant: nothing is ever lent twice, by the lock, and by PostgreSQL were it forgotten."""

from time import sleep

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from maillage.sharing.bookings import stock
from maillage.sharing.bookings.services import BookingTaken, accept, ask
from maillage.sharing.bookings.terms import whole_days
from maillage.sharing.models import Booking, LendingRules, Occupation
from tests.at_once import at_once
from tests.factories.directory import MandateFactory
from tests.factories.sharing import BookingFactory, ListingFactory, next_saturday

WRITERS = 50
CHAIRS = "technical.equipment.events.tables"

pytestmark = pytest.mark.django_db(transaction=True)


def requests(listing, quantity=1):
    saturday = next_saturday(timezone.localdate())
    period = whole_days(listing, saturday, saturday)
    LendingRules.objects.create(listing=listing, approvals=0)

    def call(mandate):
        return lambda: ask(
            listing_id=listing.pk,
            borrower=mandate.structure,
            author=mandate.user,
            period=period,
            purpose="Une fête",
            quantity=quantity,
        )

    return [call(MandateFactory()) for _ in range(WRITERS)]


def test_of_fifty_requests_for_one_van_one_has_it():
    answers = at_once(*requests(ListingFactory()))

    taken = [answer for answer in answers if isinstance(answer, BookingTaken)]
    assert [type(answer) for answer in answers if answer not in taken] == [Booking]
    assert (len(taken), Occupation.objects.count()) == (WRITERS - 1, 1)
    assert all(len(refusal.near) == 3 for refusal in taken)


def test_of_fifty_requests_for_the_last_three_chairs_three_have_them():
    chairs = ListingFactory(category=CHAIRS, quantity=40)
    saturday = next_saturday(timezone.localdate())
    BookingFactory(listing=chairs, confirmed=True, quantity=37, period=whole_days(chairs, saturday, saturday))
    answers = at_once(*requests(chairs))

    assert sum(isinstance(answer, Booking) for answer in answers) == 3
    assert sum(isinstance(answer, BookingTaken) for answer in answers) == WRITERS - 3
    assert sum(Occupation.objects.values_list("quantity", flat=True)) == 40


def test_without_the_lock_chairs_are_lent_twice(monkeypatch):
    """The test above fails when the lock is removed: it is the lock that it tests."""
    monkeypatch.setattr(stock, "lock", lambda listing: None)
    wide = stock.Stock.free

    def slow(self, start, end):
        free = wide(self, start, end)
        sleep(0.05)
        return free

    monkeypatch.setattr(stock.Stock, "free", slow)
    chairs = ListingFactory(category=CHAIRS, quantity=3)
    at_once(*requests(chairs))
    assert sum(Occupation.objects.values_list("quantity", flat=True)) > 3


def test_without_the_lock_postgresql_still_refuses_the_second_van(monkeypatch):
    monkeypatch.setattr(stock, "lock", lambda listing: None)
    answers = at_once(*requests(ListingFactory()))

    assert sum(isinstance(answer, Booking) for answer in answers) == 1
    assert Occupation.objects.count() == 1


def test_of_two_who_accept_two_requests_for_one_van_one_is_confirmed():
    lender = MandateFactory()
    van = ListingFactory(structure=lender.structure)
    pair = [BookingFactory(listing=van), BookingFactory(listing=van)]
    at_once(*(lambda one=one: accept(booking_id=one.pk, author=lender.user) for one in pair))

    states = sorted(Booking.objects.values_list("state", flat=True))
    assert states == [Booking.State.CONFIRMED, Booking.State.REFUSED]


def test_the_database_refuses_a_second_occupation_of_one_van():
    booking = BookingFactory(confirmed=True)
    other = BookingFactory(listing=booking.listing)
    with pytest.raises(IntegrityError, match="occupation_never_twice"), transaction.atomic():
        Occupation.objects.create(listing=booking.listing, booking=other, period=booking.period, is_single=True)
