"""When a listing holds: its first and last day, its days of the week, its hours; as windows and as a sentence."""

from datetime import datetime, time, timedelta
from functools import lru_cache

from maillage.engine.french import WEEKDAYS, date_fr, join_fr, time_fr


def is_free_on(listing, day):
    """What ``ListingQuerySet.free_on`` says, for one listing."""
    begun = listing.first_day is None or listing.first_day <= day
    not_over = listing.last_day is None or day <= listing.last_day
    return begun and not_over and (not listing.weekdays or day.weekday() in listing.weekdays)


def is_always_free(listing):
    return not (listing.first_day or listing.last_day or listing.weekdays or listing.starts_at)


def is_ever_free(listing, first_day, horizon_days):
    """Whether ``windows`` finds any, without making them."""
    start = max(listing.first_day or first_day, first_day)
    end = first_day + timedelta(days=horizon_days)
    end = min(end, listing.last_day + timedelta(days=1)) if listing.last_day else end
    length = (end - start).days
    return length >= len(WEEKDAYS) or any(is_free_on(listing, start + timedelta(days=day)) for day in range(length))


def windows(listing, first_day, horizon_days):
    """The times at which ``listing`` holds during ``horizon_days`` from ``first_day`` on.

    Returns  tuple of (start, end) datetimes, half-open, disjoint, in order. They are naive local times: « de 9 h à
             12 h » is so on the wall, whichever side of a change of clocks the day is. Days on end make one window.
    """
    return _windows(
        listing.first_day,
        listing.last_day,
        frozenset(listing.weekdays),
        listing.starts_at,
        listing.ends_at,
        first_day,
        horizon_days,
    )


@lru_cache(maxsize=4096)
def _windows(first, last, weekdays, starts_at, ends_at, horizon_first, horizon_days):
    day = max(first or horizon_first, horizon_first)
    end = horizon_first + timedelta(days=horizon_days)
    end = min(end, last + timedelta(days=1)) if last else end
    if not weekdays and starts_at is None:
        return ((_midnight(day), _midnight(end)),) if day < end else ()
    found = []
    while day < end:
        if not weekdays or day.weekday() in weekdays:
            opens, closes = _opening(day, starts_at, ends_at)
            if found and found[-1][1] == opens:
                opens = found.pop()[0]
            found.append((opens, closes))
        day += timedelta(days=1)
    return tuple(found)


def _opening(day, starts_at, ends_at):
    if starts_at is None:
        return _midnight(day), _midnight(day + timedelta(days=1))
    return datetime.combine(day, starts_at), datetime.combine(day, ends_at)


def _midnight(day):
    return datetime.combine(day, time())


def sentence(listing):
    """« les mardis et jeudis de 9 h à 12 h, jusqu’au 30 juin 2027 »; « toute l’année » when there is no limit."""
    hours = _hours(listing)
    if listing.first_day and listing.first_day == listing.last_day:
        return f"{date_fr(listing.first_day)}{' ' + hours if hours else ''}"
    days = _days(listing.weekdays) or ("tous les jours" if hours else "")
    pattern = f"{days} {hours}".strip()
    bounds = _bounds(listing.first_day, listing.last_day)
    return ", ".join(part for part in (pattern, bounds) if part) or "toute l’année"


def _days(weekdays):
    chosen = sorted(set(weekdays))
    if not chosen:
        return ""
    if len(chosen) == len(WEEKDAYS):
        return "tous les jours"
    if len(chosen) == len(WEEKDAYS) - 1:
        (closed,) = set(range(len(WEEKDAYS))) - set(chosen)
        return f"tous les jours sauf le {WEEKDAYS[closed]}"
    if chosen == [5, 6]:
        return "le week-end"
    if len(chosen) > 2 and chosen == list(range(chosen[0], chosen[-1] + 1)):
        return f"du {WEEKDAYS[chosen[0]]} au {WEEKDAYS[chosen[-1]]}"
    return f"les {join_fr(WEEKDAYS[day] + 's' for day in chosen)}"


def _hours(listing):
    if listing.starts_at is None:
        return ""
    return f"de {time_fr(listing.starts_at)} à {time_fr(listing.ends_at)}"


def _bounds(first, last):
    if first and last:
        return f"du {_without_weekday(first)} au {_without_weekday(last)}"
    if last:
        return f"jusqu’au {_without_weekday(last)}"
    return f"à partir du {_without_weekday(first)}" if first else ""


def _without_weekday(day):
    return date_fr(day).split(" ", 1)[1]
