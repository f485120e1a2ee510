"""A territory cut in pieces that are matched apart, on any machine: needs near each other, and a halo of offers around.

The halo holds every offer that could answer one of the needs, wherever the cut passes: the answers are those of the
whole territory, to the last bit.
"""

from typing import NamedTuple

import numpy as np

from maillage.engine.match.columns import Columns
from maillage.engine.match.compiled import Index
from maillage.engine.match.kernel import EARTH_RADIUS_KM, chord2
from maillage.engine.match.relatives import Relatives
from maillage.engine.match.sides import on_globe, reach2_of

NEEDS_AT_MOST = 20_000
REACHES_KM = (10, 30, 100, np.pi * EARTH_RADIUS_KM)  # needs that go far are apart: the halo of the others stays thin
ROUNDING = 1e-9  # of the radius of the globe: six millimetres, far more than rounding could take


class Piece(NamedTuple):
    """Needs and the offers around them; ``need_rows`` and ``offer_rows``: where they are in the whole columns."""

    needs: Columns
    offers: Columns
    need_rows: np.ndarray
    offer_rows: np.ndarray


class Answers(NamedTuple):
    """The best offers of needs, as rows of the whole columns; arrays as ``Index.best`` gives them."""

    need_rows: np.ndarray
    offer_rows: np.ndarray
    scores: np.ndarray
    distances: np.ndarray

    def pairs(self):
        """(row of the need, row of the offer, score) of each answer, need by need, best first."""
        places, ranks = np.nonzero(self.offer_rows >= 0)
        rows = self.need_rows[places], self.offer_rows[places, ranks], self.scores[places, ranks]
        return zip(*(column.tolist() for column in rows), strict=True)


class Cut:
    """How columns of needs and of offers are cut: ``len`` is the number of Pieces, each made when it is asked."""

    def __init__(self, needs, offers, needs_at_most=None):
        self._needs, self._offers = needs, offers
        self._codes = needs.codes.without_words()
        self._need_points, self._need_reach2 = np.column_stack(on_globe(needs)), reach2_of(needs)
        self._halo = _Halo(offers)
        self._groups = []
        reach = np.searchsorted(REACHES_KM, needs.radius_km)
        for kind in np.unique(reach):
            self._groups += _halves(self._need_points, np.flatnonzero(reach == kind), needs_at_most or NEEDS_AT_MOST)

    def __len__(self):
        return len(self._groups)

    def __iter__(self):
        for rows in self._groups:
            reach2 = self._need_reach2[rows].max()
            around = self._halo.around(self._need_points[rows], reach2, np.unique(self._needs.category[rows]))
            needs, offers = self._needs.take(rows, self._codes), self._offers.take(around, self._codes)
            yield Piece(needs, offers, rows, around)


def match_piece(piece, top):
    """The Answers of the needs of a Piece, by one thread; -1 in ``offer_rows`` when there is no more."""
    rows, scores, distances = Index(piece.offers, needs=False).best(piece.needs, top, threads=1)
    offer_rows = np.append(piece.offer_rows, -1)[rows]
    return Answers(piece.need_rows, offer_rows, scores, distances)


class _Halo:
    """Offers from South to North, so that those around a place are looked for in a band."""

    def __init__(self, offers):
        x, y, z = on_globe(offers)
        self._rows = np.argsort(z, kind="stable")
        self._points, self._reach2 = np.column_stack((x, y, z))[self._rows], reach2_of(offers)[self._rows]
        self._category = offers.category[self._rows]
        self._relatives = Relatives(offers.codes, offers.category, needs=False)
        self._categories = len(offers.codes.categories)

    def around(self, points, reach2, categories):
        """The rows of offers, in order, that may answer needs at these points, of these categories, that go so far."""
        low, high = points.min(axis=0), points.max(axis=0)
        reach = np.sqrt(reach2) + ROUNDING
        band = slice(*np.searchsorted(self._points[:, 2], (low[2] - reach, high[2] + reach)))
        near = self._points[band]
        gap2 = chord2(*np.maximum(0, np.maximum(low - near, near - high)).T)
        useful = np.zeros(self._categories, bool)
        useful[[offered for category in categories for _, offered in self._relatives.of(category)]] = True
        kept = useful[self._category[band]] & (gap2 <= np.minimum(reach2, self._reach2[band]))
        return np.sort(self._rows[band][kept])


def _halves(points, rows, at_most):
    """Rows in groups of so many at most, halved again and again where they spread most; in order inside each."""
    if len(rows) <= at_most:
        return [np.sort(rows)]
    widest = np.ptp(points[rows], axis=0).argmax()
    ordered = rows[np.argsort(points[rows, widest], kind="stable")]
    first, second = np.split(ordered, [len(rows) // 2])
    return _halves(points, first, at_most) + _halves(points, second, at_most)
