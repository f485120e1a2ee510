"""A jury's ranking is exact, the same in whatever order marks come, and never grants more than the budget."""

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.engine.documents import Refused
from maillage.engine.jury import aligned, deliberate, ties
from maillage.engine.topics import jury as topic

CRITERIA, JURORS, APPLICATIONS = ("cooperation", "ancrage"), ("Awa", "Luc", "Zoé"), ("a", "b", "c", "d", "e")
MARKS = st.integers(0, 40).map(lambda halves: Fraction(halves, 2))


@st.composite
def cases(draw):
    sheets = draw(st.lists(st.tuples(st.sampled_from(JURORS), st.sampled_from(APPLICATIONS)), unique=True))
    return {
        "weights": {criterion: draw(st.integers(1, 9).map(Fraction)) for criterion in CRITERIA},
        "marks": {(*sheet, criterion): draw(MARKS) for sheet in sheets for criterion in CRITERIA},
        "requests": {application: draw(st.integers(0, 9)) for application in APPLICATIONS},
        "budget_cents": draw(st.integers(0, 30)),
        "normalise": draw(st.booleans()),
    }


def totals_by_hand(case):
    weights, marks = case["weights"], case["marks"]
    return {
        sheet: sum(weights[criterion] * marks[*sheet, criterion] for criterion in CRITERIA) / sum(weights.values())
        for sheet in {(juror, application) for juror, application, _ in marks}
    }


def scores_by_hand(case):
    """{application: score}, from the formulas of docs/engine.md."""
    totals = totals_by_hand(case)
    jurors = {juror for juror, _ in totals}
    own = {juror: [total for (one, _), total in totals.items() if one == juror] for juror in jurors}
    mean = {juror: sum(own[juror]) / len(own[juror]) for juror in jurors}
    spread = {juror: sum(abs(total - mean[juror]) for total in own[juror]) / len(own[juror]) for juror in jurors}

    def said(juror, application):
        if not case["normalise"]:
            return totals[juror, application]
        middle, width = (sum(of.values()) / len(jurors) for of in (mean, spread))
        if spread[juror] == 0:
            return middle
        return middle + width * (totals[juror, application] - mean[juror]) / spread[juror]

    given_to = {
        application: [juror for juror in jurors if (juror, application) in totals] for application in APPLICATIONS
    }
    return {
        application: sum(said(juror, application) for juror in found) / len(found)
        for application, found in given_to.items()
        if found
    }


def granted_by_hand(case, scores):
    left, granted = case["budget_cents"], dict.fromkeys(APPLICATIONS, 0)
    for score in sorted(set(scores.values()), reverse=True):
        equals = [application for application in scores if scores[application] == score]
        asked = sum(case["requests"][application] for application in equals)
        if asked <= left:
            granted |= {application: case["requests"][application] for application in equals}
            left -= asked
        elif len(equals) > 1:
            return granted
    return granted


@settings(max_examples=300)
@given(cases())
def test_a_ranking_is_what_the_formulas_say(case):
    ranking = deliberate(**case)
    scores = scores_by_hand(case)
    granted = granted_by_hand(case, scores)
    best_first = sorted(scores, key=lambda application: (-scores[application], application))
    unmarked = [application for application in APPLICATIONS if application not in scores]
    totals = totals_by_hand(case)
    assert [(one.application, one.score, one.marks, one.rank, one.granted_cents) for one in ranking] == [
        (
            application,
            scores.get(application),
            sum(marked == application for _, marked in totals),
            1 + sum(other > scores[application] for other in scores.values()) if application in scores else None,
            granted[application],
        )
        for application in best_first + unmarked
    ]


@settings(max_examples=200)
@given(cases())
def test_the_budget_is_never_exceeded_and_a_request_is_granted_whole_or_not_at_all(case):
    ranking = deliberate(**case)
    assert sum(found.granted_cents for found in ranking) <= case["budget_cents"]
    assert all(found.granted_cents in (0, case["requests"][found.application]) for found in ranking)


@settings(max_examples=200)
@given(cases(), st.randoms(use_true_random=False))
def test_a_ranking_does_not_depend_on_the_order_of_what_is_given(case, chance):
    shuffled = {
        name: dict(chance.sample(list(case[name].items()), len(case[name])))
        for name in ("weights", "marks", "requests")
    }
    assert deliberate(**case | shuffled) == deliberate(**case)


@settings(max_examples=100)
@given(cases(), st.fractions(Fraction(1, 1000), 1000))
def test_only_the_proportions_of_the_weights_count(case, factor):
    scaled = {criterion: weight * factor for criterion, weight in case["weights"].items()}
    assert deliberate(**case | {"weights": scaled}) == deliberate(**case)


