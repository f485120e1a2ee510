"""The month of a listing as a table: one state in words per day, months before and after as links."""

import re
from calendar import Calendar
from dataclasses import dataclass
from datetime import date, timedelta

from maillage.engine.french import MONTHS, WEEKDAYS
from maillage.sharing.availability import is_free_on
from maillage.sharing.bookings.stock import Stock
from maillage.sharing.bookings.terms import whole_days

MONTHS_AHEAD = 18
WORDS = {"past": "passé", "free": "libre", "partly": "libre en partie", "taken": "déjà pris", "closed": "pas proposé"}
SHORT_WORDS = {"past": "", "free": "libre", "partly": "en partie", "taken": "pris", "closed": "non"}
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Day:
    day: date
    state: str  # a key of WORDS
    is_today: bool
    left: int | None = None  # how many are free all day long, of what is counted

    @property
    def words(self):
        return f"{self.left} libres sur la journée" if self._is_counted else WORDS[self.state]

    @property
    def short(self):
        return f"{self.left}" if self._is_counted else SHORT_WORDS[self.state]

    @property
    def may_be_asked(self):
        return self.state in ("free", "partly")

    @property
    def _is_counted(self):
        return bool(self.left) and self.may_be_asked


@dataclass(frozen=True)
class Month:
    first_day: date
    weeks: list  # of seven Days, None outside of the month
    before: date | None
    after: date | None

    @property
    def weekdays(self):
        return WEEKDAYS

    @property
    def name(self):
        return month_name(self.first_day)

    @property
    def before_name(self):
        return month_name(self.before)

    @property
    def after_name(self):
        return month_name(self.after)

    @property
    def states(self):
        """Those that are seen in it, for the key."""
        return {day.state for week in self.weeks for day in week if day}


def month_of(listing, asked, today, *, lends=False):
    """The Month that ``asked`` names (« 2026-12 »), or that of the first day of the listing.

    No month is before today's, nor more than ``MONTHS_AHEAD`` after it. lends: whether bookings are shown.
    """
    earliest = today.replace(day=1)
    latest = _shifted(earliest, MONTHS_AHEAD)
    match = _MONTH.fullmatch(asked)
    wanted = date(int(match[1]), int(match[2]), 1) if match and match[1] != "0000" else listing.first_day or today
    first_day = min(max(wanted.replace(day=1), earliest), latest)
    stock = _stock(listing, first_day) if lends else None
    weeks = [
        [_day(listing, day, today, stock) if day.month == first_day.month else None for day in week]
        for week in Calendar().monthdatescalendar(first_day.year, first_day.month)
    ]
    return Month(
        first_day,
        weeks,
        before=_shifted(first_day, -1) if first_day > earliest else None,
        after=_shifted(first_day, 1) if first_day < latest else None,
    )


def month_name(day):
    return f"{MONTHS[day.month - 1]} {day.year}"


def _stock(listing, first_day):
    whole = whole_days(listing, first_day, _shifted(first_day, 1) - timedelta(days=1))
    return Stock(listing, whole.lower, whole.upper)


def _day(listing, day, today, stock):
    if day < today or not is_free_on(listing, day):
        return Day(day, "past" if day < today else "closed", day == today)
    if stock is None:
        return Day(day, "free", day == today)
    opens = whole_days(listing, day, day)
    free = [free for _, _, free in stock.timeline(opens.lower, opens.upper)]
    state = "free" if min(free) else "partly" if max(free) else "taken"
    return Day(day, state, day == today, min(free) if listing.is_counted else None)


def _shifted(day, months):
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
