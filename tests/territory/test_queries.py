import pytest

from maillage.territory.queries import (
    CommuneAmbiguous,
    CommuneNotFound,
    current_code,
    find_communes,
    known_codes,
    resolve_code,
    resolve_commune,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("st felix", "Saint-Félix-Lauragais"),
        ("Ste Foy d'Aigre", "Sainte-Foy-d’Aigrefeuille"),
        ("revel", "Revel"),
        ("REVEL", "Revel"),
        ("31250", "Revel"),
        ("L Isle en Dodon", "L’Isle-en-Dodon"),
        ("l'isle-en", "L’Isle-en-Dodon"),
        ("luchon", "Bagnères-de-Luchon"),
        ("Revel (31250)", "Revel"),
        ("31250 revel", "Revel"),
        ("toulose", "Toulouse"),
        ("cugneaux", "Cugnaux"),
        ("vilefranche de loragais", "Villefranche-de-Lauragais"),
        ("paris", "Paris"),
    ],
)
def test_find_communes_forgives_how_one_types(typed, first):
    assert find_communes(typed)[0].name == first


def test_find_communes_completes_a_postal_code():
    found = find_communes("3125")
    assert [commune.label for commune in found] == ["Revel (31250)", "Vaudreuille (31250)"]


def test_find_communes_puts_the_territory_first_then_the_most_populated():
    found = find_communes("saint felix", limit=4)
    assert [commune.is_own for commune in found] == [True, False, False, False]
    populations = [commune.population for commune in find_communes("31110", limit=50)]
    assert len(populations) == 31
    assert populations == sorted(populations, reverse=True)


@pytest.mark.parametrize("typed", ["", "   ", "\0", "%", "'", "((", "312501", "x" * 5000, "🦊", "99999"])
def test_find_communes_survives_what_is_no_commune(typed):
    assert find_communes(typed) == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Revel", "31451"),
        ("Revel (31250)", "31451"),
        ("Revel (38420)", "38334"),
        ("st félix", "31478"),
        ("31300", "31555"),
        ("31451", "31451"),
        ("69303", "69123"),
        ("Paris", "75056"),
        ("villefranche de laur", "31582"),
    ],
)
def test_resolve_commune_gives_the_one_that_is_meant(typed, code):
    assert resolve_commune(typed).code == code


@pytest.mark.parametrize("typed", ["31250", "Sainte-Foy", "toulose", "luchon"])
def test_resolve_commune_asks_when_several_could_be_meant(typed):
    with pytest.raises(CommuneAmbiguous) as raised:
        resolve_commune(typed)
    assert raised.value.candidates


@pytest.mark.parametrize("typed", ["", " ", "\0", "zzzzzzzz", "98765", "Revel (99999)"])
def test_resolve_commune_refuses_what_it_does_not_know(typed):
    with pytest.raises(CommuneNotFound):
        resolve_commune(typed)


def test_label_is_read_back():
    for typed in ("Toulouse", "L'Isle-en-Dodon", "Boutx", "Ajaccio"):
        commune = resolve_commune(typed)
        assert resolve_commune(commune.label) == commune


@pytest.mark.parametrize(
    ("code", "today"),
    [
        ("31555", "31555"),
        ("31016", "31085"),
        ("31307", "31412"),
        ("75115", "75056"),
        ("69383", "69123"),
        ("69303", "69123"),
        ("13201", "13055"),
        ("2a004", "2A004"),
        (" 31555 ", "31555"),
        ("00000", None),
        ("91999", None),
        ("0", None),
        ("", None),
    ],
)
def test_resolve_code_follows_the_history_of_communes(code, today):
    commune = resolve_code(code)
    assert (commune and commune.code) == today
    assert current_code(code, known_codes()) == today
