"""Places through HTTP: found, read, reported as wrong, kept true by the team."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from maillage.places.models import Place, PlaceReport
from maillage.places.services import MOST_WAITING_REPORTS
from tests.factories.accounts import UserFactory
from tests.factories.places import PlaceFactory, PlaceReportFactory
from tests.factories.territory import CommuneFactory
from tests.letters import address_in, deliver

pytestmark = pytest.mark.django_db

TUESDAY_AT_TEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # 10 h in Paris
QUERIES_OF_A_SEARCH = 9
FACTS = {
    "kind": "rural_home",
    "name": "Foyer rural de Revel",
    "commune": "Revel (31250)",
    "position": "43.4590 2.0045",
    "phone": "0561000000",
    "day_1": "9 h - 12 h, 14h-18h30",
    "source": "appel à la mairie",
    "is_verified": "on",
}


@pytest.fixture
def agent(client):
    client.force_login(UserFactory(agent=True))
    return client


@pytest.fixture
def around_revel():
    """At Revel, at Vaudreuille (6 km) and in Toulouse (50 km)."""
    return [
        PlaceFactory(name="Maison de Revel", kind="association_house", weekly=True),
        PlaceFactory(name="Foyer de Vaudreuille", kind="rural_home", commune=CommuneFactory(code="31569")),
        PlaceFactory(name="Tiers-lieu de Toulouse", kind="third_place", commune=CommuneFactory(toulouse=True)),
    ]


def text_of(response):
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(plain.replace("\u00a0", " ").replace("\u202f", " ").split())


def found(response):
    return re.findall(r"<h3><a href=\"/lieux/\d+/\">([^<]+)</a></h3>", response.content.decode())


def test_search_gives_the_nearest_first_within_the_radius(client, around_revel):
    response = client.get(reverse("places"), {"ou": "Revel", "rayon": "25"})
    assert found(response) == ["Maison de Revel", "Foyer de Vaudreuille"]
    assert "2 lieux près de Revel" in text_of(response)
    wide = client.get(reverse("places"), {"ou": "Revel", "rayon": ""})
    assert found(wide) == ["Maison de Revel", "Foyer de Vaudreuille", "Tiers-lieu de Toulouse"]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["Maison de Revel", "Tiers-lieu de Toulouse", "Foyer de Vaudreuille"]),
        ({"sorte": "rural_home"}, ["Foyer de Vaudreuille"]),
        ({"jour": "samedi"}, ["Maison de Revel"]),
        ({"jour": "dimanche"}, []),
        ({"sorte": "rural_home", "jour": "samedi"}, []),
    ],
)
def test_search_by_kind_and_by_day(client, around_revel, asked, names):
    response = client.get(reverse("places"), asked)
    assert found(response) == names
    assert ("Aucun lieu ne répond" in text_of(response)) == (not names)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"ou": "saint"}, "Plusieurs communes répondent"),
        ({"ou": "zzzzzz"}, "Nous ne trouvons pas"),
        ({"sorte": "castle"}, "Cette sorte de lieu n’existe pas"),
        ({"jour": "férié"}, "Choisissez un jour de la semaine"),
        ({"rayon": "1e9"}, "Choisissez 10, 25 ou 50 km"),
        ({"ou": "a\0b"}, "nul"),
    ],
)
def test_search_says_how_to_mend_what_it_does_not_understand(client, asked, said):
    response = client.get(reverse("places"), asked)
    assert response.status_code == 422
    assert said in text_of(response)


def test_search_map_and_list_say_the_same(client, around_revel):
    html = client.get(reverse("places"), {"ou": "Revel", "rayon": ""}).content.decode()
    letters = re.findall(r'<span class="visually-hidden">Repère </span>(\w)', html)
    pins = dict(re.findall(r'aria-label="(\w)\u00a0: ([^"]+)"', html))
    assert len(letters) == len(around_revel)
    assert set(letters) == set(pins)
    for place, letter in zip(around_revel, letters, strict=True):
        assert place.name in pins[letter].replace("&#x27;", "'")


@pytest.mark.parametrize("count", [1, 8])
def test_search_cost_does_not_grow_with_places(client, count, django_assert_num_queries):
    PlaceFactory.create_batch(count, weekly=True)
    client.get(reverse("places"))
    with django_assert_num_queries(QUERIES_OF_A_SEARCH):
        client.get(reverse("places"), {"ou": "Revel (31250)"})


def test_hidden_places_are_nowhere_for_the_public(client):
    hidden = PlaceFactory(name="Ancien foyer", hidden=True)
    assert found(client.get(reverse("places"))) == []
    assert client.get(reverse("place", args=[hidden.pk])).status_code == 404
    assert "Ancien foyer" not in client.get(reverse("commune", args=["31451"])).content.decode()


@time_machine.travel(TUESDAY_AT_TEN, tick=False)
def test_place_page_says_hours_and_what_is_open_now(client):
    place = PlaceFactory(complete=True, hours_note="Fermé en août.")
    said = text_of(client.get(reverse("place", args=[place.pk])))
    assert "Ouvert, jusqu’à 12 h" in said
    assert "Mardi et jeudi, de 9 h à 12 h" in said
    assert "Samedi, de 10 h à 12 h" in said
    assert "Fermé en août." in said
    assert "Qui demander : l’animatrice de la vie associative" in said
    assert "Vérifié le mardi 24 novembre 2026. Source : mairie." in said
    assert "Position approximative : le centre de Revel." in said


def test_place_page_says_what_it_does_not_know(client):
    said = text_of(client.get(reverse("place", args=[PlaceFactory().pk])))
    assert "Les horaires ne sont pas connus" in said
    assert "L’accessibilité n’est pas renseignée" in said
    assert "Pas encore vérifié par l’équipe du territoire." in said


def test_a_place_not_verified_for_a_year_says_so(client):
    place = PlaceFactory(verified_on=timezone.localdate().replace(year=2020))
    assert "C’était il y a plus d’un an" in text_of(client.get(reverse("place", args=[place.pk])))


def test_error_reported_by_a_visitor_waits_for_the_team(client):
    place = PlaceFactory(name="Foyer de Revel")
    sent = {"subject": "hours", "text": "Ouvert aussi le lundi."}
    for _ in range(2):
        response = client.post(reverse("report-place", args=[place.pk]), sent)
        assert (response.status_code, response.url) == (302, place.get_absolute_url())
    report = PlaceReport.objects.get()
    agent = UserFactory(agent=True)
    client.force_login(agent)
    page = reverse("place-reports")
    assert "Ouvert aussi le lundi." in text_of(client.get(page))
    client.post(reverse("handle-place-report", args=[report.pk]))
    report.refresh_from_db()
    assert (report.handled_by, PlaceReport.objects.waiting().count()) == (agent, 0)
    again = client.post(reverse("handle-place-report", args=[report.pk]), follow=True)
    assert "Ce signalement est déjà traité." in text_of(again)


def test_other_error_must_be_told_and_what_was_chosen_stays(client):
    response = client.post(reverse("report-place", args=[PlaceFactory().pk]), {"subject": "other"})
    assert response.status_code == 422
    assert "Dites en quelques mots ce qui est faux." in text_of(response)
    assert re.search(r'value="other"[^>]*checked', response.content.decode())


def test_whoever_reports_with_an_account_hears_that_it_is_settled_then_is_forgotten(client):
    place, person = PlaceFactory(name="Foyer de Revel"), UserFactory()
    client.force_login(person)
    client.post(reverse("report-place", args=[place.pk]), {"subject": "hours", "text": "Ouvert aussi le lundi."})
    assert deliver() == []
    report = PlaceReport.objects.get()
    assert report.reported_by == person
    client.force_login(UserFactory(agent=True))
    client.post(reverse("handle-place-report", args=[report.pk]))
    (letter,) = deliver()
    assert (letter.to, address_in(letter)) == ([person.email], place.get_absolute_url())
    assert "Foyer de Revel" in letter.body
    report.refresh_from_db()
    assert report.reported_by is None


def test_an_agent_reads_the_error_while_mending_the_place_and_settles_it(client):
    place = PlaceFactory()
    seen = PlaceReportFactory(place=place, text="Ouvert aussi le lundi.")
    client.force_login(UserFactory(agent=True))
    page = reverse("edit-place", args=[place.pk])
    shown = client.get(page).content.decode()
    assert "Ouvert aussi le lundi." in shown
    assert "Enregistrer et traiter" in shown
    later = PlaceReportFactory(place=place, text="Fermé en août.")
    client.post(page, FACTS | {"signalement": [seen.pk]})
    assert PlaceReport.objects.waiting().count() == 2
    client.post(page, FACTS | {"signalement": [seen.pk, "", "x"], "traiter": "oui"})
    assert list(PlaceReport.objects.waiting()) == [later]


def test_the_database_keeps_nobody_with_a_settled_report():
    report = PlaceReportFactory(reported_by=UserFactory())
    with pytest.raises(IntegrityError, match="place_report_forgets_who"), transaction.atomic():
        PlaceReport.objects.filter(pk=report.pk).update(handled_at=timezone.now())


def test_reports_of_one_place_are_bounded(client):
    place = PlaceFactory()
    PlaceReportFactory.create_batch(MOST_WAITING_REPORTS, place=place)
    response = client.post(reverse("report-place", args=[place.pk]), {"subject": "closed"})
    assert response.status_code == 422
    assert PlaceReport.objects.count() == MOST_WAITING_REPORTS


def test_someone_reports_twenty_errors_an_hour(client):
    places = PlaceFactory.create_batch(21)
    sent = [client.post(reverse("report-place", args=[place.pk]), {"subject": "closed"}) for place in places]
    assert [answer.status_code for answer in sent] == [302] * 20 + [429]


def test_agent_adds_a_place(agent):
    response = agent.post(reverse("add-place"), FACTS)
    place = Place.objects.get()
    assert response.url == place.get_absolute_url()
    assert (place.latitude, place.longitude, place.is_exact) == (43.459, 2.0045, True)
    assert place.hours == [{"day": 1, "start": 540, "end": 720}, {"day": 1, "start": 840, "end": 1110}]
    assert (place.phone, place.verified_on) == ("05 61 00 00 00", timezone.localdate())


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day_1": "le matin"}, "Nous n’avons pas compris ces heures"),
        ({"position": "2.0045 43.4590"}, "Ce point n’est pas à Revel"),
        ({"position": "48.85 2.35"}, "Ce point n’est pas à Revel"),
        ({"position": "ici"}, "Écrivez deux nombres"),
        ({"contact_name": "Jo Roux"}, "Donnez le nom et la date de l’accord"),
        ({"contact_agreed_on": "01/02/2024"}, "Donnez le nom et la date de l’accord"),
        ({"contact_name": "Jo Roux", "contact_agreed_on": "01/02/2027"}, "Cet accord n’est pas encore donné"),
        ({"email": "contact@"}, "Cette adresse e\u2011mail n’est pas complète"),
        ({"website": "pas un site"}, "Cette adresse de site n’est pas complète"),
        ({"phone": "appelez"}, "Écrivez un numéro de téléphone en chiffres"),
        ({"source": ""}, "Dites d’où vient cette information"),
        ({"name": "x" * 161}, "Ce texte est trop long"),
    ],
)
def test_wrong_facts_are_refused_and_kept_on_the_page(agent, typed, said):
    with time_machine.travel(TUESDAY_AT_TEN):
        response = agent.post(reverse("add-place"), FACTS | typed)
    assert response.status_code == 422
    assert said in text_of(response)
    assert 'value="Foyer rural de Revel"' in response.content.decode() or "name" in typed
    assert not Place.objects.exists()


def test_edit_form_sent_as_it_is_changes_nothing(agent):
    place = PlaceFactory(complete=True, is_exact=True, contact_name="Jo Roux", contact_agreed_on="2024-02-01")
    before = Place.objects.values().get()
    form = agent.get(reverse("edit-place", args=[place.pk])).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    typed = {name: form.fields[name].prepare_value(value) for name, value in typed.items()}
    agent.post(reverse("edit-place", args=[place.pk]), {name: value or "" for name, value in typed.items() if value})
    after = Place.objects.values().get()
    assert after | {"modified_at": None} == before | {"modified_at": None}


def test_agent_verifies_hides_and_shows_a_place(agent):
    place = PlaceFactory(name="Foyer")
    agent.post(reverse("verify-place", args=[place.pk]))
    agent.post(reverse("publish-place", args=[place.pk]), {"publie": "non"})
    place.refresh_from_db()
    assert (place.verified_on, place.is_published) == (timezone.localdate(), False)
    agent.post(reverse("publish-place", args=[place.pk]), {"publie": "oui"})
    place.refresh_from_db()
    assert place.is_published
    assert "le lieu Foyer" in text_of(agent.get(reverse("journal")))


def test_list_of_agents_shows_what_needs_care(agent):
    PlaceFactory(name="Foyer juste", verified=True)
    PlaceFactory(name="Foyer oublié", verified_on="2020-01-01")
    PlaceFactory(name="Foyer caché", hidden=True, verified=True)
    shown = {
        state: re.findall(r"Foyer \w+", text_of(agent.get(reverse("manage-places"), {"etat": state})))
        for state in ("", "a-verifier", "caches")
    }
    assert shown == {
        "": ["Foyer caché", "Foyer juste", "Foyer oublié"],
        "a-verifier": ["Foyer oublié"],
        "caches": ["Foyer caché"],
    }


@pytest.mark.parametrize(("name", "arguments"), [("commune", ["31451"]), ("epci", ["243100567"])])
def test_pages_of_the_territory_name_the_nearest_help_and_places(client, around_revel, name, arguments):
    PlaceFactory(name="Point d’appui du Lauragais", support=True, contact_role="la conseillère")
    said = text_of(client.get(reverse(name, args=arguments)))
    assert "L’aide la plus proche Point d’appui du Lauragais" in said
    assert "Demandez la conseillère." in said
    assert all(place.name in said for place in around_revel)


def test_pages_of_the_territory_without_places_say_so(client):
    assert "Aucun lieu n’est encore connu ici." in text_of(client.get(reverse("commune", args=["31451"])))
