"""A series is what looking at every day gives."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.engine.recurrence import occurrences, parse_rule

DAY = timedelta(days=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def local_starts(start, rule, zone="UTC"):
    found = occurrences(start, start + timedelta(hours=1), parse_rule(rule), ZoneInfo(zone))
    return [one.start.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for one in found]


# --- The rule, day by day ---------------------------------------------------------------------------------------------


def by_hand(start, freq, interval, wkst, by, last_day):
    """The local times of a rule until the end of ``last_day``: each day of each period is asked whether it fits."""
    periods = {}
    day = date(start.year, 1, 1) - 7 * DAY
    while day <= last_day + 366 * DAY:
        number = period_number(day, freq, wkst) - period_number(start.date(), freq, wkst)
        if number >= 0 and number % interval == 0 and fits(day, start, freq, wkst, by):
            periods.setdefault(number, []).append(day)
        day += DAY
    found = {start}
    for days in periods.values():
        hours = sorted(time(hour, start.minute) for hour in by.get("BYHOUR", [start.hour]))
        times = [datetime.combine(day, hour) for day in days for hour in hours]
        places = by.get("BYSETPOS")
        if places:
            chosen = {place - 1 if place > 0 else len(times) + place for place in places}
            times = [moment for index, moment in enumerate(times) if index in chosen]
        found.update(moment for moment in times if start < moment and moment.date() <= last_day)
    return sorted(found)


def week_start(day, wkst):
    return day - (day.weekday() - wkst) % 7 * DAY


def period_number(day, freq, wkst):
    return {
        "YEARLY": day.year,
        "MONTHLY": 12 * day.year + day.month,
        "WEEKLY": week_start(day, wkst).toordinal() // 7,
        "DAILY": day.toordinal(),
    }[freq]


def fits(day, start, freq, wkst, by):
    by = dict(by)
    if not by.keys() & {"BYDAY", "BYMONTHDAY", "BYYEARDAY"}:
        if freq == "WEEKLY" or "BYWEEKNO" in by:
            by["BYDAY"] = [(start.weekday(), None)]
        elif freq != "DAILY":
            by["BYMONTHDAY"] = [start.day]
            if freq == "YEARLY":
                by.setdefault("BYMONTH", [start.month])
    month = date(day.year, day.month, 1), (date(day.year, day.month, 28) + 4 * DAY).replace(day=1) - DAY
    year = date(day.year, 1, 1), date(day.year, 12, 31)
    around = month if freq == "MONTHLY" or "BYMONTH" in by else year
    return (
        day.month in by.get("BYMONTH", [day.month])
        and ("BYMONTHDAY" not in by or ranks(day, *month) & set(by["BYMONTHDAY"]))
        and ("BYYEARDAY" not in by or ranks(day, *year) & set(by["BYYEARDAY"]))
        and ("BYWEEKNO" not in by or week_numbers(day, wkst) & set(by["BYWEEKNO"]))
        and ("BYDAY" not in by or any(is_the_day(day, one, around) for one in by["BYDAY"]))
    )


def ranks(day, first, last, step=1):
    return {(day - first).days // step + 1, -((last - day).days // step) - 1}


def is_the_day(day, weekday_and_rank, around):
    weekday, rank = weekday_and_rank
    return day.weekday() == weekday and (rank is None or rank in ranks(day, *around, step=7))


def week_numbers(day, wkst):
    """From either end of the year that has most of the week."""
    middle = week_start(day, wkst) + 3 * DAY
    return ranks(middle, date(middle.year, 1, 1), date(middle.year, 12, 31), step=7)


def some(values, size=3):
    return st.lists(st.sampled_from(values), min_size=1, max_size=size, unique=True)


@st.composite
def rules(draw):
    """(freq, interval, wkst, by) as RFC 5545 allows them, from the day up."""
    freq = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY"]))
    numbers = {
        "BYMONTH": some(range(1, 13)),
        "BYMONTHDAY": some([*range(1, 32), -1, -2, -30, -31], 8) if freq != "WEEKLY" else None,
        "BYYEARDAY": some([*range(1, 20), 60, 366, -1, -2, -366], 8) if freq == "YEARLY" else None,
        "BYWEEKNO": some([1, 2, 20, 52, 53, -1, -2, -53]) if freq == "YEARLY" else None,
        "BYHOUR": some([8, 9, 18, 23]),
    }
    by = {name: draw(values) for name, values in numbers.items() if values is not None and draw(st.integers(0, 2)) == 0}
    if draw(st.booleans()):
        rank = st.none()
        if freq in ("YEARLY", "MONTHLY") and "BYWEEKNO" not in by:
            rank = rank | st.sampled_from([1, 2, 5, -1, -5])
        by["BYDAY"] = draw(st.lists(st.tuples(st.integers(0, 6), rank), min_size=1, max_size=4, unique=True))
    if by and draw(st.integers(0, 2)) == 0:
        by["BYSETPOS"] = draw(some([1, 2, 3, -1, -2]))
    return freq, draw(st.integers(1, 4)), draw(st.integers(0, 6)), by


def written(freq, interval, wkst, by):
    def value(one):
        return f"{one[1] or ''}{WEEKDAYS[one[0]]}" if isinstance(one, tuple) else str(one)

    parts = {"FREQ": freq, "INTERVAL": interval, "WKST": WEEKDAYS[wkst]}
    return ";".join(f"{name}={one}" for name, one in parts.items()) + "".join(
        f";{name}={','.join(map(value, values))}" for name, values in by.items()
    )


STARTS = st.datetimes(datetime.fromisoformat("2023-12-20"), datetime.fromisoformat("2025-03-05")).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


@settings(max_examples=250, deadline=None)
@given(STARTS, rules(), st.integers(0, 300))
def test_a_series_is_what_looking_at_every_day_gives(start, rule, days):
    last_day = start.date() + days * DAY
    expected = by_hand(start, *rule, last_day)
    assert local_starts(start, f"{written(*rule)};UNTIL={last_day:%Y%m%d}") == expected
    if days:
        assert local_starts(start, f"{written(*rule)};COUNT={len(expected)}") == expected


@settings(max_examples=60, deadline=None)
@given(
    STARTS,
    st.sampled_from(
        [
            "FREQ=DAILY;INTERVAL=3",
            "FREQ=DAILY;BYMONTH=1,3;BYDAY=MO,SA",
            "FREQ=DAILY;BYHOUR=8,20;BYMINUTE=0,30",
            "FREQ=WEEKLY;INTERVAL=2",
            "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,TU",
            "FREQ=MONTHLY",
            "FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=-1,15",
            "FREQ=MONTHLY;BYDAY=2TU,-1FR",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2,1",
            "FREQ=YEARLY",
            "FREQ=YEARLY;BYMONTH=3,9;BYDAY=1SU",
            "FREQ=YEARLY;BYDAY=20MO,-1TH",
            "FREQ=YEARLY;BYYEARDAY=1,60,-1",
            "FREQ=YEARLY;BYWEEKNO=1,20,53;BYDAY=MO,SU",
            "FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR",
        ]
    ),
)
def test_a_series_is_what_dateutil_gives_where_it_follows_the_rfc(start, rule):
    named = list(rrulestr(f"{rule};COUNT=41", dtstart=start))
    expected = [start, *(moment for moment in named if moment > start)][:40]
    assert local_starts(start, f"{rule};COUNT=40") == expected


@pytest.mark.parametrize(
    ("start", "rule", "expected"),
    [
        ("1997-09-02", "FREQ=DAILY;INTERVAL=10;COUNT=5", "0902 0912 0922 1002 1012"),
        (
            "1997-09-02",
            "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
            "0902 0904 0909 0911 0916 0918 0923 0925 0930 1002",
        ),
        (
            "1997-09-01",
            "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
            "0901 0903 0905 0915 0917 0919 0929 1001 1003 1013 1015 1017 1027 1029 1031 1110 1112 1114 1124 1126 1128 "
            "1208 1210 1212 1222",
        ),
        ("1997-08-05", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "0805 0810 0819 0824"),
        ("1997-08-05", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "0805 0817 0819 0831"),
        ("1997-09-05", "FREQ=MONTHLY;COUNT=4;BYDAY=1FR", "0905 1003 1107 1205"),
        ("1997-09-28", "FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=4", "0928 1029 1128 1229"),
        ("1997-09-04", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "0904 1007 1106"),
        ("1997-09-29", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=4", "0929 1030 1127 1230"),
        ("2007-01-15", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "0115 0130 0215 0315 0330"),
        ("1997-05-12", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=3", "0512 0511 0517"),
        ("1997-05-19", "FREQ=YEARLY;BYDAY=20MO;COUNT=3", "0519 0518 0517"),
        (
            "1996-11-05",
            "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;COUNT=3",
            "1105 1107 1102",
        ),
    ],
)
def test_the_examples_of_the_rfc_hold(start, rule, expected):
    found = local_starts(datetime.fromisoformat(f"{start}T09:00"), rule, "America/New_York")
    assert " ".join(f"{moment:%m%d}" for moment in found) == expected
    assert {moment.time() for moment in found} == {time(9)}
