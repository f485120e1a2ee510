"""When an invented listing holds: the moments of data/moments.toml, laid on the days to come."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from maillage.demonstration.parts import parts

FAMILY_DAYS = {(12, 24), (12, 25), (12, 26), (12, 31), (1, 1)}


@dataclass(frozen=True)
class DrawnMoment:
    first_day: date | None = None
    last_day: date | None = None
    weekdays: tuple = ()
    starts_at: time | None = None
    ends_at: time | None = None


def draw_moment(rng, name, today):
    """Days and hours of the moment ``name``, counted from ``today``."""
    moment = parts("moments")[name]
    first_day, last_day = _days(rng, moment, today) if "starts" in moment else (None, None)
    starts_at, ends_at = map(time.fromisoformat, rng.choice(moment["hours"])) if "hours" in moment else (None, None)
    weekdays = tuple(rng.choice(moment["weekdays"])) if "weekdays" in moment else ()
    return DrawnMoment(first_day, last_day, weekdays, starts_at, ends_at)


def _days(rng, moment, today):
    first_day = today + timedelta(days=rng.randint(*moment["starts"]))
    if "on" in moment:
        first_day += timedelta(days=(rng.choice(moment["on"]) - first_day.weekday()) % 7)
        while (first_day.month, first_day.day) in FAMILY_DAYS:
            first_day += timedelta(days=7)
    return first_day, first_day + timedelta(days=rng.randint(*moment["lasts"]) - 1)
