"""One listing compared with all the others at once, in NumPy: nothing to compile, for thousands of pairs."""

import numpy as np

from maillage.engine.match.codes import ranges
from maillage.engine.match.kernel import MILLION, arc_km, chord2, is_allowed, likeness, millionths
from maillage.engine.match.relatives import Relatives
from maillage.engine.match.sides import side_of


class Pairs:
    """``compiled.Index`` for few pairs: the same answers, to the last bit."""

    def __init__(self, columns, *, needs):
        self._codes, self._needs = columns.codes, needs
        self._others = side_of(columns, needs=needs)
        self._relatives = Relatives(self._codes, self._others.category, needs=needs)

    def best(self, columns, top):
        asked = side_of(columns, needs=not self._needs)
        shape = len(columns), min(top, len(self._others.row))
        rows, scores, distances = np.full(shape, -1, np.int32), np.zeros(shape), np.zeros(shape)
        for i in range(len(columns)):
            found, score, distance_km = self._ranked(asked, i)
            best = np.argsort(-score, kind="stable")[:top]  # rows are in order: of equals, the first stays first
            place = i, slice(len(best))
            rows[place], scores[place], distances[place] = found[best], score[best] / MILLION, distance_km[best]
        return rows, scores, distances

    def _ranked(self, asked, i):
        """The rows that meet row ``i`` of ``asked``, in order, with the score and the distance of each."""
        others = self._others
        levels = np.full(len(self._codes.categories), -1)
        for apart, category in self._relatives.of(asked.category[i]):
            levels[category] = apart
        rows = np.flatnonzero(levels[others.category] >= 0)
        rows = rows[is_allowed(others, rows, asked, i) if self._needs else is_allowed(asked, i, others, rows)]
        extents = asked.x[i] - others.x[rows], asked.y[i] - others.y[rows], asked.z[i] - others.z[rows]
        straight2 = chord2(*extents)
        near = straight2 <= np.minimum(asked.reach2[i], others.reach2[rows])
        rows, straight2 = rows[near], straight2[near]
        share = self._time_share(asked, i, rows)
        free = share > 0
        rows, straight2, share = rows[free], straight2[free], share[free]
        distance_km = arc_km(straight2)
        score = millionths(levels[others.category[rows]], distance_km, self._likeness(asked, i, rows), share)
        return rows, score, distance_km

    def _likeness(self, asked, i, rows):
        others = self._others
        own = asked.stems[asked.first_stem[i] : asked.first_stem[i + 1]]
        wanted = np.zeros(max(asked.vocabulary[0], others.vocabulary[0]), bool)
        wanted[own] = True
        before = np.concatenate(([0], np.cumsum(wanted[others.stems])))  # stems in common before each of all stems
        first, end = others.first_stem[rows], others.first_stem[rows + 1]
        return likeness(before[end] - before[first], len(own), end - first)

    def _time_share(self, asked, i, rows):
        """The share of the need's time at which the offer is free: 1 when either is always."""
        share, others = np.ones(len(rows)), self._others
        spans = slice(asked.first_span[asked.calendar[i]], asked.first_span[asked.calendar[i] + 1])
        first, end = (others.first_span[others.calendar[rows] + bound] for bound in (0, 1))
        dated = end > first
        if spans.start == spans.stop or not dated.any():
            return share
        count = (end - first)[dated]
        which = ranges(first[dated], count)
        starts, ends = asked.starts[spans], asked.ends[spans]
        common = _elapsed(starts, ends, others.ends[which]) - _elapsed(starts, ends, others.starts[which])
        total = others.total[others.calendar[rows[dated]]] if self._needs else asked.total[asked.calendar[i]]
        share[dated] = np.add.reduceat(common, np.cumsum(count) - count) / np.maximum(1, total)
        return share


def _elapsed(starts, ends, instants):
    """How much of the spans, disjoint and in order, is over at each instant."""
    lengths = ends - starts
    last = np.searchsorted(starts, instants, "right") - 1  # the last that has begun; -1: none
    elapsed = (np.cumsum(lengths) - lengths)[last] + np.minimum(instants - starts[last], lengths[last])
    return np.where(last < 0, 0, elapsed)
