import re
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.engine import french
from maillage.engine.french import HYPHEN, NBSP, NNBSP
from maillage.engine.text import fold


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2021, 4, 13), f"mardi 13{NBSP}avril 2021"),
        (date(2026, 10, 1), f"jeudi 1er{NBSP}octobre 2026"),
        (date(2026, 11, 7), f"samedi 7{NBSP}novembre 2026"),
        (date(2028, 2, 29), f"mardi 29{NBSP}février 2028"),
    ],
)
def test_date_fr_says_the_day_in_full(day, written):
    assert french.date_fr(day) == written
    assert french.day_fr(day) == written.rpartition(" ")[0]


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("d’{}", ("Amicale", "École de Revel", "Œuvre", "Yvette", "Harmonie", "HISTOIRE", "Huîtres", "« Amis »")),
        (
            "de {}",
            ("Revel", "Handball", "Hauterive", "Huit", "Hip-hop", "Yoga", "Onze", "11 août", "L’Isle"),
        ),
    ],
)
def test_of_fr_leaves_a_letter_out_before_a_vowel_or_a_mute_h(written, names):
    assert [french.of_fr(name) for name in names] == [written.format(name) for name in names]


def test_of_fr_contracts_an_article():
    names = ("Le Fousseret", "Les Jardins", "le président", "Lescar", "Le")
    assert [french.of_fr(name) for name in names] == [
        "du Fousseret",
        "des Jardins",
        "du président",
        "de Lescar",
        "de Le",
    ]


@given(st.text(alphabet=st.characters(categories=["L", "Nd", "Zs", "Pd"]), min_size=1))
def test_of_fr_keeps_the_name_and_hears_no_capital(name):
    said = french.of_fr(name)
    little, rest = re.fullmatch(r"(de |d’|du |des )(.*)", said, re.DOTALL).groups()
    assert name.endswith(rest)
    assert (little in ("de ", "d’")) == (rest == name)
    assert french.of_fr(name.lower()).startswith(little) or fold(name) != fold(name.lower())


@pytest.mark.parametrize("vowel", "aàâeéèêëiîïoôuùûœæ")
@given(rest=st.sampled_from(["bc", "mi", "rt de Revel", ""]))
def test_of_fr_never_says_de_before_a_vowel(vowel, rest):
    assert french.of_fr(vowel + rest) == f"d’{vowel}{rest}"


def test_short_day_fr_is_for_tables():
    assert french.short_day_fr(date(2026, 11, 7)) == f"sam. 7{NBSP}nov."
    assert french.short_day_fr(date(2026, 8, 1)) == f"sam. 1er{NBSP}août"


@pytest.mark.parametrize(
    ("moment", "written"),
    [(time(18, 30), f"18{NBSP}h{NBSP}30"), (time(8), f"8{NBSP}h"), (time(0, 5), f"0{NBSP}h{NBSP}05")],
)
def test_time_fr(moment, written):
    assert french.time_fr(moment) == written


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "0"),
        (999, "999"),
        (17500, f"17{NNBSP}500"),
        (-1234567, f"−1{NNBSP}234{NNBSP}567"),
        (2.5, "2,5"),
        (Decimal("1248.50"), f"1{NNBSP}248,5"),
        (0.005, "0,01"),
        (-0.001, "0"),
    ],
)
def test_number_fr(number, written):
    assert french.number_fr(number) == written


@given(st.integers(-(10**15), 10**15))
def test_number_fr_loses_no_digit(number):
    assert int(french.number_fr(number).replace(NNBSP, "").replace("−", "-")) == number


@given(st.integers(0, 10**12))
def test_euros_fr_loses_no_cent(cents):
    euros, _, rest = french.euros_fr(cents).removesuffix(f"{NBSP}€").replace(NNBSP, "").partition(",")
    assert int(euros) * 100 + int(rest or 0) == cents


@pytest.mark.parametrize(
    ("cents", "written"),
    [(1250, f"12,50{NBSP}€"), (3000, f"30{NBSP}€"), (5, f"0,05{NBSP}€"), (-250, f"−2,50{NBSP}€")],
)
def test_euros_fr(cents, written):
    assert french.euros_fr(cents) == written


