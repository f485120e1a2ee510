"""The door's topic « pools »: pools say why, and each way a document can be wrong is refused with its place."""

import json

import pytest

from maillage.engine import documents
from maillage.engine.documents import Refused
from maillage.engine.topics import pools as topic

PLACE = {"structure": "s", "lat": 43.5, "lon": 1.5, "quantity": 1}
DOCUMENT = {
    "kind": "purchase",
    "needs": [PLACE | {"id": "a"}, PLACE | {"id": "b", "structure": "t"}],
    "target": {"min": 2},
    "radius_km": 10,
}


def test_the_example_of_the_help_makes_a_pool():
    assert topic.answer(documents.parse(topic.EXAMPLE.encode())) == {
        "pools": [
            {
                "members": ["comptable foyer", "comptable harmonie", "comptable judo"],
                "quantity": 0.9,
                "diameter_km": 9.016,
                "centre": [43.45601, 1.94833],
                "why": [
                    "3 structures à 10\u00a0km au plus les unes des autres",
                    "ensemble 0,9\u00a0équivalent temps plein, il en faut entre 0,8 et 1",
                ],
            }
        ]
    }


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        (
            {},
            ["2 structures à moins de 1 km l’une de l’autre", "ensemble 2 unités, il en faut au moins 2"],
        ),
        (
            {"kind": "job", "target": {"min": 2, "max": 2}, "max_members": None},
            ["2 structures à moins de 1 km l’une de l’autre", "ensemble 2 équivalents temps plein, il en faut 2"],
        ),
        (
            {"target": {"min": 0, "max": 3}, "needs": [*DOCUMENT["needs"], PLACE | {"id": 3, "structure": "u"}]},
            ["3 structures à moins de 1 km les unes des autres", "ensemble 3 unités, il en faut au plus 3"],
        ),
        (
            {
                "target": {"min": 0, "max": None},
                "needs": [PLACE | {"id": "a"}, PLACE | {"id": 7, "lat": 43.55, "structure": 1}],
            },
            ["2 structures à 6 km l’une de l’autre", "ensemble 2 unités"],
        ),
    ],
)
def test_pools_say_why(changes, why):
    (pool,) = topic.answer(DOCUMENT | changes)["pools"]
    assert [reason.replace("\u00a0", " ") for reason in pool["why"]] == why
    assert pool["quantity"] == len(pool["members"])
    assert isinstance(pool["quantity"], int)


def equipment(*windows, **changes):
    needs = [
        PLACE | {"id": name, "structure": name, "windows": [{"start": start, "end": end}]}
        for name, (start, end) in zip("ab", windows, strict=True)
    ]
    return {"kind": "equipment", "needs": needs, "radius_km": 10} | changes


def test_equipment_may_have_no_target_and_says_that_calendars_never_meet():
    document = equipment(("2026-11-07T08:00", "2026-11-07T09:00"), ("2026-11-07T09:00", "2026-11-07T10:00"))
    (pool,) = topic.answer(document)["pools"]
    assert pool["members"] == ["a", "b"]
    assert pool["why"][-2:] == ["ensemble 2", "leurs calendriers ne se croisent jamais"]


def test_local_times_are_those_of_the_time_zone():
    windows = (("2026-11-07T08:00", "2026-11-07T09:00"), ("2026-11-07T08:00Z", "2026-11-07T09:00Z"))
    assert len(topic.answer(equipment(*windows))["pools"]) == 1
    assert topic.answer(equipment(*windows, timezone="UTC"))["pools"] == []


def test_no_need_makes_no_pool():
    assert topic.answer(DOCUMENT | {"needs": []}) == {"pools": []}


@pytest.mark.parametrize(
    ("changes", "sentence", "where"),
    [
        ({"kind": "loan"}, "« loan » ne convient pas : job, purchase ou equipment est attendu.", "/kind"),
        ({"target": None}, "Il manque le membre « target ».", "/target"),
        ({"target": {"max": 3}}, "Il manque le membre « min ».", "/target/min"),
        ({"target": {"min": 3, "max": 2}}, "Le maximum doit valoir au moins le minimum.", "/target/max"),
        ({"target": {"min": -1}}, "Ce nombre est trop petit : au moins 0.", "/target/min"),
        ({"target": [1, 2]}, "Un objet JSON est attendu ici, pas une liste.", "/target"),
        ({"radius_km": None}, "Un nombre est attendu ici, pas null.", "/radius_km"),
        ({"max_members": 1}, "Ce nombre est trop petit : au moins 2.", "/max_members"),
        (
            {"timezone": "Mars/Olympus"},
            "Le fuseau horaire « Mars/Olympus » n’existe pas ; exemple : Europe/Paris.",
            "/timezone",
        ),
        ({"needs": {}}, "Une liste est attendue ici, pas un objet.", "/needs"),
        ({"needs": [PLACE]}, "Il manque le membre « id ».", "/needs/0/id"),
        ({"needs": [PLACE | {"id": 1}, PLACE | {"id": "1"}]}, "« 1 » est déjà pris dans cette liste.", "/needs/1/id"),
        (
            {"needs": [PLACE | {"id": 1, "quantity": 0}]},
            "Ce nombre est trop petit : au moins 0,01.",
            "/needs/0/quantity",
        ),
        ({"needs": [PLACE | {"id": 1, "lat": 91}]}, "Ce nombre est trop grand : au plus 90.", "/needs/0/lat"),
        (
            {"needs": [PLACE | {"id": 1, "windows": [{"start": "2026-11-07T09:00", "end": "2026-11-07T09:00"}]}]},
            "La fin doit venir après le début.",
            "/needs/0/windows/0/end",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(changes, sentence, where):
    with pytest.raises(Refused) as caught:
        topic.answer(documents.parse(json.dumps(DOCUMENT | changes).encode()))
    assert (caught.value.message.replace("\u00a0", " ").replace("\u202f", " "), caught.value.where) == (sentence, where)


def test_extreme_values_are_answered():
    needs = [
        PLACE | {"id": name, "structure": name, "lat": lat, "lon": 180, "quantity": 10_000_000}
        for name, lat in (("a", 90), ("b", -90), ("c", 0))
    ]
    document = {"needs": needs, "target": {"min": 1e7, "max": 1e12}, "radius_km": 50_000, "max_members": 2**53}
    (pool,) = topic.answer(DOCUMENT | document)["pools"]
    assert (pool["members"], pool["quantity"], pool["diameter_km"]) == (["a", "b", "c"], 30_000_000, 20015.114)
