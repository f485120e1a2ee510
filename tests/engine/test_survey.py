"""What answers say is what textbooks print and plain formulas give."""

import json
import math
import random
import statistics
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from maillage.engine import documents
from maillage.engine.survey.inference import crosstab, few_expected, mean, proportion, two_proportions
from maillage.engine.survey.raking import rake
from maillage.engine.topics import survey as topic


def answer(analysis, **given):
    return topic.answer(documents.parse(json.dumps({"analysis": analysis, **given}).encode()))


# --- One proportion ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_intervals_are_those_that_newcombe_printed_in_1998(count, total, low, high):
    found = proportion(count, total)
    assert (found.estimate, round(found.low, 4), round(found.high, 4)) == (count / total, low, high)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 10**6), st.floats(0, 1), st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_wilson_bounds_are_where_the_score_test_stops_refusing(total, share, confidence):
    count = round(share * total)
    found = proportion(count, total, confidence)
    z = statistics.NormalDist().inv_cdf((1 + confidence) / 2)
    for bound, held_by in ((found.low, count == 0), (found.high, count == total)):
        score = 0 if held_by else abs(count / total - bound) / math.sqrt(bound * (1 - bound) / total)
        assert held_by or score == pytest.approx(z, rel=1e-6)
    assert 0 <= found.low <= found.estimate <= found.high <= 1


@pytest.mark.parametrize("count", [0, 1, 19, 20])
def test_a_wilson_interval_is_that_of_scipy(count):
    expected = stats.binomtest(count, 20).proportion_ci(0.9, method="wilson")
    found = proportion(count, 20, 0.9)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_a_proportion_is_answered():
    assert answer("proportion", count=76, total=100) == {
        "estimate": 0.76,
        "low": 0.667676636502,
        "high": 0.833086744431,
        "method": "wilson",
    }


# --- Two proportions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_intervals_of_a_difference_are_those_that_newcombe_printed_in_1998(a, b, low, high):
    found = two_proportions(a, b)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_the_reading_by_gender_is_answered():
    """76 % of women against 67 % of men: a real difference, and a small one."""
    assert topic.answer(documents.parse(topic.EXAMPLE.encode())) == {
        "difference": 0.09,
        "low": 0.0389468624843,
        "high": 0.140429076597,
        "z": 3.45324733955,
        "p_value": 0.000553880894595,
        "fisher_p": 0.000688685654497,
        "cohen_h": 0.199934053169,
    }


def test_fisher_gives_what_the_lady_tasting_tea_got():
    assert two_proportions((3, 4), (1, 4)).fisher_p == pytest.approx(34 / 70)


def fisher_by_counting(a, b):
    """The chance of the tables, with the same totals, that are no more likely than this one."""
    (count, size), (other, other_size) = a, b
    said = count + other
    ways = {k: math.comb(size, k) * math.comb(other_size, said - k) for k in range(min(size, said) + 1) if said >= k}
    return float(Fraction(sum(way for way in ways.values() if way <= ways[count]), sum(ways.values())))


SIDES = st.integers(1, 60).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@settings(max_examples=100, deadline=None)
@given(SIDES, SIDES)
def test_tests_of_a_difference_are_what_plain_formulas_give(a, b):
    found, mirrored = two_proportions(a, b), two_proportions(b, a)
    assert found.fisher_p == pytest.approx(fisher_by_counting(a, b))
    p, q = a[0] / a[1], b[0] / b[1]
    pooled = (a[0] + b[0]) / (a[1] + b[1])
    spread = pooled * (1 - pooled) * (1 / a[1] + 1 / b[1])
    assert found.z == pytest.approx((p - q) / math.sqrt(spread) if 0 < pooled < 1 else 0)
    assert found.p_value == pytest.approx(math.erfc(abs(found.z) / math.sqrt(2)))
    assert math.sin(found.cohen_h / 2) == pytest.approx(math.sqrt(p * (1 - q)) - math.sqrt(q * (1 - p)))
    assert found.difference == p - q
    assert found.low <= p - q <= found.high
    assert (found.low, found.z, found.cohen_h) == pytest.approx((-mirrored.high, -mirrored.z, -mirrored.cohen_h))


def test_groups_that_all_say_the_same_do_not_differ():
    found = answer("two_proportions", a={"count": 10, "total": 10}, b={"count": 7, "total": 7})
    assert (found["difference"], found["z"], found["p_value"], found["fisher_p"]) == (0, 0, 1, 1)


