"""How hard to look: until a time is over, or as much work as was counted beforehand."""

import math
import time


class Clock:
    """The time left. As it runs out things are left undone, never done otherwise: no proof depends on it."""

    most_nodes = None  # of an integer programme
    most_packed = 250_000  # exchanges that an integer programme chooses from
    most_priced = 500_000  # in the linear programmes of a part, all together

    def __init__(self, seconds):
        self.end = time.monotonic() + seconds

    @property
    def left(self):
        return max(self.end - time.monotonic(), 0.01)

    @property
    def late(self):
        return time.monotonic() >= self.end


class Measure:
    """No clock: programmes that could last are small, cut short or left out. Any machine, however busy, finds the same.

    Plans are hardly the worse for it; their bounds are looser.
    """

    most_nodes = 1
    most_packed = 1_000
    most_priced = 0
    left = math.inf
    late = False
