"""The offers that answer a need and the needs that an offer answers, computed at each reading (docs/adr/0005)."""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_

from django.db.models import F, FloatField, Func, Q, Value
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from maillage.engine import match as engine
from maillage.engine.french import NBSP
from maillage.engine.geo import bounding_box
from maillage.sharing import taxonomy
from maillage.sharing.availability import is_always_free, is_ever_free, windows
from maillage.sharing.models import Listing
from maillage.territory.points import in_degrees

HORIZON_DAYS = 366
LEAST_CENTS = 1


@dataclass(frozen=True)
class Answer:
    """A listing that answers another one; ``reasons`` are plain French, best first."""

    listing: Listing
    score: float
    distance_km: float
    reasons: tuple


def matches_for(listing, viewer, top=6):
    """Listings of the other direction that answer ``listing`` and that ``viewer`` may see: Answers, best first."""
    candidates = list(_candidates([listing], viewer).values_list(*_COMPARED, *_WORDS, named=True))
    best = _best(listing, candidates, top)
    if is_always_free(listing):
        chosen = {pk for pk, _ in best}
        best = _best(listing, [row for row in candidates if row.pk in chosen], top, names_days=True)
    rows = Listing.objects.select_related("structure", "commune").defer("search_vector").in_bulk([pk for pk, _ in best])
    return [
        Answer(rows[pk], found.score, found.distance_km, _with_price(found.reasons, _offer_of(listing, rows[pk])))
        for pk, found in best
        if pk in rows
    ]


def count_answers(listings, viewer):
    """{listing id: how many listings that ``viewer`` may see answer it}, in the same two queries for one or many."""
    candidates = list(_candidates(listings, viewer).values_list(*_COMPARED, named=True)) if listings else []
    return {listing.pk: len(_answers(listing, candidates)) for listing in listings}


def all_answers(listing, among):
    """Ids of the listings of ``among`` that ``listing`` answers or that answer it, whoever may see them."""
    candidates = among.published().filter(_may_answer(listing)).order_by()
    return _answers(listing, candidates.values_list(*_COMPARED, named=True))


def _answers(listing, candidates):
    """Ids of the candidates that meet ``listing``; their words would but rank them, and are not read."""
    asked, others = _compared(listing, candidates, named=not is_always_free(listing), worded=False)
    return engine.that_meet(asked, others, needs=listing.direction == Listing.Direction.OFFER)


def _best(listing, candidates, top, *, names_days=False):
    """The ``top`` best (id, engine's Match) of ``listing`` among the candidates.

    names_days  for a listing that is always free, the days of others change no score: only their reasons tell them
    """
    asked, others = _compared(listing, candidates, named=names_days or not is_always_free(listing), worded=True)
    if listing.direction == Listing.Direction.NEED:
        return [(found.offer, found) for found in engine.best_offers(asked, others, top)]
    return [(found.need, found) for found in engine.best_needs(asked, others, top)]


def _compared(listing, candidates, *, named, worded):
    """``listing`` and the candidates that may meet it, as the engine reads them: none when it is never free."""
    first_day, days = _period(listing)
    asked = _for_engine(listing, listing, first_day, days, named=named, worded=worded)
    if not is_ever_free(listing, first_day, days):
        return asked, []
    related = set(_related(listing.category))
    return asked, [
        _for_engine(row, listing, first_day, days, named=named, worded=worded)
        for row in candidates
        if row.direction != listing.direction and row.category in related and is_ever_free(row, first_day, days)
    ]


def _period(listing):
    """The days to look at: from today or the first day of ``listing`` on, to its last day or for a year."""
    first_day = max(timezone.localdate(), listing.first_day or timezone.localdate())
    last_day = first_day + timedelta(days=HORIZON_DAYS)
    return first_day, (min(last_day, listing.last_day or last_day) - first_day).days + 1


def _candidates(listings, viewer):
    """What SQL can rule out for all of ``listings`` is ruled out here; the engine decides on the rest."""
    useful = reduce(or_, (_may_answer(listing) for listing in listings))
    return Listing.objects.visible_to(viewer).published().filter(useful).order_by()


