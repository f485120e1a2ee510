"""Search among 100,000 listings of 30,000 structures: server time of whole pages, beside a naive search.

    python benchmarks/search.py [--structures 30000] [--listings 100000] [--searches 400]

Works in a database of its own, ``maillage_benchmark_search``, made on the server of DATABASE_URL and kept for the next
run: a second run only measures. The naive search is what one writes first: ``icontains`` on title, text and name of
structure, then distances in Python.
"""

import argparse
import os
import random
import re
import time
from datetime import timedelta
from statistics import median, quantiles

NAME = "maillage_benchmark_search"
SEED = 31
NAIVE_SEARCHES = 40
FAMILY_SHARE = {"technical": 45, "services": 20, "training": 8, "jobs": 6, "information": 5}
OTHER_FAMILY_SHARE = 4
OWNERS = (
    "Foyer rural",
    "Comité des fêtes",
    "Les Amis",
    "Harmonie",
    "Club sportif",
    "MJC",
    "Amicale",
    "École de cirque",
)
QUALITIES = ("en bon état", "presque neuf", "à partager", "pour vos fêtes", "récent", "familial", "12 places", "simple")
SENTENCES = """À retirer sur place, le soir après 18 h.
Nous le prêtons aux voisins.
Prévoir deux personnes pour porter.
Caution demandée, rendue au retour.
Utilisé chaque été depuis 2019.
Accessible en fauteuil roulant.
Avec chauffage et coin cuisine.
Demander Monique ou laisser un message.
Le ménage est à faire avant de rendre les clés.
Fonctionne sur batterie, chargeur fourni.
Idéal pour un atelier ou un petit spectacle.
Une adhérente vous montre comment faire.
Assurance de l’emprunteur nécessaire.
Libre presque toute l’année.
Stationnement facile devant la mairie.
Convient à vingt personnes assises.
Révisé au printemps, carnet à jour.
Facture remise sur demande.
Le trésorier répond sous deux jours.
Peut être livré le mercredi.
Convention d’une page à signer.
Rangé dans des caisses numérotées.
Débutants bienvenus, on explique tout.
Horaires à discuter ensemble.
Acheté avec l’aide de la Région.
Solide, déjà servi cent fois.
Penser à prendre des rallonges.
Notice plastifiée dans le sac.""".splitlines()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--structures", type=int, default=30_000)
    arguments.add_argument("--listings", type=int, default=100_000)
    arguments.add_argument("--searches", type=int, default=400)
    asked = arguments.parse_args()
    prepare_database()
    populate(asked.structures, asked.listings)
    report(asked.searches)


