"""An outside calendar as busy time: its events become closures, replaced at each reading; their names are not kept."""

from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from icalendar import Calendar
from psycopg.types.range import TimestamptzRange

from maillage.engine import recurrence, spans
from maillage.engine.french import NBSP
from maillage.kernel.audit import acting
from maillage.kernel.fetching import NotFetched, checked_address, fetch
from maillage.sharing.bookings import closures, families
from maillage.sharing.bookings.lending import owned
from maillage.sharing.bookings.terms import BookingRefused
from maillage.sharing.models import Closure, Listing, OutsideCalendar

MOST_BYTES = 1_000_000
MOST_EVENTS = 5_000
MOST_SPANS = 5_000  # once its series are expanded
AHEAD = timedelta(days=400)
TOO_MANY = "Cet agenda a trop d’évènements. Exportez seulement ceux à venir."
STEPS = {"DAILY": timedelta(days=1), "WEEKLY": timedelta(weeks=1)}


class CalendarNotRead(BookingRefused):
    """Its text says why, and what to do."""


def follow(*, listing_id, author, address):
    """Read the calendar at ``address`` from now on, each hour, in a job. Raises BookingRefused."""
    try:
        host, path = checked_address(address)
    except NotFetched as refusal:
        raise CalendarNotRead(str(refusal)) from refusal
    with transaction.atomic(), acting(author):
        listing = owned(listing_id, author)
        OutsideCalendar.objects.update_or_create(
            listing=listing, defaults={"address": f"https://{host}{path}", "read_at": None, "problem": ""}
        )


def read_file(*, listing_id, author, content):
    """Close an offer at the times of a file, once; returns how many closures there are. Raises BookingRefused."""
    busy = read_events(content, timezone.now())
    with transaction.atomic(), acting(author):
        families.lock(listing_id)
        listing = owned(listing_id, author)
        OutsideCalendar.objects.filter(listing=listing).delete()
        _replace(listing, busy)
    return len(busy)


def forget(*, listing_id, author):
    """Read the calendar no more, and open again what it closed."""
    with transaction.atomic(), acting(author):
        families.lock(listing_id)
        listing = owned(listing_id, author)
        OutsideCalendar.objects.filter(listing=listing).delete()
        _replace(listing, [])


def read_again(listing_id):
    """Called by a job: fetched outside of any transaction. What cannot be read leaves the closures as they were."""
    calendar = OutsideCalendar.objects.filter(listing=listing_id).first()
    if calendar is None:
        return
    busy, problem = [], ""
    try:
        busy = read_events(fetch(calendar.address, most_bytes=MOST_BYTES), timezone.now())
    except (NotFetched, CalendarNotRead) as refusal:
        problem = str(refusal)
    with transaction.atomic():
        families.lock(listing_id)
        same = OutsideCalendar.objects.select_for_update().filter(listing=listing_id, address=calendar.address)
        if same.first() is None:
            return
        if not problem:
            _replace(Listing.objects.only("category", "quantity").get(pk=listing_id), busy)
        same.update(read_at=timezone.now(), problem=problem[:300])


def _replace(listing, busy):
    """What is booked already stays booked: a closure takes what is left."""
    Closure.objects.to_come().filter(listing=listing, reason=Closure.Reason.CALENDAR).delete()
    Closure.objects.bulk_create(
        Closure(listing=listing, period=TimestamptzRange(start, end, "[)"), reason=Closure.Reason.CALENDAR)
        for start, end in busy
    )
    closures.write_occupations(families.closed_with(listing))


def read_events(content, now):
    """[(start, end)…] (UTC) of the events of the months to come, merged, series expanded. Raises CalendarNotRead."""
    if len(content) > MOST_BYTES:
        raise CalendarNotRead("Ce fichier est trop gros\u00a0: un million de signes au plus.")
    try:
        calendar = Calendar.from_ical(content)
        events = [one for one in calendar.walk("VEVENT") if _takes_time(one)]
        if calendar.name != "VCALENDAR":
            raise ValueError
    except (ValueError, KeyError, IndexError, AttributeError) as error:
        raise CalendarNotRead(
            f"Ce n’est pas un agenda. Exportez-le au format iCalendar{NBSP}: son nom finit par .ics."
        ) from error
    if len(events) > MOST_EVENTS:
        raise CalendarNotRead(TOO_MANY)
    moved = _moved(events)
    busy: list[tuple] = []
    try:
        for event in events:
            ahead = [span for span in _spans_of(event, moved, now) if now < span[1] and span[0] < now + AHEAD]
            busy += ahead
            if len(busy) > MOST_SPANS:
                raise CalendarNotRead(TOO_MANY)
    except recurrence.RuleError as error:
        raise CalendarNotRead(f"Un évènement se répète d’une façon que nous ne lisons pas. {error}") from error
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError) as error:
        raise CalendarNotRead("Un évènement a une date qui ne se lit pas. Corrigez-le dans votre agenda.") from error
    return spans.merged(busy)


def _takes_time(event):
    return str(event.get("TRANSP", "")) != "TRANSPARENT" and str(event.get("STATUS", "")) != "CANCELLED"


def _moved(events):
    """{uid: instants of a series that another event replaces}."""
    moved: dict[str, list] = {}
    for event in events:
        if "RECURRENCE-ID" in event:
            moved.setdefault(str(event.get("UID", "")), []).append(_instant(event["RECURRENCE-ID"].dt))
    return moved


def _spans_of(event, moved, now):
    start = event["DTSTART"].dt
    end = _end_of(event, start)
    if "RRULE" not in event or "RECURRENCE-ID" in event:
        return [(_instant(start), _instant(end))] if _instant(start) < _instant(end) else []
    zone = getattr(start, "tzinfo", None) or timezone.get_current_timezone()
    first, last = _local(start), _local(end)
    if first >= last:
        return []
    rule, step = _bounded(event["RRULE"].to_ical().decode(), now)
    if step and first < (horizon := now.astimezone(zone).replace(tzinfo=None) - (last - first) - 2 * step):
        jump = (horizon - first) // step * step
        first, last = first + jump, last + jump
    left_out = [*_exdates(event), *moved.get(str(event.get("UID", "")), [])]
    return [(one.start, one.end) for one in recurrence.occurrences(first, last, rule, zone, left_out)]


def _bounded(text, now):
    """(the Rule, ending at the horizon when it never does; the step by which its first date may be moved on)."""
    endless = "UNTIL=" not in text and "COUNT=" not in text
    rule = recurrence.parse_rule(f"{text};UNTIL={now + AHEAD:%Y%m%d}" if endless else text)
    step = STEPS.get(rule.freq)
    return rule, step * rule.interval if step and rule.count is None else None


def _exdates(event):
    found = event.get("EXDATE", [])
    return [_instant(one.dt) for group in (found if isinstance(found, list) else [found]) for one in group.dts]


def _end_of(event, start):
    if "DTEND" in event:
        return event["DTEND"].dt
    if "DURATION" in event:
        return start + event["DURATION"].dt
    return start if isinstance(start, datetime) else start + timedelta(days=1)


def _local(moment):
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=None)
    return datetime.combine(moment, time())


def _instant(moment):
    """A date is its midnight, a time without zone is that of the territory."""
    if isinstance(moment, date) and not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    if moment.tzinfo is None:
        return recurrence.utc_of(moment, timezone.get_current_timezone())
    return moment.astimezone(UTC)
