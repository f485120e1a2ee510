"""Opening hours of a week: read as people or OpenStreetMap write them, merged, said in French.

A span is (day, start, end): day 0 is Monday, start and end are minutes of that day, half-open, end at most 1440.
"""

import re
from datetime import timedelta
from typing import NamedTuple

from maillage.engine.french import NBSP, WEEKDAYS, join_fr
from maillage.engine.spans import merged
from maillage.engine.text import fold

DAY = 24 * 60
WEEK = 7 * DAY
OSM_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
HOLIDAYS_NOTE = "Fermé les jours fériés."
LONGEST = 400  # signs of a cell; real ones stay under a hundred

_CLOCK = r"(\d{1,2})\s*(?:h|:)\s*(\d{2})?"
_RANGE = re.compile(rf"{_CLOCK}\s*(?:-|–|—|à|a)\s*{_CLOCK}")
_OSM_DAY = "|".join(OSM_DAYS)
_OSM_DAYS = rf"(?:{_OSM_DAY})(?:\s*-\s*(?:{_OSM_DAY}))?"
_OSM_RULE = re.compile(rf"(?P<days>{_OSM_DAYS}(?:\s*,\s*{_OSM_DAYS})*)?\s*(?P<hours>off|closed|[\d:,\s–-]+)")
_OSM_NEXT_DAYS = re.compile(rf"(?<=\d),\s*(?=(?:{_OSM_DAY})\b[^,;]*\d)")


class HoursNotRead(ValueError):
    """The text is shown to the user."""


class Opening(NamedTuple):
    """What is true at a moment: open until ``minute`` of ``day``, or closed until then; None when never open."""

    is_open: bool
    day: int | None = None
    minute: int | None = None
    days_ahead: int = 0


def week(spans):
    """The same hours as disjoint spans in order; what crosses midnight goes on the next day."""
    cut = []
    for day, start, end in spans:
        cut.append((day, start, min(end, DAY)))
        if end > DAY:
            cut.append(((day + 1) % 7, 0, end - DAY))
    by_day = [merged([(start, end) for where, start, end in cut if where == day and start < end]) for day in range(7)]
    return [(day, start, end) for day in range(7) for start, end in by_day[day]]


def read_day(text):
    """« 9 h - 12 h, 14 h - 18 h 30 », « 09:00-12:00 et 14:00-18:00 » → [(540, 720), (840, 1110)]; "" → [].

    An end before its start is past midnight. Raises HoursNotRead.
    """
    plain = text.lower().replace(NBSP, " ").replace("\u202f", " ").replace("heures", "h").strip(" .")
    plain = re.sub(r"\bmidi\b", "12h", re.sub(r"\bminuit\b", "24h", plain))
    if not plain or plain in ("fermé", "ferme", "-"):
        return []
    spans = [_minutes(match) for match in _RANGE.finditer(plain[:LONGEST])]
    rest = _RANGE.sub("", plain)
    if not spans or len(plain) > LONGEST or re.sub(r"\b(?:de|et|puis)\b|[\s,;/+]", "", rest):
        raise HoursNotRead(
            "Nous n’avons pas compris ces heures. Écrivez par exemple «\u00a09\u00a0h\u00a0– 12\u00a0h, "
            "14\u00a0h\u00a0– 18\u00a0h\u00a030\u00a0»."
        )
    return spans


def _minutes(match):
    hours = [int(match[1]), int(match[3])]
    minutes = [int(match[2] or 0), int(match[4] or 0)]
    start, end = (hour * 60 + minute for hour, minute in zip(hours, minutes, strict=True))
    if max(minutes) > 59 or start >= DAY or end > DAY or start == end:
        raise HoursNotRead("Une heure va de 0\u00a0h à 24\u00a0h, et la fin n’est pas le début. Corrigez cette heure.")
    return (start, end) if start < end else (start, end + DAY)


def read_osm(text):
    """The spans and the note of the common part of OpenStreetMap’s « opening_hours »: ([(0, 540, 720), …], "").

    Read: days and ranges of days, several ranges of hours, « off », « 24/7 », « PH off » (which becomes a note).
    Raises HoursNotRead for all the rest (months, weeks, sunset, comments): the caller keeps it as a note.
    """
    plain = text.strip().strip(";").strip()
    if plain == "24/7":
        return [(day, 0, DAY) for day in range(7)], ""
    if not plain or len(plain) > LONGEST:
        raise HoursNotRead("Ces horaires ne se lisent pas.")
    by_day, note = {}, ""
    for rule in plain.split(";"):
        if not rule.strip():
            continue
        if re.fullmatch(r"\s*PH\s+(?:off|closed)\s*", rule):
            note = HOLIDAYS_NOTE
            continue
        said = [_read_rule(part) for part in _OSM_NEXT_DAYS.sub("\n", rule).split("\n")]
        for day in {day for days, _ in said for day in days}:
            by_day[day] = [span for days, spans in said if day in days for span in spans]
    return week((day, start, end) for day, spans in by_day.items() for start, end in spans), note


