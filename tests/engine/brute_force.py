"""The engine's match, written the slow way: every pair, sets of hours, angles between vectors."""

import math
from datetime import timedelta

from maillage.engine.geo import EARTH_RADIUS_KM
from maillage.engine.text import stems


def answers(need, offers, top):
    """[(offer id, score)…] for one need."""
    scored = [(offer, score(need, offer)) for offer in offers if allowed(need, offer)]
    scored.sort(key=lambda pair: (-pair[1], isinstance(pair[0].id, str), pair[0].id))
    return [(offer.id, value) for offer, value in scored[:top]]


def allowed(need, offer):
    levels = need.category.split(".")
    radii = [listing.radius_km for listing in (need, offer) if listing.radius_km is not None]
    return (
        offer.category.split(".")[: len(levels)] == levels
        and offer.structure != need.structure
        and all(distance(need, offer) <= radius for radius in radii)
        and time_share(need, offer) > 0
        and offer.quantity >= need.quantity
        and (need.price_cents is None or offer.price_cents is None or offer.price_cents <= need.price_cents)
    )


def score(need, offer):
    deeper = len(offer.category.split(".")) - len(need.category.split("."))
    wanted, given = set(stems(need.text)), set(stems(offer.text))
    likeness = len(wanted & given) / math.sqrt(len(wanted) * len(given)) if wanted and given else 0
    nearness = 20 / (20 + distance(need, offer))
    return round(0.4 / (1 + deeper) + 0.25 * nearness + 0.25 * likeness + 0.1 * time_share(need, offer), 6)


def time_share(need, offer):
    wanted, free = hours(need), hours(offer)
    return len(wanted & free) / len(wanted) if wanted and free else 1.0


def hours(listing):
    """The hours of windows whose bounds are whole hours."""
    return {
        start + timedelta(hours=number)
        for start, end in listing.windows
        for number in range((end - start) // timedelta(hours=1))
    }


def distance(one, other):
    a, b = vector(one), vector(other)
    across = (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    return EARTH_RADIUS_KM * math.atan2(math.hypot(*across), sum(x * y for x, y in zip(a, b, strict=True)))


def vector(listing):
    lat, lon = math.radians(listing.lat), math.radians(listing.lon)
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)
