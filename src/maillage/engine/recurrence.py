"""Series of dates as RFC 5545 (iCalendar) writes them, in the local time of a zone.

The rule names local times (§ 3.3.10); each is then read in its zone (§ 3.3.5): one that the change to summer time
skips has the offset of before, one that comes twice is the first.
"""

import re
from bisect import bisect_left
from calendar import isleap, monthrange
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, islice

from maillage.engine.documents import FIRST_YEAR, LAST_YEAR
from maillage.engine.french import NBSP, count_fr, join_fr, number_fr
from maillage.engine.spans import merged

LIMIT = 1000  # occurrences in a series
NONEXISTENT, AMBIGUOUS = "nonexistent", "ambiguous"

FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def _either_side(high):
    return (*range(-high, 0), *range(1, high + 1))


NUMBERS = {
    "BYMONTH": range(1, 13),
    "BYWEEKNO": _either_side(53),
    "BYYEARDAY": _either_side(366),
    "BYMONTHDAY": _either_side(31),
    "BYHOUR": range(24),
    "BYMINUTE": range(60),
    "BYSECOND": range(60),
    "BYSETPOS": _either_side(366),
}
PARTS = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *NUMBERS)
BARRED = {  # § 3.3.10: what a frequency leaves no room for
    "YEARLY": (),
    "MONTHLY": ("BYWEEKNO", "BYYEARDAY"),
    "WEEKLY": ("BYWEEKNO", "BYYEARDAY", "BYMONTHDAY"),
    "DAILY": ("BYWEEKNO", "BYYEARDAY"),
}


class RuleError(ValueError):
    """A rule that cannot be followed; its text is a French sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A recurrence rule that ends: it has a ``count`` or an ``until``.

    until  the last start there may be: aware, or naive and then local
    wkst   the first day of the week, 0 for Monday
    by     {"BYMONTH": (1, 7), …}; those of BYDAY are pairs (day of the week, rank in the month or year, or None)
    """

    freq: str
    interval: int
    count: int | None
    until: datetime | None
    wkst: int
    by: dict[str, tuple]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """From ``start`` (UTC) until ``end``; ``flag``: a bound is a NONEXISTENT or an AMBIGUOUS local time, else None."""

    start: datetime
    end: datetime
    flag: str | None = None


def parse_rule(text):
    """The Rule written like ``FREQ=WEEKLY;BYDAY=TU;COUNT=10``; raises RuleError.

    An UNTIL without an hour takes in its whole day; one without Z is local.
    """
    parts = {}
    for part in text.upper().split(";"):
        name, equals, value = part.partition("=")
        if not equals:
            raise RuleError(f"Il faut une règle comme FREQ=WEEKLY;BYDAY=TU;COUNT=10, pas «{NBSP}{text[:40]}{NBSP}».")
        if name not in PARTS:
            raise RuleError(f"La règle ne peut pas dire {name[:40]}{NBSP}: {join_fr(PARTS, 'ou')}.")
        if name in parts:
            raise RuleError(f"La règle dit deux fois {name}.")
        parts[name] = value
    if "FREQ" not in parts:
        raise RuleError(f"La règle doit dire FREQ{NBSP}: {join_fr(FREQUENCIES, 'ou')}.")
    rule = Rule(
        freq=_one_of(parts["FREQ"], FREQUENCIES, "FREQ"),
        interval=_whole(parts.get("INTERVAL", "1"), "INTERVAL"),
        count=_whole(parts["COUNT"], "COUNT") if "COUNT" in parts else None,
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
        wkst=WEEKDAYS.index(_one_of(parts.get("WKST", "MO"), WEEKDAYS, "WKST")),
        by={
            name: (_days if name == "BYDAY" else _numbers)(parts[name], name) for name in parts if name.startswith("BY")
        },
    )
    _check(rule)
    return rule


def _one_of(value, values, name):
    if value not in values:
        raise _misfit(name, value, join_fr(values, "ou"))
    return value


def _whole(value, name):
    if not re.fullmatch(r"\d{1,9}", value, re.ASCII) or not 1 <= int(value) <= LIMIT:
        raise _misfit(name, value, f"un nombre de 1 à {number_fr(LIMIT)}")
    return int(value)


