import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.engine.text import words
from maillage.sharing.search.quantities import Asked, read_asked

COUNTED = ("40", "100", "quarantaine", "9pers", "environ", "personnes", "places", "m3")
SPOKEN = (*COUNTED, "salle", "table", "pour", "de", "à")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("salle pour 40 personnes", Asked(["salle"], "40 personnes")),
        ("salle 40 places", Asked(["salle"], "40 places")),
        ("salle reunion 40 pers", Asked(["salle", "reunion"], "40 pers")),
        ("salle 40pers.", Asked(["salle"], "40pers.")),
        ("salle pour 40", Asked(["salle"], "40")),
        ("salle pour 40 à 50 personnes", Asked(["salle"], "40 à 50 personnes")),
        ("salle pour environ 40 personnes", Asked(["salle"], "environ 40 personnes")),
        ("salle pour une quarantaine de personnes avec scène", Asked(["salle", "scene"], "quarantaine de personnes")),
        ("40 chaises", Asked(["chaises"], "40")),
        ("vingt couverts et deux tables", Asked(["tables"], "vingt couverts et deux")),
        ("1 000 chaises", Asked(["chaises"], "1 000")),
        ("table et chaises pour 100 personnes", Asked(["table", "chaises"], "100 personnes")),
        ("camionnette 12 m3", Asked(["camionnette", "12", "m3"])),
        ("peugeot 208", Asked(["peugeot", "208"])),
        ("40 personnes", Asked(["40", "personnes"])),
        ("", Asked([])),
    ],
)
def test_a_number_of_people_or_things_is_told_from_the_words(text, asked):
    assert read_asked(text) == asked


@given(st.lists(st.sampled_from(SPOKEN)))
def test_a_text_that_says_something_always_leaves_a_word_to_find(tokens):
    text = " ".join(tokens)
    asked = read_asked(text)
    assert set(asked.words) <= set(words(text))
    assert bool(asked.words) == bool(words(text))
