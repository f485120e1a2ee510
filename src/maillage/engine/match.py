"""Which offers answer which needs, best first: exact, and the same whether one need is asked or a million.

Hard limits are never broken. An offer answers a need when all of these hold:

category   the offer's code is the need's, or lies below it (``technical.vehicles.van`` answers ``technical.vehicles``)
structure  another one than the need's
distance   great circle, at most the need's ``radius_km``, and at most the offer's; None is no limit
windows    some time in common; no window at all is « always »
quantity   the offer has at least what the need asks
price      the offer asks at most what the need can pay; None is open, on either side

The score, from 0 to 1, depends on the pair alone: adding or removing a listing never changes the score of two others.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter, itemgetter

import numpy as np

from maillage.engine.geo import distances_km
from maillage.engine.reasons import reasons_for
from maillage.engine.spans import merged
from maillage.engine.text import stems

WEIGHT_CATEGORY, WEIGHT_NEARNESS, WEIGHT_TEXT, WEIGHT_TIME = 0.40, 0.25, 0.25, 0.10
HALF_NEAR_KM = 20  # at this distance an offer is half as near as next door
SCORE_DECIMALS = 6  # scores equal to a millionth are equal: the earlier id goes first

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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


def match(needs, offers, top=20):
    """{need id: its ``top`` best Match, best first}; a tie goes to the smaller offer id, numbers before texts."""
    columns = _Offers(offers)
    return {need.id: columns.best_for(need, top) for need in needs}


def best_offers(need, offers, top=20):
    """The ``top`` best Match of one need: what ``match`` says of it among any others."""
    return _Offers(offers).best_for(need, top)


def best_needs(offer, needs, top=20):
    """The ``top`` best Match of one offer: what ``match`` says of it; a tie goes to the smaller need id."""
    columns = _Offers([offer])
    ranked = []
    for need in needs:
        rows, score, distance, time_share = columns.ranked(need)
        if rows.size:
            ranked.append(
                (-float(score[0]), isinstance(need.id, str), need.id, need, float(distance[0]), time_share[0])
            )
    ranked.sort(key=itemgetter(0, 1, 2))
    return tuple(
        columns.told(need, 0, -negative, distance, time_share == 1)
        for negative, _, _, need, distance, time_share in ranked[:top]
    )


class _Offers:
    """Offers as columns, in the order of their ids, so that the first of two equals is the one to keep."""

    def __init__(self, offers):
        self.rows = sorted(offers, key=lambda offer: (isinstance(offer.id, str), offer.id))
        count = len(self.rows)
        self.lat, self.lon = self._column("lat", float), self._column("lon", float)
        self.quantity = self._column("quantity", np.int64)
        self.radius_km = np.array([_or(row.radius_km, np.inf) for row in self.rows], float)
        self.price = np.array([_or(row.price_cents, 0) for row in self.rows], np.int64)
        self.depth = np.array([row.category.count(".") for row in self.rows], float)

        codes: dict[str | int, int] = {}
        self.structure = np.fromiter(
            (codes.setdefault(row.structure, len(codes)) for row in self.rows), np.int64, count
        )
        self.structure_codes = codes
        self.rows_of_category = _rows_by([row.category] for row in self.rows)
        self.rows_below = {}

        self.stems = [frozenset(stems(row.text)) for row in self.rows]
        self.stem_count = np.array([len(found) for found in self.stems], float)
        self.rows_of_stem = _rows_by(self.stems)

        aware = any(start.tzinfo for row in self.rows for start, _ in row.windows)
        self.epoch = _EPOCH if aware else _EPOCH.replace(tzinfo=None)
        spans = [self._spans(row.windows) for row in self.rows]
        self.span_count = np.array([len(found) for found in spans], int)
        self.first_span = np.cumsum(self.span_count) - self.span_count
        self.spans = np.array([span for found in spans for span in found], np.int64).reshape(-1, 2)

    def _column(self, name, kind):
        return np.fromiter(map(attrgetter(name), self.rows), kind, len(self.rows))

    def _spans(self, windows):
        """Merged, in whole microseconds since 1970, which arrays hold exactly; TypeError when naive and aware mix."""
        microsecond = timedelta(microseconds=1)
        return merged(
            ((start - self.epoch) // microsecond, (end - self.epoch) // microsecond) for start, end in windows
        )

    def best_for(self, need, top):
        rows, score, distance, time_share = self.ranked(need)
        best = np.lexsort((rows, -score))[:top]
        return tuple(self.told(need, rows[i], float(score[i]), float(distance[i]), time_share[i] == 1) for i in best)

    def ranked(self, need):
        """The rows that answer ``need``, in any order, with the score, distance and share of time of each."""
        rows = self._of_category(need.category)
        rows = rows[
            (self.quantity[rows] >= need.quantity)
            & (self.structure[rows] != self.structure_codes.get(need.structure, -1))
            & (self.price[rows] <= _or(need.price_cents, np.inf))
        ]
        distance = distances_km(need.lat, need.lon, self.lat[rows], self.lon[rows])
        near = distance <= np.minimum(self.radius_km[rows], _or(need.radius_km, np.inf))
        rows, distance = rows[near], distance[near]
        time_share = self._time_share(need, rows)
        free = time_share > 0
        rows, distance, time_share = rows[free], distance[free], time_share[free]

        score = (
            WEIGHT_CATEGORY / (1 + self.depth[rows] - need.category.count("."))
            + WEIGHT_NEARNESS / (1 + distance / HALF_NEAR_KM)
            + WEIGHT_TEXT * self._text_likeness(need, rows)
            + WEIGHT_TIME * time_share
        ).round(SCORE_DECIMALS)
        return rows, score, distance, time_share

    def _of_category(self, code):
        """The rows whose category is ``code`` or lies below it."""
        if code not in self.rows_below:
            found = [
                rows
                for category, rows in self.rows_of_category.items()
                if category == code or category.startswith(f"{code}.")
            ]
            self.rows_below[code] = np.sort(np.concatenate(found)) if found else np.empty(0, int)
        return self.rows_below[code]

    def _time_share(self, need, rows):
        """The share of the need's time at which each row is free: 1.0 when either is always there."""
        share = np.ones(len(rows))
        dated = self.span_count[rows] > 0
        if not need.windows or not dated.any():
            return share
        spans = np.array(self._spans(need.windows), np.int64).ravel()
        # The need's time elapsed at each of its bounds: linear inside its windows, level between them.
        lengths = np.where(np.arange(spans.size) % 2, np.diff(spans, prepend=spans[0]), 0)
        elapsed = np.cumsum(lengths)
        counts = self.span_count[rows[dated]]
        starts = np.cumsum(counts) - counts
        which = np.repeat(self.first_span[rows[dated]] - starts, counts) + np.arange(counts.sum())
        at_bounds = np.interp(self.spans[which] - spans[0], spans - spans[0], elapsed)
        share[dated] = np.add.reduceat(at_bounds[:, 1] - at_bounds[:, 0], starts) / elapsed[-1]
        return share

    def _text_likeness(self, need, rows):
        """The cosine of the two sets of stems: 1.0 when they are the same, 0.0 without a word in common."""
        wanted = set(stems(need.text))
        common = np.zeros(len(self.rows))
        for stem in wanted & self.rows_of_stem.keys():
            common[self.rows_of_stem[stem]] += 1
        return common[rows] / np.sqrt(np.maximum(1, len(wanted) * self.stem_count[rows]))

    def told(self, need, row, score, distance_km, all_the_time):
        offer = self.rows[row]
        reasons = reasons_for(need, offer, distance_km, self.stems[row], all_the_time=all_the_time)
        return Match(need.id, offer.id, score, round(distance_km, 3), reasons)


def _or(value, default):
    return default if value is None else value


def _rows_by(keys_of_rows):
    """{key: array of the rows that have it}."""
    found: dict[str, list[int]] = {}
    for row, keys in enumerate(keys_of_rows):
        for key in keys:
            found.setdefault(key, []).append(row)
    return {key: np.array(rows) for key, rows in found.items()}