def _numbers(value, name):
    allowed, given = NUMBERS[name], value.split(",")
    if not all(re.fullmatch(r"[+-]?\d{1,3}", one, re.ASCII) and int(one) in allowed for one in given):
        but_zero = ", sauf 0" if allowed[0] < 0 else ""
        raise _misfit(name, value, f"des nombres de {number_fr(allowed[0])} à {number_fr(allowed[-1])}{but_zero}")
    return tuple(sorted({int(one) for one in given}))


def _days(value, name):
    days = []
    for one in value.split(","):
        found = re.fullmatch(rf"([+-]?\d{{1,2}})?({'|'.join(WEEKDAYS)})", one, re.ASCII)
        if not found or (found[1] and int(found[1]) not in _either_side(53)):
            raise _misfit(name, value, "des jours comme MO, 2TU ou -1FR")
        days.append((WEEKDAYS.index(found[2]), int(found[1]) if found[1] else None))
    return tuple(days)


def _until(value):
    found = re.fullmatch(r"(\d{4})\d{4}(T\d{6}Z?)?", value, re.ASCII)
    if found and FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        with suppress(ValueError):
            moment = datetime.fromisoformat(value)
            return moment if found[2] else datetime.combine(moment, time.max)
    raise _misfit("UNTIL", value, f"une date comme 20261231 ou 20261231T170000Z, de {FIRST_YEAR} à {LAST_YEAR}")


def _misfit(name, value, needed):
    return RuleError(f"{name}={value[:40]} ne convient pas{NBSP}: il faut {needed}.")


def _check(rule):
    """What the parts cannot say together."""
    if (rule.count is None) == (rule.until is None):
        ways = "COUNT=10 (combien de fois) ou UNTIL=20261231 (jusqu’à quand)"
        raise RuleError(f"La série doit finir d’une seule façon{NBSP}: {ways}.")
    for name in BARRED[rule.freq]:
        if name in rule.by:
            raise RuleError(f"{name} ne va pas avec FREQ={rule.freq}.")
    ranked = any(rank for _, rank in rule.by.get("BYDAY", ()))
    if ranked and (rule.freq not in ("YEARLY", "MONTHLY") or "BYWEEKNO" in rule.by):
        raise RuleError("Un jour numéroté comme 2TU ne va qu’avec FREQ=MONTHLY ou FREQ=YEARLY, sans BYWEEKNO.")
    if rule.by.keys() == {"BYSETPOS"}:
        raise RuleError("BYSETPOS choisit parmi les dates d’une autre partie, comme BYDAY, qui manque ici.")


def occurrences(start, end, rule, zone, exdates=()):
    """The Occurrence list of a series, in order, without those that start at one of ``exdates`` (aware datetimes).

    start, end  naive local times of the first occurrence: it is the first even when the rule does not name it
    Raises      RuleError when there are more than LIMIT, or when COUNT is not reached by LAST_YEAR
    """
    lasts, excluded = end - start, {moment.astimezone(UTC) for moment in exdates}
    found = []
    for local in islice(_local_starts(start, rule, zone), rule.count):
        if len(found) == LIMIT:
            raise RuleError(f"La série est trop longue{NBSP}: {number_fr(LIMIT)} dates au plus.")
        found.append(_occurrence(local, local + lasts, zone))
    if rule.count and len(found) < rule.count:
        reached = count_fr(len(found), "date")
        raise RuleError(f"COUNT={rule.count} n’est pas atteint en {LAST_YEAR}{NBSP}: la série a alors {reached}.")
    found.sort(key=lambda one: one.start)
    return [one for one in found if one.start not in excluded]


def _local_starts(start, rule, zone):
    """``start``, then what the rule names after it, until UNTIL or the end of LAST_YEAR; COUNT is the caller's."""
    until, last_day = rule.until, date(LAST_YEAR, 12, 31)
    if until:
        until = until if until.tzinfo else utc_of(until, zone)
        if until < utc_of(start, zone):
            raise RuleError("UNTIL vient avant le début de la série.")
        last_day = min(last_day, until.astimezone(zone).date())
    yield start
    for local in _named(start, rule, last_day):
        if local > start and not (until and utc_of(local, zone) > until):
            yield local


