"""What is free near a place on each day of a week, among 100,000 things of which 200,000 loans take some.

    python benchmarks/availability.py [--items 100000] [--loans 200000] [--places 100]

Each measure is the search of the site for one place and one day: the offers within 25 km that are free at some hour.
The named alternative asks each offer around for its own loans, as one writes first. Both must find the same offers.
Works in a database of its own, ``maillage_benchmark_availability``, kept for the next run.
"""

import argparse
import os
import random
import sys
import time
from datetime import timedelta
from statistics import median, quantiles

import search

RADIUS_KM = 25
DAYS = 7
NAIVE = 7
AHEAD_DAYS = 60
LENT = ("technical.vehicles.van", "technical.premises.hall", "technical.equipment.events.tables")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--items", type=int, default=100_000)
    arguments.add_argument("--loans", type=int, default=200_000)
    arguments.add_argument("--places", type=int, default=100)
    asked = arguments.parse_args()
    search.NAME = "maillage_benchmark_availability"
    search.prepare_database()
    search.populate(30_000, asked.items)
    lend(asked.loans)
    report(asked.places)


def lend(count):
    """Loans of a few hours to three days within two months, none of them twice; left alone when they are there."""
    from django.db import connection, transaction
    from django.utils import timezone
    from psycopg.types.range import TimestamptzRange

    from maillage.directory.models import Structure
    from maillage.sharing.models import Booking, Listing, Occupation

    if Occupation.objects.count() >= count // 2:
        return
    chance = random.Random(search.SEED)
    borrower = Structure.objects.order_by("pk").first()
    Listing.objects.update(direction="offer")
    for place, category in enumerate(LENT):
        Listing.objects.filter(pk__iregex=rf"[{place * 3}-{place * 3 + 2}]$").update(category=category)
    offers = list(Listing.objects.values_list("pk", "quantity"))
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    taken, drawn = {}, []
    for _ in range(count):
        pk, quantity = chance.choice(offers)
        start = midnight + timedelta(days=chance.randrange(AHEAD_DAYS), hours=chance.randrange(8, 20))
        period = TimestamptzRange(start, start + timedelta(hours=chance.choice([2, 4, 10, 34, 58])), "[)")
        if all(period.upper <= other.lower or other.upper <= period.lower for other in taken.get(pk, ())):
            taken.setdefault(pk, []).append(period)
            drawn.append((pk, quantity, period))
    with transaction.atomic():
        bookings = Booking.objects.bulk_create(
            (
                Booking(listing_id=pk, borrower=borrower, period=period, quantity=many, purpose="-", state="confirmed")
                for pk, many, period in drawn
            ),
            batch_size=5000,
        )
        Occupation.objects.bulk_create(
            (
                Occupation(
                    listing_id=one.listing_id,
                    booking=one,
                    period=one.period,
                    quantity=one.quantity,
                    is_single=one.quantity == 1,
                )
                for one in bookings
            ),
            batch_size=5000,
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"{len(drawn)} prêts de {len(offers)} biens")


def report(places):
    from django.contrib.auth.models import AnonymousUser
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from maillage.sharing.search.criteria import Criteria
    from maillage.sharing.search.query import matching
    from maillage.sharing.search.query import search as find
    from maillage.territory.models import Commune

    chance, today = random.Random(search.SEED), timezone.localdate()
    communes = chance.sample(list(Commune.objects.of_territory().order_by("code")), places)
    times, queries, naive = [], set(), []
    for number, commune in enumerate(communes):
        for day in (today + timedelta(days=days) for days in range(DAYS)):
            criteria = Criteria(place=commune, radius_km=RADIUS_KM, day=day, category="technical")
            started = time.perf_counter()
            with CaptureQueriesContext(connection) as seen:
                find(criteria, user=AnonymousUser(), today=today)
            times.append(time.perf_counter() - started)
            queries.add(len(seen))
            if number == 0 and len(naive) < NAIVE:
                started = time.perf_counter()
                found = one_by_one(criteria, today)
                naive.append(time.perf_counter() - started)
                if found != set(matching(criteria, user=AnonymousUser(), today=today).values_list("pk", flat=True)):
                    sys.exit(f"Les deux recherches diffèrent, {commune}, {day}")
    milliseconds = [1000 * one for one in times]
    print(f"{len(times)} recherches, charge {os.getloadavg()[0]:.1f}, {sorted(queries)} requêtes chacune")
    print(f"médiane {median(milliseconds):.1f} ms, 95 % sous {quantiles(milliseconds, n=20)[-1]:.1f} ms")
    print(f"un bien après l’autre : {1000 * median(naive):.0f} ms, {median(naive) / median(times):.0f} fois")


def one_by_one(criteria, today):
    from dataclasses import replace

    from django.contrib.auth.models import AnonymousUser

    from maillage.sharing.availability import is_free_on
    from maillage.sharing.bookings.stock import Stock
    from maillage.sharing.bookings.terms import whole_days
    from maillage.sharing.search.query import matching

    found = set()
    for listing in matching(replace(criteria, day=None), user=AnonymousUser(), today=today):
        if not is_free_on(listing, criteria.day):
            continue
        opens = whole_days(listing, criteria.day, criteria.day)
        free = Stock(listing, opens.lower, opens.upper).timeline(opens.lower, opens.upper)
        if any(many for _, _, many in free):
            found.add(listing.pk)
    return found


if __name__ == "__main__":
    main()