def _may_answer(listing):
    first_day, days = _period(listing)
    is_need = listing.direction == Listing.Direction.NEED
    useful = (
        Q(direction=Listing.Direction.OFFER if is_need else Listing.Direction.NEED)
        & Q(category__in=_related(listing.category))
        & (Q(first_day__isnull=True) | Q(first_day__lt=first_day + timedelta(days=days)))
        & (Q(last_day__isnull=True) | Q(last_day__gte=first_day))
        & (Q(quantity__gte=listing.quantity) if is_need else Q(quantity__lte=listing.quantity))
        & ~Q(structure=listing.structure_id)
        & _near(listing)
        & (_affordable(listing) if is_need else _paying(listing))
    )
    if days == 1:
        useful &= Q(weekdays=[]) | Q(weekdays__contains=[first_day.weekday()])
    return useful


def _near(listing):
    """Within the radius of each; a metre too far in SQL, as the engine measures again.

    Categories rule out more than a box does: the index on points, which may give most listings, is left alone.
    """
    place = Value(listing.latitude), Value(listing.longitude), F("latitude"), F("longitude")
    distance = Func(*place, function="great_circle_km", output_field=FloatField())
    near = Q(radius_km__isnull=True) | Q(LessThanOrEqual(distance - 0.001, F("radius_km")))
    if listing.radius_km:
        near &= in_degrees(*bounding_box(listing.latitude, listing.longitude, listing.radius_km))
        near &= Q(LessThanOrEqual(distance - 0.001, listing.radius_km))
    return near


def _affordable(need):
    """Offers that ask no more than ``need`` can pay."""
    most = _price(need)
    if most is None:
        return Q()
    free = Q(conditions=Listing.Conditions.FREE)
    within = Q(price_cents__isnull=True) | Q(price_cents__lte=most) | ~Q(price_unit=need.price_unit)
    return free | within if most else free


def _paying(offer):
    """Needs that can pay what ``offer`` asks."""
    asked = _price(offer)
    if not asked:
        return Q()
    enough = Q(price_cents__isnull=True) | Q(price_cents__gte=asked) | ~Q(price_unit=offer.price_unit)
    return ~Q(conditions=Listing.Conditions.FREE) & enough


_COMPARED = (
    *("pk", "structure_id", "direction", "category", "quantity", "latitude", "longitude", "radius_km"),
    *("first_day", "last_day", "weekdays", "starts_at", "ends_at", "conditions", "price_cents", "price_unit"),
)
_WORDS = ("title", "text")


def _related(category):
    return [*taxonomy.descendants(category), *taxonomy.ancestors(category)]


def _for_engine(row, asked, first_day, days, *, named, worded):
    """``row`` as the engine reads it: its windows in the period when they are ``named``, its words when ``worded``."""
    return engine.Listing(
        id=row.pk,
        structure=row.structure_id,
        category=_steps(row, asked),
        lat=row.latitude,
        lon=row.longitude,
        text=f"{row.title} {row.text}" if worded else "",
        quantity=row.quantity,
        radius_km=row.radius_km,
        windows=windows(row, first_day, days) if named and not is_always_free(row) else (),
        price_cents=_comparable_price(row, asked),
    )


def _offer_of(listing, other):
    return listing if listing.direction == Listing.Direction.OFFER else other


def _with_price(reasons, offer):
    """The reasons with the price as the offer says it: the engine knows cents, not « par jour » nor « à convenir »."""
    if offer.conditions == Listing.Conditions.FREE:
        return reasons
    return tuple(f"prix{NBSP}: {offer.price}" if _PRICE_REASON.match(reason) else reason for reason in reasons)


_PRICE_REASON = re.compile("prix|dans le budget")


def _steps(row, asked):
    """A code that tells the engine how far apart two related categories are, whichever of them is the wider.

    The engine takes an offer filed at the need's category or below it. Here an offer of « Véhicules » answers a need of
    a van too, as far from it as an offer of a van is from a need of « Véhicules ».
    """
    apart = abs(row.category.count(".") - asked.category.count("."))
    if asked.direction == Listing.Direction.NEED:
        return ".".join(["need"] + ["step"] * apart)
    return ".".join(["offer"] + ["step"] * (_MOST_STEPS - apart))


_MOST_STEPS = 8


def _price(row):
    """Cents; None is an open budget, and an open price asks the least there is: more than « gratuit »."""
    if row.conditions == Listing.Conditions.FREE:
        return 0
    is_open_offer = row.price_cents is None and row.direction == Listing.Direction.OFFER
    return LEAST_CENTS if is_open_offer else row.price_cents


def _comparable_price(row, asked):
    """Cents, or None (open) when one is by the day and the other by the kilometre; nothing is dearer than « free »."""
    price = _price(row)
    if row.price_unit != asked.price_unit and price and _price(asked):
        return None
    return price