def _named(start, rule, last_day):
    """The local times that the rule names, in order, from the period of ``start`` to ``last_day`` (§ 3.3.10)."""
    by = _completed(rule, start)
    times = sorted(
        time(hour, minute, second, start.microsecond)
        for hour in by.get("BYHOUR", {start.hour})
        for minute in by.get("BYMINUTE", {start.minute})
        for second in by.get("BYSECOND", {start.second})
    )
    for period in _periods(start.date(), rule, last_day):
        days = [day for day in period if _fits(day, by, rule)]
        places = range(len(days) * len(times))
        if "BYSETPOS" in by:
            chosen = {place - 1 if place > 0 else len(places) + place for place in by["BYSETPOS"]}
            places = sorted(place for place in chosen if place in places)
        for place in places:
            day, hour = divmod(place, len(times))
            if days[day] > last_day:
                return
            yield datetime.combine(days[day], times[hour])


def _completed(rule, start):
    """The BY parts as sets, with what they leave to the start: which day of the week, of the month or of the year."""
    by = {name: frozenset(values) for name, values in rule.by.items()}
    if not by.keys() & {"BYDAY", "BYMONTHDAY", "BYYEARDAY"}:
        if rule.freq == "WEEKLY" or "BYWEEKNO" in by:
            by["BYDAY"] = frozenset({(start.weekday(), None)})
        elif rule.freq != "DAILY":
            by["BYMONTHDAY"] = frozenset({start.day})
            if rule.freq == "YEARLY":
                by.setdefault("BYMONTH", frozenset({start.month}))
    return by


def _periods(day, rule, last_day):
    """The days of each year, month, week or day that the rule counts: that of ``day``, then every INTERVAL."""
    for number in count(0, rule.interval):
        first = _first_day(day, rule, number)
        if first > last_day:
            return
        length = (_first_day(day, rule, number + 1) - first).days
        yield [first + timedelta(days=days) for days in range(length)]


def _first_day(day, rule, number):
    """The first day of the period that comes ``number`` periods after that of ``day``."""
    if rule.freq == "YEARLY":
        return date(day.year + number, 1, 1)
    if rule.freq == "MONTHLY":
        years, month = divmod(day.month - 1 + number, 12)
        return date(day.year + years, month + 1, 1)
    if rule.freq == "WEEKLY":
        return day + timedelta(weeks=number, days=-((day.weekday() - rule.wkst) % 7))
    return day + timedelta(days=number)


def _fits(day, by, rule):
    """Whether every BY part that names days names this one."""
    in_month, in_year = (day.day, monthrange(day.year, day.month)[1]), _place_in_year(day)
    middle_of_week = day + timedelta(days=3 - (day.weekday() - rule.wkst) % 7)  # a week is of the year of its middle
    among = in_month if rule.freq == "MONTHLY" or "BYMONTH" in by else in_year
    names = {
        "BYMONTH": {day.month},
        "BYWEEKNO": _ranks(_place_in_year(middle_of_week), step=7),
        "BYYEARDAY": _ranks(in_year),
        "BYMONTHDAY": _ranks(in_month),
        "BYDAY": {(day.weekday(), rank) for rank in (None, *_ranks(among, step=7))},
    }
    return all(names[part] & by[part] for part in names.keys() & by.keys())


def _place_in_year(day):
    return day.timetuple().tm_yday, 365 + isleap(day.year)


def _ranks(place, step=1):
    """The two ranks, by ``step``, of the n-th day of some: 1, 2… from the first, -1, -2… from the last."""
    number, total = place
    return {(number - 1) // step + 1, -((total - number) // step) - 1}


def _occurrence(start, end, zone):
    """The end keeps its local time as the start does, unless the skipped hour leaves nothing between: it moves too."""
    flags = {_flag(start, zone), _flag(end, zone)}
    begins, ends = utc_of(start, zone), utc_of(end, zone)
    if ends <= begins:
        ends = begins + (end - start)
    return Occurrence(begins, ends, NONEXISTENT if NONEXISTENT in flags else AMBIGUOUS if AMBIGUOUS in flags else None)


def utc_of(local, zone):
    """The instant (UTC) of a naive local time, by § 3.3.5."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def _flag(local, zone):
    first, second = (local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    if first == second:
        return None
    return AMBIGUOUS if first > second else NONEXISTENT


def conflicts(found, taken):
    """The indexes of the occurrences that share some time with ``taken``, pairs of aware datetimes, half-open."""
    busy = merged(taken)
    starts = [start for start, _ in busy]
    return [
        index
        for index, one in enumerate(found)
        if (before := bisect_left(starts, one.end)) and busy[before - 1][1] > one.start
    ]
