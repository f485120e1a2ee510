"""Days as people write them: « samedi », « demain », « ce week-end », « 7 novembre », « 07/11/2026 », « 7.11 »."""

import re
import unicodedata
from datetime import date, timedelta
from typing import NamedTuple

from maillage.engine import french

WEEKDAYS = french.WEEKDAYS
_MONTH_NAMES = """
    janvier janv jan, fevrier fevr fev, mars, avril avr, mai, juin, juillet juill juil, aout, septembre sept,
    octobre oct, novembre nov, decembre dec
"""
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES.split(","), 1) for name in names.split()}
SATURDAY = 5
LONGEST_MONTH = 31
LEAP_YEARS = 8  # the longest that one waits for a 29 February

_LEAD = r"(?:\b(?:pour|a partir|des|le|ce|cet|du|au) )*"
_WEEKDAY = "|".join(WEEKDAYS)
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_MOMENT = r"(?: (?:matin|midi|apres[- ]midi|soir))?"


def bare(text):
    """``text`` in lower case without accents, sign for sign: positions in it are positions in ``text``."""
    return "".join(unicodedata.normalize("NFKD", sign.lower())[0] for sign in text).replace("’", "'")


class FoundDay(NamedTuple):
    start: int
    end: int
    day: date


def _in_year(day, month, year, today):
    """The date, or None when the calendar has none; without a year, the first one that is not past."""
    if year:
        return _date(year + 2000 if year < 100 else year, month, day)
    coming = (_date(today.year + ahead, month, day) for ahead in range(LEAP_YEARS + 1))
    return next((found for found in coming if found and found >= today), None)


def _date(year, month, day):
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _numbers(match, today):
    day, month, year = (int(part) if part else None for part in match.group("day", "month", "year"))
    return _in_year(day, month, year, today)


def _month_name(match, today):
    day = 1 if match["day"] in ("1er", "premier") else int(match["day"])
    return _in_year(day, MONTHS[match["month"]], int(match["year"]) if match["year"] else None, today)


def _weekday(match, today):
    ahead = (WEEKDAYS.index(match["weekday"]) - today.weekday() - 1) % 7 + 1
    return today + timedelta(days=ahead + (7 if match["week"] else 0))


def _weekend(match, today):
    if today.weekday() >= SATURDAY and not match["next"]:
        return today
    return today + timedelta(days=(SATURDAY - today.weekday() - 1) % 7 + 1)


_READINGS = [
    (re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b"), _numbers),
    (
        re.compile(
            rf"{_LEAD}(?:\b(?:{_WEEKDAY}) )?\b(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})(?:/(?P<year>\d{{4}}|\d{{2}}))?\b"
        ),
        _numbers,
    ),
    (re.compile(_LEAD + r"\b(?P<day>\d{1,2})[.-](?P<month>\d{1,2})[.-](?P<year>\d{4})\b"), _numbers),
    (
        re.compile(
            rf"{_LEAD}(?:\b(?:{_WEEKDAY}) )?\b(?P<day>1er|premier|\d{{1,2}})[ ./-]?(?P<month>{_MONTH})\b\.?"
            rf"(?:[ /-](?P<year>\d{{4}})\b)?{_MOMENT}"
        ),
        _month_name,
    ),
    (re.compile(r"\bapres[- ]demain\b" + _MOMENT), lambda match, today: today + timedelta(days=2)),
    (re.compile(r"\bdemain\b" + _MOMENT), lambda match, today: today + timedelta(days=1)),
    (re.compile(r"\b(?:aujourd'?hui|ce soir|ce matin|cet apres[- ]midi)\b"), lambda match, today: today),
    (re.compile(_LEAD + r"\b(?:week[- ]?end|we)\b(?P<next> prochain)?"), _weekend),
    (re.compile(rf"{_LEAD}\b(?P<weekday>{_WEEKDAY})\b(?: prochain| qui vient|(?P<week> en huit))?{_MOMENT}"), _weekday),
]

# What is a day only where nothing but a day is written: « 7.11 », « 7 11 26 », « 0711 », « 07112026 ».
_ALONE = (
    re.compile(r"(?:le )?(?P<day>\d{1,2})[ .,/\\-]+(?P<month>\d{1,2})(?:[ .,/\\-]+(?P<year>\d{4}|\d{2}))?"),
    re.compile(r"(?:le )?(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4}|\d{2})?"),
)


def find_day(text, today):
    """The first day that ``text`` names, as a FoundDay whose bounds are positions in ``text``, or None.

    « samedi » is the next one after ``today``; a date without a year is the first that is not past.
    """
    plain = bare(text)
    for pattern, reading in _READINGS:
        for match in pattern.finditer(plain):
            if day := reading(match, today):
                return FoundDay(match.start(), match.end(), day)
    return None


def read_day(text, today):
    """The day that the whole of ``text`` names, or None when it says something else."""
    text = " ".join(text.split())
    found = find_day(text, today)
    if found and found.start == 0 and found.end == len(text):
        return found.day
    return next((_numbers(match, today) for pattern in _ALONE if (match := pattern.fullmatch(bare(text)))), None)


def missing_day(text):
    """The day, « 31 février », that ``text`` names and no calendar has, or ""; for what ``read_day`` did not read."""
    plain = bare(" ".join(text.split()))
    for pattern in (*_ALONE, *(pattern for pattern, reading in _READINGS if reading in (_numbers, _month_name))):
        if (match := pattern.fullmatch(plain)) and (said := _spelled(match)):
            return said
    return ""


def _spelled(match):
    """« 29 février 2027 »; « 31 février », whose year does not matter."""
    month = MONTHS[match["month"]] if match["month"] in MONTHS else int(match["month"])
    day = int(match["day"]) if match["day"].isdigit() else 1
    if not (1 <= month <= len(french.MONTHS) and 1 <= day <= LONGEST_MONTH):
        return ""
    is_leap_day = (day, month) == (29, 2) and match["year"]
    return f"{day} {french.MONTHS[month - 1]}" + (f" {match['year']}" if is_leap_day else "")
