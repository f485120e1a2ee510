"""The waiting list: a place that is freed is kept for a day for the first who waits, then for the next."""

from datetime import timedelta

import pytest
from django.utils import timezone

from maillage.sharing.bookings.services import BookingRefused, accept, ask, cancel, refuse
from maillage.sharing.bookings.terms import whole_days
from maillage.sharing.bookings.waiting import let_go_of_old_places, offer_again, place_of, take, wait
from maillage.sharing.models import Booking, LendingRules, Occupation, Part
from tests.factories.directory import MandateFactory
from tests.factories.sharing import ListingFactory, next_saturday
from tests.letters import deliver

pytestmark = pytest.mark.django_db
SITE = "https://maillage.exemple/"
State = Booking.State


def asks(listing, mandate, **more):
    saturday = next_saturday(timezone.localdate())
    given = {"period": whole_days(listing, saturday, saturday), "purpose": "Une fête", "site": SITE} | more
    return ask(listing_id=listing.pk, borrower=mandate.structure, author=mandate.user, **given)


@pytest.fixture
def van():
    listing = ListingFactory()
    LendingRules.objects.create(listing=listing, approvals=0)
    return listing


@pytest.fixture
def queue(van):
    """(who has the van, two who wait for it, in order)."""
    people = [MandateFactory() for _ in range(3)]
    has = asks(van, people[0])
    return has, [(asks(van, one, waits=True), one) for one in people[1:]]


def state_of(booking):
    booking.refresh_from_db()
    return booking.state


def give_up(booking):
    cancel(booking_id=booking.pk, author=booking.author, site=SITE)
    return deliver()


def test_a_place_that_is_freed_is_kept_for_the_first_who_waits(queue):
    has, ((first, mandate), (second, _)) = queue
    assert [place_of(first), place_of(second)] == [1, 2]
    letters = give_up(has)

    assert (state_of(first), state_of(second)) == (State.HELD, State.WAITING)
    assert timedelta(hours=23) < first.held_until - timezone.now() <= timedelta(hours=24)
    assert [letter.to for letter in letters if letter.subject.startswith("Libre samedi")] == [[mandate.user.email]]
    assert take(booking_id=first.pk, author=mandate.user).state == State.CONFIRMED
    assert Occupation.objects.get().booking == first


def test_a_place_that_is_not_taken_in_time_goes_to_the_next(queue):
    has, ((first, mandate), (second, _)) = queue
    give_up(has)
    Booking.objects.filter(pk=first.pk).update(held_until=timezone.now() - timedelta(minutes=1))
    with pytest.raises(BookingRefused, match="plus gardée pour vous"):
        take(booking_id=first.pk, author=mandate.user)

    assert let_go_of_old_places(site=SITE) == 1
    deliver()
    assert (state_of(first), state_of(second)) == (State.LAPSED, State.HELD)
    assert Occupation.objects.get().booking == second
    assert let_go_of_old_places(site=SITE) == 0


def test_who_lets_go_of_a_kept_place_gives_it_to_the_next(queue):
    has, ((first, _), (second, _)) = queue
    give_up(has)
    give_up(first)
    assert (state_of(first), state_of(second)) == (State.CANCELLED, State.HELD)


def test_the_lender_hears_nothing_of_places_in_the_waiting_list(van, queue):
    MandateFactory(structure=van.structure)
    deliver()
    _, ((first, _), _) = queue
    assert give_up(first) == []


def test_a_request_that_is_taken_back_is_said_to_be_a_request(van):
    LendingRules.objects.update(approvals=1)
    lender = MandateFactory(structure=van.structure)
    booking = asks(van, MandateFactory())
    deliver()

    (letter,) = give_up(booking)
    assert letter.to == [lender.user.email]
    assert letter.subject.startswith("Demande retirée pour samedi")
    assert "retire sa demande" in letter.body


def test_a_kept_place_is_nobody_elses(queue, van):
    give_up(queue[0])
    with pytest.raises(BookingRefused, match="déjà pris"):
        asks(van, MandateFactory())


def test_a_place_taken_of_a_lender_who_answers_is_asked_of_them(van, queue):
    LendingRules.objects.update(approvals=1)
    has, ((first, mandate), _) = queue
    lender = MandateFactory(structure=van.structure)
    give_up(has)

    assert take(booking_id=first.pk, author=mandate.user, site=SITE).state == State.REQUESTED
    assert [letter.to for letter in deliver()] == [[lender.user.email]]
    assert accept(booking_id=first.pk, author=lender.user).state == State.CONFIRMED


def test_who_was_refused_because_it_is_taken_may_wait(van):
    LendingRules.objects.update(approvals=1)
    lender, one, other = MandateFactory(structure=van.structure), MandateFactory(), MandateFactory()
    chosen, left = asks(van, one), asks(van, other)
    accept(booking_id=chosen.pk, author=lender.user)

    waiting = wait(booking_id=left.pk, author=other.user)
    assert (waiting.state, waiting.why, waiting.purpose) == (State.WAITING, "", "Une fête")
    with pytest.raises(BookingRefused, match="n’attend plus de place"):
        wait(booking_id=chosen.pk, author=one.user)


def test_the_room_that_is_given_back_frees_the_whole_house_for_who_waits(van):
    house, room = (ListingFactory(structure=van.structure, category="technical.premises.hall") for _ in range(2))
    Part.objects.create(whole=house, part=room)
    for one in (house, room):
        LendingRules.objects.create(listing=one, approvals=0)
    in_room, waits = asks(room, MandateFactory(), people=10), asks(house, MandateFactory(), people=10, waits=True)
    give_up(in_room)
    assert state_of(waits) == State.HELD


def test_a_place_that_the_lender_refuses_after_all_goes_to_the_next_and_not_before(van, queue):
    LendingRules.objects.update(approvals=1)
    has, ((first, mandate), (second, _)) = queue
    lender = MandateFactory(structure=van.structure)
    give_up(has)
    take(booking_id=first.pk, author=mandate.user, site=SITE)

    offer_again(site=SITE)
    assert state_of(second) == State.WAITING
    refuse(booking_id=first.pk, author=lender.user, why=Booking.Why.OTHER)
    offer_again(site=SITE)
    assert state_of(second) == State.HELD


def test_who_waits_for_what_is_free_already_has_it_kept(van):
    LendingRules.objects.update(approvals=1)
    lender, one, other = MandateFactory(structure=van.structure), MandateFactory(), MandateFactory()
    chosen, left = asks(van, one), asks(van, other)
    accept(booking_id=chosen.pk, author=lender.user)
    give_up(chosen)
    wait(booking_id=left.pk, author=other.user)

    offer_again(site=SITE)
    assert state_of(left) == State.HELD
    assert [letter.to for letter in deliver() if letter.subject.startswith("Libre")] == [[other.user.email]]


def test_what_nothing_can_come_of_waits_no_more(van, queue):
    LendingRules.objects.update(approvals=1)
    saturday = next_saturday(timezone.localdate()) + timedelta(days=7)
    asked = asks(van, MandateFactory(), period=whole_days(van, saturday, saturday))
    waiting = queue[1][0][0]
    a_month_ago = whole_days(van, saturday - timedelta(days=30), saturday - timedelta(days=30))
    Booking.objects.filter(pk__in=[asked.pk, waiting.pk]).update(period=a_month_ago)

    assert let_go_of_old_places(site=SITE) == 2
    assert (state_of(asked), state_of(waiting)) == (State.LAPSED, State.LAPSED)
