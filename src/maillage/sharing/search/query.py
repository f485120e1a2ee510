"""The search itself: criteria in, the listings that answer them out, in a constant number of SQL queries."""

from dataclasses import replace
from math import log
from typing import NamedTuple

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Count, F, FloatField, Func, Q, Value, Window
from django.db.models.functions import Coalesce, Exp, Least

from maillage.engine.geo import bounding_box
from maillage.engine.text import stems
from maillage.sharing import taxonomy
from maillage.sharing.bookings.queries import taken_on
from maillage.sharing.models import Listing
from maillage.sharing.search.criteria import DISTANCE
from maillage.sharing.search.quantities import read_asked
from maillage.sharing.search.spelling import mend
from maillage.territory.points import in_box, point

WEIGHTS = [0.1, 0.3, 0.7, 1.0]  # D structure and commune, C description, B category, A title
RELEVANCE_HALVES_EVERY_KM = 15
MOST_COUNTED = 1000
HALF_AROUND_EARTH_KM = 20_038
A_METRE = 0.001  # two computations of one distance may differ by less


class Found(NamedTuple):
    """``listings`` of one page carry ``distance_km`` (None without a place).

    ``total`` is exact when words are searched; otherwise it stops at MOST_COUNTED + 1, for whole cities answer.
    """

    listings: list
    total: int
    mends: list

    @property
    def is_beyond_counting(self):
        return self.total > MOST_COUNTED


def search(criteria, *, user, today, first=0, size=24):
    """The listings that ``user`` may see and that answer the Criteria, best first, from the ``first`` on."""
    asked = read_asked(criteria.words).words
    mends = mend(" ".join(asked), user=user)
    if asked:
        found = _ranked(matching(criteria, mends, user=user, today=today), criteria, mends)
        rows = list(found.values_list("pk", "distance_km", Window(Count("*")))[first : first + size])
        total = rows[0][-1] if rows else found.count()
    else:
        everywhere = matching(replace(criteria, place=None), user=user, today=today)
        total = count(_around(everywhere, criteria))
        found = _ranked(_around(everywhere, criteria, enough=first + size), criteria, ())
        rows = list(found.values_list("pk", "distance_km")[first : first + size])
    by_pk = (
        Listing.objects.select_related("structure", "commune").defer("search_vector").in_bulk([row[0] for row in rows])
    )
    for pk, distance_km, *_ in rows:
        by_pk[pk].distance_km = distance_km  # type: ignore[attr-defined]
    return Found([by_pk[row[0]] for row in rows], total, mends)


def count(found):
    """How many, up to MOST_COUNTED + 1: beyond, people narrow their search rather than read on."""
    return found.order_by().values("pk")[: MOST_COUNTED + 1].count()


def matching(criteria, mends=(), *, user, today):
    """The queryset of what answers the Criteria, with ``distance_km``; not sorted."""
    still_useful = Q(last_day__isnull=True) | Q(last_day__gte=today)
    found = Listing.objects.visible_to(user).published().filter(still_useful, direction=criteria.direction)
    if asked := read_asked(criteria.words).words:
        found = found.filter(search_vector=having_every(asked, mends))
    if criteria.category:
        found = found.filter(category__in=taxonomy.descendants(criteria.category))
    if criteria.day:
        found = found.free_on(criteria.day)
        if criteria.direction == Listing.Direction.OFFER:
            found = found.exclude(pk__in=taken_on(criteria.day))
    if criteria.max_price_cents is not None:
        known = Q(conditions=Listing.Conditions.FREE) | Q(price_cents__lte=criteria.max_price_cents)
        found = found.filter(known)
    return _around(found, criteria)


def _around(found, criteria, enough=None):
    """What is within the radius, and no farther than each listing itself accepts, with ``distance_km``.

    enough   how many of the nearest will be read: the circle shrinks to what holds them, so that a whole city is not
             measured to show its first page
    """
    place, radius_km = criteria.place, criteria.radius_km or HALF_AROUND_EARTH_KM
    if not place:
        return found.annotate(distance_km=Value(None, FloatField()))
    found = found.annotate(distance_km=_distance_to(place))
    if enough:
        radius_km = min(radius_km, _radius_that_holds(enough, found, place, radius_km))
    box = bounding_box(place.latitude, place.longitude, radius_km)
    return found.filter(in_box(*box), distance_km__lte=_accepted(radius_km))


def _radius_that_holds(enough, found, place, radius_km):
    """The farthest of the nearest in degrees, which the index gives in order: no listing left out can be nearer."""
    centre = Func(place.longitude, place.latitude, function="point")
    in_degrees = Func(point(), centre, template="%(expressions)s", arg_joiner=" <-> ", output_field=FloatField())
    nearest = found.filter(distance_km__lte=_accepted(radius_km)).order_by(in_degrees)
    distances = list(nearest.values_list("distance_km", flat=True)[:enough])
    return max(distances) + A_METRE if len(distances) == enough else radius_km


def _accepted(radius_km):
    return Least(Coalesce(F("radius_km"), radius_km), radius_km)


def _distance_to(place):
    here = (F("latitude"), F("longitude"), Value(place.latitude), Value(place.longitude))
    return Func(*here, function="great_circle_km", output_field=FloatField())


def _is_nearest_first(criteria):
    return criteria.place is not None and (criteria.sort == DISTANCE or not read_asked(criteria.words).words)


def _ranked(found, criteria, mends):
    newest = (F("published_at").desc(), F("pk").desc())
    if _is_nearest_first(criteria):
        return found.order_by("distance_km", *newest)
    asked = read_asked(criteria.words).words
    if not asked:
        return found.order_by(*newest)
    relevance = SearchRank(F("search_vector"), having_every(asked, mends), weights=WEIGHTS)
    if criteria.place:
        relevance = relevance * Exp(F("distance_km") * (-log(2) / RELEVANCE_HALVES_EVERY_KM))
    return found.order_by(relevance.desc(), *newest)


def having_every(asked, mends=()):
    """The query of the listings that have every word ``asked``, as typed or as mended."""
    return _text_query(" & ".join(_accepted_stems(asked, mends)))


def having_any(asked, mends=()):
    """The query of the listings that have one of the words ``asked``, as typed or as mended."""
    return _text_query(" | ".join(_accepted_stems(asked, mends)))


def _accepted_stems(asked, mends):
    meant = dict(mends)
    return [f"({' | '.join(dict.fromkeys([*stems(word), *stems(meant.get(word, ''))]))})" for word in asked]


def _text_query(text):
    return SearchQuery(text, config="simple", search_type="raw")
