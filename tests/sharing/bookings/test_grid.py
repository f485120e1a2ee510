"""What is free is what counting every minute gives: parts, quantities, buffers, nights when clocks change."""

import random
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pytest

from maillage.engine.availability import Booking as Taken
from maillage.engine.availability import whole_timeline
from maillage.sharing.bookings.stock import Stock
from maillage.sharing.bookings.terms import BookingRefused, period_between, rules_of, taken_by
from maillage.sharing.models import LendingRules, Listing, Part
from tests.factories.directory import MandateFactory
from tests.factories.sharing import BookingFactory, ListingFactory

CASES, STORED_CASES = 10_000, 25
SPRING, AUTUMN, PLAIN = date(2027, 3, 27), date(2027, 10, 30), date(2027, 6, 5)
DAYS = 4
MINUTE = timedelta(minutes=1)


def offers(chance):
    """{whole: {part: how many}} of one to five offers, each made of later ones; how many there are of each."""
    count = chance.randint(1, 5)
    made_of = {
        whole: {part: chance.randint(1, 3) for part in range(whole + 1, count) if chance.random() < 0.5}
        for whole in range(count)
    }
    return made_of, [chance.randint(1, 9) for _ in range(count)]


def units_of(made_of, whole):
    """{part: how many}, counted by walking every way down."""
    found = {whole: 1}
    for part, count in made_of[whole].items():
        for deeper, units in units_of(made_of, part).items():
            found[deeper] = found.get(deeper, 0) + count * units
    return found


def period(chance, first):
    """A time between two local hours of the days around a change of clocks, to the minute."""
    while True:
        start, end = sorted(chance.randint(0, DAYS * 1440 - 1) for _ in range(2))
        days = [first + timedelta(days=minute // 1440) for minute in (start, end)]
        hours = [time(minute % 1440 // 60, minute % 60) for minute in (start, end)]
        try:
            return period_between(*days, *hours)
        except BookingRefused:
            continue


def buffers(chance):
    return LendingRules(minutes_before=chance.choice([0, 0, 15, 61]), minutes_after=chance.choice([0, 30, 95]))


def counted(units, owned, taken, asked):
    """How many are free all along ``asked``, minute by minute."""
    origin = datetime.combine(
        min(asked.lower.date(), *(one.lower.date() for _, one, _ in taken), date.max), time(), UTC
    )
    last = max(asked.upper, *(one.upper for _, one, _ in taken), datetime.min.replace(tzinfo=UTC))
    grid = np.zeros((len(owned), (last - origin) // MINUTE + 1), dtype=int)
    for part, one, quantity in taken:
        grid[part, (one.lower - origin) // MINUTE : (one.upper - origin) // MINUTE] += quantity
    asked_for = slice((asked.lower - origin) // MINUTE, (asked.upper - origin) // MINUTE)
    left = [np.maximum(owned[part] - grid[part, asked_for], 0) // count for part, count in units.items()]
    return int(np.min(left))


def test_what_is_free_is_what_counting_every_minute_gives():
    chance = random.Random(2027)
    for case in range(CASES):
        first = chance.choice([SPRING, AUTUMN, PLAIN])
        made_of, owned = offers(chance)
        taken = []
        for _ in range(chance.randint(0, 6)):
            booked, quantity = chance.randrange(len(owned)), chance.randint(1, 4)
            during = taken_by(period(chance, first), buffers(chance))
            taken += [(part, during, quantity * count) for part, count in units_of(made_of, booked).items()]
        asked = taken_by(period(chance, first), buffers(chance))
        units = units_of(made_of, 0)
        by_part = {part: [] for part in range(len(owned))}
        for part, during, quantity in taken:
            by_part[part].append(Taken(during.lower, during.upper, quantity))
        line = whole_timeline(units, dict(enumerate(owned)), by_part, asked.lower, asked.upper)
        assert (line[0][0], line[-1][1]) == (asked.lower, asked.upper), case
        assert min(free for _, _, free in line) == counted(units, owned, taken, asked), case


@pytest.mark.django_db
def test_what_is_stored_is_counted_the_same():
    chance = random.Random(16)
    structure = MandateFactory().structure
    for case in range(STORED_CASES):
        first = chance.choice([SPRING, AUTUMN, PLAIN])
        made_of, owned = offers(chance)
        owned = [count + 1 for count in owned]  # of what is single, the database refuses what is lent twice
        listings = [ListingFactory(structure=structure, quantity=count) for count in owned]
        for whole, parts in made_of.items():
            for part, count in parts.items():
                Part.objects.create(whole=listings[whole], part=listings[part], quantity=count)
        taken = []
        for _ in range(chance.randint(1, 4)):
            booked, quantity = chance.randrange(len(owned)), chance.randint(1, 4)
            listing, rules = listings[booked], buffers(chance)
            LendingRules.objects.update_or_create(
                listing=listing,
                defaults={"minutes_before": rules.minutes_before, "minutes_after": rules.minutes_after},
            )
            listing = Listing.objects.get(pk=listing.pk)
            during = period(chance, first)
            BookingFactory(listing=listing, confirmed=True, quantity=quantity, period=during)
            during = taken_by(during, rules_of(listing))
            taken += [(part, during, quantity * count) for part, count in units_of(made_of, booked).items()]
        asked = period(chance, first)
        free = Stock(listings[0], asked.lower, asked.upper).free(asked.lower, asked.upper)
        assert free == counted(units_of(made_of, 0), owned, taken, asked), case
