"""Exchanges to choose from, in parts that share no structure, and the plan that is being made of them."""

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


class Pool(NamedTuple):
    """m exchanges between n structures.

    members  (m, width): rows of structures, filled up with n
    worth    (m,) int64
    part     (m,) the part of each exchange
    home     (n,) the part of each structure
    grain    what every worth is a multiple of
    """

    members: np.ndarray
    worth: np.ndarray
    part: np.ndarray
    home: np.ndarray
    grain: int

    @classmethod
    def of(cls, members, worth, size):
        """The pool of exchanges, at least one, between ``size`` structures."""
        later = members[:, 1:]
        first = np.broadcast_to(members[:, :1], later.shape)[later < size]
        ties = coo_array((np.ones(first.size, np.int8), (first, later[later < size])), shape=(size, size))
        home = connected_components(ties, directed=False)[1].astype(np.int64)
        return cls(members, worth, home[members[:, 0]], home, _grain(worth))

    @property
    def parts(self):
        return int(self.home.max(initial=-1)) + 1

    def floored(self, bound):
        """The largest totals (int64) that bounds (floats) leave possible: multiples of the grain."""
        bound = np.maximum(bound, 0) * (1 + 1e-12) + 1e-3
        return np.floor(bound / self.grain).astype(np.int64) * self.grain

    def split(self, wanted):
        """(part, its structures, its exchanges) where ``wanted`` (parts,) is true, the fewest exchanges first."""
        exchanges, structures = _grouped(self.part, self.parts), _grouped(self.home, self.parts)
        for part in sorted(np.flatnonzero(wanted).tolist(), key=lambda part: (exchanges[part].size, part)):
            yield part, structures[part], exchanges[part]

    def alone(self, structures, exchanges):
        """The pool that a part makes, its structures numbered from 0."""
        number = np.full(self.home.size + 1, structures.size, self.members.dtype)
        number[structures] = np.arange(structures.size)
        part, home = np.zeros(exchanges.size, np.int64), np.zeros(structures.size, np.int64)
        worth = self.worth[exchanges]
        return Pool(number[self.members[exchanges]], worth, part, home, _grain(worth))


class Plan:
    """The best exchanges so far, part by part.

    holder  (n + 1,) the exchange that each structure is in; -1: none, and always so for the filler
    floor   (parts,) int64: the total of each part
    """

    def __init__(self, pool):
        self.pool = pool
        self.holder = np.full(pool.home.size + 1, -1)
        self.floor = np.zeros(pool.parts, np.int64)

    @property
    def chosen(self):
        """The exchanges of the plan, in order."""
        return np.unique(self.holder[self.holder >= 0])

    def take(self, chosen):
        """Take over the parts in which these exchanges, which share no structure, are worth strictly more."""
        pool = self.pool
        total = np.zeros_like(self.floor)
        np.add.at(total, pool.part[chosen], pool.worth[chosen])
        better = total > self.floor
        self.floor[better] = total[better]
        self.holder[:-1][better[pool.home]] = -1
        chosen = chosen[better[pool.part[chosen]]]
        self.holder[pool.members[chosen]] = chosen[:, None]
        self.holder[-1] = -1


def _grain(worth):
    return int(np.gcd.reduce(worth))


def _grouped(labels, count):
    """For each label under ``count``, where it stands, in order."""
    return np.split(np.argsort(labels, kind="stable"), np.cumsum(np.bincount(labels, minlength=count))[:-1])