def prepare_database():
    import psycopg

    with psycopg.connect(_address_of("postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(f"CREATE DATABASE {NAME}")
    os.environ |= {"DATABASE_URL": _address_of(NAME), "MAILLAGE_DEBUG": "0", "MAILLAGE_HOSTS": "testserver"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    from maillage.territory.services import load_territory

    call_command("migrate", verbosity=0)
    call_command("build_assets", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    load_territory(departements=["31"])


def _address_of(database):
    """DATABASE_URL, for another database of the same server."""
    return re.sub(r"^(\w+://[^/?]*)(/[^?]*)?", rf"\1/{database}", os.environ["DATABASE_URL"])


def populate(structures, listings):
    """Structures and listings on the communes of the territory, by population; left alone when they are there."""
    import pgtrigger
    from django.db import connection, transaction

    from maillage.directory.models import Structure
    from maillage.sharing.indexing import learn_words, search_vector
    from maillage.sharing.models import Listing, SearchWord

    if (Structure.objects.count(), Listing.objects.count()) == (structures, listings):
        return
    started = time.perf_counter()
    chance = random.Random(SEED)
    with transaction.atomic(), pgtrigger.ignore():
        Structure.objects.all().delete()
        SearchWord.objects.all().delete()
        owners = Structure.objects.bulk_create(invented_structures(chance, structures), batch_size=5000)
        made = invented_listings(chance, listings, owners)
        for listing in made:
            listing.search_vector = search_vector(listing)
        Listing.objects.bulk_create(made, batch_size=5000)
        learn_words(made)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"{structures} structures, {listings} annonces créées et indexées en {time.perf_counter() - started:.0f} s")


def invented_structures(chance, count):
    from django.conf import settings

    from maillage.directory.models import Structure
    from maillage.engine.text import fold
    from maillage.territory.models import Commune

    communes = list(Commune.objects.filter(departement__in=settings.TERRITORY))
    homes = chance.choices(communes, weights=[commune.population + 20 for commune in communes], k=count)
    names = [f"{chance.choice(OWNERS)} de {home.name}" for home in homes]
    return [Structure(name=name, search_name=fold(name), commune=home) for name, home in zip(names, homes, strict=True)]


def invented_listings(chance, count, owners):
    from maillage.sharing import taxonomy

    leaves = [entry for entry in taxonomy.all_categories() if not entry.children]
    weights = [
        FAMILY_SHARE.get(entry.family, OTHER_FAMILY_SHARE) / sum(other.family == entry.family for other in leaves)
        for entry in leaves
    ]
    kinds = chance.choices(leaves, weights=weights, k=count)
    return [invented_listing(chance, kind, chance.choice(owners)) for kind in kinds]


def invented_listing(chance, kind, owner):
    from django.utils import timezone

    from maillage.sharing.models import Listing
    from maillage.sharing.terms import usual_until

    today = timezone.localdate()
    priced = chance.random() < 0.4
    dated = chance.random() < 0.2
    is_offer = chance.random() < 0.6
    said = chance.choice((kind.label, *kind.synonyms))
    direction = Listing.Direction.OFFER if is_offer else Listing.Direction.NEED
    last_day = today + timedelta(days=chance.randrange(61, 200)) if dated else None
    return Listing(
        structure=owner,
        commune=owner.commune,
        direction=direction,
        visibility=Listing.Visibility.EVERYONE if is_offer else Listing.Visibility.MEMBERS,
        category=kind.code,
        title=f"{said[0].upper()}{said[1:]} {chance.choice(QUALITIES)}",
        text=" ".join(chance.sample(SENTENCES, 3)),
        latitude=owner.commune.latitude + chance.gauss(0, 0.008),
        longitude=owner.commune.longitude + chance.gauss(0, 0.011),
        radius_km=chance.choice((None, None, 10, 20, 30, 50)),
        weekdays=chance.choice(([], [], [], [5, 6], [0, 1, 2, 3, 4])),
        first_day=today + timedelta(days=chance.randrange(-60, 60)) if dated else None,
        last_day=last_day,
        valid_until=usual_until(direction, today, last_day),
        conditions=Listing.Conditions.PRICE if priced else Listing.Conditions.FREE,
        price_cents=chance.randrange(200, 20_000) if priced else None,
    )


def invented_searches(chance, count):
    """(phrase as typed, parameters of the address it leads to) of varied searches, communes by population."""
    from django.conf import settings
    from django.utils import timezone

    from maillage.sharing import taxonomy
    from maillage.territory.models import Commune

    communes = list(Commune.objects.filter(departement__in=settings.TERRITORY))
    weights = [commune.population + 500 for commune in communes]
    kinds = [entry for entry in taxonomy.all_categories() if entry.parent]
    for _ in range(count):
        kind = chance.choice(kinds)
        asked = {"vue": chance.choices(("cartes", "liste", "carte"), (7, 2, 1))[0]}
        if chance.random() < 0.85:
            words = chance.choice((kind.label, *kind.synonyms)).lower()
            asked["quoi"] = misspelt(chance, words) if chance.random() < 0.1 else words
        elif chance.random() < 0.7:
            asked["famille"] = kind.code
        if chance.random() < 0.75:
            place = chance.choices(communes, weights)[0]
            asked |= {"ou": place.label, "rayon": chance.choice(("10", "25", "25", "25", "50"))}
        if chance.random() < 0.4:
            asked["quand"] = (timezone.localdate() + timedelta(days=chance.randrange(1, 40))).isoformat()
        if chance.random() < 0.2:
            asked["prix_max"] = chance.choice(("0", "20", "50"))
        if chance.random() < 0.2:
            asked["tri"] = chance.choice(("pertinence", "distance"))
        place_name = asked.get("ou", "").partition(" (")[0]
        yield f"{asked.get('quoi', kind.label)} {place_name} samedi", asked


def misspelt(chance, words):
    """``words`` without one of their letters."""
    position = chance.randrange(1, len(words))
    return words[:position] + words[position + 1 :]


def report(count):
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    searches = list(invented_searches(random.Random(SEED), count))
    for _, asked in searches[:10]:
        client.get("/chercher/", asked)
    pages = [elapsed_ms(lambda asked=asked: client.get("/chercher/", asked)) for _, asked in searches]
    phrases = [elapsed_ms(lambda text=text: client.get("/chercher/", {"quoi": text})) for text, _ in searches]
    queries = {}
    for _, asked in searches[:60]:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get("/chercher/", asked)
        if answer.status_code == 200 and b"Rien pour cette recherche" not in answer.content:
            kind = (bool(asked.get("quoi")), bool(asked.get("ou")))
            queries.setdefault(kind, set()).add(len(captured) - (asked["vue"] == "carte"))
    print(f"{'':34}{'médiane':>10}{'p95':>10}{'max':>10}")
    show("page de résultats, gabarit compris", pages)
    show("phrase lue, renvoi à son adresse", phrases)
    print("requêtes SQL par page (mots, lieu) :", {kind: sorted(counts) for kind, counts in queries.items()})
    compare(searches[:NAIVE_SEARCHES])


def compare(searches):
    """The same searches, without their page, by our query and by the naive one."""
    from django.contrib.auth.models import AnonymousUser
    from django.utils import timezone

    from maillage.sharing.search.query import search
    from maillage.web.search.forms import SearchForm

    ours, naive = [], []
    for _, asked in searches:
        form = SearchForm(asked)
        assert form.is_valid(), form.errors
        criteria = form.criteria
        ours.append(
            elapsed_ms(lambda criteria=criteria: search(criteria, user=AnonymousUser(), today=timezone.localdate()))
        )
        naive.append(elapsed_ms(lambda criteria=criteria: naive_search(criteria)))
    show("recherche seule", ours)
    show("recherche naïve", naive)
    print(
        f"naïve / la nôtre : {median(naive) / median(ours):.0f} fois en médiane, {sum(naive) / sum(ours):.0f} au total"
    )


def naive_search(criteria):
    """« Contains » and distances in Python: no stems, no synonyms, no mistakes forgiven."""
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import Q

    from maillage.engine.geo import distance_km
    from maillage.sharing import taxonomy
    from maillage.sharing.models import Listing

    found = Listing.objects.visible_to(AnonymousUser()).filter(direction=criteria.direction)
    for word in criteria.words.split():
        found = found.filter(Q(title__icontains=word) | Q(text__icontains=word) | Q(structure__name__icontains=word))
    if criteria.category:
        found = found.filter(category__in=taxonomy.descendants(criteria.category))
    if criteria.day:
        found = found.free_on(criteria.day)
    found = list(found.select_related("structure", "commune"))
    if criteria.place:
        here = criteria.place.latitude, criteria.place.longitude
        away = [(distance_km(*here, listing.latitude, listing.longitude), listing.pk, listing) for listing in found]
        found = [listing for km, _, listing in sorted(away) if not criteria.radius_km or km <= criteria.radius_km]
    return found[:24], len(found)


def elapsed_ms(work):
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def show(name, times):
    print(f"{name:34}{median(times):>7.1f} ms{quantiles(times, n=20)[-1]:>7.1f} ms{max(times):>7.1f} ms")


if __name__ == "__main__":
    main()
