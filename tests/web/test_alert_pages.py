"""« Me prévenir »: from a search to « Mes alertes », and what is refused on the way."""

from datetime import date
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.digest.services import choose_rhythm
from maillage.sharing import alerts
from maillage.sharing.models import SavedSearch
from tests.factories.accounts import UserFactory
from tests.factories.sharing import ListingFactory
from tests.factories.territory import CommuneFactory
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db
VAN = {"sens": "offre", "quoi": "Camionnette", "ou": "Revel (31250)"}
SATURDAY = VAN | {"quand": "2026-11-28"}


@pytest.fixture(autouse=True)
def _on_a_tuesday():
    with time_machine.travel(timezone.make_aware(timezone.datetime(2026, 11, 3, 10)), tick=False):
        yield


@pytest.fixture
def revel():
    return CommuneFactory(revel=True)


@pytest.fixture
def person(client, revel):
    person = UserFactory()
    sign_in(client, person)
    return person


def keep(client, search, **data):
    return client.post(reverse("keep-search", query=search), data)


def sentences(person):
    return [alerts.sentence(saved).replace("\u00a0", " ") for saved in person.saved_searches.all()]


def text_of(response):
    return unescape(response.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("found", [True, False])
def test_a_search_offers_to_tell_of_what_comes(client, revel, found):
    if found:
        ListingFactory(structure__commune=revel)
    page = text_of(client.get(reverse("search"), VAN))
    assert ("Rien pour cette recherche" in page) is not found
    assert 'href="/mes-alertes/nouvelle/?sens=offre&quoi=Camionnette&ou=Revel+%2831250%29"' in page


def test_one_press_keeps_a_search_without_a_day(client, person):
    page = client.get(reverse("search"), VAN)
    assert f'<form method="post" action="{page.context["alert"]["url"]}"'.replace("&", "&amp;") in page.content.decode()
    assert client.post(page.context["alert"]["url"])["Location"] == reverse("alerts")
    assert sentences(person) == ["Camionnette, à moins de 25 km de Revel"]
    assert "Cette recherche est dans vos alertes" in text_of(client.get(reverse("search"), VAN))


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("day", "Camionnette, à moins de 25 km de Revel, le samedi 28 novembre"),
        ("weekday", "Camionnette, à moins de 25 km de Revel, le samedi"),
        ("any", "Camionnette, à moins de 25 km de Revel"),
    ],
)
def test_a_search_with_a_day_is_kept_for_it_for_each_week_or_for_any(client, person, when, said):
    page = text_of(client.get(reverse("keep-search", query=SATURDAY)))
    assert "Seulement le samedi 28 novembre" in page
    assert "Tous les samedis" in page
    keep(client, SATURDAY, when=when)
    assert sentences(person) == [said]


def test_a_day_that_is_not_chosen_is_asked_again(client, person):
    response = keep(client, SATURDAY, when="yesterday")
    assert response.status_code == 422
    assert "Choisissez un jour de la liste." in text_of(response)
    assert sentences(person) == []


def test_a_visitor_signs_in_and_comes_back_to_the_search(client, revel):
    here = reverse("keep-search", query=VAN)
    to_sign_in = client.get(here)
    assert to_sign_in.status_code == 302
    person = UserFactory()
    person.set_password("Tricot-et-pastel-31")
    person.save()
    back = client.post(to_sign_in["Location"], {"login": person.email, "password": "Tricot-et-pastel-31"})
    assert back["Location"] == here
    keep(client, VAN)
    assert sentences(person) == ["Camionnette, à moins de 25 km de Revel"]


@pytest.mark.parametrize(
    "same", [VAN | {"quoi": "  camionnette "}, VAN | {"tri": "pertinence"}, VAN | {"vue": "liste"}]
)
def test_one_search_is_kept_once_however_it_is_written(client, person, same):
    keep(client, VAN)
    assert "déjà dans vos alertes" in text_of(client.post(reverse("keep-search", query=same), follow=True))
    assert len(sentences(person)) == 1