def _read_rule(text):
    """(days, [(start, end)]) of « Mo-Fr 09:00-12:00,14:00-18:00 »."""
    match = _OSM_RULE.fullmatch(text.strip())
    if not match:
        raise HoursNotRead("Ces horaires ne se lisent pas.")
    days = _osm_days(match["days"]) if match["days"] else set(range(7))
    if match["hours"] in ("off", "closed"):
        return days, []
    ranges = [_RANGE.fullmatch(part.strip()) for part in match["hours"].split(",")]
    if not all(ranges):
        raise HoursNotRead("Ces horaires ne se lisent pas.")
    return days, [_minutes(one) for one in ranges]


def _osm_days(text):
    days = set()
    for part in text.split(","):
        first, _, last = (word.strip() for word in part.partition("-"))
        start = OSM_DAYS.index(first)
        end = OSM_DAYS.index(last) if last else start
        days |= {(start + step) % 7 for step in range((end - start) % 7 + 1)}
    return days


def write_osm(spans):
    """« Mo 09:00-12:00,14:00-18:00; Sa 10:00-12:00 »: what ``read_osm`` reads back."""
    rules = [
        f"{OSM_DAYS[day]} {','.join(f'{_clock(start)}-{_clock(end)}' for start, end in hours)}"
        for day, hours in _by_day(spans)
    ]
    return "; ".join(rules)


def _clock(minute):
    return f"{minute // 60:02}:{minute % 60:02}"


def sentences(spans):
    """[« mardi et jeudi, de 9 h à 12 h et de 14 h à 18 h », …]: days that have the same hours are said together."""
    same: dict[tuple, list[int]] = {}
    for day, hours in _by_day(spans):
        same.setdefault(tuple(hours), []).append(day)
    return [f"{_days_said(days)}, {_hours_said(hours)}" for hours, days in same.items()]


def day_said(spans, day):
    """« de 9 h à 12 h et de 14 h à 18 h », or "" when it is closed that day."""
    hours = dict(_by_day(spans)).get(day)
    return _hours_said(hours) if hours else ""


def day_typed(spans, day):
    """« 9 h – 12 h, 14 h – 18 h 30 »: what ``read_day`` reads back."""
    return ", ".join(f"{_hour(start)}{NBSP}– {_hour(end)}" for start, end in dict(_by_day(spans)).get(day, []))


def _by_day(spans):
    hours: dict[int, list] = {}
    for day, start, end in week(spans):
        hours.setdefault(day, []).append((start, end))
    return hours.items()


def _days_said(days):
    if len(days) == 7:
        return "tous les jours"
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"du {WEEKDAYS[days[0]]} au {WEEKDAYS[days[-1]]}"
    return join_fr(WEEKDAYS[day] for day in days)


def _hours_said(hours):
    if list(hours) == [(0, DAY)]:
        return "jour et nuit"
    return join_fr(f"de {_hour(start)} à {_hour(end)}" for start, end in hours)


def _hour(minute):
    if minute == DAY:
        return "minuit"
    rest = f"{NBSP}{minute % 60:02}" if minute % 60 else ""
    return f"{minute // 60}{NBSP}h{rest}"


def opening(spans, moment):
    """The Opening at ``moment``, a datetime of the place's own clock."""
    spans = week(spans)
    if not spans:
        return Opening(is_open=False)
    now = moment.weekday() * DAY + moment.hour * 60 + moment.minute
    joined = merged([(day * DAY + start, day * DAY + end) for day, start, end in spans])
    if joined == [(0, WEEK)]:
        return Opening(is_open=True)
    if len(joined) > 1 and joined[0][0] == 0 and joined[-1][1] == WEEK:  # Sunday night goes on on Monday
        joined = [*joined[1:-1], (joined[-1][0], WEEK + joined[0][1])]
    for at in (now, now + WEEK):
        current = next((end for start, end in joined if start <= at < end), None)
        if current is not None:
            return _at(True, current, at)
    upcoming = min((start - now) % WEEK for start, _ in joined)
    return _at(False, now + upcoming, now)


def _at(is_open, minute, now):
    return Opening(is_open, minute // DAY % 7, minute % DAY, minute // DAY - now // DAY)


def opening_said(spans, moment):
    """« Ouvert, jusqu’à 12 h », « Fermé, ouvre demain à 9 h », « Fermé, ouvre mardi à 14 h »; "" without hours."""
    found = opening(spans, moment)
    if found.day is None:
        return "Ouvert jour et nuit" if found.is_open else ""
    hour = "minuit" if found.minute == 0 else _hour(found.minute)
    if found.is_open:
        closes_late = found.days_ahead > 1 or (found.days_ahead == 1 and found.minute)
        when = f"{_day_ahead(found)} à " if closes_late else ""
        return f"Ouvert, jusqu’à {when}{hour}"
    when = "" if found.days_ahead == 0 else f"{_day_ahead(found)} "
    return f"Fermé, ouvre {when}à {hour}"


def _day_ahead(found):
    return "demain" if found.days_ahead == 1 else WEEKDAYS[found.day]


def next_days(moment, count=7):
    """The weekdays from that of ``moment`` on."""
    return [(moment + timedelta(days=step)).weekday() for step in range(count)]


def read_weekday(text):
    """« samedi », « Sam. », « 5 »: 0 for Monday … 6; None when it is no day."""
    plain = fold(text)
    if plain.isdigit():
        return int(plain) if len(plain) == 1 and int(plain) < 7 else None
    return next((day for day, name in enumerate(WEEKDAYS) if len(plain) > 1 and name.startswith(plain)), None)