def test_a_hundred_million_answers_are_compared():
    side = {"count": 5 * 10**7, "total": 10**8}
    found = answer("two_proportions", a=side, b={**side, "count": 5 * 10**7 - 10**4})
    assert found["fisher_p"] == pytest.approx(found["p_value"], rel=1e-3)


# --- Tables -----------------------------------------------------------------------------------------------------------


def test_the_table_of_gender_and_party_is_read_as_agresti_does():
    """An Introduction to Categorical Data Analysis (2007), table 2.5."""
    found = crosstab([[762, 327, 468], [484, 239, 477]])
    assert (round(found.chi2, 2), found.dof, found.fisher_p) == (30.07, 2, None)
    assert found.p_value == pytest.approx(math.exp(-found.chi2 / 2))
    assert np.round(found.expected, 1).tolist() == [[703.7, 319.6, 533.7], [542.3, 246.4, 411.3]]
    assert found.cramers_v == pytest.approx(math.sqrt(30.07015 / 2757), abs=1e-6)


TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(
        st.lists(
            st.integers(0, 4) | st.integers(5, 12) | st.integers(20, 60),
            min_size=width,
            max_size=width,
        ),
        min_size=2,
        max_size=4,
    )
)


def has_no_empty_line(table):
    return all(map(any, table)) and all(map(any, zip(*table, strict=True)))


@settings(max_examples=60, deadline=None)
@given(TABLES.filter(has_no_empty_line))
def test_a_crosstab_is_what_plain_formulas_give(table):
    found = crosstab(table)
    total = sum(map(sum, table))
    expected = [[sum(row) * sum(column) / total for column in zip(*table, strict=True)] for row in table]
    cells = list(product(range(len(table)), range(len(table[0]))))
    chi2 = sum((table[i][j] - expected[i][j]) ** 2 / expected[i][j] for i, j in cells)
    assert found.expected == [pytest.approx(row) for row in expected]
    assert found.chi2 == pytest.approx(chi2, abs=1e-9)
    assert found.dof == (len(table) - 1) * (len(table[0]) - 1)
    assert found.p_value == pytest.approx(stats.chi2.sf(chi2, found.dof))
    assert found.cramers_v == pytest.approx(stats.contingency.association(np.array(table)), abs=1e-6)
    few = sum(expected[i][j] < 5 for i, j in cells)
    assert few_expected(expected) == (few, few / len(cells) > 0.2 or any(expected[i][j] < 1 for i, j in cells))


@settings(max_examples=50, deadline=None)
@given(SIDES, SIDES)
def test_chi_squared_of_two_proportions_is_the_square_of_z(a, b):
    table = [[a[0], a[1] - a[0]], [b[0], b[1] - b[0]]]
    assume(has_no_empty_line(table))
    found, two = crosstab(table), two_proportions(a, b)
    assert (found.chi2, found.p_value, found.fisher_p) == pytest.approx((two.z**2, two.p_value, two.fisher_p), abs=1e-9)


@pytest.mark.parametrize(
    ("table", "warning"),
    [
        (
            [[3, 1], [1, 3]],
            "Le khi-deux n’est pas sûr ici : trop d’effectifs attendus sont sous 5 (4 sur 4). Lisez plutôt fisher_p.",
        ),
        (
            [[8, 100, 100], [1, 100, 100]],
            "Le khi-deux n’est pas sûr ici : trop d’effectifs attendus sont sous 5 (2 sur 6).",
        ),
        (
            [[1, 300, 300, 300, 300, 300], [0, 300, 300, 300, 300, 300]],
            "Le khi-deux n’est pas sûr ici : trop d’effectifs attendus sont sous 5 (2 sur 12).",
        ),
        ([[9, 100, 100, 100, 100], [0, 100, 100, 100, 100]], None),
        ([[30, 20], [20, 30]], None),
    ],
)
def test_a_crosstab_warns_when_chi_squared_is_not_sure(table, warning):
    found = answer("crosstab", table=table).get("warning")
    assert (found and found.replace("\u00a0", " ")) == warning


def test_only_two_by_two_tables_have_the_exact_test():
    assert set(answer("crosstab", table=[[30, 20], [20, 30]])) == {
        *("chi2", "dof", "p_value", "expected", "cramers_v", "fisher_p")
    }
    assert "fisher_p" not in answer("crosstab", table=[[30, 20, 9], [20, 30, 9]])


# --- Means ------------------------------------------------------------------------------------------------------------


