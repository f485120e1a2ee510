"""Calendars of many, and whether those of two meet."""

import numpy as np

from maillage.engine.spans import merged


class Calendars:
    """The windows of n rows, as one column of spans: (start, end) pairs, half-open; no window is « always ».

    Only the order of their bounds matters: each is replaced by its rank.
    """

    def __init__(self, windows):
        bounds = sorted({bound for spans in windows for span in spans for bound in span})
        rank = {bound: place for place, bound in enumerate(bounds)}
        always = [(-1, len(bounds))]
        self.always = np.array([not each for each in windows], bool)
        spans = [merged((rank[start], rank[end]) for start, end in each) or always for each in windows]
        self.count = np.array([len(each) for each in spans], int)
        self.first = np.cumsum(self.count) - self.count
        self.start, self.end = np.array([span for each in spans for span in each], int).reshape(-1, 2).T

    def clash(self, row, others):
        """Whether some time is both in the row's calendar and in that of each of the others: an array of booleans."""
        if not len(others):
            return np.zeros(0, bool)
        mine = slice(self.first[row], self.first[row] + self.count[row])
        counts = self.count[others]
        places = np.cumsum(counts) - counts
        theirs = np.repeat(self.first[others] - places, counts) + np.arange(counts.sum())
        # A span meets mine when the first of mine to end after it starts has begun before it ends.
        following = np.searchsorted(self.end[mine], self.start[theirs], side="right")
        begins = np.append(self.start[mine], np.iinfo(int).max)[following]
        return np.logical_or.reduceat(begins < self.end[theirs], places)
