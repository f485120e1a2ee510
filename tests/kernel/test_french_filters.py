from datetime import UTC, date, datetime

import pytest
from django.template import engines

NBSP = "\u00a0"


def render(source, **context):
    return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize(
    "name", ["date_fr", "day_fr", "short_day_fr", "time_fr", "number_fr", "euros_fr", "km_fr", "typo"]
)
@pytest.mark.parametrize("nothing", [None, ""])
def test_a_filter_shows_nothing_for_nothing(name, nothing):
    assert render("{{ value|" + name + " }}", value=nothing) == ""


def test_a_datetime_is_shown_in_paris():
    moment = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    assert (
        render("{{ value|date_fr }}, {{ value|time_fr }}", value=moment)
        == f"mercredi 1er{NBSP}juillet 2026, 0{NBSP}h{NBSP}30"
    )


def test_what_people_wrote_is_escaped():
    assert render("{{ value|typo }}", value="<b> !") == "&lt;b&gt;\u202f!"
    assert render("{{ value|raised }}", value="le 1er <b>") == "le 1<sup>er</sup> &lt;b&gt;"


def test_count_fr_takes_its_words():
    assert render('{{ 2|count_fr:"travail,travaux" }}') == f"2{NBSP}travaux"


def test_date_iso_is_for_machines():
    assert render("{{ value|date_iso }}", value=date(2026, 11, 7)) == "2026-11-07"