def test_the_mean_of_students_sleep_data_is_the_one_he_printed():
    """Biometrika, 1908; the interval is the one that R prints."""
    found = answer("mean", values=[1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4])
    assert found == {
        "estimate": 1.58,
        "low": pytest.approx(0.7001142, abs=1e-7),
        "high": pytest.approx(2.4598858, abs=1e-7),
        "sd": pytest.approx(1.229995, abs=1e-6),
        "n": 10,
        "method": "student",
    }


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.integers(-(10**6), 10**6).map(lambda n: n / 8), min_size=2, max_size=30),
    st.sampled_from([0.5, 0.9, 0.99]),
)
def test_a_mean_is_what_fractions_give(values, confidence):
    found = mean(values, confidence)
    exact = [Fraction(value) for value in values]
    middle = sum(exact) / len(exact)
    variance = sum((value - middle) ** 2 for value in exact) / (len(exact) - 1)
    assert (found.estimate, found.sd, found.n) == (float(middle), pytest.approx(math.sqrt(variance)), len(values))
    if variance:
        expected = stats.t.interval(confidence, found.n - 1, found.estimate, found.sd / math.sqrt(found.n))
        assert (found.low, found.high) == pytest.approx(expected, abs=1e-6)
    else:
        assert found.low == found.high == found.estimate


# --- Raking -----------------------------------------------------------------------------------------------------------


def test_raking_on_one_trait_divides_shares():
    rows = [{"genre": "f"}] * 3 + [{"genre": "h"}]
    found = answer("rake", rows=rows, margins={"genre": {"f": 0.5, "h": 0.5}})
    assert found == {
        "weights": [pytest.approx(2 / 3)] * 3 + [2],
        "deff": pytest.approx(4 * (3 * (2 / 3) ** 2 + 4) / 16),
        "converged": True,
    }


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 5), min_size=3, max_size=3), min_size=2, max_size=3),
    st.lists(st.integers(1, 9), min_size=3, max_size=3),
    st.lists(st.integers(1, 9), min_size=3, max_size=3),
)
def test_raking_reaches_the_margins_by_a_factor_for_each_value(counts, rows_share, columns_share):
    rows_share = [share / sum(rows_share[: len(counts)]) for share in rows_share[: len(counts)]]
    columns_share = [share / sum(columns_share) for share in columns_share]
    answers = [(i, j) for i, row in enumerate(counts) for j, count in enumerate(row) for _ in range(count)]
    found = rake(list(zip(*answers, strict=True)), [rows_share, columns_share])
    weights = np.array(found.weights)
    assert found.converged
    assert weights.mean() == pytest.approx(1)
    assert found.deff == pytest.approx((weights**2).mean() / weights.mean() ** 2)
    for trait, shares in enumerate([rows_share, columns_share]):
        for value, share in enumerate(shares):
            held = [answer[trait] == value for answer in answers]
            assert weights[held].sum() / weights.sum() == pytest.approx(share, abs=1e-8)
    of_kind = dict(zip(answers, found.weights, strict=True))
    for (i, j), weight in of_kind.items():
        assert weight * of_kind[0, 0] == pytest.approx(of_kind[i, 0] * of_kind[0, j])


def test_raking_does_not_depend_on_the_order_of_answers_nor_of_traits():
    chance = random.Random(1)
    rows = [{"genre": chance.choice("fh"), "taille": chance.choice([1, 2, 3])} for _ in range(60)]
    margins = {"genre": {"f": 0.55, "h": 0.45}, "taille": {"1": 0.6, "2": 0.3, "3": 0.1}}
    found = answer("rake", rows=rows, margins=margins)
    backwards = answer("rake", rows=rows[::-1], margins=dict(reversed(margins.items())))
    assert backwards["weights"][::-1] == pytest.approx(found["weights"], abs=1e-6)
    assert backwards["deff"] == pytest.approx(found["deff"], abs=1e-6)


def test_raking_says_when_the_margins_cannot_all_be_reached():
    rows = [{"genre": "f", "taille": "petite"}, {"genre": "h", "taille": "grande"}]
    margins = {"genre": {"f": 0.5, "h": 0.5}, "taille": {"petite": 0.9, "grande": 0.1}}
    found = answer("rake", rows=rows, margins=margins)
    assert found == {"weights": [1.8, 0.2], "deff": 1.64, "converged": False}


def test_shares_rounded_to_a_thousandth_are_taken_as_parts_of_their_sum():
    rows = [{"genre": value} for value in (1, 2, 3)]
    assert answer("rake", rows=rows, margins={"genre": {"1": 0.333, "2": 0.333, "3": 0.333}})["weights"] == [1, 1, 1]


def test_a_share_of_nothing_needs_no_answer():
    assert answer("rake", rows=[{"genre": "f"}], margins={"genre": {"f": 1, "h": 0}})["weights"] == [1]
