"""Listings as columns: one array for each thing that is compared, one row a listing.

``Columns.of(listings, codes)`` makes them from objects; a database or a generator fills the arrays itself.
"""

from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from maillage.engine.match.codes import Calendars, Codes, ranges

OPEN = -1  # a price that is left open


@dataclass(frozen=True, eq=False, kw_only=True)
class Columns:
    """Needs, or offers: n rows, in the order that settles ties (of two equals, the first is the better).

    structure          (n,) int64: numbers that needs and offers share, be they a database's
    category           (n,) int32: those of ``codes``
    lat, lon           (n,) float64: degrees
    quantity           (n,) int64
    radius_km          (n,) float64; inf: no limit
    price_cents        (n,) int64; OPEN: open
    first_stem, stems  (n + 1,) int64, (s,) int32: as ``codes.texts`` gives them
    calendar           (n,) int32: which of the calendars; one without spans is « always »
    """

    codes: Codes
    structure: np.ndarray
    category: np.ndarray
    lat: np.ndarray
    lon: np.ndarray
    quantity: np.ndarray
    radius_km: np.ndarray
    price_cents: np.ndarray
    first_stem: np.ndarray
    stems: np.ndarray
    calendar: np.ndarray
    calendars: Calendars

    @classmethod
    def of(cls, listings, codes):
        """The columns of a list of Listing, in its order."""
        first_stem, stems = codes.texts(listing.text for listing in listings)
        numbers: dict[tuple, int] = {}
        calendar = _column(listings, lambda listing: numbers.setdefault(tuple(listing.windows), len(numbers)), np.int32)
        return cls(
            codes=codes,
            structure=_column(listings, lambda listing: codes.structure(listing.structure), np.int64),
            category=_column(listings, lambda listing: codes.category(listing.category), np.int32),
            lat=_column(listings, attrgetter("lat"), float),
            lon=_column(listings, attrgetter("lon"), float),
            quantity=_column(listings, attrgetter("quantity"), np.int64),
            radius_km=_column(listings, lambda listing: _or(listing.radius_km, np.inf), float),
            price_cents=_column(listings, lambda listing: _or(listing.price_cents, OPEN), np.int64),
            first_stem=first_stem,
            stems=stems,
            calendar=calendar,
            calendars=codes.calendars(numbers),
        )

    def __len__(self):
        return len(self.category)

    def take(self, rows, codes=None):
        """The columns of these rows, in the order given; ``codes``: others, with the same categories."""
        count = np.diff(self.first_stem)[rows]
        used, calendar = np.unique(self.calendar[rows], return_inverse=True)
        return Columns(
            codes=codes or self.codes,
            **{name: getattr(self, name)[rows] for name in _PLAIN},
            first_stem=np.concatenate(([0], np.cumsum(count))),
            stems=self.stems[ranges(self.first_stem[rows], count)],
            calendar=calendar.astype(np.int32),
            calendars=self.calendars.take(used),
        )


_PLAIN = ("structure", "category", "lat", "lon", "quantity", "radius_km", "price_cents")


def _column(listings, value, kind):
    return np.fromiter(map(value, listings), kind, len(listings))


def _or(value, default):
    return default if value is None else value
