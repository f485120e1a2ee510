"""The news of 30,000 members in one morning, among 100,000 listings, beside a person-by-person way.

    python benchmarks/digest.py [--people 30000] [--structures 30000] [--listings 100000] [--sample 200] [--told 30000]

Works in the database of ``search.py``, which it makes when it is not there. Each member acts for a structure, keeps one
to three of the searches that ``search.py`` invents, and was told a week ago; one listing in fifty is of this week.
Letters are written whole and given to Django's backend in memory: no server of e-mail is measured. The naive way is
what one writes first: for each person, each search by ``search()`` and each listing by ``matches_for``.
"""

import argparse
import os
import random
import time
from datetime import timedelta

from search import SEED, invented_searches, populate, prepare_database

NAMES = "benchmark-{}@exemple.fr"
NEW_SHARE = 50


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--people", type=int, default=30_000)
    arguments.add_argument("--structures", type=int, default=30_000)
    arguments.add_argument("--listings", type=int, default=100_000)
    arguments.add_argument("--sample", type=int, default=200)
    arguments.add_argument("--told", type=int, help="how many of them are told this morning, all unless said")
    asked = arguments.parse_args()
    prepare_database()
    populate(asked.structures, asked.listings)
    told = asked.told or asked.people
    prepare_people(asked.people, told)
    print(f"charge de la machine : {os.getloadavg()[0]:.1f}")
    per_person = naive(asked.sample)
    ours = measure()
    print(f"par personne, naïvement : {per_person * 1000:.0f} ms, {per_person * told:.0f} s par extrapolation")
    print(f"naïf / le nôtre : {per_person * told / ours:.0f} fois (charge {os.getloadavg()[0]:.1f})")


def prepare_people(count, to_tell):
    """The members, their searches, and the age of listings; the first ``to_tell`` are to be told."""
    import pgtrigger
    from django.db import transaction
    from django.db.models import F, Func
    from django.utils import timezone

    from maillage.accounts.models import User
    from maillage.digest.models import Subscription
    from maillage.directory.models import Mandate, Structure
    from maillage.sharing.models import Listing, SavedSearch

    now = timezone.now()
    with transaction.atomic(), pgtrigger.ignore():
        if User.objects.count() != count:
            User.objects.all().delete()
            User.objects.bulk_create([User(email=NAMES.format(n), name=f"Membre {n}") for n in range(count)])
            people = list(User.objects.order_by("pk"))
            structures = Structure.objects.order_by("pk").values_list("pk", flat=True)
            Mandate.objects.bulk_create(
                Mandate(user=person, structure_id=structure, role="representative", starts_on="2020-01-01")
                for person, structure in zip(people, structures, strict=False)
            )
            SavedSearch.objects.bulk_create(searches_of(people), ignore_conflicts=True)
        SavedSearch.objects.update(kept_at=now - timedelta(days=60))
        old = now - timedelta(days=100)
        Listing.objects.update(published_at=old)
        remainder = Func(F("pk"), NEW_SHARE, function="mod")
        Listing.objects.alias(turn=remainder).filter(turn=0).update(published_at=now - timedelta(days=2))
        Subscription.objects.all().delete()
        told = {"told_on": timezone.localdate() - timedelta(days=8), "told_until": now - timedelta(days=7)}
        people = User.objects.only("pk")
        Subscription.objects.bulk_create(
            Subscription(user=one, rhythm="day", **told) for one in people.order_by("pk")[:to_tell]
        )
        Subscription.objects.bulk_create(
            Subscription(user=one, rhythm="never", **told) for one in people.order_by("pk")[to_tell:]
        )


def searches_of(people):
    from maillage.sharing.alerts import facts_of
    from maillage.sharing.models import SavedSearch
    from maillage.web.search.forms import SearchForm

    chance = random.Random(SEED)
    known = []
    for _, asked in invented_searches(chance, 4_000):
        form = SearchForm(asked)
        if form.is_valid():
            known.append(facts_of(form.criteria))
    for person in people:
        for facts in chance.sample(known, chance.choice((1, 1, 2, 3))):
            yield SavedSearch(user=person, **facts)


def naive(sample):
    """Seconds for one person of a sample, as one writes it first: searches and matches one by one, with their SQL."""
    from django.utils import timezone

    from maillage.accounts.models import User
    from maillage.sharing.alerts import criteria_of
    from maillage.sharing.matching import matches_for
    from maillage.sharing.models import Listing
    from maillage.sharing.search.query import search

    today = timezone.localdate()
    people = list(User.objects.order_by("?")[:sample])
    started = time.perf_counter()
    for person in people:
        for saved in person.saved_searches.select_related("place"):
            search(criteria_of(saved, today), user=person, today=today)
        for listing in Listing.objects.published().of_structures_of(person):
            matches_for(listing, person)
    return (time.perf_counter() - started) / len(people)


def measure():
    from django.conf import settings
    from django.core import mail

    from maillage.digest.services import tell_news

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    started, cpu = time.perf_counter(), time.process_time()
    sent = tell_news(site="https://maillage.example/")
    elapsed = time.perf_counter() - started
    print(f"{sent} lettres en {elapsed:.0f} s, dont {time.process_time() - cpu:.0f} s de processeur pour Python")
    assert tell_news(site="https://maillage.example/") == 0
    return elapsed


if __name__ == "__main__":
    main()
