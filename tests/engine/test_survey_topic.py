"""What is withheld cannot be found again; what does not fit is refused with its place."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from maillage.engine.documents import Refused
from maillage.engine.survey.inference import crosstab
from maillage.engine.topics import survey as topic
from tests.engine.test_survey import TABLES, answer, has_no_empty_line


def refusal(analysis, **given):
    with pytest.raises(Refused) as caught:
        answer(analysis, **given)
    return caught.value.message.replace("\u00a0", " "), caught.value.where


# --- What is published ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "total", "threshold", "withheld"),
    [
        (5, 10, 5, False),
        (4, 100, 5, True),
        (96, 100, 5, True),
        (95, 100, 5, False),
        (0, 100, 5, True),
        (100, 100, 5, True),
        (4, 100, 3, False),
        (9, 100, 10, True),
    ],
)
def test_a_proportion_of_too_few_or_all_but_few_is_withheld(count, total, threshold, withheld):
    known = answer("proportion", count=count, total=total)
    found = answer("proportion", count=count, total=total, threshold=threshold, publish=True)
    hidden = {"estimate": None, "low": None, "high": None}
    assert found == {**known, **(hidden if withheld else {}), "withheld": withheld}


@pytest.mark.parametrize(
    ("a", "b", "withheld"),
    [((5, 10), (5, 10), False), ((4, 10), (5, 10), True), ((6, 10), (5, 10), True), ((5, 10), (0, 9), True)],
)
def test_a_comparison_of_too_few_is_withheld(a, b, withheld):
    sides = {name: {"count": side[0], "total": side[1]} for name, side in (("a", a), ("b", b))}
    known = answer("two_proportions", **sides)
    found = answer("two_proportions", **sides, publish=True)
    assert found == {**(dict.fromkeys(known) if withheld else known), "withheld": withheld}


@pytest.mark.parametrize(
    ("values", "withheld"),
    [
        ([1, 2, 3, 4], True),
        ([1, 2, 3, 4, 5], False),
        ([1, 1, 1, 4, 5], True),
        ([3] * 50, True),
        ([3] * 50 + [1] * 4, True),
        ([3] * 50 + [1] * 5, False),
    ],
)
def test_a_mean_of_too_few_or_that_few_depart_from_is_withheld(values, withheld):
    known = answer("mean", values=values)
    found = answer("mean", values=values, publish=True)
    hidden = {**dict.fromkeys(known), "method": "student"}
    assert found == {**(hidden if withheld else known), "withheld": withheld}


def test_weights_are_never_published_and_their_effect_only_when_every_kind_of_answer_is_common():
    margins = {"genre": {"f": 0.5, "h": 0.5}}
    rows = [{"genre": "f"}] * 6 + [{"genre": "h"}] * 5
    known = answer("rake", rows=rows, margins=margins)
    assert answer("rake", rows=rows, margins=margins, publish=True) == {**known, "weights": None, "withheld": True}
    few = answer("rake", rows=rows[:-1], margins=margins, publish=True)
    assert few == {"weights": None, "deff": None, "converged": True, "withheld": True}
    two = {**margins, "taille": {"1": 0.5, "2": 0.5}}
    absent = [{"genre": genre, "taille": size} for genre, size in ("f1", "f2", "h1")] * 5
    assert answer("rake", rows=absent, margins=two, publish=True)["deff"] is None


def test_a_table_without_small_cells_is_published_whole():
    table = [[30, 20], [20, 5]]
    found = answer("crosstab", table=table, publish=True)
    assert found == {**answer("crosstab", table=table), "table": table, "withheld": False}


def test_a_small_cell_is_withheld_with_the_three_that_would_give_it_back():
    found = answer("crosstab", table=[[30, 1, 20], [10, 30, 22], [12, 14, 16]], publish=True)
    assert found["table"] == [[30, None, None], [10, 30, 22], [12, None, None]]
    assert found["withheld"] is True
    assert [found[name] for name in ("chi2", "dof", "p_value", "cramers_v")] == [None, 4, None, None]
    assert (
        found["warning"] == "Les cases de moins de 5 réponses, et d’autres qui les trahiraient, ne sont pas publiées."
    )


def test_a_table_whose_totals_are_small_is_withheld_whole():
    found = answer("crosstab", table=[[30, 50, 20], [1, 2, 1], [40, 30, 60]], publish=True)
    assert found == {
        **dict.fromkeys(["chi2", "p_value", "expected", "cramers_v"]),
        "dof": 4,
        "warning": "Une ligne ou une colonne a moins de 5 réponses\u00a0: réunissez-la avec une autre "
        "pour publier ce tableau.",
        "table": [[None] * 3] * 3,
        "withheld": True,
    }


def bounds_of_withheld_cells(published, expected):
    """{(row, column): (low, high)} that anyone can compute: cells, totals and « no cell is under 0 »."""
    row_totals, column_totals = np.sum(expected, axis=1), np.sum(expected, axis=0)
    unknown = [(i, j) for i, row in enumerate(published) for j, cell in enumerate(row) if cell is None]
    lines, totals = [], []
    for axis, line_totals in enumerate((row_totals, column_totals)):
        for line, total in enumerate(line_totals):
            known = published[line] if axis == 0 else [row[line] for row in published]
            lines.append([float(cell[axis] == line) for cell in unknown])
            totals.append(total - sum(cell for cell in known if cell is not None))
    found = {}
    for index, cell in enumerate(unknown):
        aim = np.eye(len(unknown))[index]
        low, high = (linprog(sign * aim, A_eq=lines, b_eq=np.round(totals)).x[index] for sign in (1, -1))
        found[cell] = low, high
    return found


@settings(max_examples=60, deadline=None)
@given(TABLES.filter(has_no_empty_line), st.sampled_from([3, 5, 10]))
def test_nobody_can_bound_a_withheld_cell_to_less_than_the_threshold(table, threshold):
    found = answer("crosstab", table=table, publish=True, threshold=threshold)
    cells = [(i, j, count) for i, row in enumerate(table) for j, count in enumerate(row)]
    assert all(found["table"][i][j] in (None, count) for i, j, count in cells)
    assert all(found["table"][i][j] is None for i, j, count in cells if count < threshold)
    assert found["withheld"] == any(count < threshold for _, _, count in cells)
    if not found["withheld"]:
        return
    assert (found["chi2"], found["p_value"], found["cramers_v"], found.get("fisher_p")) == (None,) * 4
    if found["expected"] is None:
        assert found["table"] == [[None] * len(table[0])] * len(table)
        return
    for (i, j), (low, high) in bounds_of_withheld_cells(found["table"], found["expected"]).items():
        assert high - low >= threshold - 1e-6
        assert low - 1e-6 <= table[i][j] <= high + 1e-6


def test_totals_would_give_back_a_cell_withheld_alone():
    """The attack of the test above works."""
    table, expected = [[30, None, 20], [10, 30, 22]], crosstab([[30, 1, 20], [10, 30, 22]]).expected
    assert bounds_of_withheld_cells(table, expected) == {(0, 1): pytest.approx((1, 1))}


# --- Refusals ---------------------------------------------------------------------------------------------------------

SIDE, TOO_MANY = {"count": 1, "total": 2}, {"count": 3, "total": 2}
MARGINS = {"genre": {"f": 0.5, "h": 0.5}}
ROWS = [{"genre": "f"}, {"genre": "h"}]


@pytest.mark.parametrize(
    ("given", "sentence", "where"),
    [
        ({**SIDE, "count": 3}, "Ce nombre ne peut pas dépasser total.", "/count"),
        ({**SIDE, "total": 0}, "Ce nombre est trop petit : au moins 1.", "/total"),
        ({**SIDE, "count": -1}, "Ce nombre est trop petit : au moins 0.", "/count"),
        ({"count": 1}, "Il manque le membre « total ».", "/total"),
        ({**SIDE, "confidence": 95}, "Ce nombre est trop grand : au plus 1.", "/confidence"),
        ({**SIDE, "confidence": 1}, "Une confiance de moins de 1 est attendue ici, par exemple 0,95.", "/confidence"),
        ({**SIDE, "publish": 1}, "true ou false est attendu ici, pas un nombre.", "/publish"),
        ({**SIDE, "threshold": 1}, "Ce nombre est trop petit : au moins 2.", "/threshold"),
        (
            {**SIDE, "table": []},
            "Le membre « table » n’est pas connu ici : analysis, count, total, confidence, publish ou threshold.",
            "/table",
        ),
    ],
)
def test_a_wrong_proportion_is_refused(given, sentence, where):
    assert refusal("proportion", **given) == (sentence, where)


@pytest.mark.parametrize(
    ("given", "sentence", "where"),
    [
        ({"a": TOO_MANY, "b": SIDE}, "Ce nombre ne peut pas dépasser total.", "/a/count"),
        ({"a": SIDE, "b": TOO_MANY}, "Ce nombre ne peut pas dépasser total.", "/b/count"),
        ({"a": SIDE}, "Il manque le membre « b ».", "/b"),
    ],
)
def test_a_wrong_comparison_is_refused(given, sentence, where):
    assert refusal("two_proportions", **given) == (sentence, where)


@pytest.mark.parametrize(
    ("table", "sentence", "where"),
    [
        ([], "Il faut au moins deux lignes et deux colonnes.", "/table"),
        ([[1, 2]], "Il faut au moins deux lignes et deux colonnes.", "/table"),
        ([[1], [2]], "Il faut au moins deux lignes et deux colonnes.", "/table"),
        ([[1, 2], [3]], "Toutes les lignes doivent être de même longueur.", "/table/1"),
        ([[1, 2], [0, 0]], "Cette ligne est vide : retirez-la.", "/table/1"),
        ([[1, 0], [3, 0]], "Cette colonne est vide : retirez-la de chaque ligne.", "/table/0/1"),
        ([[1, 0.5], [3, 0]], "Un nombre entier est attendu ici, pas un nombre à virgule.", "/table/0/1"),
        ([[1] * 101] * 100, "Ce tableau est trop grand : 10\u202f000 cases au plus.", "/table"),
    ],
)
def test_a_wrong_table_is_refused(table, sentence, where):
    assert refusal("crosstab", table=table) == (sentence, where)


@pytest.mark.parametrize(
    ("values", "sentence", "where"),
    [
        ([1], "Il faut au moins deux nombres.", "/values"),
        ([1, "2"], "Un nombre est attendu ici, pas un texte.", "/values/1"),
    ],
)
def test_wrong_values_are_refused(values, sentence, where):
    assert refusal("mean", values=values) == (sentence, where)


@pytest.mark.parametrize(
    ("rows", "sentence", "where"),
    [
        ([], "Il faut au moins une réponse.", "/rows"),
        ([*ROWS, {}], "Il manque le membre « genre ».", "/rows/2/genre"),
        ([*ROWS, {"genre": None}], "Un nombre entier est attendu ici, pas null.", "/rows/2/genre"),
        ([{"genre": "f", "âge": 3}], "Le membre « âge » n’est pas connu ici : genre.", "/rows/0/âge"),
        ([*ROWS, {"genre": "x"}], "La valeur « x » n’a pas de part dans margins.", "/rows/2/genre"),
    ],
)
def test_wrong_rows_are_refused(rows, sentence, where):
    assert refusal("rake", rows=rows, margins=MARGINS) == (sentence, where)


@pytest.mark.parametrize(
    ("margins", "sentence", "where"),
    [
        ({}, "Donnez au moins un critère.", "/margins"),
        ({"genre": []}, "Un objet JSON est attendu ici, pas une liste.", "/margins/genre"),
        ({"genre": {"f": 1.5}}, "Ce nombre est trop grand : au plus 1.", "/margins/genre/f"),
        ({"genre": {"f": 0.5, "h": 0.49}}, "La somme de ces parts doit être 1, pas 0,99.", "/margins/genre"),
        ({"genre": {"f": 1, "h": 0}}, "La valeur « h » n’a pas de part dans margins.", "/rows/1/genre"),
        ({"genre": {"f": 1, "h": 1e-9}}, "La valeur « h » n’a pas de part dans margins.", "/rows/1/genre"),
        (
            {"genre": {"f": 0.5, "h": 0.25, "a/b": 0.25}},
            "Aucune réponse n’a cette valeur : réunissez sa part avec celle d’une autre.",
            "/margins/genre/a~1b",
        ),
    ],
)
def test_wrong_margins_are_refused(margins, sentence, where):
    assert refusal("rake", rows=ROWS, margins=margins) == (sentence, where)


ANALYSES = "proportion, two_proportions, crosstab, mean ou rake"


@pytest.mark.parametrize(
    ("document", "sentence", "where"),
    [
        ([], "Un objet JSON est attendu ici, pas une liste.", ""),
        ({}, "Il manque le membre « analysis ».", "/analysis"),
        ({"analysis": 1}, "Un texte est attendu ici, pas un nombre.", "/analysis"),
        ({"analysis": "median"}, f"« median » ne convient pas : {ANALYSES} est attendu.", "/analysis"),
    ],
)
def test_a_document_without_a_known_analysis_is_refused(document, sentence, where):
    with pytest.raises(Refused) as caught:
        topic.answer(document)
    assert (caught.value.message.replace("\u00a0", " "), caught.value.where) == (sentence, where)
