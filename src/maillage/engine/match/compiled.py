"""The loops of ``kernel`` compiled: a side kept ready, with which any number of listings are compared.

The threads that share the work are Python's: on some machines, those of Numba end the process when two requests use
them at the same time. Each listing is answered by itself: answers depend neither on their number nor on company.
"""

import os
from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
from numba.extending import register_jitable

from maillage.engine.match import kernel
from maillage.engine.match.relatives import Relatives
from maillage.engine.match.sides import in_tiles, side_of, tile_order

AT_A_TIME = 2048  # listings that a thread takes

for function in (
    *(kernel.is_allowed, kernel.chord2, kernel.arc_km, kernel.likeness, kernel.millionths),
    *(kernel.mark, kernel.search, kernel.tile_gap2, kernel.scan, kernel.sift, kernel.ones),
    *(kernel.needed_likeness, kernel.useful_reach2, kernel.time_share, kernel.replace_worst),
):
    register_jitable(function)
_answer = numba.njit(kernel.answer, cache=True, nogil=True, error_model="numpy")


class Index:
    """Needs, or offers, kept ready: one listing is answered among a million and a half in a third of a millisecond."""

    def __init__(self, columns, *, needs):
        """``columns`` of ``needs``, or of offers."""
        self._codes, self._needs = columns.codes, needs
        side = side_of(columns, needs=needs)
        self._others, self._tiles = in_tiles(side, len(self._codes.categories))
        self._relatives = Relatives(self._codes, side.category, needs=needs)

    def best(self, columns, top, threads=None):
        """The best of the index for each of the n rows of ``columns``, which are the other side.

        threads  that share the work; None: as many as the machine has processors

        Returns  (rows, scores, distances), each (n, min(top, rows of the index)), best first: int32 rows of the columns
                 of the index, -1 when there is no more; float64 scores from 0 to 1; float64 kilometres
        """
        if columns.codes is not self._codes:
            raise ValueError("needs and offers that are compared share their codes")
        asked = side_of(columns, needs=not self._needs)
        shape = len(columns), min(top, len(self._others.row))
        rows, scores, distances = np.full(shape, -1, np.int32), np.zeros(shape), np.zeros(shape)
        visits = self._visits(asked.category)

        def work(chosen):
            _answer(asked, chosen, self._others, self._tiles, visits, self._needs, rows, scores, distances)

        if not rows.size:
            return rows, scores, distances
        if len(columns) <= AT_A_TIME:
            work(asked.row)
        else:
            order, _ = tile_order(asked, len(self._codes.categories))  # what neighbours look at is still in the cache
            with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
                list(pool.map(work, np.array_split(order, -(-len(order) // AT_A_TIME))))
        return rows, scores, distances

    def _visits(self, categories):
        asked = np.unique(categories).tolist()
        found = [self._relatives.of(category) for category in asked]
        count = np.zeros(len(self._codes.categories), np.int64)
        count[asked] = [len(relatives) for relatives in found]
        pairs = np.array([pair for relatives in found for pair in relatives], np.int64).reshape(-1, 2)
        return kernel.Visits(np.concatenate(([0], np.cumsum(count))), pairs[:, 1].copy(), pairs[:, 0].copy())


def match_columns(needs, offers, top=20):
    """``Index.best``: the ``top`` best offers of each need, as rows of ``offers``."""
    return Index(offers, needs=False).best(needs, top)
