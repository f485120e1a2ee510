from datetime import date

import pytest

from maillage.sharing.search.phrase import Phrase, read_phrase

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 11, 3)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("camionnette revel samedi", Phrase("camionnette", "Revel (31250)", day="2026-11-07")),
        ("Samedi, une camionnette à REVEL", Phrase("une camionnette", "Revel (31250)", day="2026-11-07")),
        ("salle près de st félix", Phrase("salle", "Saint-Félix-Lauragais (31540)")),
        ("vidéoprojecteur au fauga", Phrase("vidéoprojecteur", "Le Fauga (31410)")),
        ("salle le fauga", Phrase("salle", "Le Fauga (31410)")),
        ("sono l'union demain", Phrase("sono", "L’Union (31240)", day="2026-11-04")),
        ("lagarde", Phrase("", "Lagarde (31290)")),
        ("camionnette 31250", Phrase("camionnette", "31250")),  # six communes: the page asks which
        ("tables à moins de 10 km de revel", Phrase("tables", "Revel (31250)", radius="10")),
        ("barnum gratuit", Phrase("barnum", price="0")),
        ("comptable toulouse moins de 30 €", Phrase("comptable", "Toulouse (31000)", price="30")),
        ("sono 12,50 euros max", Phrase("sono", price="12,50")),
        ("barnum 1 000 €", Phrase("barnum", price="1 000")),
        ("barnum moins de 1\u202f200,50\u00a0€ samedi", Phrase("barnum", day="2026-11-07", price="1 200,50")),
        ("barnum 1.000 euros", Phrase("barnum", price="1.000")),
        ("camionnette 12 m3 300 €", Phrase("camionnette 12 m3", price="300")),
        ("camionnette 31250 100 €", Phrase("camionnette", "31250", price="100")),
    ],
)
def test_a_phrase_says_what_where_when_and_for_how_much(text, phrase):
    assert read_phrase(text, TUESDAY) == phrase


@pytest.mark.parametrize(
    "text", ["salles", "grande salle", "tables et chaises", "minibus castelnaudary", "camionnette 12 m3", ""]
)
def test_ordinary_words_and_far_communes_stay_words(text):
    assert read_phrase(text, TUESDAY) == Phrase(text)


def test_a_commune_elsewhere_is_recognised_after_a_preposition():
    assert read_phrase("minibus à castelnaudary", TUESDAY) == Phrase("minibus", "Castelnaudary (11400)")


def test_a_name_that_is_also_lent_is_a_commune_after_a_preposition():
    assert read_phrase("grande salle à salles sur garonne", TUESDAY).where == "Salles-sur-Garonne (31390)"


def test_what_is_known_already_is_left_in_the_words():
    assert read_phrase("sono revel samedi", TUESDAY, skip={"where", "day"}) == Phrase("sono revel samedi")
