"""Bookings asked together by a rule: « tous les mardis de 18 h à 20 h jusqu’au 30 juin ».

Each date is a booking of its own, that one may accept, refuse or cancel alone; letters tell of all of them at once.
Hours are those of the wall: 18 h stays 18 h when clocks change (engine.recurrence).
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from psycopg.types.range import TimestamptzRange

from maillage.accounts.services import LETTERS
from maillage.directory.rules import acts_for
from maillage.engine import recurrence
from maillage.engine.french import WEEKDAYS, count_fr, date_fr, time_fr
from maillage.kernel.audit import acting
from maillage.sharing.bookings import services, stock, terms
from maillage.sharing.bookings.terms import BookingRefused, rules_of, taken_by
from maillage.sharing.holidays import holiday_on
from maillage.sharing.models import Booking, BookingSeries, Closure, Listing
from maillage.sharing.periods import first_day_of

MOST = 60  # dates in a series
WEEK, FORTNIGHT, MONTH = "week", "fortnight", "month"
EVERY = {WEEK: "toutes les semaines", FORTNIGHT: "toutes les deux semaines", MONTH: "tous les mois"}
RANKS = {1: "premier", 2: "deuxième", 3: "troisième", 4: "quatrième", -1: "dernier"}
FREE, TAKEN, CLOSED, REFUSED = "free", "taken", "closed", "refused"


class SeriesClashes(BookingRefused):
    """Some of the dates are not free, and the whole was to be refused then."""


@dataclass(frozen=True)
class PlannedDate:
    """A date of a series before it is asked: ``state`` is FREE, TAKEN, CLOSED or REFUSED, ``why`` says the last one.

    holiday  « Ascension », or "": what one may have forgotten
    """

    period: TimestamptzRange
    state: str
    why: str = ""
    holiday: str = ""


def rule_of(every, first_day, until):
    """The rule (RFC 5545) of the dates that begin on ``first_day``: each month, the same weekday of the same rank."""
    last = f"UNTIL={until:%Y%m%d}"
    if every == WEEK:
        return f"FREQ=WEEKLY;{last}"
    if every == FORTNIGHT:
        return f"FREQ=WEEKLY;INTERVAL=2;{last}"
    return f"FREQ=MONTHLY;BYDAY={_rank(first_day)}{recurrence.WEEKDAYS[first_day.weekday()]};{last}"


def _rank(day):
    """The fifth of a month is its last: not every month has five."""
    rank = (day.day - 1) // 7 + 1
    return rank if rank < 5 else -1


def said(series):
    """« tous les mardis, de 18 h à 20 h, jusqu’au mercredi 30 juin 2027 »."""
    rule = recurrence.parse_rule(series.rule)
    start, end = timezone.localtime(series.period.lower), timezone.localtime(series.period.upper)
    day = WEEKDAYS[start.weekday()]
    if rule.freq == "MONTHLY":
        ((_, rank),) = rule.by["BYDAY"]
        days = f"chaque {RANKS[rank]} {day} du mois"
    else:
        days = f"tous les {day}s" if rule.interval == 1 else f"un {day} sur deux"
    whole = start.time() == end.time() == time()
    hours = "" if whole else f", de {time_fr(start)} à {'minuit' if end.time() == time() else time_fr(end)}"
    return f"{days}{hours}, jusqu’au {date_fr(rule.until)}"


def plan(listing, *, start, end, rule, quantity, people=None, now):
    """The PlannedDate list of a series whose first date is from ``start`` to ``end`` (local, naive).

    Raises BookingRefused when the rule cannot be followed, or names too many dates
    """
    zone = timezone.get_current_timezone()
    try:
        found = recurrence.occurrences(start, end, recurrence.parse_rule(rule), zone)
    except recurrence.RuleError as error:
        raise BookingRefused("La dernière date est avant la première. Changez l’une des deux.") from error
    if len(found) > MOST:
        raise BookingRefused(
            f"Cette série a plus de {MOST} dates. Choisissez une dernière date plus proche\u00a0: "
            f"avant le {date_fr(timezone.localtime(found[MOST].start))}."
        )
    rules = rules_of(listing)
    periods = [TimestamptzRange(one.start, one.end, "[)") for one in found]
    margin = timedelta(minutes=rules.minutes_before + rules.minutes_after + 1)
    all_of_it = stock.Stock(listing, found[0].start - margin, found[-1].end + margin)
    closures = list(Closure.objects.to_come().filter(listing=listing))
    return [_planned(listing, rules, all_of_it, closures, period, quantity, people, now) for period in periods]


def _planned(listing, rules, all_of_it, closures, period, quantity, people, now):
    holiday = holiday_on(first_day_of(period))
    try:
        terms.check(listing, rules, period=period, quantity=quantity, people=people, now=now)
    except BookingRefused as refusal:
        return PlannedDate(period, REFUSED, str(refusal), holiday)
    taken = taken_by(period, rules)
    if all_of_it.free(taken.lower, taken.upper) >= quantity:
        return PlannedDate(period, FREE, "", holiday)
    closed = any(one.period.lower < taken.upper and taken.lower < one.period.upper for one in closures)
    return PlannedDate(period, CLOSED if closed else TAKEN, "", holiday)


def ask_series(
    *, listing_id, borrower, author, start, end, rule, purpose, key, skips, quantity=1, people=None, site=""
):
    """Ask for all the dates of a rule that are free, in the name of ``borrower``; returns the BookingSeries.

    start, end  of the first date, local and naive
    skips       leave out the dates that are not free; otherwise they make the whole refused
    Raises SeriesClashes, BookingRefused
    """
    with transaction.atomic(), acting(author):
        stock.lock(Listing(pk=listing_id))
        sent = BookingSeries.objects.filter(key=key, bookings__author=author).first()
        if sent:
            return sent
        listing = services.lent(listing_id)
        planned = plan(listing, start=start, end=end, rule=rule, quantity=quantity, people=people, now=timezone.now())
        free = [one.period for one in planned if one.state == FREE]
        if not free:
            raise BookingRefused("Aucune de ces dates n’est libre. Changez de jour, ou d’heures.")
        if len(free) < len(planned) and not skips:
            raise SeriesClashes(
                "Certaines dates ne sont pas libres, et vous voulez toute la série ou rien. "
                "Changez de jour ou d’heures, ou acceptez de laisser ces dates de côté."
            )
        most = rules_of(listing).most_each
        if most and len(free) > most:
            raise BookingRefused(
                f"Une association a {count_fr(most, 'réservation')} à venir au plus pour ce bien\u00a0; "
                f"vous en demandez {len(free)}. Choisissez une dernière date plus proche."
            )
        series = BookingSeries.objects.create(key=key, rule=rule, period=planned[0].period)
        bookings = [
            services.ask(
                listing_id=listing_id,
                borrower=borrower,
                author=author,
                period=period,
                purpose=purpose,
                quantity=quantity,
                people=people,
                site=site,
                series=series,
            )
            for period in free
        ]
        is_asked = bookings[0].state == Booking.State.REQUESTED
        _write("asked" if is_asked else "confirmed", bookings, site)
    return series


def accept_series(*, series_id, author, word="", site=""):
    """Say yes, for the lender, to all the dates that wait for an answer; returns those that were taken meanwhile."""
    taken, accepted = [], []
    with transaction.atomic(), acting(author):
        for booking in _waiting(series_id, author):
            try:
                with transaction.atomic():
                    answered = services.accept(booking_id=booking.pk, author=author, word=word, site=site, told=False)
            except services.BookingTaken:
                taken.append(booking)
            else:
                accepted += [answered] if answered.state == Booking.State.CONFIRMED else []
        _write("confirmed", accepted, site)
    return taken


def refuse_series(*, series_id, author, why, word="", site=""):
    """Say no, for the lender, to all the dates that wait for an answer. Raises BookingRefused."""
    with transaction.atomic(), acting(author):
        refused = [
            services.refuse(booking_id=booking.pk, author=author, why=why, word=word, site=site, told=False)
            for booking in _waiting(series_id, author)
        ]
        _write("refused", refused, site)


def _waiting(series_id, author):
    waiting = Booking.objects.waiting_for_an_answer().living().filter(series=series_id).order_by("period", "pk")
    found = list(waiting.select_related("listing__structure"))
    if not found:
        raise BookingRefused("Plus aucune date de cette série n’attend de réponse.")
    services.check_acts(author, found[0].lender)
    return found


def cancel_series(*, series_id, author, since=None, word="", site=""):
    """Cancel the dates of a series that are still to come, from the booking ``since`` (id) on; returns those that stay.

    They stay because they are handed over already, or because it is too late. Raises BookingRefused when all do.
    """
    with transaction.atomic(), acting(author):
        living = Booking.objects.living().filter(series=series_id).select_related("listing__structure")
        first = living.filter(pk=since).first() if since else None
        if first:
            living = living.filter(period__startswith__gte=first.period.lower)
        found, cancelled, staying, refusal = list(living.order_by("period", "pk")), [], [], None
        for booking in found:
            try:
                with transaction.atomic():
                    cancelled.append(
                        services.cancel(booking_id=booking.pk, author=author, word=word, site=site, told=False)
                    )
            except BookingRefused as error:
                staying.append(booking)
                refusal = error
        if not cancelled:
            raise refusal or BookingRefused("Plus aucune date de cette série n’est à venir.")
        by_lender = not acts_for(author, cancelled[0].borrower)
        _write("cancelled_by_lender" if by_lender else "cancelled_by_borrower", cancelled, site)
    return staying


def _write(what, bookings, site):
    if site and bookings:
        app.configure_task("sharing.write_about_series", queue=LETTERS).defer(
            booking_ids=[booking.pk for booking in bookings], what=what, site=site
        )


def local_times(first_day, starts_at, ends_at):
    """The first date as naive local times; ends at midnight without ``ends_at``. Raises BookingRefused."""
    start = datetime.combine(first_day, starts_at or time())
    end = datetime.combine(first_day, ends_at) if ends_at else datetime.combine(first_day + timedelta(days=1), time())
    if end <= start:
        raise BookingRefused(f"La fin ({time_fr(end)}) est avant le début ({time_fr(start)}). Changez l’une des deux.")
    return start, end
