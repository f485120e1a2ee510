"""Instalments are exact to the cent, whatever the rates look like as floats."""

import json
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.engine.documents import Refused, parse
from maillage.engine.instalments import instalments
from maillage.engine.topics import instalments as topic


def answer(first_year_cents, rates):
    return topic.answer({"first_year_cents": first_year_cents, "rates": rates})


def test_the_example_is_answered():
    assert topic.answer(json.loads(topic.EXAMPLE)) == {
        "instalments_cents": [1000000, 500000, 250000],
        "total_cents": 1750000,
    }


@given(st.integers(0, 10**13), st.lists(st.decimals(0, 1, places=6), min_size=1, max_size=50))
def test_instalments_are_what_decimals_say(cents, rates):
    written = f'{{"first_year_cents": {cents}, "rates": [{", ".join(format(rate, "f") for rate in rates)}]}}'
    exact = [int((cents * rate).quantize(Decimal(1), ROUND_HALF_UP)) for rate in rates]
    assert topic.answer(parse(written.encode())) == {"instalments_cents": exact, "total_cents": sum(exact)}


@given(st.integers(0, 10**13), st.lists(st.fractions(0, 1), max_size=9))
def test_instalments_are_within_half_a_cent_a_half_rounded_up(cents, rates):
    for rate, amount in zip(rates, instalments(cents, rates), strict=True):
        assert Fraction(-1, 2) < amount - rate * cents <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("cents", "rate", "amount"),
    [
        (5, 0.1, 1),  # half a cent
        (4, 0.1, 0),
        (15, 0.7, 11),  # 10.5, which floats multiply into 10.5 too
        (35, 0.7, 25),  # 24.5, which floats multiply into 24.499999999999996
        (10**13, 0.1, 10**12),
        (10**13, 1e-13, 1),
        (10**13, 1, 10**13),
        (0, 1, 0),
        (10**13, -0.0, 0),
    ],
)
def test_an_instalment_is_rounded_half_up_to_the_cent(cents, rate, amount):
    assert answer(cents, [rate]) == {"instalments_cents": [amount], "total_cents": amount}


def test_the_total_is_what_is_paid():
    assert answer(101, [0.5, 0.5]) == {"instalments_cents": [51, 51], "total_cents": 102}


@pytest.mark.parametrize(
    ("members", "where", "words"),
    [
        ({"rates": []}, "/rates", "au moins un taux"),
        ({"rates": [1] * 51}, "/rates", "trop de taux\u00a0: 50 au plus"),
        ({"rates": [1, 50]}, "/rates/1", "au plus 1"),
        ({"rates": [-0.1]}, "/rates/0", "au moins 0"),
        ({"rates": ["0.5"]}, "/rates/0", "nombre"),
        ({"rates": [True]}, "/rates/0", "nombre"),
        ({"rates": 1}, "/rates", "liste"),
        ({"first_year_cents": -1}, "/first_year_cents", "au moins 0"),
        ({"first_year_cents": 10**13 + 1}, "/first_year_cents", "au plus"),
        ({"first_year_cents": 10.0}, "/first_year_cents", "entier"),
        ({"years": 3}, "/years", "pas connu"),
    ],
)
def test_a_document_that_does_not_fit_is_refused_where_it_fails(members, where, words):
    with pytest.raises(Refused) as caught:
        topic.answer({"first_year_cents": 1000, "rates": [1], **members})
    assert caught.value.where == where
    assert words in caught.value.message


@pytest.mark.parametrize("name", ["first_year_cents", "rates"])
def test_both_members_are_needed(name):
    document = {"first_year_cents": 1000, "rates": [1]}
    del document[name]
    with pytest.raises(Refused) as caught:
        topic.answer(document)
    assert caught.value.where == f"/{name}"
