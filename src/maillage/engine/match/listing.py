"""What is matched, and what comes out: plain frozen values."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A need or an offer.

    id, structure  text or int; ids are unique among the needs, and among the offers
    category       dotted code, from the widest to the most precise
    lat, lon       degrees (WGS 84)
    radius_km      how far the structure goes; None: no limit
    windows        tuple of (start, end) datetimes, half-open; all naive (local time) or all aware; (): always
    price_cents    offer: asked; need: at most; None: open
    """

    id: str | int
    structure: str | int
    category: str
    lat: float
    lon: float
    text: str = ""
    quantity: int = 1
    radius_km: float | None = None
    windows: tuple[tuple[datetime, datetime], ...] = ()
    price_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """An offer that answers a need; ``reasons`` are plain French, for either side to read."""

    need: str | int
    offer: str | int
    score: float
    distance_km: float
    reasons: tuple[str, ...]


def in_order(listings):
    """By id, numbers before texts: of two equals, the first is the one to keep."""
    return sorted(listings, key=lambda listing: (isinstance(listing.id, str), listing.id))
