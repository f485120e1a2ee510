"""What an offer lets one ask: days, hours, notice, length, number; and the sentence that says why not."""

from datetime import datetime, time, timedelta

from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from maillage.engine.french import count_fr, date_fr, day_fr, number_fr, time_fr
from maillage.engine.recurrence import utc_of
from maillage.sharing.availability import is_free_on, windows
from maillage.sharing.models import LendingRules, Listing
from maillage.sharing.periods import A_DAY, days_of, first_day_of

LENT = ("technical.premises", "technical.vehicles", "technical.equipment")
PREMISES = "technical.premises"
LONGEST = timedelta(days=366)
UNKNOWN_CAPACITY = 19  # people that a room may hold until its owner declares a number (domain: one exit of 0.8 m)


class BookingRefused(Exception):
    """Its text is shown to the person."""


def is_lent(listing):
    """Whether it can be booked: an offer of a room, a vehicle or a thing."""
    return listing.direction == Listing.Direction.OFFER and is_lent_kind(listing.category)


def is_lent_kind(category):
    return any(f"{category}.".startswith(f"{kind}.") for kind in LENT)


def is_premises(listing):
    return f"{listing.category}.".startswith(f"{PREMISES}.")


def rules_of(listing):
    """The LendingRules of an offer: its owner's, or the usual ones, which are not saved."""
    try:
        return listing.lending_rules
    except LendingRules.DoesNotExist:
        by_the_hour = listing.kind.unit == Listing.PriceUnit.HOUR
        return LendingRules(listing=listing, rhythm="hour" if by_the_hour else "day")


def period_between(first_day, last_day, starts_at, ends_at):
    """The period from a local hour of one day to a local hour of another; ends at midnight without ``ends_at``.

    An hour that the change to summer time skips is read an hour later, one that comes twice is the first (RFC 5545).
    Raises BookingRefused when nothing is left between.
    """
    start = datetime.combine(first_day, starts_at or time())
    end = datetime.combine(last_day, ends_at) if ends_at else datetime.combine(last_day + A_DAY, time())
    if end <= start:
        raise BookingRefused(f"La fin ({said(end)}) est avant le début ({said(start)}). Changez l’une des deux.")
    zone = timezone.get_current_timezone()
    begins, ends = utc_of(start, zone), utc_of(end, zone)
    if ends <= begins:
        raise BookingRefused(
            f"Cette nuit-là, l’heure change\u00a0: il n’y a pas de temps entre {time_fr(start)} et {time_fr(end)}. "
            "Choisissez d’autres heures."
        )
    return TimestamptzRange(begins, ends, "[)")


def whole_days(listing, first_day, last_day):
    """The period of a loan by the day: from the first opening hour to the last closing one."""
    return period_between(first_day, last_day, listing.starts_at, listing.ends_at)


def shifted(period, days):
    """The same local hours, ``days`` later; None when a change of clocks leaves no time between."""
    zone = timezone.get_current_timezone()
    begins, ends = (
        utc_of(moment.astimezone(zone).replace(tzinfo=None) + days * A_DAY, zone)
        for moment in (period.lower, period.upper)
    )
    return TimestamptzRange(begins, ends, "[)") if begins < ends else None


def taken_by(period, rules):
    """What a booking takes: its period, with the time to prepare and to tidy up."""
    before, after = timedelta(minutes=rules.minutes_before), timedelta(minutes=rules.minutes_after)
    return TimestamptzRange(period.lower - before, period.upper + after, "[)")


def check(listing, rules, *, period, quantity, people=None, now):
    """Raises BookingRefused when the offer and the rules of its owner do not let one ask this."""
    if period.upper - period.lower > LONGEST:
        raise BookingRefused(f"Une réservation dure {count_fr(LONGEST.days, 'jour')} au plus. Changez la date de fin.")
    first, days = first_day_of(period), days_of(period)
    today = timezone.localdate(now)
    if period.lower < now:
        raise BookingRefused(f"Le {said(timezone.localtime(period.lower))} est déjà passé. Choisissez un jour à venir.")
    if first < today + rules.notice_days * A_DAY:
        earliest = today + rules.notice_days * A_DAY
        raise BookingRefused(
            f"Cette association demande à être prévenue {count_fr(rules.notice_days, 'jour')} avant\u00a0: "
            f"choisissez le {day_fr(earliest)} ou après."
        )
    if first > today + rules.horizon_days * A_DAY:
        raise BookingRefused(
            f"C’est trop tôt pour demander ce jour\u00a0: le plus lointain est le "
            f"{date_fr(today + rules.horizon_days * A_DAY)}."
        )
    if rules.longest_days and len(days) > rules.longest_days:
        raise BookingRefused(
            f"Cette association prête {count_fr(rules.longest_days, 'jour')} de suite au plus\u00a0; "
            f"vous en demandez {number_fr(len(days))}."
        )
    if quantity > listing.quantity:
        raise BookingRefused(
            f"Il y en a {number_fr(listing.quantity)} en tout\u00a0; vous en demandez {number_fr(quantity)}."
        )
    _check_people(listing, rules, people)
    _check_offered(listing, rules, period, days)


def _check_people(listing, rules, people):
    if not people or not is_premises(listing):
        return
    most = rules.most_people or UNKNOWN_CAPACITY
    if people > most:
        known = (
            f"Ce lieu reçoit {number_fr(most)} personnes au plus ({rules.most_people_source})"
            if rules.most_people
            else f"L’effectif maximal de ce lieu n’est pas renseigné\u00a0: jusque-là, {most} personnes au plus"
        )
        raise BookingRefused(f"{known}\u00a0; vous en attendez {number_fr(people)}.")


def _check_offered(listing, rules, period, days):
    closed = next((day for day in days if not is_free_on(listing, day)), None)
    if closed:
        raise BookingRefused(f"Le {day_fr(closed)} n’est pas proposé\u00a0: c’est {listing.when}. Changez de jour.")
    if not is_within_hours(listing, rules, period):
        raise BookingRefused(f"Ces heures ne sont pas proposées\u00a0: c’est {listing.when}. Changez d’heure.")


def is_within_hours(listing, rules, period):
    """Whether the hours are offered ones: all of them by the hour; the first and the last by the day."""
    if listing.starts_at is None:
        return True
    start, end = (timezone.localtime(moment).replace(tzinfo=None) for moment in (period.lower, period.upper))
    if rules.rhythm == LendingRules.Rhythm.DAY or len(days_of(period)) > 1:
        opens, closes = listing.starts_at, listing.ends_at
        return opens <= start.time() <= closes and opens <= end.time() <= closes
    return any(
        opens <= start and end <= closes for opens, closes in windows(listing, start.date(), len(days_of(period)))
    )


def said(moment):
    """« samedi 7 novembre, 8 h »"""
    return f"{day_fr(moment)}, {time_fr(moment)}"
