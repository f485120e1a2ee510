"""Finding places: by kind, by day, around a commune; and what is nearest, for the pages of the territory."""

from dataclasses import dataclass

from django.db.models import Avg
from django.utils import timezone

from maillage.places.models import Place
from maillage.territory.models import Commune
from maillage.territory.points import nearest, within

NEAREST_SHOWN = 3
WIDEST_KM = 300


@dataclass(frozen=True)
class Nearby:
    """``support`` is the nearest place that helps associations (None without any), ``places`` the nearest others.

    Each has ``opening``, « Ouvert, jusqu’à 12 h ».
    """

    support: Place | None
    places: list


def find_places(*, kind="", day=None, around=None, radius_km=None):
    """The published places of a kind, open on a day, nearest first around a commune; else by commune, then name."""
    found = Place.objects.published().select_related("commune__epci")
    if kind:
        found = found.filter(kind=kind)
    if day is not None:
        found = found.open_on(day)
    if around is None:
        return found.order_by("commune__search_name", "name", "pk")
    return within(found, around.latitude, around.longitude, radius_km or WIDEST_KM)


def nearby(latitude, longitude):
    """What the pages of the territory show of places, in four queries whatever their number."""
    published = Place.objects.published().select_related("commune")
    support = nearest_support(latitude, longitude)
    found = nearest(published, latitude, longitude, NEAREST_SHOWN + 1)
    others = [place for place in found if support is None or place.pk != support.pk][:NEAREST_SHOWN]
    now = timezone.now()
    for place in (*others, *([support] if support else ())):
        place.opening = place.opening_said(now)
    return Nearby(support, others)


def nearest_support(latitude, longitude):
    """The nearest place that helps associations, None without any."""
    supporting = Place.objects.published().select_related("commune").supporting()
    return next(iter(nearest(supporting, latitude, longitude, 1)), None)


def middle(communes):
    """(latitude, longitude) of the middle of a queryset of communes, None when it is empty."""
    found = communes.aggregate(latitude=Avg("latitude"), longitude=Avg("longitude"))
    return None if found["latitude"] is None else (found["latitude"], found["longitude"])


def nearby_communes(communes):
    """``nearby`` around the middle of several communes; None without any."""
    centre = middle(communes)
    return nearby(*centre) if centre else None


def nearby_commune(commune: Commune):
    return nearby(commune.latitude, commune.longitude)