@pytest.mark.parametrize(
    ("kilometres", "written"),
    [
        (0, f"moins de 1{NBSP}km"),
        (0.99, f"moins de 1{NBSP}km"),
        (1, f"1{NBSP}km"),
        (8.6, f"9{NBSP}km"),
        (2.5, f"3{NBSP}km"),
    ],
)
def test_km_fr(kilometres, written):
    assert french.km_fr(kilometres) == written


@pytest.mark.parametrize(("words", "written"), [([], ""), (["a"], "a"), (["a", "b"], "a et b"), ("abc", "a, b et c")])
def test_join_fr(words, written):
    assert french.join_fr(words) == written


def test_join_fr_with_another_last_word():
    assert french.join_fr(["lundi", "mardi"], last="ou") == "lundi ou mardi"


@pytest.mark.parametrize(
    ("number", "written"),
    [(0, f"0{NBSP}offre"), (1, f"1{NBSP}offre"), (2, f"2{NBSP}offres"), (1248, f"1{NNBSP}248{NBSP}offres")],
)
def test_count_fr_puts_the_plural_from_two_on(number, written):
    assert french.count_fr(number, "offre") == written


@pytest.mark.parametrize(
    "typed", ["0536491234", "05.36.49.12.34", "+33 5 36 49 12 34", "+33 (0)5 36 49 12 34", "0033536491234"]
)
def test_phone_fr_understands_what_people_type(typed):
    assert french.phone_fr(typed) == NBSP.join(["05", "36", "49", "12", "34"])
    assert french.phone_uri(typed) == "tel:+33536491234"


def test_phone_fr_leaves_other_numbers_alone():
    assert french.phone_fr("3939") == "3939"
    assert french.phone_uri("3939") == "tel:3939"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Foyer rural de Revel", "FR"), ("L’Harmonie", "H"), ("Les Amis du livre", "AL"), ("Élan", "É"), ("", "")],
)
def test_initials(name, letters):
    assert french.initials(name) == letters


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Quand?", f"Quand{NNBSP}?"),
        ("Quand ?", f"Quand{NNBSP}?"),
        ("Vraiment ?!", f"Vraiment{NNBSP}?!"),
        ("Il dit : oui", f"Il dit{NBSP}: oui"),
        ('Il dit "oui"', f"Il dit «{NBSP}oui{NBSP}»"),
        ("« oui »", f"«{NBSP}oui{NBSP}»"),
        ("17 500 €", f"17{NNBSP}500{NBSP}€"),
        ("1 234 567 km", f"1{NNBSP}234{NNBSP}567{NBSP}km"),
        ("50%", f"50{NBSP}%"),
        ("à 18h30", f"à 18{NBSP}h{NBSP}30"),
        ("à 14h", f"à 14{NBSP}h"),
        ("14h-18h30", f"14{NBSP}h{NBSP}– 18{NBSP}h{NBSP}30"),
        ("9 h - 12 h, 14 h – 18 h", f"9{NBSP}h{NBSP}– 12{NBSP}h, 14{NBSP}h{NBSP}– 18{NBSP}h"),
        ("n° 2", f"n°{NBSP}2"),
        ("l'accord", "l’accord"),
        ("manque-t-il", f"manque{HYPHEN}t{HYPHEN}il"),
        ("attendez...", "attendez…"),
        ("en 2026 250 personnes", f"en 2026 250{NBSP}personnes"),
        ("05 36 49 12 34", "05 36 49 12 34"),
        ("https://exemple.fr/?a=b:c", "https://exemple.fr/?a=b:c"),
        ("rendez-vous à 12:30", f"rendez{HYPHEN}vous à 12:30"),
    ],
)
def test_typo_sets_french_as_it_is_printed(typed, printed):
    assert french.typo(typed) == printed


FRENCH_TEXT = st.text(alphabet="abé É'\"«»!?;:.,()0123456789€%-h\n" + NBSP + NNBSP, max_size=60)


@given(FRENCH_TEXT)
def test_typo_done_twice_changes_nothing_more(text):
    once = french.typo(text)
    assert french.typo(once) == once


@given(FRENCH_TEXT)
def test_typo_leaves_no_breaking_space_before_high_punctuation(text):
    assert not re.search(r"\S [;!?:»%€]", french.typo(text))


@given(FRENCH_TEXT)
def test_typo_keeps_every_letter_and_digit(text):
    def bare(words):
        return re.sub(r"[^\w]", "", words)

    assert bare(french.typo(text)) == bare(text)
