"""An outside calendar closes an offer at the times of its events: series, moved dates, days, zones, bad files."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.utils import timezone

from maillage.sharing.bookings.outside import CalendarNotRead, follow, forget, read_again, read_events, read_file
from maillage.sharing.bookings.services import BookingRefused
from maillage.sharing.models import Closure, Occupation, OutsideCalendar
from tests.factories.directory import MandateFactory
from tests.factories.sharing import BookingFactory, ListingFactory, next_saturday

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


def calendar(*events):
    body = "".join(f"BEGIN:VEVENT\nUID:{n}\n{event}\nEND:VEVENT\n" for n, event in enumerate(events))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{body}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def read(*events):
    return [f"{start:%m-%dT%H%M}/{end:%m-%dT%H%M}" for start, end in read_events(calendar(*events), NOW)]


def test_an_event_closes_its_hours_and_a_day_is_that_of_the_territory():
    assert read("DTSTART:20270310T080000Z\nDTEND:20270310T093000Z") == ["03-10T0800/03-10T0930"]
    assert read("DTSTART;TZID=Europe/Paris:20270310T080000\nDURATION:PT1H") == ["03-10T0700/03-10T0800"]
    assert read("DTSTART:20270310T080000\nDTEND:20270310T090000") == ["03-10T0700/03-10T0800"]
    assert read("DTSTART;VALUE=DATE:20270310") == ["03-09T2300/03-10T2300"]


def test_a_series_keeps_its_local_hours_and_leaves_out_what_was_removed():
    weekly = "DTSTART;TZID=Europe/Paris:20270316T180000\nDTEND;TZID=Europe/Paris:20270316T200000\n"
    assert read(f"{weekly}RRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;TZID=Europe/Paris:20270323T180000") == [
        "03-16T1700/03-16T1900",
        "03-30T1600/03-30T1800",
    ]


def test_a_date_of_a_series_that_was_moved_is_where_it_is_now():
    weekly = "DTSTART:20270316T180000Z\nDTEND:20270316T200000Z\nRRULE:FREQ=WEEKLY;COUNT=2"
    moved = "DTSTART:20270325T080000Z\nDTEND:20270325T090000Z\nRECURRENCE-ID:20270323T180000Z"
    content = calendar(weekly, moved).replace(b"UID:1", b"UID:0")
    found = [f"{start:%m-%dT%H}" for start, _ in read_events(content, NOW)]
    assert found == ["03-16T18", "03-25T08"]


def test_an_endless_series_is_read_for_the_months_to_come_however_old_it_is():
    found = read_events(calendar("DTSTART:19990104T180000Z\nDTEND:19990104T200000Z\nRRULE:FREQ=DAILY"), NOW)
    assert len(found) == 400
    assert found[0][0] == datetime(2027, 3, 1, 18, tzinfo=UTC)
    fortnight = read_events(
        calendar("DTSTART:20000103T180000Z\nDTEND:20000103T200000Z\nRRULE:FREQ=WEEKLY;INTERVAL=2"), NOW
    )
    assert all((start - datetime(2000, 1, 3, 18, tzinfo=UTC)).days % 14 == 0 for start, _ in fortnight)
    assert 28 <= len(fortnight) <= 30


def test_what_takes_no_time_or_is_past_closes_nothing():
    assert (
        read(
            "DTSTART:20270310T080000Z\nDTEND:20270310T090000Z\nTRANSP:TRANSPARENT",
            "DTSTART:20270311T080000Z\nDTEND:20270311T090000Z\nSTATUS:CANCELLED",
            "DTSTART:20270210T080000Z\nDTEND:20270210T090000Z",
            "DTSTART:20270312T080000Z\nDTEND:20270312T080000Z",
            "DTSTART:20300312T080000Z\nDTEND:20300312T090000Z",
        )
        == []
    )


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "pas un agenda"),
        (b"Bonjour", "pas un agenda"),
        (b"\xff\xfe\x00", "pas un agenda"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "pas un agenda"),
        (b"BEGIN:VEVENT\r\nDTSTART:20270310T080000Z\r\nEND:VEVENT\r\n", "pas un agenda"),
        (b"x" * 1_000_001, "trop gros"),
        (calendar("SUMMARY:Sans date"), "date qui ne se lit pas"),
        (calendar("DTSTART:demain"), "agenda|date qui ne se lit pas"),
        (calendar("DTSTART:20270310T080000Z\nDTEND:20270310T090000Z\nRRULE:FREQ=SECONDLY"), "se répète d’une façon"),
        (calendar(*[f"DTSTART:20270310T{h:02}0000Z\nDURATION:PT1M\nRRULE:FREQ=DAILY" for h in range(24)]), "trop d’év"),
        (calendar("DTSTART:20270310T080000Z\nDTEND;VALUE=DATE:20270311\nRRULE:FREQ=DAILY;COUNT=999999"), "se répète"),
    ],
)
def test_what_cannot_be_read_says_why(content, why):
    with pytest.raises(CalendarNotRead, match=why):
        read_events(content, NOW)


@pytest.fixture
def lender():
    return MandateFactory()


@pytest.fixture
def van(lender):
    return ListingFactory(structure=lender.structure)


def on(day, start=8, end=20):
    zone = timezone.get_current_timezone()
    begins, ends = (datetime.combine(day, time(hour), zone).astimezone(UTC) for hour in (start, end))
    return calendar(f"DTSTART:{begins:%Y%m%dT%H%M%SZ}\nDTEND:{ends:%Y%m%dT%H%M%SZ}")


@pytest.mark.django_db
def test_a_file_replaces_what_was_read_before_and_leaves_bookings_alone(van, lender):
    saturday = next_saturday(timezone.localdate())
    booking = BookingFactory(listing=van, confirmed=True)
    read_file(listing_id=van.pk, author=lender.user, content=on(saturday + timedelta(days=7)))
    read_file(listing_id=van.pk, author=lender.user, content=on(saturday, 7, 10))

    assert Closure.objects.get().reason == Closure.Reason.CALENDAR
    taken = Occupation.objects.filter(closure__isnull=False).get().period
    assert (timezone.localtime(taken.lower).hour, timezone.localtime(taken.upper).hour) == (7, 8)
    assert booking.occupations.exists()
    forget(listing_id=van.pk, author=lender.user)
    assert not Closure.objects.exists()


@pytest.mark.django_db
def test_an_address_that_is_not_read_keeps_the_closures_and_says_why(van, lender):
    read_file(listing_id=van.pk, author=lender.user, content=on(next_saturday(timezone.localdate())))
    follow(listing_id=van.pk, author=lender.user, address="webcal://agenda.example/secret.ics")
    read_again(van.pk)

    followed = OutsideCalendar.objects.get()
    assert followed.address == "https://agenda.example/secret.ics"
    assert "ne lit pas d’adresses extérieures" in followed.problem
    assert Closure.objects.count() == 1


@pytest.mark.django_db
def test_strangers_give_no_calendar(van):
    stranger = MandateFactory().user
    with pytest.raises(BookingRefused, match="Vous n’agissez pas pour"):
        follow(listing_id=van.pk, author=stranger, address="https://agenda.example/a.ics")
    with pytest.raises(BookingRefused, match="Vous n’agissez pas pour"):
        read_file(listing_id=van.pk, author=stranger, content=calendar())
