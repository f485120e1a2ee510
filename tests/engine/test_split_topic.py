"""The door's topic « split »: each method answers, and each way a document can be wrong is refused with its place."""

import json
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.engine import documents
from maillage.engine.documents import Refused
from maillage.engine.topics import split as topic

PLAYERS = ["A", "B", "C"]
VALUES = {"A": 300, "B": 400, "C": 500, "A,B": 550, "A,C": 620, "B,C": 700, "A,B,C": 800}
GAME = {"method": "shapley", "players": PLAYERS, "values": VALUES}


def test_the_example_of_the_help_is_shared_out():
    assert topic.answer(documents.parse(topic.EXAMPLE.encode())) == {
        "shares": {"foyer rural": 178.333333333, "harmonie": 268.333333333, "judo club": 353.333333333},
        "shares_cents": {"foyer rural": 17834, "harmonie": 26833, "judo club": 35333},
        "in_core": True,
        "exact": True,
    }


@pytest.mark.parametrize(
    ("document", "shares", "cents", "core"),
    [
        ({"method": "equal", "players": PLAYERS}, [1 / 3] * 3, None, None),
        ({"method": "equal", "players": PLAYERS, "total_cents": 100}, [100 / 3] * 3, [34, 33, 33], None),
        ({"method": "equal", "players": PLAYERS, "total_cents": 0}, [0] * 3, [0] * 3, None),
        ({"method": "equal", "players": PLAYERS, "values": VALUES}, [800 / 3] * 3, None, True),
        (GAME | {"method": "equal", "kind": "saving"}, [800 / 3] * 3, None, False),
        ({"method": "weights", "weights": {"A": 1, "B": 0, "C": 0.5}}, [2 / 3, 0, 1 / 3], None, None),
        (
            {"method": "weights", "players": PLAYERS, "weights": {"C": 2, "A": 1, "B": 1}, "total_cents": 5},
            [1.25, 1.25, 2.5],
            [1, 1, 3],
            None,
        ),
        (GAME | {"method": "weights", "weights": dict.fromkeys(PLAYERS, 2)}, [800 / 3] * 3, None, True),
        (GAME, [535 / 3, 805 / 3, 1060 / 3], None, True),
        (GAME | {"total_cents": 80_001}, [535 / 3, 805 / 3, 1060 / 3], [17833, 26834, 35334], True),
        (GAME | {"kind": "saving"}, [535 / 3, 805 / 3, 1060 / 3], None, False),
        (GAME | {"method": "nucleolus"}, [190, 270, 340], None, True),
        (GAME | {"values": VALUES | {"": 0}}, [535 / 3, 805 / 3, 1060 / 3], None, True),
        ({"method": "airport", "costs": {"A": 30, "B": 60, "C": 100}}, [10, 25, 65], None, True),
        (
            {"method": "airport", "players": PLAYERS, "costs": {"C": 1, "B": 1, "A": 1}, "total_cents": 100},
            [1 / 3] * 3,
            [34, 33, 33],
            True,
        ),
        ({"method": "airport", "costs": {"A": 0}, "total_cents": 0}, [0], [0], True),
        ({"method": "nucleolus", "players": ["A"], "values": {"A": 7}}, [7], None, True),
    ],
)
def test_shares_of_each_method(document, shares, cents, core):
    answer = topic.answer(document)
    assert list(answer["shares"].values()) == pytest.approx(shares, abs=1e-8)
    assert list(answer.get("shares_cents", {}).values()) == (cents or [])
    assert list(answer["shares"]) == document.get("players", list(document.get("weights", document.get("costs", {}))))
    assert answer["in_core"] is core
    assert answer["exact"] is True


def test_players_are_named_by_texts_or_numbers():
    answer = topic.answer({"method": "shapley", "players": [1, "b"], "values": {"1": 2, "b": 3, "1,b": 4}})
    assert answer["shares"] == {"1": 1.5, "b": 2.5}


