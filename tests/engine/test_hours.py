"""Opening hours: read as people and OpenStreetMap write them, said in French, true at any moment."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.engine.hours import (
    DAY,
    HOLIDAYS_NOTE,
    HoursNotRead,
    day_said,
    day_typed,
    opening,
    opening_said,
    read_day,
    read_osm,
    read_weekday,
    sentences,
    week,
    write_osm,
)

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
MORNINGS = [(1, 540, 720), (3, 540, 720)]
SPANS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, DAY - 1), st.integers(1, DAY)).filter(lambda span: span[1] < span[2]),
    max_size=8,
)


def said(lines):
    return [line.replace("\u00a0", " ") for line in lines]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("9h-12h", [(540, 720)]),
        ("9 h - 12 h, 14 h - 18 h 30", [(540, 720), (840, 1110)]),
        ("De 9h à 12h et de 14:00 à 18:30.", [(540, 720), (840, 1110)]),
        ("09:00–12:00 ; 14:00–18:00", [(540, 720), (840, 1080)]),
        ("14 h - minuit", [(840, 1440)]),
        ("20h-2h", [(1200, 1560)]),
        ("", []),
        ("Fermé", []),
    ],
)
def test_hours_of_a_day_are_read_as_people_write_them(text, spans):
    assert read_day(text) == spans


@pytest.mark.parametrize(
    "text", ["matin", "9h", "25h-26h", "9h-9h", "9h-12h sauf en août", "9 - 12", "9h75-12h", "9" * 500]
)
def test_hours_that_are_not_clear_are_refused_with_an_example(text):
    with pytest.raises(HoursNotRead):
        read_day(text)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Mo-Fr 09:00-12:00", [(day, 540, 720) for day in range(5)]),
        ("Mo,We 09:00-12:00,14:00-18:00", [(0, 540, 720), (0, 840, 1080), (2, 540, 720), (2, 840, 1080)]),
        ("Mo-We 9:00-12:00; Tu off", [(0, 540, 720), (2, 540, 720)]),
        ("Mo-Fr 09:00-12:00; We 10:00-11:00", [(d, 540, 720) if d != 2 else (2, 600, 660) for d in range(5)]),
        ("Tu 09:00-12:00, Th 14:00-17:00", [(1, 540, 720), (3, 840, 1020)]),
        ("Sa-Mo 10:00-12:00", [(0, 600, 720), (5, 600, 720), (6, 600, 720)]),
        ("Su 20:00-02:00", [(0, 0, 120), (6, 1200, 1440)]),
        ("10:00-12:00", [(day, 600, 720) for day in range(7)]),
        ("24/7", [(day, 0, DAY) for day in range(7)]),
    ],
)
def test_the_common_part_of_openstreetmap_is_read(text, spans):
    assert read_osm(text) == (spans, "")


def test_closed_on_holidays_becomes_a_note():
    assert read_osm("Mo 09:00-12:00; PH off") == ([(0, 540, 720)], HOLIDAYS_NOTE)


@pytest.mark.parametrize(
    "text",
    ["", "Jan-Mar Mo 09:00-12:00", "sunrise-sunset", "Mo 09:00+", 'Mo 09:00-12:00 "sur rendez-vous"', "Lu 9h", ";;"],
)
def test_the_rest_of_openstreetmap_is_left_to_the_reader(text):
    with pytest.raises(HoursNotRead):
        read_osm(text)


@given(SPANS)
def test_what_is_written_for_openstreetmap_reads_back_the_same(spans):
    assert (read_osm(write_osm(spans))[0] if spans else []) == week(spans)


@given(SPANS)
def test_what_the_form_shows_reads_back_the_same(spans):
    assert week((day, *span) for day in range(7) for span in read_day(day_typed(spans, day))) == week(spans)


@given(st.text(max_size=60))
def test_reading_anything_gives_hours_or_a_refusal(text):
    for read in (read_day, read_osm):
        try:
            read(text)
        except HoursNotRead:
            continue


@given(SPANS, st.integers(0, 7 * DAY - 1))
def test_opening_agrees_with_asking_every_minute(spans, minute):
    """Brute force: the state of each minute of two weeks, one after the other."""
    is_open = [False] * (14 * DAY)
    for day, start, end in spans:
        for at in range(day * DAY + start, day * DAY + end):
            is_open[at] = is_open[at + 7 * DAY] = True
    found = opening(spans, MONDAY + timedelta(minutes=minute))
    assert found.is_open == is_open[minute]
    change = next((at for at in range(minute, minute + 7 * DAY) if is_open[at] != is_open[minute]), None)
    when = None if change is None else (change // DAY % 7, change % DAY, change // DAY - minute // DAY)
    assert (found.day, found.minute, found.days_ahead) == (when or (None, None, 0))


def test_days_with_the_same_hours_are_said_together():
    assert said(sentences(MORNINGS)) == ["mardi et jeudi, de 9 h à 12 h"]
    both = [(day, 540, 720) for day in range(5)] + [(0, 840, 1110), (5, 600, 720)]
    assert said(sentences(both)) == [
        "lundi, de 9 h à 12 h et de 14 h à 18 h 30",
        "du mardi au vendredi, de 9 h à 12 h",
        "samedi, de 10 h à 12 h",
    ]
    assert said(sentences([(day, 0, DAY) for day in range(7)])) == ["tous les jours, jour et nuit"]
    assert said([day_said(MORNINGS, 1), day_said(MORNINGS, 2)]) == ["de 9 h à 12 h", ""]


@pytest.mark.parametrize(
    ("day", "hour", "sentence"),
    [
        (0, 10, "Fermé, ouvre demain à 9 h"),
        (1, 8, "Fermé, ouvre à 9 h"),
        (1, 9, "Ouvert, jusqu’à 12 h"),
        (1, 12, "Fermé, ouvre jeudi à 9 h"),
        (3, 15, "Fermé, ouvre mardi à 9 h"),
    ],
)
def test_what_is_open_now_is_said_in_words(day, hour, sentence):
    moment = MONDAY + timedelta(days=day, hours=hour)
    assert opening_said(MORNINGS, moment).replace("\u00a0", " ") == sentence


def test_night_and_always_are_said_in_words():
    party = [(5, 1200, 1440), (6, 0, 120)]
    saturday = MONDAY + timedelta(days=5, hours=21)
    assert opening_said(party, saturday).replace("\u00a0", " ") == "Ouvert, jusqu’à demain à 2 h"
    assert opening_said([(5, 1200, 1440)], saturday) == "Ouvert, jusqu’à minuit"
    assert opening_said([(day, 0, DAY) for day in range(7)], saturday) == "Ouvert jour et nuit"
    assert opening_said([], saturday) == ""


@pytest.mark.parametrize(
    ("text", "day"), [("samedi", 5), ("Sam.", 5), ("LUNDI", 0), ("m", None), ("", None), ("7", None)]
)
def test_weekday_is_read(text, day):
    assert read_weekday(text) == day
