"""Asking for an offer, answering, giving up: what becomes of it, and what is refused with which words."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from maillage.accounts.services import erase
from maillage.conversations.services import block
from maillage.sharing.bookings.services import BookingRefused, BookingTaken, accept, ask, cancel, refuse
from maillage.sharing.bookings.terms import period_between
from maillage.sharing.models import Booking, LendingRules, Occupation, Part
from maillage.sharing.periods import short_said
from maillage.sharing.services import ListingRefused, change_listing
from tests.factories.directory import MandateFactory
from tests.factories.sharing import BookingFactory, ListingFactory, next_saturday

pytestmark = pytest.mark.django_db
State = Booking.State


@pytest.fixture
def saturday():
    return next_saturday(timezone.localdate())


@pytest.fixture
def borrower():
    return MandateFactory()


@pytest.fixture
def lender():
    return MandateFactory()


@pytest.fixture
def van(lender):
    return ListingFactory(structure=lender.structure)


def day(when, start=8, end=20):
    return period_between(when, when, time(start), time(end))


def asked(listing, borrower, period, **more):
    given = {"purpose": "Un déménagement"} | more
    return ask(listing_id=listing.pk, borrower=borrower.structure, author=borrower.user, period=period, **given)


def free_for_all(listing, **rules):
    return LendingRules.objects.create(listing=listing, **{"approvals": 0} | rules)


def test_a_request_waits_for_the_lender_and_takes_nothing(van, borrower, saturday):
    booking = asked(van, borrower, day(saturday))

    assert booking.state == State.REQUESTED
    assert not Occupation.objects.exists()


def test_an_accepted_request_takes_the_offer(van, borrower, lender, saturday):
    booking = asked(van, borrower, day(saturday))
    accept(booking_id=booking.pk, author=lender.user, word="Les clés sont au café.")

    booking.refresh_from_db()
    taken = Occupation.objects.get()
    assert (booking.state, booking.word) == (State.CONFIRMED, "Les clés sont au café.")
    assert (taken.listing, taken.booking, taken.period, taken.is_single) == (van, booking, booking.period, True)


def test_an_offer_without_approval_is_confirmed_at_once(van, borrower, saturday):
    free_for_all(van)
    assert asked(van, borrower, day(saturday)).state == State.CONFIRMED


def test_two_approvals_are_of_two_people(van, borrower, lender, saturday):
    LendingRules.objects.create(listing=van, approvals=2)
    other = MandateFactory(structure=lender.structure)
    booking = asked(van, borrower, day(saturday))

    for _ in range(2):
        assert accept(booking_id=booking.pk, author=lender.user).state == State.REQUESTED
    assert accept(booking_id=booking.pk, author=other.user).state == State.CONFIRMED


def test_what_is_taken_is_refused_with_the_nearest_free_days(van, borrower, saturday):
    free_for_all(van)
    BookingFactory(listing=van, confirmed=True, day=saturday)
    BookingFactory(listing=van, confirmed=True, day=saturday + timedelta(days=1))

    with pytest.raises(BookingTaken, match="déjà pris") as refusal:
        asked(van, borrower, day(saturday))
    near = [timezone.localtime(period.lower).date() - saturday for period in refusal.value.near]
    tomorrow = timezone.localdate() + timedelta(days=1)
    expected = sorted(
        [days for days in range(-30, 31) if days not in (0, 1) and saturday + timedelta(days=days) >= tomorrow],
        key=lambda days: (abs(days), days),
    )[:3]
    assert near == [timedelta(days=days) for days in sorted(expected)]
    assert all(
        (timezone.localtime(one.lower).hour, timezone.localtime(one.upper).hour) == (8, 20)
        for one in refusal.value.near
    )


def test_bookings_that_touch_do_not_clash(van, borrower, saturday):
    free_for_all(van)
    BookingFactory(listing=van, confirmed=True, period=day(saturday, 8, 12))
    assert asked(van, borrower, day(saturday, 12, 14)).state == State.CONFIRMED


def test_the_time_to_prepare_and_to_tidy_up_is_kept_free(van, borrower, saturday):
    free_for_all(van, minutes_before=30, minutes_after=30)
    asked(van, borrower, day(saturday, 8, 10))

    with pytest.raises(BookingTaken):
        asked(van, borrower, period_between(saturday, saturday, time(10, 59), time(12)))
    assert asked(van, borrower, day(saturday, 11, 12)).state == State.CONFIRMED


def test_as_many_are_lent_as_there_are(borrower, lender, saturday):
    chairs = ListingFactory(structure=lender.structure, category="technical.equipment.events.tables", quantity=40)
    free_for_all(chairs)
    asked(chairs, borrower, day(saturday), quantity=37)

    with pytest.raises(BookingTaken, match="Il n’en reste que 3"):
        asked(chairs, borrower, day(saturday), quantity=4)
    assert asked(chairs, borrower, day(saturday), quantity=3).state == State.CONFIRMED
    with pytest.raises(BookingRefused, match="Il y en a 40 en tout"):
        asked(chairs, borrower, day(saturday + timedelta(days=1)), quantity=41)


def test_a_kit_takes_its_pieces_and_a_piece_its_kit(borrower, lender, saturday):
    kit = ListingFactory(
        structure=lender.structure, title="Sono complète", category="technical.equipment.sound_light.sound"
    )
    speakers = ListingFactory(structure=lender.structure, title="Enceintes", category=kit.category, quantity=3)
    Part.objects.create(whole=kit, part=speakers, quantity=2)
    free_for_all(kit), free_for_all(speakers)

    asked(kit, borrower, day(saturday))
    with pytest.raises(BookingTaken, match="que 1"):
        asked(speakers, borrower, day(saturday), quantity=2)
    sunday = day(saturday + timedelta(days=1))
    asked(speakers, borrower, sunday, quantity=2)
    with pytest.raises(BookingTaken):
        asked(kit, borrower, sunday)


def test_a_building_is_closed_by_one_of_its_rooms_and_two_rooms_live_together(borrower, lender, saturday):
    house, left, right = (
        ListingFactory(structure=lender.structure, title=title, category="technical.premises.hall")
        for title in ("Maison", "Salle de gauche", "Salle de droite")
    )
    for room in (left, right):
        Part.objects.create(whole=house, part=room)
    for one in (house, left, right):
        free_for_all(one)

    asked(left, borrower, day(saturday))
    assert asked(right, borrower, day(saturday)).state == State.CONFIRMED
    with pytest.raises(BookingTaken):
        asked(house, borrower, day(saturday))


def test_others_who_asked_for_the_same_time_are_told_that_it_is_taken(van, lender, saturday):
    first, second, apart = MandateFactory(), MandateFactory(), MandateFactory()
    chosen = asked(van, first, day(saturday))
    left = asked(van, second, day(saturday, 18, 20))
    other_day = asked(van, apart, day(saturday + timedelta(days=1)))
    accept(booking_id=chosen.pk, author=lender.user)

    left.refresh_from_db(), other_day.refresh_from_db()
    assert (left.state, left.why) == (State.REFUSED, Booking.Why.TAKEN)
    assert other_day.state == State.REQUESTED


def test_a_place_in_the_waiting_list_is_asked_for_what_is_taken(van, borrower, saturday):
    free_for_all(van)
    BookingFactory(listing=van, confirmed=True, day=saturday)
    assert asked(van, borrower, day(saturday), waits=True).state == State.WAITING


def test_a_form_sent_twice_is_one_request(van, borrower, saturday):
    key = uuid4()
    first, second = (asked(van, borrower, day(saturday), key=key) for _ in range(2))
    assert first == second


def test_a_refusal_says_why(van, borrower, lender, saturday):
    booking = asked(van, borrower, day(saturday))
    with pytest.raises(BookingRefused, match="Dites pourquoi"):
        refuse(booking_id=booking.pk, author=lender.user, why="")
    refused = refuse(booking_id=booking.pk, author=lender.user, why="broken", word="Il part en révision.")
    assert (refused.state, refused.why, refused.ended_by) == (State.REFUSED, "broken", lender.user)


def test_what_was_asked_by_an_account_that_is_erased_is_still_answered(van, borrower, lender, saturday):
    booking = asked(van, borrower, day(saturday))
    erase(person=borrower.user, site="https://maillage.exemple/")

    assert refuse(booking_id=booking.pk, author=lender.user, why=Booking.Why.FAR).state == State.REFUSED


def test_cancelling_frees_the_offer_and_moves_the_calendar_on(van, borrower, lender, saturday):
    free_for_all(van)
    booking = asked(van, borrower, day(saturday))
    cancelled = cancel(booking_id=booking.pk, author=borrower.user)

    assert (cancelled.state, cancelled.sequence) == (State.CANCELLED, 1)
    assert asked(van, borrower, day(saturday)).state == State.CONFIRMED


def test_the_lender_cancels_with_a_word(van, borrower, lender, saturday):
    free_for_all(van)
    booking = asked(van, borrower, day(saturday))
    with pytest.raises(BookingRefused, match="Dites pourquoi en une phrase"):
        cancel(booking_id=booking.pk, author=lender.user)
    assert cancel(booking_id=booking.pk, author=lender.user, word="En panne").state == State.CANCELLED


def test_the_lender_answers_a_request_rather_than_cancel_it(van, borrower, lender, saturday):
    booking = asked(van, borrower, day(saturday))
    with pytest.raises(BookingRefused, match="attend votre réponse"):
        cancel(booking_id=booking.pk, author=lender.user, word="Non")


def test_it_is_too_late_to_cancel_after_the_rule_of_the_lender(van, borrower, saturday):
    free_for_all(van, cancel_days=60)
    booking = asked(van, borrower, day(saturday))
    with pytest.raises(BookingRefused, match="trop tard"):
        cancel(booking_id=booking.pk, author=borrower.user)


def test_whom_the_lender_has_blocked_asks_for_nothing(van, borrower, lender, saturday):
    block(structure=lender.structure, blocked=borrower.structure, author=lender.user)
    with pytest.raises(BookingRefused, match="ne reçoit pas vos demandes"):
        asked(van, borrower, day(saturday))


def test_who_acts_for_both_may_cancel_as_late_as_the_lender(van, borrower, lender, saturday):
    free_for_all(van, cancel_days=30)
    booking = asked(van, borrower, day(saturday))
    with pytest.raises(BookingRefused, match="trop tard"):
        cancel(booking_id=booking.pk, author=borrower.user, word="Il pleut.")
    MandateFactory(structure=van.structure, user=borrower.user)
    assert cancel(booking_id=booking.pk, author=borrower.user, word="Il pleut.").state == State.CANCELLED


def test_people_of_neither_side_change_nothing(van, borrower, saturday):
    booking = asked(van, borrower, day(saturday))
    stranger = MandateFactory().user
    for act in (accept, cancel):
        with pytest.raises(BookingRefused, match="Vous n’agissez pas pour"):
            act(booking_id=booking.pk, author=stranger)
    with pytest.raises(BookingRefused, match="Vous n’agissez pas pour"):
        accept(booking_id=booking.pk, author=borrower.user)
    with pytest.raises(BookingRefused, match="Vous n’agissez pas pour"):
        refuse(booking_id=booking.pk, author=borrower.user, why="far")


def test_what_is_overdue_is_not_lent_today_nor_tomorrow(van, borrower):
    free_for_all(van)
    today, now = timezone.localdate(), timezone.now()
    late = BookingFactory(listing=van, confirmed=True, day=today - timedelta(days=3))
    Booking.objects.filter(pk=late.pk).update(handed_at=now - timedelta(days=3))

    with pytest.raises(BookingTaken):
        asked(van, borrower, day(today + timedelta(days=1)))
    assert asked(van, borrower, day(today + timedelta(days=4))).state == State.CONFIRMED
    Booking.objects.filter(pk=late.pk).update(returned_at=now)
    assert asked(van, borrower, day(today + timedelta(days=1))).state == State.CONFIRMED


@pytest.mark.parametrize(
    ("rules", "when", "sentence"),
    [
        ({"notice_days": 10}, 8, "prévenue 10 jours avant"),
        ({"horizon_days": 20}, 21, "trop tôt pour demander"),
        ({}, -1, "déjà passé"),
    ],
)
def test_notice_and_horizon_are_kept(van, borrower, rules, when, sentence):
    free_for_all(van, **rules)
    with pytest.raises(BookingRefused, match=sentence.replace(" ", r"\s")):
        asked(van, borrower, day(timezone.localdate() + timedelta(days=when)))


def test_a_loan_is_no_longer_than_its_owner_says(van, borrower, saturday):
    free_for_all(van, longest_days=2)
    with pytest.raises(BookingRefused, match=r"2\sjours de suite au plus"):
        asked(van, borrower, period_between(saturday, saturday + timedelta(days=2), time(8), time(20)))


def test_a_structure_has_no_more_bookings_to_come_than_its_share(van, borrower, saturday):
    free_for_all(van, most_each=1)
    asked(van, borrower, day(saturday))
    with pytest.raises(BookingRefused, match="déjà une réservation à venir"):
        asked(van, borrower, day(saturday + timedelta(days=7)))


def test_a_day_that_is_not_offered_is_refused(lender, borrower, saturday):
    van = ListingFactory(structure=lender.structure, weekdays=[5], starts_at=time(8), ends_at=time(20))
    with pytest.raises(BookingRefused, match=r"dimanche .* n’est pas proposé"):
        asked(van, borrower, day(saturday + timedelta(days=1)))
    with pytest.raises(BookingRefused, match="heures ne sont pas proposées"):
        asked(van, borrower, day(saturday, 7, 20))


@pytest.mark.parametrize(
    ("most", "people", "sentence"), [(None, 20, "n’est pas renseigné"), (80, 81, "80 personnes au plus")]
)
def test_a_room_receives_no_more_people_than_it_may(lender, borrower, saturday, most, people, sentence):
    room = ListingFactory(structure=lender.structure, category="technical.premises.hall")
    free_for_all(room, most_people=most, most_people_source="arrêté du 3 mai 2019" if most else "")
    with pytest.raises(BookingRefused, match=sentence):
        asked(room, borrower, day(saturday), people=people)
    assert asked(room, borrower, day(saturday), people=people - 1).state == State.CONFIRMED


def test_one_does_not_borrow_from_oneself(van, lender, saturday):
    with pytest.raises(BookingRefused, match="Cette annonce est la vôtre"):
        asked(van, lender, day(saturday))


@pytest.mark.parametrize("more", [{"paused": True}, {"need": True}, {"category": "services.skills"}])
def test_only_offers_of_things_and_places_that_are_shown_are_booked(borrower, saturday, more):
    with pytest.raises(BookingRefused, match="plus proposée"):
        asked(ListingFactory(**more), borrower, day(saturday))


def test_the_hour_that_the_change_of_clocks_removes_or_repeats():
    spring, autumn = date(2027, 3, 28), date(2027, 10, 31)
    removed = period_between(spring, spring, time(1), time(4))
    repeated = period_between(autumn, autumn, time(1), time(4))
    assert (removed.upper - removed.lower, repeated.upper - repeated.lower) == (timedelta(hours=2), timedelta(hours=4))
    with pytest.raises(BookingRefused, match="l’heure change"):
        period_between(spring, spring, time(2, 30), time(3, 15))


def test_a_period_is_said_shortly():
    friday = date(2026, 11, 6)
    assert short_said(period_between(friday, friday, None, None)) == "vendredi 6\u00a0novembre"
    assert (
        short_said(period_between(friday, date(2026, 11, 8), None, None)) == "du vendredi 6 au dimanche 8\u00a0novembre"
    )


def test_an_offer_with_bookings_to_come_stays_of_a_kind_that_is_lent(van, borrower, lender, saturday):
    asked(van, borrower, day(saturday))
    with pytest.raises(ListingRefused, match="Des réservations de cette annonce sont à venir"):
        change_listing(listing_id=van.pk, author=lender.user, opened_at=van.modified_at, category="services.skills")
