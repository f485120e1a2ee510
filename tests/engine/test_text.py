"""Words and stems: whatever the accents, the plural or the elision, the same thing gives the same stems."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.engine.text import fold, spelled_stems, stems, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L'Isle-Jourdain", "l isle jourdain"),
        ("L’Isle\u2011Jourdain", "l isle jourdain"),
        ("Œuvre des SŒURS", "oeuvre des soeurs"),
        ("  9 m³ — « Été »  ", "9 m3 ete"),
        ("E\u0301te\u0301", "ete"),
        ("", ""),
        ("?!…", ""),
        ("Привет", ""),
    ],
)
def test_fold_keeps_plain_letters_and_digits(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("camionnettes", "camionnette"),
        ("chevaux", "cheval"),
        ("réunions", "reunion"),
        ("bénévoles", "benevole"),
        ("locaux", "LOCAL"),
        ("vélos", "velo"),
        ("jeux", "jeu"),
        ("comptabilité", "comptable"),
        ("comptabilite", "comptabilité"),
        ("trésorières", "tresorier"),
        ("chantées", "chanter"),
        ("soirée", "soirees"),
        ("sportive", "sportifs"),
        ("animée", "animation"),
        ("travaux", "travail"),
        ("déménagement", "déménager"),
    ],
)
def test_forms_of_one_word_have_one_stem(one, other):
    assert stems(one) == stems(other) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("car", "carte"),
        ("son", "sono"),
        ("salle", "sale"),
        ("cheval", "chevalet"),
        ("soir", "sortie"),
        ("art", "artisan"),
    ],
)
def test_different_words_have_different_stems(one, other):
    assert stems(one) != stems(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nous cherchons les tables d’une salle", ["tables", "salle"]),
        ("Prêt d'une camionnette, qu'on partage", ["camionnette", "partage"]),
        ("12 chaises et 3 barnums", ["12", "chaises", "3", "barnums"]),
        ("Recherche ingénieur du son, été 2026", ["ingenieur", "son", "ete", "2026"]),
        ("un car de 50 places", ["car", "50", "places"]),
        ("je n'ai pas d'idée", ["idee"]),
        ("de la pour les", []),
    ],
)
def test_words_leave_out_what_says_nothing(text, expected):
    assert words(text) == expected


def test_spelled_stems_give_the_word_as_written():
    assert spelled_stems("Des Bénévoles ! Un bénévole, et l’Été") == {"benevol": "bénévoles", "ete": "été"}


@given(st.text())
def test_stems_do_not_depend_on_accents_nor_case(text):
    assert stems(text) == stems(fold(text))


@given(st.text())
def test_fold_is_plain_and_stable(text):
    folded = fold(text)
    assert fold(folded) == folded
    assert all(sign.isascii() and (sign.isalnum() or sign == " ") for sign in folded)


@given(st.text())
def test_spelled_stems_hold_every_stem(text):
    assert set(spelled_stems(text)) >= set(stems(text)) - {""}


def test_stems_agree_between_threads():
    texts = [f"réunions des bénévoles numéro {n}{'abcdefghij'[n % 10]}" for n in range(400)]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(stems, texts)) == [stems(text) for text in texts]