def test_a_share_that_is_not_in_the_core_is_said():
    glove = {"A": 0, "B": 0, "C": 0, "A,B": 0, "A,C": 1, "B,C": 1, "A,B,C": 1}
    document = {"players": PLAYERS, "values": glove, "kind": "saving"}
    fair = topic.answer(document | {"method": "shapley"})
    assert (fair["shares"], fair["in_core"]) == ({"A": 0.166666667, "B": 0.166666667, "C": 0.666666667}, False)
    stable = topic.answer(document | {"method": "nucleolus"})
    assert (stable["shares"], stable["in_core"]) == ({"A": 0, "B": 0, "C": 1}, True)


def test_shapley_beyond_the_exact_limit_states_its_errors_and_follows_the_seed(monkeypatch):
    monkeypatch.setattr(topic, "EXACT_PLAYERS", 2)
    answer = topic.answer(GAME | {"total_cents": 80_000})
    assert answer["exact"] is False
    exact = dict(zip(PLAYERS, [535 / 3, 805 / 3, 1060 / 3], strict=True))
    for player in PLAYERS:
        assert abs(answer["shares"][player] - exact[player]) < 5 * answer["standard_error"][player]
        assert 0 < answer["standard_error"][player] < 1
    assert sum(answer["shares_cents"].values()) == 80_000
    assert topic.answer(GAME | {"total_cents": 80_000, "seed": 0}) == answer
    assert topic.answer(GAME | {"seed": 1})["shares"] != answer["shares"]


def refusal(document):
    """(sentence with plain spaces, where) of the refusal of a document."""
    with pytest.raises(Refused) as caught:
        topic.answer(documents.parse(json.dumps(document).encode()))
    return caught.value.message.replace("\u00a0", " "), caught.value.where


MANY = [f"player {number}" for number in range(30)]


