"""The month of a listing as a table: one state in words per day, months before and after as links."""

import re
from calendar import Calendar
from dataclasses import dataclass
from datetime import date

from maillage.engine.french import MONTHS, WEEKDAYS
from maillage.sharing.availability import is_free_on

MONTHS_AHEAD = 18
WORDS = {"past": "passé", "free": "libre", "closed": "pas proposé"}
SHORT_WORDS = {"past": "", "free": "libre", "closed": "non"}
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Day:
    day: date
    state: str  # "past", "free" or "closed"
    is_today: bool

    @property
    def words(self):
        return WORDS[self.state]

    @property
    def short(self):
        return SHORT_WORDS[self.state]


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
    def has_closed_days(self):
        return any(day and day.state == "closed" for week in self.weeks for day in week)


def month_of(listing, asked, today):
    """The Month that ``asked`` names (« 2026-12 »), or that of the first day of the listing.

    No month is before today's, nor more than ``MONTHS_AHEAD`` after it.
    """
    earliest = today.replace(day=1)
    latest = _shifted(earliest, MONTHS_AHEAD)
    match = _MONTH.fullmatch(asked)
    wanted = date(int(match[1]), int(match[2]), 1) if match and match[1] != "0000" else listing.first_day or today
    first_day = min(max(wanted.replace(day=1), earliest), latest)
    weeks = [
        [_day(listing, day, today) if day.month == first_day.month else None for day in week]
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


def _day(listing, day, today):
    state = "past" if day < today else "free" if is_free_on(listing, day) else "closed"
    return Day(day, state, day == today)


def _shifted(day, months):
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
