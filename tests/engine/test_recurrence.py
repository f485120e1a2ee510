"""Local times are read as RFC 5545 says; what does not fit is refused with its place."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.engine import documents
from maillage.engine.documents import Refused
from maillage.engine.instants import local_text
from maillage.engine.recurrence import Occurrence, conflicts, occurrences, parse_rule
from maillage.engine.topics import recurrence as topic

DAY = timedelta(days=1)
DOCUMENT = {"start": "2026-10-06T18:30", "end": "2026-10-06T20:00", "rrule": "FREQ=WEEKLY;COUNT=3"}


def answer(**changes):
    return topic.answer(documents.parse(json.dumps({**DOCUMENT, **changes}).encode()))


def refusal(**changes):
    with pytest.raises(Refused) as caught:
        answer(**changes)
    return caught.value.message.replace("\u00a0", " "), caught.value.where


def starts(**changes):
    return [one["start"] for one in answer(**changes)["occurrences"]]


# --- The zone ---------------------------------------------------------------------------------------------------------

ZONES = ["Europe/Paris", "Indian/Reunion", "America/Miquelon", "America/New_York", "Australia/Lord_Howe"]


def by_search(local, zone):
    """(instant, flag) of a local time, looked for among the quarters of an hour around it."""
    near = [local.replace(tzinfo=UTC) + quarter * timedelta(minutes=15) for quarter in range(-60, 61)]
    found = [moment for moment in near if moment.astimezone(zone).replace(tzinfo=None) == local]
    if found:
        return found[0], "ambiguous" if len(found) > 1 else None
    offset_before = (near[0] - DAY).astimezone(zone).utcoffset()
    return local.replace(tzinfo=UTC) - offset_before, "nonexistent"


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.sampled_from(["2026-03-07", "2026-03-28", "2026-04-04", "2026-10-03", "2026-10-24", "2026-10-31"]),
    st.integers(0, 95),
    st.integers(1, 400),
)
def test_local_times_are_read_as_looking_for_them_on_the_clock_gives(zone, day, quarter, quarters):
    zone = ZoneInfo(zone)
    start = datetime.fromisoformat(day) + quarter * timedelta(minutes=15)
    end = start + quarters * timedelta(minutes=15)
    for number, found in enumerate(occurrences(start, end, parse_rule("FREQ=DAILY;COUNT=3"), zone)):
        (begins, one_flag), (ends, other_flag) = (by_search(local + number * DAY, zone) for local in (start, end))
        assert found.start == begins
        assert found.end == (ends if ends > begins else begins + (end - start))
        assert found.flag in (one_flag, other_flag)
        assert (found.flag is None) == (one_flag is None and other_flag is None)
        assert documents.instant(zone)(local_text(found.start, zone), "") == found.start
        assert documents.instant(zone)(local_text(found.end, zone), "") == found.end


def test_the_example_is_answered():
    found = topic.answer(documents.parse(topic.EXAMPLE.encode()))
    assert [tuple(one.values()) for one in found["occurrences"]] == [
        ("2026-10-06T18:30", "2026-10-06T20:00", "2026-10-06T16:30Z", "2026-10-06T18:00Z"),
        ("2026-10-13T18:30", "2026-10-13T20:00", "2026-10-13T16:30Z", "2026-10-13T18:00Z"),
        ("2026-10-27T18:30", "2026-10-27T20:00", "2026-10-27T17:30Z", "2026-10-27T19:00Z"),
        ("2026-11-03T18:30", "2026-11-03T20:00", "2026-11-03T17:30Z", "2026-11-03T19:00Z"),
        ("2026-11-10T18:30", "2026-11-10T20:00", "2026-11-10T17:30Z", "2026-11-10T19:00Z"),
    ]
    assert {tuple(one) for one in found["occurrences"]} == {("start", "end", "utc_start", "utc_end")}
    assert found["conflicts"] == [3]


def on_the_day(day, start, end, zone="Europe/Paris"):
    """The second occurrence, on ``day``, of a daily series that starts the day before."""
    first = date.fromisoformat(day) - DAY
    last = first + DAY if end < start else first
    found = answer(start=f"{first}T{start}", end=f"{last}T{end}", rrule="FREQ=DAILY;COUNT=2", timezone=zone)
    return found["occurrences"][1]


def hours(occurrence):
    """The hours on the clock, the hours in UTC, the flag."""
    shown = [" ".join(occurrence[name][8:] for name in names) for names in (("start", "end"), ("utc_start", "utc_end"))]
    return *shown, occurrence.get("flag")


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("01:30", "02:30", ("29T01:30 29T03:30", "29T00:30Z 29T01:30Z", "nonexistent")),
        ("02:30", "04:30", ("29T03:30 29T04:30", "29T01:30Z 29T02:30Z", "nonexistent")),
        ("02:30", "03:30", ("29T03:30 29T04:30", "29T01:30Z 29T02:30Z", "nonexistent")),
        ("02:30", "03:00", ("29T03:30 29T04:00", "29T01:30Z 29T02:00Z", "nonexistent")),
        ("01:00", "05:00", ("29T01:00 29T05:00", "29T00:00Z 29T03:00Z", None)),
        ("18:30", "20:00", ("29T18:30 29T20:00", "29T16:30Z 29T18:00Z", None)),
    ],
)
def test_the_hour_that_spring_skips_is_read_with_the_offset_of_before(start, end, expected):
    assert hours(on_the_day("2026-03-29", start, end)) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("02:30", "03:30", ("25T02:30 25T03:30", "25T00:30Z 25T02:30Z", "ambiguous")),
        ("01:00", "02:00", ("25T01:00 25T02:00", "24T23:00Z 25T00:00Z", "ambiguous")),
        ("01:00", "05:00", ("25T01:00 25T05:00", "24T23:00Z 25T04:00Z", None)),
        ("22:00", "06:00", ("25T22:00 26T06:00", "25T21:00Z 26T05:00Z", None)),
    ],
)
def test_the_hour_that_autumn_repeats_is_the_first(start, end, expected):
    assert hours(on_the_day("2026-10-25", start, end)) == expected


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_a_zone_whose_clocks_do_not_change_flags_nothing(day):
    assert on_the_day(day, "02:30", "03:30", "Indian/Reunion") == {
        "start": f"{day}T02:30",
        "end": f"{day}T03:30",
        "utc_start": f"{date.fromisoformat(day) - DAY}T22:30Z",
        "utc_end": f"{date.fromisoformat(day) - DAY}T23:30Z",
    }


def test_occurrences_that_the_skipped_hour_moves_stay_in_order():
    rule = "FREQ=DAILY;BYHOUR=2,3;BYMINUTE=15,30;COUNT=4"
    found = answer(start="2026-03-29T02:15", end="2026-03-29T02:20", rrule=rule)["occurrences"]
    assert [one["utc_start"][11:] for one in found] == ["01:15Z", "01:15Z", "01:30Z", "01:30Z"]


def test_seconds_and_fractions_are_kept():
    found = answer(start="2026-10-06T18:30:15.5", end="2026-10-06T18:30:20", rrule="FREQ=DAILY;COUNT=2")["occurrences"]
    assert [(one["start"], one["utc_end"]) for one in found] == [
        ("2026-10-06T18:30:15.500000", "2026-10-06T16:30:20Z"),
        ("2026-10-07T18:30:15.500000", "2026-10-07T16:30:20Z"),
    ]


# --- What a series is made of -----------------------------------------------------------------------------------------


def test_the_start_is_the_first_even_when_the_rule_does_not_name_it():
    assert starts(rrule="FREQ=WEEKLY;BYDAY=WE;COUNT=3") == ["2026-10-06T18:30", "2026-10-07T18:30", "2026-10-14T18:30"]


def test_a_rule_may_be_written_in_small_letters():
    assert starts(rrule="freq=weekly;byday=tu;count=2") == starts(rrule="FREQ=WEEKLY;BYDAY=TU;COUNT=2")


@pytest.mark.parametrize(
    ("until", "count"),
    [
        ("20261006", 1),
        ("20261012", 1),
        ("20261013", 2),
        ("20261013T183000", 2),
        ("20261013T182959", 1),
        ("20261013T163000Z", 2),
        ("20261013T162959Z", 1),
        ("20261027T173000Z", 4),
        ("20261027T172959Z", 3),
    ],
)
def test_until_is_included_be_it_a_day_a_local_time_or_an_instant(until, count):
    assert len(starts(rrule=f"FREQ=WEEKLY;UNTIL={until}")) == count


def test_exdates_are_left_out_and_still_counted():
    assert starts(exdates=["2026-10-13T16:30Z", "2026-10-14T18:30"]) == ["2026-10-06T18:30", "2026-10-20T18:30"]
    assert starts(exdates=["2026-10-06T18:30", "2026-10-13T18:30", "2026-10-20T18:30"]) == []


def test_an_exdate_in_the_skipped_hour_is_found():
    night = {"start": "2026-03-28T02:30", "end": "2026-03-28T04:00", "rrule": "FREQ=DAILY;COUNT=2"}
    for exdate in ("2026-03-29T02:30", "2026-03-29T03:30"):
        assert starts(**night, exdates=[exdate]) == ["2026-03-28T02:30"]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 10)), max_size=8),
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 10)), max_size=8),
)
def test_conflicts_are_what_comparing_every_pair_gives(series, taken):
    def period(pair):
        first = datetime(2026, 10, 6, tzinfo=UTC)
        return first + pair[0] * timedelta(hours=1), first + sum(pair) * timedelta(hours=1)

    found, periods = [Occurrence(*period(pair)) for pair in series], [period(pair) for pair in taken]
    assert conflicts(found, periods) == [
        index for index, one in enumerate(found) if any(one.start < end and start < one.end for start, end in periods)
    ]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-10-13T20:00", "2026-10-13T21:00", []),
        ("2026-10-13T18:00", "2026-10-13T18:30", []),
        ("2026-10-13T19:59:59", "2026-10-13T21:00", [1]),
        ("2026-10-01T00:00", "2026-10-31T00:00", [0, 1, 2]),
        ("2026-10-13T16:00Z", "2026-10-13T17:00Z", [1]),
    ],
)
def test_conflicts_are_half_open_instants(start, end, expected):
    assert answer(taken=[{"start": start, "end": end}])["conflicts"] == expected


def test_a_thousand_dates_are_answered_and_one_more_is_refused():
    assert len(starts(rrule="FREQ=DAILY;COUNT=1000")) == 1000
    assert len(starts(rrule="FREQ=DAILY;UNTIL=20290701")) == 1000
    assert refusal(rrule="FREQ=DAILY;UNTIL=20290702") == (
        "La série est trop longue : 1\u202f000 dates au plus.",
        "/rrule",
    )


UNTIL = "une date comme 20261231 ou 20261231T170000Z, de 1900 à 2200"
DAYS, A_NUMBER = "des jours comme MO, 2TU ou -1FR", "un nombre de 1 à 1\u202f000"


@pytest.mark.parametrize(
    ("part", "needed"),
    [
        ("FREQ=HOURLY", "YEARLY, MONTHLY, WEEKLY ou DAILY"),
        ("COUNT=0", A_NUMBER),
        ("COUNT=1001", A_NUMBER),
        ("COUNT=²", A_NUMBER),
        ("INTERVAL=0", A_NUMBER),
        ("INTERVAL=-1", A_NUMBER),
        ("BYDAY=LU", DAYS),
        ("BYDAY=", DAYS),
        ("BYDAY=0MO", DAYS),
        ("BYDAY=54MO", DAYS),
        ("WKST=XX", "MO, TU, WE, TH, FR, SA ou SU"),
        ("BYMONTHDAY=0", "des nombres de −31 à 31, sauf 0"),
        ("BYMONTHDAY=1,,2", "des nombres de −31 à 31, sauf 0"),
        ("BYHOUR=24", "des nombres de 0 à 23"),
        ("UNTIL=20260230", UNTIL),
        ("UNTIL=2026-12-31", UNTIL),
        ("UNTIL=00010101", UNTIL),
    ],
)
def test_a_part_that_does_not_fit_is_refused(part, needed):
    rule = part if part.startswith("FREQ") else f"FREQ=YEARLY;{part}"
    assert refusal(rrule=rule) == (f"{part} ne convient pas : il faut {needed}.", "/rrule")


ENDS = "La série doit finir d’une seule façon : COUNT=10 (combien de fois) ou UNTIL=20261231 (jusqu’à quand)."
RANKED = "Un jour numéroté comme 2TU ne va qu’avec FREQ=MONTHLY ou FREQ=YEARLY, sans BYWEEKNO."


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("", "Il faut une règle comme FREQ=WEEKLY;BYDAY=TU;COUNT=10, pas «  »."),
        ("chaque mardi", "Il faut une règle comme FREQ=WEEKLY;BYDAY=TU;COUNT=10, pas « chaque mardi »."),
        ("FREQ=DAILY;", "Il faut une règle comme FREQ=WEEKLY;BYDAY=TU;COUNT=10, pas « FREQ=DAILY; »."),
        ("COUNT=3", "La règle doit dire FREQ : YEARLY, MONTHLY, WEEKLY ou DAILY."),
        ("FREQ=WEEKLY;FREQ=DAILY;COUNT=3", "La règle dit deux fois FREQ."),
        ("FREQ=WEEKLY", ENDS),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20261231", ENDS),
        ("FREQ=DAILY;UNTIL=20261005", "UNTIL vient avant le début de la série."),
        ("FREQ=WEEKLY;COUNT=3;BYMONTHDAY=1", "BYMONTHDAY ne va pas avec FREQ=WEEKLY."),
        ("FREQ=MONTHLY;COUNT=3;BYYEARDAY=1", "BYYEARDAY ne va pas avec FREQ=MONTHLY."),
        ("FREQ=DAILY;COUNT=3;BYWEEKNO=1", "BYWEEKNO ne va pas avec FREQ=DAILY."),
        ("FREQ=WEEKLY;COUNT=3;BYDAY=2TU", RANKED),
        ("FREQ=YEARLY;COUNT=3;BYDAY=2TU;BYWEEKNO=2", RANKED),
        (
            "FREQ=DAILY;COUNT=3;BYSETPOS=1",
            "BYSETPOS choisit parmi les dates d’une autre partie, comme BYDAY, qui manque ici.",
        ),
        (
            "FREQ=YEARLY;COUNT=3;BYMONTH=2;BYMONTHDAY=30",
            "COUNT=3 n’est pas atteint en 2200 : la série a alors 1 date.",
        ),
        ("FREQ=YEARLY;COUNT=300", "COUNT=300 n’est pas atteint en 2200 : la série a alors 175 dates."),
    ],
)
def test_a_wrong_rule_is_refused(rule, sentence):
    assert refusal(rrule=rule) == (sentence, "/rrule")


@pytest.mark.parametrize("part", ["BYEASTER=0", "X=1", "DTSTART:20261006T183000\nRRULE:FREQ=DAILY", "RRULE:FREQ=DAILY"])
def test_a_part_that_the_rfc_does_not_know_is_refused(part):
    message, where = refusal(rrule=f"{part};COUNT=3")
    assert message.startswith(
        f"La règle ne peut pas dire {part.split('=')[0]} : FREQ, INTERVAL, COUNT, UNTIL, WKST, BYDAY"
    )
    assert where == "/rrule"


TWICE = "Cette heure vient deux fois : une série ne connaît que la première. Donnez-la seule."


@pytest.mark.parametrize(
    ("changes", "sentence", "where"),
    [
        ({"end": "2026-10-06T18:30"}, "La fin doit venir après le début.", "/end"),
        ({"start": "2026-03-29T03:15", "end": "2026-03-29T02:30"}, "La fin doit venir après le début.", "/end"),
        ({"start": "2026-10-25T02:30+01:00", "end": "2026-10-25T04:00"}, TWICE, "/start"),
        ({"start": "2026-10-25T01:30", "end": "2026-10-25T02:30+01:00"}, TWICE, "/end"),
        ({"rrule": 7}, "Un texte est attendu ici, pas un nombre.", "/rrule"),
        ({"exdates": [1]}, "Un texte est attendu ici, pas un nombre.", "/exdates/0"),
        ({"taken": [{"start": "2026-10-06T18:30"}]}, "Il manque le membre « end ».", "/taken/0/end"),
        (
            {"until": 1},
            "Le membre « until » n’est pas connu ici : start, end, rrule, exdates, taken ou timezone.",
            "/until",
        ),
    ],
)
def test_a_wrong_document_is_refused(changes, sentence, where):
    assert refusal(**changes) == (sentence, where)
