"""Many dates asked by one rule: each is a booking, local hours hold, one letter tells of all."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from maillage.sharing.bookings import series
from maillage.sharing.bookings.closures import close
from maillage.sharing.bookings.series import (
    SeriesClashes,
    accept_series,
    ask_series,
    cancel_series,
    plan,
    refuse_series,
    rule_of,
)
from maillage.sharing.bookings.services import BookingRefused, accept
from maillage.sharing.bookings.terms import period_between
from maillage.sharing.models import Booking, BookingSeries, LendingRules
from maillage.sharing.tasks import write_about_series, write_series_letter
from tests.factories.directory import MandateFactory
from tests.factories.sharing import BookingFactory, ListingFactory

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
State = Booking.State
TUESDAY = date(2027, 3, 2)
SITE = "https://maillage.example"


@pytest.fixture(autouse=True)
def _in_february():
    with time_machine.travel(datetime(2027, 2, 15, 12, tzinfo=PARIS), tick=False):
        yield


@pytest.fixture
def lender():
    return MandateFactory()


@pytest.fixture
def borrower():
    return MandateFactory()


@pytest.fixture
def hall(lender):
    hall = ListingFactory(structure=lender.structure, category="technical.premises.hall", title="Salle des fêtes")
    LendingRules.objects.create(listing=hall, rhythm="hour")
    return hall


def dates(first=TUESDAY, until=date(2027, 4, 6), every=series.WEEK):
    start, end = series.local_times(first, time(18), time(20))
    return {"start": start, "end": end, "rule": rule_of(every, first, until)}


def planned(hall, **more):
    return plan(hall, quantity=1, now=timezone.now(), **dates(**more))


def asked(hall, borrower, *, skips=True, key=None, site="", **more):
    return ask_series(
        listing_id=hall.pk,
        borrower=borrower.structure,
        author=borrower.user,
        purpose="Répétition de la chorale",
        key=key or uuid4(),
        skips=skips,
        site=site,
        **dates(**more),
    )


def evening(day):
    return period_between(day, day, time(18), time(20))


def local_hours(periods):
    return {(timezone.localtime(one.lower).time(), timezone.localtime(one.upper).time()) for one in periods}


@pytest.mark.parametrize("first", [TUESDAY, date(2027, 10, 12)], ids=["spring", "autumn"])
def test_hours_stay_those_of_the_wall_when_clocks_change(hall, first):
    found = [one.period for one in planned(hall, first=first, until=first + timedelta(weeks=6))]
    assert len(found) == 7
    assert len({one.lower.astimezone(PARIS).utcoffset() for one in found}) == 2
    assert local_hours(found) == {(time(18), time(20))}


@pytest.mark.parametrize(
    ("every", "first", "until", "days", "words"),
    [
        (series.WEEK, "2027-03-02", "2027-03-16", ["03-02", "03-09", "03-16"], "tous les mardis"),
        (series.FORTNIGHT, "2027-03-02", "2027-03-31", ["03-02", "03-16", "03-30"], "un mardi sur deux"),
        (series.MONTH, "2027-03-09", "2027-05-31", ["03-09", "04-13", "05-11"], "chaque deuxième mardi du mois"),
        (series.MONTH, "2027-03-30", "2027-05-31", ["03-30", "04-27", "05-25"], "chaque dernier mardi du mois"),
    ],
)
def test_the_rhythms(hall, borrower, every, first, until, days, words):
    rhythm = {"every": every, "first": date.fromisoformat(first), "until": date.fromisoformat(until)}
    assert [timezone.localtime(one.period.lower).strftime("%m-%d") for one in planned(hall, **rhythm)] == days
    assert series.said(asked(hall, borrower, **rhythm)).startswith(words)


def test_each_date_is_shown_with_its_state(hall, lender):
    BookingFactory(listing=hall, confirmed=True, period=evening(date(2027, 3, 9)))
    period = period_between(date(2027, 3, 16), date(2027, 3, 16), None, None)
    close(listing_id=hall.pk, author=lender.user, period=period, reason="closed")
    hall.last_day = date(2027, 4, 1)
    hall.save()

    found = planned(hall)
    assert [one.state for one in found] == ["free", "taken", "closed", "free", "free", "refused"]
    assert "n’est pas proposé" in found[-1].why
    ascension = planned(hall, first=date(2027, 3, 4), until=date(2027, 5, 6))[-1]
    assert ascension.holiday == "Ascension"


def test_dates_that_clash_are_left_out_or_refuse_the_whole_as_one_chooses(hall, borrower):
    BookingFactory(listing=hall, confirmed=True, period=evening(date(2027, 3, 9)))
    with pytest.raises(SeriesClashes):
        asked(hall, borrower, skips=False)
    assert not BookingSeries.objects.exists()

    days = [timezone.localtime(one.period.lower).day for one in asked(hall, borrower).bookings.order_by("period")]
    assert days == [2, 16, 23, 30, 6]


def test_a_series_sent_twice_is_one(hall, borrower):
    key = uuid4()
    assert asked(hall, borrower, key=key) == asked(hall, borrower, key=key)
    assert Booking.objects.count() == 6


def test_a_series_is_sixty_dates_at_most_and_ends_after_it_begins(hall):
    with pytest.raises(BookingRefused, match="plus de 60 dates"):
        planned(hall, until=date(2029, 1, 1))
    with pytest.raises(BookingRefused, match="avant la première"):
        planned(hall, until=date(2027, 3, 1))


def test_a_series_keeps_to_the_share_of_each(hall, borrower):
    LendingRules.objects.filter(listing=hall).update(most_each=3)
    with pytest.raises(BookingRefused, match="au plus pour ce bien"):
        asked(hall, borrower)


def test_a_series_is_accepted_as_a_whole_but_for_what_was_taken_meanwhile(hall, borrower, lender):
    found = asked(hall, borrower)
    rival = BookingFactory(listing=hall, period=evening(date(2027, 3, 9)))
    third = found.bookings.order_by("period")[2]
    accept(booking_id=third.pk, author=lender.user)
    accept(booking_id=rival.pk, author=lender.user)
    accept_series(series_id=found.pk, author=lender.user)

    states = list(found.bookings.order_by("period").values_list("state", flat=True))
    assert states == [State.CONFIRMED, State.REFUSED, *[State.CONFIRMED] * 4]


def test_a_series_is_refused_as_a_whole_by_the_lender_alone(hall, borrower, lender):
    found = asked(hall, borrower)
    with pytest.raises(BookingRefused, match="Vous n’agissez pas pour"):
        refuse_series(series_id=found.pk, author=borrower.user, why="far")
    refuse_series(series_id=found.pk, author=lender.user, why="far")
    assert set(found.bookings.values_list("state", flat=True)) == {State.REFUSED}
    with pytest.raises(BookingRefused, match="Plus aucune date"):
        refuse_series(series_id=found.pk, author=lender.user, why="far")


def test_the_dates_that_follow_are_cancelled_and_the_first_stay(hall, borrower, lender):
    found = asked(hall, borrower)
    accept_series(series_id=found.pk, author=lender.user)
    third = found.bookings.order_by("period")[2]
    assert cancel_series(series_id=found.pk, author=borrower.user, since=third.pk) == []
    states = list(found.bookings.order_by("period").values_list("state", flat=True))
    assert states == [*[State.CONFIRMED] * 2, *[State.CANCELLED] * 4]


def test_what_is_too_late_to_cancel_stays(hall, borrower, lender):
    found = asked(hall, borrower)
    accept_series(series_id=found.pk, author=lender.user)
    LendingRules.objects.filter(listing=hall).update(cancel_days=30)
    staying = cancel_series(series_id=found.pk, author=borrower.user)
    assert [timezone.localtime(one.period.lower).day for one in staying] == [2, 9, 16]


def test_one_letter_tells_of_all_the_dates(hall, borrower, lender):
    found = asked(hall, borrower, site=SITE)
    pks = list(found.bookings.order_by("period").values_list("pk", flat=True))
    write_series_letter(pks, "asked", "lender", lender.user.pk, SITE)
    (letter,) = mail.outbox
    assert letter.to == [lender.user.email]
    assert "Demande pour 6" in letter.subject
    assert letter.body.count("18\u00a0h à 20\u00a0h") == 7  # the rule, and its six dates
    write_series_letter(pks, "confirmed", "borrower", borrower.user.pk, SITE)
    assert len(mail.outbox) == 1, "what is not so any more is not told"


def test_a_series_asks_for_one_job_not_one_a_date(hall, borrower, lender):
    from procrastinate.contrib.django.models import ProcrastinateJob

    found = asked(hall, borrower, site=SITE)
    accept_series(series_id=found.pk, author=lender.user, site=SITE)
    cancel_series(series_id=found.pk, author=borrower.user, site=SITE)
    told = ProcrastinateJob.objects.filter(task_name__startswith="sharing.write").order_by("pk")
    assert [job.args["what"] for job in told] == ["asked", "confirmed", "cancelled_by_borrower"]
    write_about_series(told[0].args["booking_ids"], "cancelled_by_borrower", SITE)
    assert ProcrastinateJob.objects.filter(task_name="sharing.write_series_letter").count() == 1


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"rule": "tous les mardis"}, "series_has_a_rule"),
        ({"period": (None, None)}, "series_has_a_first_date"),
    ],
)
def test_the_database_refuses_a_series_without_rule_or_date(wrong, constraint):
    right = {"key": uuid4(), "rule": "FREQ=WEEKLY;UNTIL=20270630", "period": evening(TUESDAY)}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        BookingSeries.objects.create(**right | wrong)