@settings(max_examples=200)
@given(cases(), st.fractions(Fraction(1, 10), 10), st.integers(-20, 20))
def test_a_juror_who_marks_higher_or_wider_weighs_the_same_once_aligned(case, factor, more):
    case["normalise"] = True
    marks = {key: mark * factor + more if key[0] == "Awa" else mark for key, mark in case["marks"].items()}

    def order(ranking):
        return [(found.application, found.rank, found.granted_cents) for found in ranking]

    ranking, other = deliberate(**case), deliberate(**case | {"marks": marks})
    # A juror who is the only one to tell applications apart sets the scale: the order stays, whatever the scores.
    assert order(other) == order(ranking)


def test_jurors_who_mark_alike_are_left_as_they_are():
    totals = {(juror, application): Fraction(mark) for juror in "AB" for application, mark in (("a", 8), ("b", 13))}
    assert aligned(totals) == totals


def test_a_juror_who_always_gives_the_same_mark_is_neutral():
    totals = {("A", "a"): Fraction(10), ("A", "b"): Fraction(16), ("B", "a"): Fraction(5), ("B", "b"): Fraction(5)}
    # Means 13 and 5, spreads 3 and 0: the common ones are 9 and 3/2.
    assert aligned(totals) == {
        ("A", "a"): Fraction(15, 2),
        ("A", "b"): Fraction(21, 2),
        ("B", "a"): 9,
        ("B", "b"): 9,
    }


def test_ties_are_those_of_exact_scores():
    marks = {("A", "a", "c"): Fraction("0.3"), ("A", "b", "c"): Fraction("0.1"), ("B", "b", "c"): Fraction("0.5")}
    ranking = deliberate(weights={"c": 3}, marks=marks, requests={"b": 1, "a": 1, "z": 1, "y": 1}, budget_cents=2)
    assert [(found.application, found.rank) for found in ranking] == [("a", 1), ("b", 1), ("y", None), ("z", None)]
    assert ties(ranking) == [["a", "b"]]


@pytest.mark.parametrize(
    ("budget_cents", "granted"),
    [
        (13, {"first": 4, "equal": 3, "other": 3, "last": 2}),
        (10, {"first": 4, "equal": 3, "other": 3, "last": 0}),
        (9, {"first": 4, "equal": 0, "other": 0, "last": 0}),  # the jury chooses before the last is looked at
        (3, {"first": 0, "equal": 0, "other": 0, "last": 0}),
        (6, {"first": 4, "equal": 0, "other": 0, "last": 0}),
    ],
)
def test_the_budget_goes_down_the_ranking_and_stops_at_equals_it_cannot_all_serve(budget_cents, granted):
    marks = {("A", name, "c"): Fraction(mark) for name, mark in (("first", 9), ("equal", 8), ("other", 8), ("last", 7))}
    requests = {"first": 4, "equal": 3, "other": 3, "last": 2}
    ranking = deliberate(weights={"c": 1}, marks=marks, requests=requests, budget_cents=budget_cents)
    assert {found.application: found.granted_cents for found in ranking} == granted


def test_a_request_larger_than_what_is_left_is_passed_over():
    marks = {("A", name, "c"): Fraction(mark) for name, mark in (("a", 9), ("b", 8), ("c", 7))}
    ranking = deliberate(weights={"c": 1}, marks=marks, requests={"a": 5, "b": 6, "c": 4}, budget_cents=10)
    assert [(found.application, found.granted_cents) for found in ranking] == [("a", 5), ("b", 0), ("c", 4)]


# The topic


def mark(juror="Awa", application="a", criterion="c", mark=10):
    return {"juror": juror, "application": application, "criterion": criterion, "mark": mark}


def case(**members):
    return {
        "criteria": [{"id": "c", "weight": 1}],
        "marks": [mark()],
        "budget_cents": 100,
        "requests": {"a": 60, "b": 60},
        **members,
    }


def test_the_example_is_answered():
    assert topic.answer(json.loads(topic.EXAMPLE)) == {
        "ranking": [
            {"application": "tiers-lieu", "score": 12.2, "marks": 1, "rank": 1, "granted_cents": 1200000},
            {"application": "fanfare", "score": 11.45, "marks": 2, "rank": 2, "granted_cents": 0},
            {"application": "jardin", "score": 10.7, "marks": 1, "rank": 3, "granted_cents": 400000},
        ],
        "spent_cents": 1600000,
        "ties": [],
    }


def test_no_application_makes_an_empty_ranking():
    assert topic.answer(case(marks=[], requests={})) == {"ranking": [], "spent_cents": 0, "ties": []}