def test_a_search_that_is_not_understood_goes_back_to_its_page(client, person):
    wrong = {"ou": "Nulle-Part-sur-Rien"}
    assert keep(client, wrong)["Location"] == reverse("search", query=wrong)
    assert client.get(client.get(reverse("keep-search", query=wrong))["Location"]).status_code == 422


def test_alerts_end_at_a_number(client, person, revel):
    for number in range(alerts.MOST_KEPT):
        keep(client, {"quoi": f"table {number}"})
    refused = keep(client, VAN)
    assert refused.status_code == 422
    assert "Retirez-en une" in text_of(refused)
    assert len(sentences(person)) == alerts.MOST_KEPT


def test_an_alert_is_paused_resumed_and_removed_by_its_buttons(client, person):
    keep(client, VAN)
    (saved,) = person.saved_searches.all()
    for change, paused in (("pause", True), ("resume", False), ("nonsense", False)):
        assert client.post(reverse("change-alert", args=[saved.pk]), {"change": change}).status_code == 302
        saved.refresh_from_db()
        assert saved.is_paused is paused
    client.post(reverse("change-alert", args=[saved.pk]), {"change": "remove"})
    assert "Aucune alerte pour l’instant" in text_of(client.get(reverse("alerts")))


def test_nobody_sees_nor_changes_the_alerts_of_another(client, person):
    keep(client, VAN)
    (saved,) = person.saved_searches.all()
    other = Client()
    sign_in(other, UserFactory())
    assert "Camionnette" not in text_of(other.get(reverse("alerts")))
    assert other.post(reverse("change-alert", args=[saved.pk]), {"change": "remove"}).status_code == 404
    assert len(sentences(person)) == 1


def test_an_alert_whose_day_has_gone_says_so(client, person):
    keep(client, SATURDAY, when="day")
    with time_machine.travel(timezone.make_aware(timezone.datetime(2026, 11, 29, 10)), tick=False):
        sign_in(client, person)
        page = text_of(client.get(reverse("alerts")))
    assert "Ce jour est passé" in page
    assert "Voir les résultats" not in page


def test_results_of_a_weekday_are_those_of_the_next_one(client, person):
    keep(client, SATURDAY, when="weekday")
    assert "quand=2026-11-07" in text_of(client.get(reverse("alerts")))


@pytest.mark.parametrize("count", [1, 5])
def test_the_cost_of_the_list_does_not_grow(client, person, revel, count, django_assert_num_queries):
    for number in range(count):
        SavedSearch.objects.create(user=person, direction="offer", words=f"table {number}", place=revel, radius_km=10)
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("alerts"))


LIST_QUERIES = 10


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "Toutes les offres"),
        ({"direction": "need"}, "Tous les besoins"),
        ({"direction": "need", "words": "tables", "max_price_cents": 0}, "Besoins : tables, gratuit"),
        ({"category": "technical.vehicles.van", "max_price_cents": 1250}, "Fourgon ou camionnette, 12,50 € au plus"),
    ],
)
def test_an_alert_is_a_plain_sentence(facts, said):
    assert alerts.sentence(SavedSearch(**({"direction": "offer"} | facts))).replace("\u00a0", " ") == said


def test_the_day_of_an_alert_is_the_day_that_was_chosen(client, person):
    keep(client, SATURDAY, when="day")
    assert person.saved_searches.get().day == date(2026, 11, 28)


@pytest.mark.parametrize(
    ("rhythm", "promise"),
    [
        ("week", "Nous vous préviendrons par e\u2011mail, le jeudi."),
        ("day", "Nous vous préviendrons par e\u2011mail, chaque jour."),
        ("never", "Cette recherche est gardée dans vos alertes."),
    ],
)
def test_an_alert_promises_only_the_letters_that_one_receives(client, person, rhythm, promise):
    choose_rhythm(person=person, rhythm=rhythm, weekday=3)
    asked = text_of(client.get(reverse("keep-search", query=VAN)))
    kept = text_of(client.post(reverse("keep-search", query=VAN), follow=True))
    assert promise in kept
    assert ("Vous avez arrêté les e" in asked) is ("Vous avez arrêté les e" in kept) is (rhythm == "never")
    assert (f'<a href="{reverse("digest")}">Reprendre' in kept) is (rhythm == "never")
