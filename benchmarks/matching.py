"""Matches of one listing among 100,000, as its page computes them, beside the engine asked without the SQL before it.

    python benchmarks/matching.py [--structures 30000] [--listings 100000] [--asked 200]

Works in the database of benchmarks/search.py, made if needed.
"""

import argparse
import random
import statistics
import time

from search import populate, prepare_database

SEED = 31
TRIES = 5  # of each listing, the quickest: what else runs on the machine is not counted


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--structures", type=int, default=30_000)
    arguments.add_argument("--listings", type=int, default=100_000)
    arguments.add_argument("--asked", type=int, default=200)
    asked = arguments.parse_args()
    prepare_database()
    populate(asked.structures, asked.listings)
    report(asked.asked)


def report(count):
    from maillage.sharing.matching import _best, _candidates, matches_for
    from maillage.sharing.models import Listing

    chance = random.Random(SEED)
    viewer = member()
    for direction, name in (("need", "besoin"), ("offer", "offre")):
        asked = chance.sample(list(Listing.objects.filter(direction=direction).defer("search_vector")[:20_000]), count)
        seconds, sizes = [], []
        for listing in asked:
            seconds.append(min(duration(matches_for, listing, viewer) for _ in range(TRIES)))
            sizes.append(_candidates([listing], viewer).count())
        told = ", ".join(f"{label} {1000 * value:.1f} ms" for label, value in quantiles(seconds))
        print(f"un {name} : {told} ; candidats : médiane {statistics.median(sizes):.0f}, au plus {max(sizes)}")

    asked = chance.choice(list(Listing.objects.needs()[:1000]))
    offers = Listing.objects.visible_to(viewer).published().offers().defer("search_vector")
    naive = duration(lambda: _best(asked, list(offers), 6))
    print(f"le moteur sur les {offers.count()} offres, sans filtre SQL : {naive:.2f} s")


def duration(function, *arguments):
    started = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - started


def quantiles(seconds):
    ordered = sorted(seconds)
    return (
        ("médiane", statistics.median(ordered)),
        ("p95", ordered[int(0.95 * len(ordered))]),
        ("au plus", ordered[-1]),
    )


def member():
    from django.utils import timezone

    from maillage.accounts.models import User
    from maillage.directory.models import Mandate, Structure

    user, _ = User.objects.get_or_create(email="mesure@exemple.fr")
    Mandate.objects.get_or_create(
        user=user, structure=Structure.objects.first(), role="representative", starts_on=timezone.localdate()
    )
    return user


if __name__ == "__main__":
    main()
