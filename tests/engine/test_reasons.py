"""The sentences that say why an offer answers a need, to the letter."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from maillage.engine.match import Listing, best_offers

SATURDAY = datetime.fromisoformat("2026-11-07")
NEED = Listing(id=1, structure="harmony", category="technical.vehicles", lat=43.4589, lon=2.0047)
OFFER = Listing(id=1, structure="foyer", category="technical.vehicles", lat=43.449, lon=1.894)


def reasons(need=None, offer=None):
    """The reasons of a match, with plain spaces."""
    (found,) = best_offers(replace(NEED, **need or {}), [replace(OFFER, **offer or {})])
    return [reason.replace("\u00a0", " ") for reason in found.reasons]


def days(*numbers):
    """Windows from 8:00 to 20:00 on days counted from Saturday 7 November 2026."""
    starts = [SATURDAY + timedelta(days=number, hours=8) for number in numbers]
    return tuple((start, start + timedelta(hours=12)) for start in starts)


def test_the_least_that_can_be_said():
    assert reasons() == ["à 9 km", "libre à tout moment", "exactement la catégorie demandée", "prix à convenir"]


def test_the_most_that_can_be_said():
    need = {"text": "Camionnettes pour l’Été", "quantity": 2, "price_cents": 5000, "windows": days(0)}
    offer = {"text": "camionnette, été", "quantity": 1500, "price_cents": 3050, "category": "technical.vehicles.van"}
    assert reasons(need, offer) == [
        "à 9 km",
        "libre samedi 7 novembre",
        "dans la catégorie demandée",
        "dans le budget : 30,50 €",
        "en nombre suffisant : 1\u202f500 pour 2",
        "mots communs : camionnettes et été",
    ]


@pytest.mark.parametrize(
    ("needed", "offered", "said"),
    [
        (days(0), (), "libre samedi 7 novembre"),
        (days(0), days(0), "libre samedi 7 novembre"),
        (days(0, 1), days(0), "libre samedi 7 novembre"),
        (days(0, 1), (), "libre sur toute la période"),
        (days(0, 1), days(0, 1, 2), "libre sur toute la période"),
        (days(0, 7, 14), days(0, 7), "libre samedi 7 novembre et samedi 14 novembre"),
        ((), days(0, 1, 24), "libre samedi 7 novembre, dimanche 8 novembre et mardi 1er décembre"),
        ((), days(0, 7, 14, 21), "libre 4 jours à partir du samedi 7 novembre"),
        ((), ((SATURDAY, SATURDAY + timedelta(days=1)),), "libre samedi 7 novembre"),
        ((), ((SATURDAY, SATURDAY + timedelta(days=3650)),), "libre 3\u202f650 jours à partir du samedi 7 novembre"),
        (days(0), days(0) * 2, "libre samedi 7 novembre"),
    ],
)
def test_when(needed, offered, said):
    assert reasons({"windows": needed}, {"windows": offered})[1] == said


@pytest.mark.parametrize(
    ("most", "asked", "said"),
    [
        (None, None, "prix à convenir"),
        (5000, None, "prix à convenir"),
        (None, 3000, "prix : 30 €"),
        (5000, 3000, "dans le budget : 30 €"),
        (0, 0, "gratuit"),
    ],
)
def test_price(most, asked, said):
    assert reasons({"price_cents": most}, {"price_cents": asked})[3] == said


def test_next_door():
    assert reasons(offer={"lat": NEED.lat, "lon": NEED.lon})[0] == "à moins de 1 km"


def test_one_word_in_common():
    assert reasons({"text": "un minibus"}, {"text": "Minibus de neuf places"})[-1] == "mot commun : minibus"