def test_an_application_without_a_mark_comes_last_without_score_nor_grant():
    answer = topic.answer(case())
    assert answer["ranking"] == [
        {"application": "a", "score": 10, "marks": 1, "rank": 1, "granted_cents": 60},
        {"application": "b", "score": None, "marks": 0, "rank": None, "granted_cents": 0},
    ]


def test_marks_are_read_as_they_are_written():
    marks = [mark("A", "a", "c", 0.3), mark("A", "b", "c", 0.1), mark("B", "b", "c", 0.2), mark("C", "b", "c", 0.6)]
    assert topic.answer(case(marks=marks))["ties"] == [["a", "b"]]


def test_scores_that_differ_by_less_than_what_is_written_are_no_tie():
    marks = [mark("A", "a", "c", 1.00000001), mark("A", "b", "c", 1.00000002)]
    answer = topic.answer(case(marks=marks))
    assert [(found["application"], found["score"], found["rank"]) for found in answer["ranking"]] == [
        ("b", 1, 1),
        ("a", 1, 2),
    ]
    assert answer["ties"] == []


def test_ids_that_are_numbers_are_the_names_of_requests():
    answer = topic.answer(
        case(
            criteria=[{"id": 1, "weight": 1}],
            marks=[mark(7, 12, "1", 3), mark(8, "12", 1, 5)],
            requests={"12": 10},
            recused=[[9, 12]],
        )
    )
    assert answer["ranking"] == [{"application": "12", "score": 4, "marks": 2, "rank": 1, "granted_cents": 10}]


def test_the_marks_of_a_recused_juror_do_not_count():
    marks = [mark("A", "a", "c", 3), mark("B", "a", "c", 9), mark("B", "b", "c", 5)]
    answer = topic.answer(case(marks=marks, recused=[["B", "a"]]))
    assert [(found["application"], found["score"], found["marks"]) for found in answer["ranking"]] == [
        ("b", 5, 1),
        ("a", 3, 1),
    ]


@pytest.mark.parametrize(
    ("members", "where", "words"),
    [
        ({"criteria": []}, "/criteria", "au moins un critère"),
        ({"criteria": [{"id": "c", "weight": 0}]}, "/criteria", "n’est pas nul"),
        ({"criteria": [{"id": "c", "weight": -1}]}, "/criteria/0/weight", "au moins 0"),
        ({"criteria": [{"id": 1, "weight": 1}, {"id": "1", "weight": 1}]}, "/criteria/1/id", "déjà pris"),
        (
            {"marks": [mark(application="x")]},
            "/marks/0/application",
            "«\u00a0x\u00a0» n’est pas dans «\u00a0requests\u00a0»",
        ),
        (
            {"marks": [mark(criterion="x")]},
            "/marks/0/criterion",
            "«\u00a0x\u00a0» n’est pas dans «\u00a0criteria\u00a0»",
        ),
        ({"marks": [mark(mark="10")]}, "/marks/0/mark", "nombre"),
        ({"marks": [mark(juror="")]}, "/marks/0/juror", "non vide"),
        ({"marks": [mark(), mark(mark=11)]}, "/marks/1", "a déjà noté"),
        ({"recused": [["Awa", "x"]]}, "/recused/0/1", "«\u00a0x\u00a0» n’est pas dans «\u00a0requests\u00a0»"),
        ({"recused": [["Awa"]]}, "/recused/0", "paire [juré, dossier]"),
        ({"recused": ["Awa"]}, "/recused/0", "liste"),
        (
            {"criteria": [{"id": "c", "weight": 1}, {"id": "d", "weight": 0}], "marks": [mark(criterion="d")]},
            "/marks/0",
            "«\u00a0Awa\u00a0» note le dossier «\u00a0a\u00a0» sans le critère «\u00a0c\u00a0»",
        ),
        ({"requests": {"a": 1.5}}, "/requests/a", "entier"),
        ({"requests": {"a": -1}}, "/requests/a", "au moins 0"),
        ({"requests": {"": 1}}, "/requests/", "non vide"),
        ({"requests": [["a", 1]]}, "/requests", "objet"),
        ({"budget_cents": -1}, "/budget_cents", "au moins 0"),
        ({"normalise": 1}, "/normalise", "true ou false"),
        ({"seed": 1}, "/seed", "pas connu"),
    ],
)
def test_a_document_that_does_not_fit_is_refused_where_it_fails(members, where, words):
    with pytest.raises(Refused) as caught:
        topic.answer(case(**members))
    assert caught.value.where == where
    assert words in caught.value.message
