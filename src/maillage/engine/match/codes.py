"""The numbers that stand for what listings say: structures, categories, stems, times."""

from array import array
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np

from maillage.engine.spans import merged
from maillage.engine.text import stems

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Codes:
    """The numbers that stand for structures, categories and stems: needs and offers that are compared share one."""

    def __init__(self):
        self.structures: dict[str | int, int] = {}
        self.categories: dict[str, int] = {}
        self.parents: list[int] = []  # of each category; -1 at the top
        self.stems: dict[str, int] = {}
        self._epoch = None

    def without_words(self):
        """The same categories alone: all that comparing columns needs, and light to send."""
        codes = Codes()
        codes.categories, codes.parents = self.categories, self.parents
        return codes

    def structure(self, key):
        return self.structures.setdefault(key, len(self.structures))

    def category(self, code):
        """The number of a dotted code; those above it have theirs too."""
        if code not in self.categories:
            above, dot, _ = code.rpartition(".")
            self.parents.append(self.category(above) if dot else -1)
            self.categories[code] = len(self.categories)
        return self.categories[code]

    def lineage(self, category):
        """The numbers of a category and of those above it, up to the top."""
        while category >= 0:
            yield category
            category = self.parents[category]

    def texts(self, texts):
        """(first_stem, stems): the distinct stems of text i are those from first_stem[i] to first_stem[i + 1]."""
        found, first = array("i"), array("q", [0])
        for text in texts:
            found.extend({self.stems.setdefault(stem, len(self.stems)) for stem in stems(text)})
            first.append(len(found))
        return np.array(first, np.int64), np.array(found, np.int32)

    def calendars(self, calendars):
        """The Calendars of some tuples of windows; TypeError when naive and aware datetimes mix."""
        spans, first = [], [0]
        for windows in calendars:
            spans += merged((self._moment(start), self._moment(end)) for start, end in windows)
            first.append(len(spans))
        starts, ends = np.array(spans, np.int64).reshape(-1, 2).T.copy()
        return Calendars(np.array(first, np.int64), starts, ends)

    def _moment(self, instant):
        """Whole microseconds since 1970: exact, unlike seconds."""
        if self._epoch is None:
            self._epoch = _EPOCH if instant.tzinfo else _EPOCH.replace(tzinfo=None)
        return (instant - self._epoch) // _MICROSECOND


class Calendars(NamedTuple):
    """Sets of windows, numbered: many listings have the same, or none. The i-th has spans first[i] to first[i + 1].

    first         (c + 1,) int64
    starts, ends  (s,) int64: microseconds since 1970; inside a calendar, disjoint and in order
    """

    first: np.ndarray
    starts: np.ndarray
    ends: np.ndarray

    def take(self, numbers):
        """The calendars of these numbers, numbered from 0."""
        count = np.diff(self.first)[numbers]
        spans = ranges(self.first[numbers], count)
        return Calendars(np.concatenate(([0], np.cumsum(count))), self.starts[spans], self.ends[spans])


def ranges(first, count):
    """``count[0]`` numbers from ``first[0]`` on, then ``count[1]`` from ``first[1]`` on, and so forth."""
    numbers = np.repeat(first - (np.cumsum(count) - count), count)
    numbers += np.arange(len(numbers))
    return numbers
