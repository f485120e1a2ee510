"""The home page: what is around, what can be shared, and the search that leads there."""

from collections import Counter

from django.db.models import Count
from django.shortcuts import render
from django.utils import timezone

from maillage.directory.models import Mandate
from maillage.engine.geo import bounding_box, distance_km
from maillage.kernel.pages import page
from maillage.sharing import taxonomy
from maillage.sharing.models import Listing
from maillage.territory.maps import Pin, territory_map
from maillage.territory.points import in_degrees
from maillage.web.home.search import search_start

AROUND_KM = 25
LOOKED_AT = 60
CARDS = 4
STEPS = (
    ("Se connaître", "Visitez-vous, présentez vos équipes, repérez ce que vous avez en commun."),
    ("Avoir envie", "Choisissez ensemble un but clair, en respectant l’identité de chaque association."),
    ("S’organiser", "Dites qui fait quoi, avec quels moyens, et comment vous suivez ce qui se passe."),
)


@page(public=True)
def home(request):
    here = _commune_of(request.user)
    visible = Listing.objects.visible_to(request.user).published()
    looked_at = _around(visible, here) if here else _recent(visible)
    return render(
        request,
        "home/home.html",
        {
            "commune": here,
            "search": search_start(timezone.localdate(), here),
            "map": _map(looked_at, here),
            "cards": _varied(looked_at, CARDS),
            "families": _families(visible),
            "steps": STEPS,
        },
    )


def _commune_of(user):
    """Where the person's first structure is."""
    if not user.is_authenticated:
        return None
    mandates = Mandate.objects.current().filter(user=user, structure__commune__isnull=False)
    mandate = mandates.select_related("structure__commune").order_by("starts_on", "pk").first()
    return mandate and mandate.structure.commune


def _recent(listings):
    """Chosen in an index that holds all that the choice needs, then read."""
    newest = listings.order_by("-published_at", "-pk").values("pk")[:LOOKED_AT]
    chosen = Listing.objects.filter(pk__in=newest).select_related("structure", "commune").defer("search_vector")
    return list(chosen.order_by("-published_at", "-pk"))


def _around(listings, here):
    """Recent listings at most ``AROUND_KM`` away, the nearest first, each with its ``distance``."""
    box = bounding_box(here.latitude, here.longitude, AROUND_KM)
    found = _recent(listings.filter(in_degrees(*box)))
    for listing in found:
        listing.distance = distance_km(here.latitude, here.longitude, listing.latitude, listing.longitude)
    return sorted((listing for listing in found if listing.distance <= AROUND_KM), key=lambda one: one.distance)


def _map(listings, here):
    pins = [
        Pin(
            latitude=listing.latitude,
            longitude=listing.longitude,
            label=f"{listing.get_direction_display().capitalize()}\u00a0: {listing.title}, {listing.commune}",
            url=listing.get_absolute_url(),
            kind=listing.direction,
            icon=listing.kind.icon,
        )
        for listing in listings
    ]
    return territory_map(pins, centre=here, radius_km=AROUND_KM if here else None, list_anchor="around")


def _varied(listings, count):
    """The first ``count`` listings, one of each family before a second of any."""
    turn, seen = {}, {}
    for listing in listings:
        family = listing.category.partition(".")[0]
        turn[listing.pk] = seen[family] = seen.get(family, 0) + 1
    return sorted(listings, key=lambda listing: turn[listing.pk])[:count]


def _families(listings):
    """The eight families, each with how many listings this person can see."""
    counts: Counter = Counter()
    for category, count in listings.order_by().values_list("category").annotate(Count("pk")):
        counts[category.partition(".")[0]] += count
    return [(family, counts[family.code]) for family in taxonomy.families()]
