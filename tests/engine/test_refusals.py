"""Thirty ways to be wrong, one or more for each topic: a French sentence and the place, never a traceback."""

import importlib
import json

import pytest

from maillage.engine import door
from maillage.engine.documents import Refused

MISSING = object()


def changed(topic, path, value):
    """The example of ``topic`` with ``value`` at the JSON pointer ``path``, or without what is there."""
    document = json.loads(importlib.import_module(f"maillage.engine.topics.{topic}").EXAMPLE)
    *above, last = [int(step) if step.isdigit() else step for step in path.split("/")[1:]]
    place = document
    for step in above:
        place = place[step]
    if value is MISSING:
        del place[last]
    else:
        place[last] = value
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("topic", "path", "value", "where"),
    [
        ("match", "/needs", MISSING, "/needs"),
        ("match", "/needs/0/lat", 91, "/needs/0/lat"),
        ("match", "/needs/0/quantity", 0, "/needs/0/quantity"),
        ("match", "/needs/0/windows/0/end", "2026-11-07T07:00", "/needs/0/windows/0/end"),
        ("match", "/needs/0/colour", "blue", "/needs/0/colour"),
        ("match", "/offers/0/category", "../etc", "/offers/0/category"),
        ("match", "/top", 0, "/top"),
        ("match", "/timezone", "Mars/Olympus", "/timezone"),
        ("circles", "/links/0/to", "harmonie", "/links/0/to"),
        ("circles", "/max_length", 1, "/max_length"),
        ("pools", "/kind", "party", "/kind"),
        ("pools", "/radius_km", -1, "/radius_km"),
        ("pools", "/needs/0/quantity", "many", "/needs/0/quantity"),
        ("pools", "/needs/1/id", 7.5, "/needs/1/id"),
        ("split", "/method", "mine", "/method"),
        ("split", "/kind", "gift", "/kind"),
        ("groups", "/size", 0, "/size"),
        ("groups", "/people/0", "Awa", "/people/0"),
        ("groups", "/met", [["a"]], "/met/0"),
        ("availability", "/quantity", -1, "/quantity"),
        ("availability", "/request/start", "tomorrow", "/request/start"),
        ("availability", "/buffers", {"before_min": -5}, "/buffers/before_min"),
        ("recurrence", "/rrule", "FREQ=SOMETIMES;COUNT=2", "/rrule"),
        ("recurrence", "/rrule", "FREQ=WEEKLY", "/rrule"),
        ("recurrence", "/end", "2026-10-06T18:30", "/end"),
        ("recurrence", "/exdates", ["2026-02-30T10:00"], "/exdates/0"),
        ("survey", "/analysis", "horoscope", "/analysis"),
        ("survey", "/a/count", 601, "/a/count"),
        ("survey", "/b/total", 0, "/b/total"),
        ("jury", "/budget_cents", 0.5, "/budget_cents"),
        ("jury", "/marks/0/mark", "A+", "/marks/0/mark"),
        ("jury", "/marks/0/application", "nobody", "/marks/0/application"),
        ("jury", "/recused", [["Luc"]], "/recused/0"),
        ("instalments", "/rates", [1.5], "/rates/0"),
        ("instalments", "/rates", [], "/rates"),
        ("instalments", "/first_year_cents", True, "/first_year_cents"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence_and_its_place(topic, path, value, where):
    with pytest.raises(Refused) as caught:
        door.answer(topic, changed(topic, path, value))
    assert caught.value.where == where
    assert caught.value.message[0].isupper() or caught.value.message[0] == "«"
    assert caught.value.message.endswith(".")
