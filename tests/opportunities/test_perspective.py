"""An opportunity in words, for each party: complete, and without what would tell who the others are."""

from datetime import date, time

import pytest
import time_machine

from maillage.opportunities.models import Opportunity, Party
from maillage.opportunities.perspective import Perspective
from maillage.opportunities.queries import count_by_epci, count_by_kind, parties_whole
from maillage.opportunities.sentences import next_step, subject
from tests.factories.directory import StructureFactory
from tests.factories.opportunities import make_opportunity, pool_of_needs
from tests.factories.sharing import ListingFactory
from tests.factories.territory import CommuneFactory

pytestmark = pytest.mark.django_db
VAN, HALL, TENT = "technical.vehicles.van", "technical.premises.hall", "technical.equipment.events.tent"


def pair(name, gives=None, takes=None, commune="31451"):
    structure = StructureFactory(name=name, commune=CommuneFactory(code=commune))
    return (
        gives and ListingFactory(structure=structure, category=gives, title=f"Offre de {name}"),
        takes and ListingFactory(structure=structure, category=takes, title=f"Besoin de {name}", need=True),
    )


def seen(place):
    return Perspective.of(parties_whole().get(position=place))


@pytest.fixture
def circle():
    return make_opportunity(
        pair("Harmonie", VAN, TENT), pair("Foyer", HALL, VAN), pair("Théâtre", TENT, HALL, commune="31555")
    )


def test_a_circle_is_told_from_oneself_on(circle):
    assert (seen(0).title, seen(0).sentences) == (
        "Un cercle à trois",
        [
            "Vous partagez «\u00a0Offre de Harmonie\u00a0» avec une association à moins de 5\u00a0km.",
            "Elle partage à son tour avec une autre association à moins de 50\u00a0km\u00a0: "
            "salle des fêtes ou polyvalente.",
            "Celle\u2011ci partage avec vous ce que vous cherchez\u00a0: barnum ou chapiteau.",
        ],
    )


def test_an_exchange_between_two_is_told_in_two_sentences():
    make_opportunity(pair("Harmonie", VAN, HALL), pair("Foyer", HALL, VAN))
    assert (seen(1).title, seen(1).sentences) == (
        "Un échange à deux",
        [
            "Vous partagez «\u00a0Offre de Foyer\u00a0» avec une association à moins de 5\u00a0km.",
            "Elle partage avec vous ce que vous cherchez\u00a0: fourgon ou camionnette.",
        ],
    )


def test_a_chain_is_told_from_its_first_on():
    make_opportunity(
        pair("Harmonie", VAN), pair("Foyer", HALL, VAN), pair("Théâtre", None, HALL), kind=Opportunity.Kind.CHAIN
    )
    near = "association à moins de 5\u00a0km"
    assert [seen(place).sentences for place in range(3)] == [
        [
            f"Vous partagez «\u00a0Offre de Harmonie\u00a0» avec une {near}.",
            f"Elle partage à son tour avec une autre {near}\u00a0: salle des fêtes ou polyvalente.",
            "Vous ne demandez rien, et votre offre met tout en mouvement.",
        ],
        [
            f"Une {near} partage avec vous ce que vous cherchez\u00a0: fourgon ou camionnette.",
            f"À votre tour, vous partagez «\u00a0Offre de Foyer\u00a0» avec une autre {near}.",
        ],
        [
            f"Une {near} partage avec une autre {near}\u00a0: fourgon ou camionnette.",
            "Celle\u2011ci partage avec vous ce que vous cherchez\u00a0: salle des fêtes ou polyvalente.",
        ],
    ]
    assert seen(0).gains == ["2\u00a0associations servies grâce à vous"]


@pytest.mark.parametrize("place", range(3))
def test_nothing_tells_who_the_others_are_before_all_agree(circle, place):
    me = seen(place)
    said = " ".join([me.title, *me.sentences, *me.gains, *me.lends, *me.names, me.waiting_for])
    for other in me.others:
        for secret in (other.structure.name, other.takes.title, other.gives.title, other.takes.commune.name):
            assert secret not in said


def test_names_show_once_all_agree(circle):
    Opportunity.objects.update(state="agreed")
    assert seen(0).names == ["vous", "Foyer", "Théâtre"]
    assert seen(0).sentences == [
        "Vous partagez «\u00a0Offre de Harmonie\u00a0» avec Foyer.",
        "Foyer partage à son tour avec Théâtre\u00a0: salle des fêtes ou polyvalente.",
        "Théâtre partage avec vous ce que vous cherchez\u00a0: barnum ou chapiteau.",
    ]