@pytest.mark.parametrize(
    ("document", "sentence", "where"),
    [
        ({"players": PLAYERS}, "Il manque le membre « method ».", "/method"),
        (
            {"method": "fair"},
            "« fair » ne convient pas : equal, weights, shapley, nucleolus ou airport est attendu.",
            "/method",
        ),
        (GAME | {"kind": "gain"}, "« gain » ne convient pas : cost ou saving est attendu.", "/kind"),
        (GAME | {"total_cents": 1.5}, "Un nombre entier est attendu ici, pas un nombre à virgule.", "/total_cents"),
        ({"method": "equal"}, "Il manque le membre « players », dont la méthode equal a besoin.", "/players"),
        (
            {"method": "nucleolus", "players": PLAYERS},
            "Il manque le membre « values », dont la méthode nucleolus a besoin.",
            "/values",
        ),
        ({"method": "airport"}, "Il manque le membre « costs », dont la méthode airport a besoin.", "/costs"),
        (
            GAME | {"weights": {"A": 1}},
            "La méthode shapley ne se sert pas du membre « weights » : retirez-le.",
            "/weights",
        ),
        ({"method": "equal", "players": []}, "Donnez au moins un nom.", "/players"),
        ({"method": "equal", "players": [1, "1"]}, "« 1 » est déjà dans cette liste.", "/players/1"),
        (
            {"method": "equal", "players": [""]},
            "«  » ne convient pas : un identifiant non vide est attendu.",
            "/players/0",
        ),
        ({"method": "weights", "weights": {}}, "Donnez au moins un poids plus grand que zéro.", "/weights"),
        ({"method": "weights", "weights": {"A": 0}}, "Donnez au moins un poids plus grand que zéro.", "/weights"),
        ({"method": "weights", "weights": {"A": -1}}, "Ce nombre est trop petit : au moins 0.", "/weights/A"),
        ({"method": "weights", "weights": [1]}, "Un objet JSON est attendu ici, pas une liste.", "/weights"),
        (
            {"method": "weights", "players": ["A"], "weights": {"A": 1, "a/b": 1}},
            "« a/b » n’est pas dans players.",
            "/weights/a~1b",
        ),
        (
            {"method": "weights", "players": ["A", "B"], "weights": {"A": 1}},
            "Il manque le nombre de « B ».",
            "/weights/B",
        ),
        ({"method": "airport", "costs": {}}, "Donnez au moins un coût.", "/costs"),
        (
            {"method": "airport", "costs": {"A": 1}, "kind": "saving"},
            "La méthode airport partage un coût, pas une économie.",
            "/kind",
        ),
        (GAME | {"method": "nucleolus", "players": MANY}, "La méthode nucleolus va jusqu’à 20 players.", "/players"),
        (
            GAME | {"players": ["A", "B,C"]},
            "Le nom « B,C » contient une virgule, qui sépare les membres d’une coalition.",
            "/players/1",
        ),
        (GAME | {"values": VALUES | {"": 1}}, "La coalition vide vaut toujours 0.", "/values/"),
        (GAME | {"values": VALUES | {"A,D": 1}}, "« D » n’est pas dans players.", "/values/A,D"),
        (
            GAME | {"values": VALUES | {"C,A": 1}},
            "Écrivez cette coalition dans l’ordre de players : « A,C ».",
            "/values/C,A",
        ),
        (
            GAME | {"values": VALUES | {"A,A": 1}},
            "Écrivez cette coalition dans l’ordre de players : « A ».",
            "/values/A,A",
        ),
        (
            GAME | {"values": {name: 1 for name in VALUES if name != "A,C"}},
            "Il manque la valeur de la coalition « A,C ».",
            "/values/A,C",
        ),
        (GAME | {"values": {}}, "Il manque la valeur de la coalition « A ».", "/values/A"),
        (
            GAME | {"players": MANY, "values": dict.fromkeys(MANY, 1)},
            "Il manque la valeur de la coalition « player 0,player 1 ».",
            "/values/player 0,player 1",
        ),
        (GAME | {"values": VALUES | {"A,B,C": "dix"}}, "Un nombre est attendu ici, pas un texte.", "/values/A,B,C"),
        (
            GAME | {"values": VALUES | {"A,B,C": 0}, "total_cents": 100},
            "On ne peut pas répartir 1 € en proportion de parts dont la somme est 0 : "
            "corrigez total_cents ou les valeurs.",
            "/total_cents",
        ),
        (
            {"method": "airport", "costs": {"A": 2}, "total_cents": -100},
            "On ne peut pas répartir −1 € en proportion de parts dont la somme est 2 : "
            "corrigez total_cents ou les valeurs.",
            "/total_cents",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(document, sentence, where):
    assert refusal(document) == (sentence, where)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text("ab ,é/~", min_size=1, max_size=3), min_size=1, max_size=3, unique=True),
    st.sampled_from(["equal", "shapley", "nucleolus"]),
    st.data(),
)
def test_any_game_is_shared_to_the_cent_or_refused_for_its_commas(players, method, data):
    names = [",".join(group) for size in range(1, len(players) + 1) for group in combinations(players, size)]
    values = {name: data.draw(st.integers(1, 100)) for name in names}
    document = {"method": method, "players": players, "values": values, "total_cents": 1000}
    if any("," in player for player in players):
        assert "virgule" in refusal(document)[0]
    else:
        answer = topic.answer(document)
        assert sum(answer["shares_cents"].values()) == 1000
        assert list(answer["shares"]) == players


@pytest.mark.parametrize(("method", "kind"), list(product(["shapley", "nucleolus"], ["cost", "saving"])))
def test_the_same_game_gives_the_same_bytes(method, kind):
    document = GAME | {"method": method, "kind": kind, "total_cents": 12_345}
    assert json.dumps(topic.answer(document)) == json.dumps(topic.answer(document))
