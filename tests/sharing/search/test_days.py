from datetime import date

import pytest

from maillage.sharing.search.days import find_day, missing_day, read_day

TUESDAY = date(2026, 11, 3)
SATURDAY = date(2026, 11, 7)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("samedi", SATURDAY),
        ("samedi prochain", SATURDAY),
        ("samedi en huit", date(2026, 11, 14)),
        ("pour samedi matin", SATURDAY),
        ("ce week-end", SATURDAY),
        ("demain", date(2026, 11, 4)),
        ("après-demain", date(2026, 11, 5)),
        ("aujourd’hui", TUESDAY),
        ("mardi", date(2026, 11, 10)),
        ("7 novembre", SATURDAY),
        ("samedi 7 nov. 2026", SATURDAY),
        ("le 1er décembre", date(2026, 12, 1)),
        ("3 mars", date(2027, 3, 3)),
        ("07/11/2026", SATURDAY),
        ("7/11/26", SATURDAY),
        ("7.11.2026", SATURDAY),
        ("2026-11-07", SATURDAY),
        ("7.11", SATURDAY),
        ("7. 11. 26", SATURDAY),
        ("7 11", SATURDAY),
        ("07 11 2026", SATURDAY),
        ("7-11", SATURDAY),
        ("7-11-26", SATURDAY),
        ("0711", SATURDAY),
        ("071126", SATURDAY),
        ("07112026", SATURDAY),
        ("le 7/11", SATURDAY),
        ("samedi 7/11", SATURDAY),
        ("12 dec", date(2026, 12, 12)),
        ("12 déc.", date(2026, 12, 12)),
        ("12dec", date(2026, 12, 12)),
        ("12-dec-2026", date(2026, 12, 12)),
        ("5 jan", date(2027, 1, 5)),
        ("5 fevrier", date(2027, 2, 5)),
        ("29 février", date(2028, 2, 29)),
    ],
)
def test_a_day_is_read_as_people_write_it(text, day):
    assert read_day(text, TUESDAY) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "31/02/2026",
        "les samedis",
        "mars",
        "12 m3",
        "samedi ou dimanche",
        "bientôt",
        "fin décembre",
        "31250",
        "9999",
        "0",
    ],
)
def test_what_is_not_one_day_is_not_read(text):
    assert read_day(text, TUESDAY) is None


def test_weekend_on_a_saturday_is_today_and_the_next_one_is_not():
    assert read_day("ce week-end", SATURDAY) == SATURDAY
    assert read_day("week-end prochain", SATURDAY) == date(2026, 11, 14)


def test_found_day_tells_where_it_is_written_accents_or_not():
    text = "beau barnum près de Revel pour samedi"
    found = find_day(text, TUESDAY)
    assert text[found.start : found.end] == "pour samedi"


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("31/02/2027", "31 février"),
        ("31 02", "31 février"),
        ("3102", "31 février"),
        ("31 avril", "31 avril"),
        ("29/02/2027", "29 février 2027"),
        ("32/01", ""),
        ("12/13/2026", ""),
        ("bientôt", ""),
    ],
)
def test_a_day_that_no_calendar_has_is_named(text, missing):
    assert read_day(text, TUESDAY) is None
    assert missing_day(text) == missing


@pytest.mark.parametrize("text", ["table 7 11", "salle 0711", "2 dec", "camionnette 7.11 m3"])
def test_figures_are_a_day_only_where_days_are_written(text):
    found = find_day(text, TUESDAY)
    assert (found and found.day) == (date(2026, 12, 2) if text == "2 dec" else None)
