"""Each way a document can be wrong is refused with a French sentence and its place."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.engine import documents
from maillage.engine.documents import Refused
from maillage.engine.topics import match as topic

WINDOW = {"start": "2026-11-07T08:00", "end": "2026-11-07T20:00"}
LISTING = {"id": "a", "structure": "s", "category": "technical.vehicles", "lat": 43.5, "lon": 1.5, "windows": [WINDOW]}


def refusal(raw):
    """(sentence with plain spaces, where) of the refusal of a document."""
    with pytest.raises(Refused) as caught:
        topic.answer(documents.parse(raw))
    return caught.value.message.replace("\u00a0", " "), caught.value.where


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "Le document est vide. Donnez un document JSON sur l’entrée standard."),
        (b" \n ", "Le document est vide. Donnez un document JSON sur l’entrée standard."),
        (b'{"needs": "\xe9"}', "Le document n’est pas en UTF-8 (octet 12)."),
        (b"{needs: []}", "Ce n’est pas un document JSON : erreur à la ligne 1, colonne 2."),
        (b'{"needs": [],\n "offers": [}', "Ce n’est pas un document JSON : erreur à la ligne 2, colonne 13."),
        (b'{"needs": [], "offers": []} {}', "Ce n’est pas un document JSON : erreur à la ligne 1, colonne 29."),
        (b'{"top": NaN}', "NaN n’est pas un nombre JSON."),
        (b'{"top": -Infinity}', "-Infinity n’est pas un nombre JSON."),
        (b'{"top": 1, "top": 2}', "Le membre « top » est écrit deux fois dans le même objet."),
        (b"[" * 100_000, "Le document est trop profond."),
        (b'{"a":' * 100_000, "Le document est trop profond."),
        (b"9" * 5000, "Le document contient un nombre démesuré."),
        (b"[]", "Un objet JSON est attendu ici, pas une liste."),
        (b'"match"', "Un objet JSON est attendu ici, pas un texte."),
        (b"null", "Un objet JSON est attendu ici, pas null."),
    ],
)
def test_what_is_no_document_is_refused(raw, sentence):
    assert refusal(raw) == (sentence, "")


def test_a_document_too_big_is_refused(monkeypatch):
    monkeypatch.setattr(documents, "SIZE_LIMIT", 2**20)
    assert refusal(b" " * (2**20 + 1)) == ("Le document est trop gros : 1 Mo au plus.", "")


@pytest.mark.parametrize(
    ("document", "sentence", "where"),
    [
        ({"offers": []}, "Il manque le membre « needs ».", "/needs"),
        (
            {"needs": [], "offers": [], "tops": 3},
            "Le membre « tops » n’est pas connu ici : needs, offers, top ou timezone.",
            "/tops",
        ),
        ({"needs": {}, "offers": []}, "Une liste est attendue ici, pas un objet.", "/needs"),
        ({"needs": [], "offers": ["a"]}, "Un objet JSON est attendu ici, pas un texte.", "/offers/0"),
        ({"needs": [], "offers": [], "top": 0}, "Ce nombre est trop petit : au moins 1.", "/top"),
        ({"needs": [], "offers": [], "top": 2.5}, "Un nombre entier est attendu ici, pas un nombre à virgule.", "/top"),
        (
            {"needs": [], "offers": [], "timezone": "Europe/Toulouse"},
            "Le fuseau horaire « Europe/Toulouse » n’existe pas ; exemple : Europe/Paris.",
            "/timezone",
        ),
        (
            {"needs": [], "offers": [], "timezone": "../../etc/passwd"},
            "Le fuseau horaire « ../../etc/passwd » n’existe pas ; exemple : Europe/Paris.",
            "/timezone",
        ),
        ({"needs": [], "offers": [], "timezone": 1}, "Un texte est attendu ici, pas un nombre.", "/timezone"),
        (
            {"needs": [LISTING, LISTING], "offers": []},
            "« a » est déjà pris dans cette liste.",
            "/needs/1/id",
        ),
        (
            {"needs": [], "offers": [{**LISTING, "id": 7}, {**LISTING, "id": "7"}]},
            "« 7 » est déjà pris dans cette liste.",
            "/offers/1/id",
        ),
        (
            {"needs": [], "offers": [], "a/b~c" * 20: 1},
            f"Le membre « {('a/b~c' * 20)[:39]}… » n’est pas connu ici : needs, offers, top ou timezone.",
            "/" + "a~1b~0c" * 20,
        ),
    ],
)
def test_a_wrong_document_is_refused(document, sentence, where):
    assert refusal(json.dumps(document).encode()) == (sentence, where)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"id": ""}, "« » ne convient pas : un identifiant non vide est attendu."),
        ({"id": None}, "Un nombre entier est attendu ici, pas null."),
        ({"id": True}, "Un nombre entier est attendu ici, pas vrai ou faux."),
        ({"structure": 1.5}, "Un nombre entier est attendu ici, pas un nombre à virgule."),
        ({"category": ""}, "« » ne convient pas : un code comme technical.vehicles.van est attendu."),
        ({"category": "a..b"}, "« a..b » ne convient pas : un code comme technical.vehicles.van est attendu."),
        ({"category": "a.b\n"}, "« a.b\n » ne convient pas : un code comme technical.vehicles.van est attendu."),
        ({"category": ["a"]}, "Un texte est attendu ici, pas une liste."),
        ({"lat": 90.1}, "Ce nombre est trop grand : au plus 90."),
        ({"lat": -91}, "Ce nombre est trop petit : au moins −90."),
        ({"lat": "43"}, "Un nombre est attendu ici, pas un texte."),
        ({"lat": True}, "Un nombre est attendu ici, pas vrai ou faux."),
        ({"lon": 180.5}, "Ce nombre est trop grand : au plus 180."),
        ({"lon": None}, "Un nombre est attendu ici, pas null."),
        ({"text": None}, "Un texte est attendu ici, pas null."),
        ({"text": "a" * 100_001}, "Ce texte est trop long : 100\u202f000 signes au plus."),
        ({"quantity": -1}, "Ce nombre est trop petit : au moins 1."),
        ({"quantity": 0}, "Ce nombre est trop petit : au moins 1."),
        ({"quantity": 1.5}, "Un nombre entier est attendu ici, pas un nombre à virgule."),
        ({"quantity": 10**30}, "Ce nombre est trop grand : au plus 9\u202f007\u202f199\u202f254\u202f740\u202f992."),
        ({"radius_km": -0.1}, "Ce nombre est trop petit : au moins 0."),
        ({"price_cents": -1}, "Ce nombre est trop petit : au moins 0."),
        ({"price_cents": 12.5}, "Un nombre entier est attendu ici, pas un nombre à virgule."),
        ({"windows": None}, "Une liste est attendue ici, pas null."),
    ],
)
def test_a_wrong_member_is_refused(wrong, sentence):
    document = {"needs": [], "offers": [LISTING, {**LISTING, "id": "b", **wrong}]}
    message, where = refusal(json.dumps(document).encode())
    assert (message.replace("«  »", "« »"), where) == (sentence, f"/offers/1/{next(iter(wrong))}")


def test_numbers_too_big_for_a_float_are_refused():
    raw = json.dumps({"needs": [], "offers": [LISTING]}).replace("43.5", "1e999").encode()
    assert refusal(raw) == ("Ce nombre est trop grand : au plus 90.", "/offers/0/lat")


@pytest.mark.parametrize(
    ("window", "sentence", "where"),
    [
        ({"start": "2026-11-07T08:00"}, "Il manque le membre « end ».", "/end"),
        ({**WINDOW, "day": 1}, "Le membre « day » n’est pas connu ici : start ou end.", "/day"),
        ({**WINDOW, "end": "2026-11-07T07:59"}, "La fin doit venir après le début.", "/end"),
        ({**WINDOW, "end": WINDOW["start"]}, "La fin doit venir après le début.", "/end"),
        (
            {**WINDOW, "start": "2026-11-07"},
            "Une date et une heure ISO 8601 sont attendues ici ; exemple : 2026-11-07T18:30.",
            "/start",
        ),
        (
            {**WINDOW, "start": "07/11/2026 08:00"},
            "Une date et une heure ISO 8601 sont attendues ici ; exemple : 2026-11-07T18:30.",
            "/start",
        ),
        (
            {**WINDOW, "start": "2026-02-30T08:00"},
            "Cette date ou cette heure n’existe pas ; exemple : 2026-11-07T18:30.",
            "/start",
        ),
        (
            {**WINDOW, "start": "2026-11-07T25:00"},
            "Cette date ou cette heure n’existe pas ; exemple : 2026-11-07T18:30.",
            "/start",
        ),
        ({**WINDOW, "start": "0001-01-01T00:00"}, "Une année de 1900 à 2200 est attendue ici.", "/start"),
        ({**WINDOW, "end": 1_800_000_000}, "Un texte est attendu ici, pas un nombre.", "/end"),
        ("toujours", "Un objet JSON est attendu ici, pas un texte.", ""),
    ],
)
def test_a_wrong_window_is_refused(window, sentence, where):
    document = {"needs": [{**LISTING, "windows": [WINDOW, window]}], "offers": []}
    message, place = refusal(json.dumps(document).encode())
    assert (message, place) == (sentence, f"/needs/0/windows/1{where}")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from([*LISTING, "quantity", "radius_km", "price_cents", "text"])


@given(st.lists(st.dictionaries(NAMES, JSON), max_size=2), JSON)
def test_any_document_is_answered_or_refused(changes, top):
    needs = [{**LISTING, "id": number, **change} for number, change in enumerate(changes)]
    for document in (top, {"needs": needs, "offers": []}, {"needs": [], "offers": needs, "top": top}):
        with suppress(Refused):
            assert topic.answer(documents.parse(json.dumps(document).encode())).keys() == {"matches"}


@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_refused(raw):
    with suppress(Refused):
        documents.parse(raw)
