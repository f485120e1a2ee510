"""How many of an offer are free: what bookings and closures take, of it and of its parts; and when it is free again."""

from collections import defaultdict
from contextlib import suppress
from datetime import timedelta

from django.db import connection
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from maillage.engine import availability
from maillage.sharing.bookings import terms
from maillage.sharing.models import Booking, Occupation

SLOTS = 4_125_001  # the class of the advisory locks of offers
OVERDUE_TAKES = timedelta(days=2)  # from now on, of what should have come back and has not
NEAR_DAYS = 30
UNITS = """
    WITH RECURSIVE made(listing, units) AS (
        SELECT %s::bigint, 1::bigint
        UNION ALL
        SELECT part.part_id, made.units * part.quantity FROM made JOIN sharing_part part ON part.whole_id = made.listing
    ) CYCLE listing SET is_cycle USING path
    SELECT made.listing, sum(made.units)::int, listing.quantity
    FROM made JOIN sharing_listing listing ON listing.id = made.listing WHERE NOT is_cycle
    GROUP BY made.listing, listing.quantity
"""


class Stock:
    """What is free of one offer between two instants, read once.

    units   {id of an offer: how many of it one of this offer takes}: its own, and its parts
    owned   {id: how many there are}
    """

    def __init__(self, listing, start, end, *, without=None):
        """without: a booking that is not counted, because it is the one that changes."""
        found = made_of(listing)
        self.units = {pk: units for pk, units, _ in found}
        self.owned = {pk: quantity for pk, _, quantity in found}
        self._taken = _taken(self.units, start, end, without)

    def free(self, start, end):
        """The smallest number that is free at any instant between."""
        return min(free for _, _, free in self.timeline(start, end))

    def timeline(self, start, end):
        """[(start, end, how many are free)…]: what covers the time between, in order, parts counted."""
        return availability.whole_timeline(self.units, self.owned, self._taken, start, end)


def _taken(listings, start, end, without):
    """{id of an offer: [availability.Booking…]}: what takes it between, and what is overdue."""
    now = timezone.now()
    taken = defaultdict(list)
    between = Occupation.objects.filter(listing__in=listings, period__overlap=TimestamptzRange(start, end, "[)"))
    for occupation in between.exclude(booking=without) if without else between:
        taken[occupation.listing_id].append(
            availability.Booking(occupation.period.lower, occupation.period.upper, occupation.quantity)
        )
    overdue = Booking.objects.overdue(now).exclude(pk=without and without.pk)
    for occupation in Occupation.objects.filter(listing__in=listings, booking__in=overdue):
        due = occupation.period.upper
        taken[occupation.listing_id].append(
            availability.Booking(due, max(now, due) + OVERDUE_TAKES, occupation.quantity)
        )
    return taken


def lock(listing):
    """Whoever takes ``listing``, or a part of it, comes one after the other until the end of the transaction.

    In the order of their numbers, so that two that take the same parts never wait for each other.
    """
    lock_all(lambda: {pk for pk, _, _ in made_of(listing)})


def lock_all(found):
    """The same for the offers (ids) that ``found`` finds, and for those that it finds more while one waits."""
    held = set()
    while missing := found() - held:
        _lock(missing)
        held |= missing


def _lock(listings):
    with connection.cursor() as cursor:
        for pk in sorted(listings):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SLOTS, pk % 2**31])


def made_of(listing):
    """[(id of an offer, how many of it one of ``listing`` takes, how many there are)…]."""
    with connection.cursor() as cursor:
        cursor.execute(UNITS, [listing.pk])
        return cursor.fetchall()


def occupy(booking, rules):
    """Write what a booking takes; the exclusion constraint refuses what the count has not seen."""
    take(booking, terms.taken_by(booking.period, rules))


def take(booking, period):
    """Write that a booking takes its offer, and the parts of it, during ``period``."""
    Occupation.objects.bulk_create(
        Occupation(
            listing_id=pk,
            booking=booking,
            period=period,
            quantity=booking.quantity * units,
            is_single=owned == 1,
        )
        for pk, units, owned in sorted(made_of(booking.listing))
    )


def release(booking):
    booking.occupations.all().delete()


def near(listing, rules, *, period, quantity, now, count=3):
    """The ``count`` nearest times of the same hours at which as many are free, in order; fewer when there are none."""
    if not listing.is_shown:
        return []
    margin = timedelta(minutes=rules.minutes_before + rules.minutes_after) + timedelta(days=NEAR_DAYS + 1)
    stock = Stock(listing, period.lower - margin, period.upper + margin)
    found = []
    for days in sorted(range(-NEAR_DAYS, NEAR_DAYS + 1), key=lambda days: (abs(days), days)):
        moved = terms.shifted(period, days) if days else None
        if moved is None:
            continue
        with suppress(terms.BookingRefused):
            terms.check(listing, rules, period=moved, quantity=quantity, now=now)
            taken = terms.taken_by(moved, rules)
            if stock.free(taken.lower, taken.upper) >= quantity:
                found.append(moved)
        if len(found) == count:
            break
    return sorted(found, key=lambda period: period.lower)