@pytest.mark.parametrize(
    ("need", "offer", "gains"),
    [
        ({"weekdays": [2]}, {}, ["1\u00a0journée par semaine", "les mercredis", "gratuit"]),
        (
            {"weekdays": [2], "starts_at": time(9), "ends_at": time(12)},
            {"conditions": "cost_share", "price_cents": 2500},
            [
                "une demi\u2011journée par semaine",
                "les mercredis de 9\u00a0h à 12\u00a0h",
                "contre une participation aux frais",
            ],
        ),
        ({}, {"conditions": "price", "price_cents": 2500}, ["toute l’année", "payant"]),
        ({}, {"weekdays": [5, 6]}, ["le week-end", "gratuit"]),
        (
            {"conditions": "price", "price_cents": 6000, "quantity": 4},
            {"conditions": "price", "price_cents": 2500},
            ["toute l’année", "pour une quantité de 4", "payant, jusqu’à 60\u00a0€"],
        ),
        (
            {"first_day": date(2026, 12, 1), "last_day": date(2027, 2, 1)},
            {"first_day": date(2027, 1, 30), "last_day": date(2027, 1, 30)},
            ["samedi 30\u00a0janvier", "gratuit"],
        ),
        (
            {"first_day": date(2026, 12, 1), "last_day": date(2027, 2, 1)},
            {"weekdays": [1]},
            ["9\u00a0jours possibles à partir du mardi 1er\u00a0décembre", "gratuit"],
        ),
    ],
)
@time_machine.travel("2026-11-25 12:00")
def test_the_gain_of_an_exchange_is_when_and_on_which_terms_never_the_amount(need, offer, gains):
    opportunity = make_opportunity(pair("Harmonie", VAN, HALL), pair("Foyer", HALL, VAN))
    first, second = opportunity.parties.order_by("position")
    type(first.takes).objects.filter(pk=first.takes_id).update(**{"valid_until": date(2027, 2, 1)} | need)
    type(first.takes).objects.filter(pk=second.gives_id).update(**offer)
    assert seen(0).gains == gains


def test_what_one_lends_is_told_with_when_for_how_many_and_ones_own_terms():
    opportunity = make_opportunity(pair("Harmonie", VAN, HALL), pair("Foyer", HALL, VAN))
    first, second = opportunity.parties.order_by("position")
    listings = type(first.takes).objects
    listings.filter(pk=second.takes_id).update(quantity=2, weekdays=[6])
    listings.filter(pk=first.gives_id).update(conditions="price", price_cents=35, price_unit="km")
    assert seen(0).lends == [
        "1\u00a0journée par semaine",
        "les dimanches",
        "pour une quantité de 2",
        "0,35\u00a0€ par km",
    ]


def test_a_pool_lends_nothing():
    make_opportunity(*((None, need) for need in pool_of_needs(2)), kind=Opportunity.Kind.EQUIPMENT)
    assert seen(0).lends == []


def test_a_pool_tells_how_many_look_for_the_same():
    needs = pool_of_needs(3, category="jobs.office.accountant", weekdays=[0])
    make_opportunity(*((None, need) for need in needs), kind=Opportunity.Kind.JOB, figures={"days": 3})
    Party.objects.update(distance=5)
    me = seen(0)
    assert (me.title, me.sentences[1], me.gains) == (
        "Un emploi à partager à trois",
        "Deux associations à moins de 5\u00a0km cherchent la même chose\u00a0: comptabilité salariée.",
        [
            "3\u00a0journées par semaine, soit 60\u00a0% d’un temps plein",
            "votre part\u00a0: 1\u00a0journée par semaine",
        ],
    )


@pytest.mark.parametrize(
    ("kind", "figures", "gains"),
    [
        ("purchase", {"quantity": 2}, ["2 commandes en une"]),
        (
            "purchase",
            {"quantity": 400, "cents": 120_000},
            [
                "2 commandes en une",
                "400 articles en tout",
                "environ 1\u202f200\u00a0€ d’achats à négocier",
            ],
        ),
        ("equipment", {}, ["un achat partagé en deux"]),
    ],
)
def test_the_gain_of_a_pool_comes_from_figures_that_exist(kind, figures, gains):
    make_opportunity(*((None, need) for need in pool_of_needs(2)), kind=kind, figures=figures)
    assert seen(1).gains == gains
    assert seen(1).sentences[1].startswith("Une association à moins de 5\u00a0km cherche la même chose\u00a0: ")


def test_what_maillage_says_first_names_all_and_what_is_next(circle):
    parties = list(circle.parties.order_by("position"))
    assert subject(circle, parties) == (
        "Cercle d’échange\u00a0: fourgon ou camionnette, salle des fêtes ou polyvalente, barnum ou chapiteau"
    )
    assert next_step(circle, parties).splitlines()[:2] == [
        "Bonjour\u202f! Harmonie, Foyer et Théâtre ont toutes dit oui. Voici ce qui a été trouvé.",
        "– Harmonie partage «\u00a0Offre de Harmonie\u00a0» avec Foyer.",
    ]


def test_opportunities_are_counted_by_kind_and_place(circle):
    make_opportunity(*((None, need) for need in pool_of_needs(2)), kind="purchase")
    make_opportunity(*((None, need) for need in pool_of_needs(2)), state="expired")
    assert count_by_kind() == {"circle": 1, "chain": 0, "job": 0, "purchase": 1, "equipment": 0}
    revel, toulouse = (CommuneFactory(code=code).epci_id for code in ("31451", "31555"))
    assert count_by_epci() == {revel: 2, toulouse: 1}
