"""Prices are read the way people write them, and refused with a sentence that helps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.engine.french import euros_fr
from maillage.kernel.prices import HIGHEST_CENTS, PriceRefused, parse_price


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("12,50 €", 1250),
        ("12,50\u00a0€", 1250),
        ("12.5", 1250),
        ("12,5", 1250),
        ("12€50", 1250),
        ("12 € 50", 1250),
        ("12 euros", 1200),
        ("1 euro", 100),
        ("12EUR", 1200),
        ("0", 0),
        ("0,00 €", 0),
        ("0,05", 5),
        ("gratuit", 0),
        ("Gratuite", 0),
        ("  GRATUIT ", 0),
        ("c'est gratuit", 0),
        ("offert", 0),
        ("1 200 €", 120_000),
        ("1\u202f200\u00a0€", 120_000),
        ("1.200 €", 120_000),
        ("1 200,50", 120_050),
        ("17500", 1_750_000),
        ("1 000 000", HIGHEST_CENTS),
    ],
)
def test_parse_price_reads_what_people_type(typed, cents):
    assert parse_price(typed) == cents


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("", "Écrivez un montant"),
        ("   ", "Écrivez un montant"),
        ("-5", "négatif"),
        ("− 5 €", "négatif"),
        ("moins 5 euros", "négatif"),
        ("1 000 000,01", "un million"),
        ("9" * 5000, "un million"),
        ("douze", "pas compris"),
        ("12,345", "pas compris"),
        ("12 ou 15", "pas compris"),
        ("12,50 $", "pas compris"),
        ("1e9", "pas compris"),
        ("١٢", "pas compris"),
        ("NaN", "pas compris"),
        ("12 50", "pas compris"),
    ],
)
def test_parse_price_refuses_with_a_sentence(typed, part):
    with pytest.raises(PriceRefused, match=part):
        parse_price(typed)


@given(st.integers(0, HIGHEST_CENTS))
def test_parse_price_reads_back_what_pages_show(cents):
    assert parse_price(euros_fr(cents)) == cents


@given(st.text(max_size=40))
def test_parse_price_answers_anything_with_cents_or_a_sentence(typed):
    try:
        cents = parse_price(typed)
    except PriceRefused:
        return
    assert 0 <= cents <= HIGHEST_CENTS
