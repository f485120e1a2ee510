"""Pools among many needs, found step by step: never against the rules, but not proven to be the best.

Needs are gathered around the loneliest first; those left over join a pool that has room; last, the surroundings of
those still left over, then of the widest pools, are taken apart and made anew as well as can be.
"""

import math

import numpy as np

from maillage.engine.geo import EARTH_RADIUS_KM
from maillage.engine.pools.packing import best_by_subsets

CANDIDATES = 600  # free needs that a new pool may take, the nearest; all when these do not offer enough
POOLS_TRIED = 20  # pools that a need left over asks, the nearest
WINDOW = 12  # needs of a neighbourhood made anew
WINDOWS = 2_000  # neighbourhoods made anew…
GROUPS = 400_000  # … and groups weighed for it
FREE = -1


def searched_pools(columns, rows, crowding):
    """Disjoint pools among the rows, as lists of rows.

    rows      array of n rows
    crowding  for each, how many rows are about: the fewer, the earlier a pool is sought for it
    """
    search = _Search(columns, rows)
    search.gather(rows[np.lexsort((rows, crowding))])
    search.fill()
    search.rework()
    return list(search.pools.values())


class _Search:
    """A pool has the number of one of its rows; ``pool_of`` gives each row its pool, FREE when it has none."""

    def __init__(self, columns, rows):
        count = len(columns.needs)
        self.columns = columns
        self.asked = np.zeros(count, bool)
        self.asked[rows] = True
        self.pool_of = np.full(count, FREE)
        self.pools = {}
        self.size, self.total = np.zeros(count, int), np.zeros(count, np.int64)  # of each pool, by its number
        # Rows whose cosine is less than this are farther than the radius, whatever was rounded.
        self.least_cosine = math.cos(min(math.pi, columns.radius_km / EARTH_RADIUS_KM)) - 1e-9

    def gather(self, seeds):
        """Pools one after the other, around each seed in turn."""
        for seed in seeds:
            if self.pool_of[seed] == FREE:
                members = self._grown(seed)
                if members:
                    self._make(members)

    def _grown(self, seed):
        """The seed and free rows, each the one that widens the pool least; None when they fall short."""
        columns = self.columns
        members, quantity = [seed], columns.quantity[seed]
        free = self.asked & (self.pool_of == FREE)
        candidates, farthest = self._near(seed, free, CANDIDATES)
        if columns.quantity[candidates].sum() < 4 * columns.least:
            candidates, farthest = self._near(seed, free)
        allowed = columns.may_share(seed, candidates, farthest)
        candidates, farthest = candidates[allowed], farthest[allowed]
        while len(members) < 2 or quantity < columns.least:
            slots = columns.max_members - len(members)
            offered = columns.quantity[candidates]
            reached = quantity + offered + (slots - 1) * offered.max(initial=0)
            fitting = (offered <= columns.most - quantity) & (reached >= columns.least)
            if slots < 1 or not fitting.any() or quantity + offered.sum() < columns.least:
                return None
            candidates, farthest = candidates[fitting], farthest[fitting]
            joining = candidates[np.argmin(farthest)]
            members.append(joining)
            quantity += columns.quantity[joining]
            distance = columns.distances(joining, candidates)
            allowed = columns.may_share(joining, candidates, distance)
            candidates, farthest = candidates[allowed], np.maximum(farthest, distance)[allowed]
        return members

    def fill(self):
        """Each free row joins the pool with room for it whose farthest member is the nearest, if any."""
        columns = self.columns
        for row in np.flatnonzero(self.asked & (self.pool_of == FREE)):
            near, _ = self._near(row, self.pool_of != FREE)
            number = self.pool_of[near]
            whole = np.bincount(number, minlength=len(self.size)) == self.size
            room = (self.size < columns.max_members) & (self.total <= columns.most - columns.quantity[row])
            farthest_first = number[(whole & room)[number]][::-1]
            by_farthest = list(dict.fromkeys(farthest_first.tolist()))[::-1]
            for open_pool in by_farthest[:POOLS_TRIED]:
                members = np.array(self.pools[open_pool])
                if columns.may_share(row, members, columns.distances(row, members)).all():
                    self._make([*self._taken_apart(open_pool), row])
                    break

    def rework(self):
        """Make anew, when that is better, the neighbourhoods of free rows, then those of the widest pools."""
        tried, groups_left = set(), GROUPS
        for row in self._worst_first():
            window = tuple(sorted(self._neighbourhood(row)))
            if 2 <= len(window) <= WINDOW and window not in tried:
                tried.add(window)
                groups_left -= self._remade(np.array(window))
            if len(tried) == WINDOWS or groups_left <= 0:
                break

    def _worst_first(self):
        """The rows that have no pool, again and again as long as fewer remain; then the widest pools."""
        before = math.inf
        free = np.flatnonzero(self.asked & (self.pool_of == FREE))
        while len(free) < before:
            before = len(free)
            yield from free.tolist()
            free = np.flatnonzero(self.asked & (self.pool_of == FREE))
        yield from sorted(self.pools, key=lambda number: (-self.columns.diameter_m(self.pools[number]), number))

    def _neighbourhood(self, row):
        """The row, its pool, then whole pools and free rows, the nearest first, as long as there are WINDOW at most."""
        window = list(self.pools.get(int(self.pool_of[row]), [row]))
        near, _ = self._near(row, self.asked, 4 * WINDOW)
        for other in near.tolist():
            block = self.pools.get(int(self.pool_of[other]), [other])
            if other not in window and len(window) + len(block) <= WINDOW:
                window += block
        return window

    def _remade(self, window):
        """Take the pools of the window apart for the best ones that can be made of it, when they are better.

        Returns how many groups were weighed.
        """
        numbers = set(self.pool_of[window].tolist()) - {FREE}
        possible = self.columns.groups(window, 1 << WINDOW)
        groups = best_by_subsets(possible, len(window))
        now = (
            sum(len(self.pools[number]) for number in numbers),
            -sum(self.columns.diameter_m(self.pools[number]) for number in numbers),
        )
        then = (sum(len(group.members) for group in groups), -sum(group.diameter for group in groups))
        if then > now:
            for number in numbers:
                self._taken_apart(number)
            for group in groups:
                self._make(window[list(group.members)])
        return len(possible)

    def _near(self, row, among, most=None):
        """Those of ``among`` (booleans) within the radius of the row, the nearest first, and their distances.

        most  how many of the nearest to keep, to within some centimetres
        """
        columns = self.columns
        cosine = columns.points @ columns.points[row]
        close = among & (cosine >= self.least_cosine)
        close[row] = False
        others = np.flatnonzero(close)
        if most and len(others) > most:
            others = np.sort(others[np.argpartition(-cosine[others], most)[:most]])
        distance = columns.distances(row, others)
        order = np.argsort(distance, kind="stable")[: np.count_nonzero(distance <= columns.radius_km)]
        return others[order], distance[order]

    def _make(self, members):
        number = int(min(members))
        self.pools[number] = [int(member) for member in members]
        self.pool_of[members] = number
        self.size[number] = len(members)
        self.total[number] = self.columns.quantity[members].sum()

    def _taken_apart(self, number):
        members = self.pools.pop(int(number))
        self.pool_of[members] = FREE
        self.size[number] = self.total[number] = 0
        return members
