"""How many units of a stock are free over a period, given its bookings.

Time is the real one: half-open periods, minutes that last a minute, whatever the clocks do that night.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Booking:
    """``quantity`` units taken from ``start`` (aware) until ``end``, which comes after."""

    start: datetime
    end: datetime
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Segment:
    """``free`` units from ``start`` (UTC) until ``end``."""

    start: datetime
    end: datetime
    free: int


def timeline(stock, bookings, start, end, before=timedelta(0), after=timedelta(0)):
    """The Segment list that covers exactly [start, end), two neighbours being never equally free.

    stock          int >= 0, the units there are
    start, end     aware datetimes, the end after the start
    before, after  timedelta >= 0 that each booking also takes, to get ready and to tidy up
    Overbooked units are not counted: 0 is free, never less.
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    change = Counter({start: stock, end: 0})
    for booking in bookings:
        begins = max(start, booking.start.astimezone(UTC) - before)
        ends = min(end, booking.end.astimezone(UTC) + after)
        if begins < ends:
            change[begins] -= booking.quantity
            change[ends] += booking.quantity

    segments: list[Segment] = []
    left = 0
    for begins, ends in pairwise(sorted(change)):
        left += change[begins]
        free = max(0, left)
        if segments and segments[-1].free == free:
            begins = segments.pop().start
        segments.append(Segment(begins, ends, free))
    return segments


def whole_timeline(units, owned, taken, start, end):
    """[(start, end, how many are free)…] of what is made of parts, in order, covering exactly [start, end).

    units  {part: how many of it one of the whole takes}
    owned  {part: how many there are}
    taken  {part: [Booking…]}
    """
    lines = [(count, timeline(owned[part], taken[part], start, end)) for part, count in units.items()]
    bounds = sorted({bound for _, line in lines for segment in line for bound in (segment.start, segment.end)})
    return [
        (begins, ends, min(_free_at(line, begins) // count for count, line in lines))
        for begins, ends in pairwise(bounds)
    ]


def _free_at(line, moment):
    return next(segment.free for segment in line if segment.start <= moment < segment.end)
