"""Fifty people at the same instant: nothing is ever lent twice, by the lock, and by PostgreSQL were it forgotten."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, time, timedelta
from itertools import chain
from time import sleep
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from maillage.directory.models import Structure
from maillage.sharing.bookings import families, services, stock
from maillage.sharing.bookings.series import ask_series, rule_of
from maillage.sharing.bookings.services import BookingRefused, BookingTaken, accept, ask
from maillage.sharing.bookings.terms import whole_days
from maillage.sharing.models import Booking, BookingSeries, LendingRules, Occupation, Part
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
    """The test above fails when the locks are removed, that of the lender too: it is them that it tests."""
    monkeypatch.setattr(stock, "lock", lambda listing: None)
    monkeypatch.setattr(services, "_check_both", lambda *who: None)
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


def test_forms_sent_twice_at_the_same_instant_are_one():
    van, borrower, key = ListingFactory(), MandateFactory(), uuid4()
    answers = at_once(*[asks(van, borrower, key)] * 4, *[asks_series(van, borrower, key)] * 4)

    assert not [one for one in answers if isinstance(one, Exception)]
    assert (Booking.objects.filter(series=None).count(), BookingSeries.objects.count()) == (1, 1)


def test_a_series_and_a_date_asked_by_one_structure_never_wait_for_each_other():
    van, borrower = ListingFactory(), MandateFactory()
    pairs = ((asks(van, borrower, uuid4()), asks_series(van, borrower, uuid4())) for _ in range(5))
    answers = at_once(*chain(*pairs))
    assert not [one for one in answers if isinstance(one, Exception)]


def asks(van, borrower, key):
    saturday = next_saturday(timezone.localdate())
    who = {"listing_id": van.pk, "borrower": borrower.structure, "author": borrower.user, "key": key}
    return lambda: ask(**who, period=whole_days(van, saturday, saturday), purpose="Une fête")


def asks_series(van, borrower, key):
    saturday = next_saturday(timezone.localdate())
    who = {"listing_id": van.pk, "borrower": borrower.structure, "author": borrower.user, "key": key}
    when = {
        "start": datetime.combine(saturday, time(8)),
        "end": datetime.combine(saturday, time(10)),
        "rule": rule_of("week", saturday, saturday + timedelta(weeks=40)),
    }
    return lambda: ask_series(**who, **when, purpose="Une fête", skips=True)


def test_nobody_books_what_belongs_to_a_structure_that_ends_meanwhile():
    van, borrower = ListingFactory(), MandateFactory()
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            Structure.objects.filter(pk=van.structure_id).update(state=Structure.State.DISSOLVED)
            asking = other.submit(closing(asks(van, borrower, uuid4())))
            assert wait([asking], timeout=1).not_done
        with pytest.raises(BookingRefused, match="n’est plus proposée"):
            asking.result()


def test_a_piece_added_while_one_waits_is_locked_too():
    kit, piece = ListingFactory(category=CHAIRS), ListingFactory(category=CHAIRS)

    def locks():
        with transaction.atomic():
            stock.lock(kit)
            with connection.cursor() as cursor:
                cursor.execute("SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
                return {pk for (pk,) in cursor.fetchall()}

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            families.lock(kit.pk, piece.pk)
            locking = other.submit(closing(locks))
            assert wait([locking], timeout=1).not_done
            Part.objects.create(whole=kit, part=piece)
        assert locking.result() == {kit.pk, piece.pk}


def closing(call):
    def run():
        try:
            return call()
        finally:
            connection.close()

    return run


def test_the_database_refuses_a_second_occupation_of_one_van():
    booking = BookingFactory(confirmed=True)
    other = BookingFactory(listing=booking.listing)
    with pytest.raises(IntegrityError, match="occupation_never_twice"), transaction.atomic():
        Occupation.objects.create(listing=booking.listing, booking=other, period=booking.period, is_single=True)
