"""Subjects of e-mails that are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.kernel.letters import cut


@pytest.mark.parametrize(
    ("whole", "said"),
    [
        ("Vous agissez pour Amicale", "Vous agissez pour Amicale"),
        ("Vous agissez pour Amicale des retraités La Marelle", "Vous agissez pour Amicale…"),
        ("Vous agissez pour l’Amicale,\u00a0une autre", "Vous agissez pour…"),
        ("Le relais de l’Amicale\u00a0: encore", "Le relais de l’Amicale…"),
        ("a" * 40, "a" * 26 + "…"),
    ],
)
def test_a_cut_is_between_words(whole, said):
    assert cut(whole, 27) == said


@given(st.text(min_size=1), st.integers(min_value=2, max_value=80))
def test_a_cut_is_no_longer_than_asked_and_keeps_the_beginning(text, longest):
    said = cut(text, longest)
    assert len(said) <= longest
    assert text.startswith(said.removesuffix("…")) or said == text
