"""Every page of the site at 30,000 structures, beside the same pages in a town of a few: server time and queries.

    python benchmarks/pages.py [--structures 30000] [--listings 100000] [--people 30000] [--times 10]

The pages are those of ``tests/web/access_table.py`` that a member or an agent may read; one that is added is measured.
They are asked for the town of ``tests/factories/town.py``, made in the database of ``search.py`` with what a busy
structure has: 5,000 members of its network, 300 listings, 500 conversations, and as much for the team to look at.
All is undone at the end. The few, in a database of their own, are the named alternative: pages that hold must not
grow with the territory.
"""

import argparse
import json
import logging
import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles

import search

ROOT = Path(__file__).parents[1]
SMALL = "maillage_benchmark_pages"
SHOWN = 15
MEMBERS, LISTINGS, CONVERSATIONS, PLACES, CLAIMS = 5_000, 300, 500, 2_000, 200


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--structures", type=int, default=30_000)
    arguments.add_argument("--listings", type=int, default=100_000)
    arguments.add_argument("--people", type=int, default=30_000)
    arguments.add_argument("--times", type=int, default=10)
    arguments.add_argument("--few", action="store_true", help="only the town, as JSON: for the benchmark itself")
    asked = arguments.parse_args()
    if asked.few:
        search.NAME = SMALL
        search.prepare_database()
        print(json.dumps(measure(asked.times, weight=False)))
        return
    few = json.loads(
        subprocess.run(  # another process: Django knows one database at a time
            [sys.executable, __file__, "--few", "--times", str(asked.times)], check=True, stdout=subprocess.PIPE
        ).stdout.splitlines()[-1]
    )
    from digest import prepare_people

    search.prepare_database()
    search.populate(asked.structures, asked.listings)
    prepare_people(asked.people, asked.people)
    sweep()
    report(measure(asked.times, weight=True), few)


def sweep():
    """What PostgreSQL does by itself on a site that lives: earlier measures, undone, left rows behind."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def report(many, few):
    middles = [one["median"] for one in many.values()]
    print(f"{len(many)} pages, charge de la machine {os.getloadavg()[0]:.1f}")
    print(f"médiane {median(middles):.1f} ms, 95 % des pages sous {quantiles(middles, n=20)[-1]:.1f} ms")
    print(f"la plus lente {max(middles):.1f} ms ; la pire mesure {max(one['worst'] for one in many.values()):.1f} ms")
    print(f"{'ms':>7} {'pire':>7} {'fois':>5} {'requêtes':>8}  page")
    both = [page for page in many if page in few]
    slowest = sorted(both, key=lambda page: -many[page]["median"])[:SHOWN]
    for page in slowest:
        one, alone = many[page], few[page]
        times = one["median"] / alone["median"]
        print(
            f"{one['median']:7.1f} {one['worst']:7.1f} {times:5.1f} {one['queries']:3} / {alone['queries']:<3} {page}"
        )
    for page in both:
        if many[page]["queries"] > few[page]["queries"]:
            print(f"requêtes : {many[page]['queries']} au lieu de {few[page]['queries']}, {page}")


def measure(times, *, weight):
    """{« role address name »: median and worst ms, queries} of each page that answers 200."""
    sys.path.insert(0, str(ROOT))
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    logging.disable(logging.ERROR)  # pages that a role may not read are no news here
    from tests.factories.town import make_town
    from tests.sessions import sign_in

    found = {}
    with transaction.atomic():
        town = make_town()
        if weight:
            make_busy(town)
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        for role, person in (("membre", town.member), ("équipe", town.agent)):
            client = Client(raise_request_exception=False)
            sign_in(client, person)
            for name, address in addresses(town):
                with CaptureQueriesContext(connection) as captured:
                    answer = client.get(address)
                queries = len(captured)  # before another request empties it
                if answer.status_code != 200:
                    continue
                spent = [spent_on(client, address) for _ in range(times)]
                found[f"{role} {name}"] = {"median": median(spent), "worst": max(spent), "queries": queries}
        transaction.set_rollback(True)
    return found


def spent_on(client, address):
    started = time.perf_counter()
    answer = client.get(address)
    b"".join(answer)
    return (time.perf_counter() - started) * 1000


def addresses(town):
    """(name, address) of each page that the access table lists."""
    from django.urls import reverse

    from tests.web.access_table import TABLE

    rows = [line.split()[:3] for line in TABLE.strip().splitlines()[1:] if line.strip()]
    for name, arguments, method in rows:
        if method == "GET" and not arguments.endswith("9223372036854775808"):
            words = [] if arguments == "-" else arguments.split(",")
            keys = [getattr(town, word).pk if hasattr(town, word) else word for word in words]
            yield f"{name} {arguments}", reverse(name, args=keys)


def make_busy(town):
    """What a large structure, and a team that is behind with its work, find on their pages."""
    import pgtrigger
    from django.utils import timezone

    from maillage.accounts.models import User
    from maillage.conversations.models import Conversation, Message, Participant
    from maillage.directory.models import Claim, NetworkMembership, Structure
    from maillage.places.models import Place, PlaceReport
    from maillage.sharing.models import Listing
    from maillage.territory.models import Commune

    now = timezone.now()
    others = list(Structure.objects.exclude(pk=town.structure.pk).order_by("pk")[:MEMBERS])
    people = list(User.objects.order_by("pk")[:CLAIMS])
    communes = list(Commune.objects.filter(departement="31"))
    with pgtrigger.ignore():
        Structure.objects.filter(pk=town.structure.pk).update(leads_network=True)
        NetworkMembership.objects.bulk_create(NetworkMembership(head=town.structure, member=one) for one in others)
        mine = Listing.objects.order_by("-pk").values_list("pk", flat=True)[:LISTINGS]
        Listing.objects.filter(pk__in=list(mine)).update(structure=town.structure)
        talks = Conversation.objects.bulk_create(Conversation(subject=f"Prêt n° {n}") for n in range(CONVERSATIONS))
        for talk, other in zip(talks, others, strict=False):
            Participant.objects.bulk_create(
                Participant(conversation=talk, structure=one) for one in (town.structure, other)
            )
            Message.objects.bulk_create(
                Message(conversation=talk, structure=one, text="Samedi vous convient-il ?", sent_at=now)
                for one in (town.structure, other, town.structure, other)
            )
        places = Place.objects.bulk_create(
            Place(
                kind="association_house",
                name=f"Maison n° {n}",
                commune=home,
                latitude=home.latitude,
                longitude=home.longitude,
                source="mesure",
            )
            for n, home in zip(range(PLACES), communes * 10, strict=False)
        )
        PlaceReport.objects.bulk_create(PlaceReport(place=one, subject="hours") for one in places[:CLAIMS])
        Claim.objects.bulk_create(
            Claim(structure=one, user=person, text="Je suis la trésorière.", made_at=now - timedelta(days=1))
            for one, person in zip(others, people, strict=False)
        )


if __name__ == "__main__":
    main()
