import re

import pytest
from django import forms
from django.urls import reverse

from maillage.territory.models import Commune
from maillage.territory.queries import epci_of_territory
from maillage.web.territory.fields import CommuneField
from tests.factories.directory import StructureFactory
from tests.factories.places import PlaceFactory
from tests.factories.sharing import ListingFactory

pytestmark = pytest.mark.django_db


QUERIES_OF_A_COMMUNE = 13
QUERIES_OF_AN_EPCI = 12


def lines(html, pattern):
    return re.findall(pattern, html)


def test_the_nearest_places_say_whether_they_are_open(client):
    PlaceFactory(name="Foyer de Revel", commune=Commune.objects.get(code="31451"), weekly=True)
    html = client.get(reverse("commune", args=["31451"])).content.decode()
    card = html.partition("Foyer de Revel</a>")[2].partition("</li>")[0]
    assert "Ouvert" in card or "Fermé, ouvre" in card


def test_territory_map_and_list_agree(client):
    html = client.get(reverse("territory")).content.decode()
    on_map = lines(html, r'class="map__area" href="/territoire/communes/(\w+)/" aria-label="([^"]+)"')
    in_list = lines(html, r'href="/territoire/communes/\w+/" data-commune="(\w+)">([^<]+)<')
    assert len(on_map) == 586
    assert sorted(on_map) == sorted(in_list)
    assert len(lines(html, r'href="/territoire/intercommunalites/\d+/"')) == 18


def test_epci_page_lists_every_member_and_draws_those_of_the_territory(client):
    epci = epci_of_territory().get(name="CC Aux sources du Canal du Midi")
    html = client.get(reverse("epci", args=[epci.code])).content.decode()
    assert len(lines(html, r'<th scope="row">')) == 28
    assert len(lines(html, r'class="map__area"')) == 13
    assert "communes sont hors du territoire : la carte" in html.replace("\u00a0", " ")


@pytest.mark.parametrize("name", ["CC Aux sources du Canal du Midi", "CC Cœur et Coteaux du Comminges"])
def test_epci_page_cost_does_not_grow_with_its_communes(client, name, django_assert_num_queries):
    epci = epci_of_territory().get(name=name)
    client.get(reverse("epci", args=[epci.code]))  # draws the territory, once a process
    with django_assert_num_queries(QUERIES_OF_AN_EPCI):
        client.get(reverse("epci", args=[epci.code]))


def test_commune_page_shows_what_is_there_and_hides_what_is_not_public(client):
    revel = Commune.objects.get(code="31451")
    ListingFactory(commune=revel, title="Salle ouverte", visibility="everyone")
    ListingFactory(commune=revel, title="Salle cachée", visibility="members")
    StructureFactory(commune=revel, name="Les Amis du livre")
    StructureFactory(commune=revel, name="Ancien club", state="dissolved")
    html = client.get(reverse("commune", args=["31451"])).content.decode()
    assert "Salle ouverte" in html
    assert "Salle cachée" not in html
    assert "Les Amis du livre" in html
    assert "Ancien club" not in html
    assert "Saint-Félix-Lauragais" in html


@pytest.mark.parametrize("count", [1, 5])
def test_commune_page_cost_does_not_grow(client, count, django_assert_num_queries):
    client.get(reverse("commune", args=["31478"]))  # draws the territory, once a process
    revel = Commune.objects.get(code="31451")
    ListingFactory.create_batch(count, commune=revel, visibility="everyone")
    with django_assert_num_queries(QUERIES_OF_A_COMMUNE):
        client.get(reverse("commune", args=["31451"]))


@pytest.mark.parametrize("name", ["territory", "find-communes", "territory-contours"])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_pages_are_for_reading(client, name, method):
    assert getattr(client, method)(reverse(name)).status_code == 405


@pytest.mark.parametrize("code", ["99999", "75056", "0", "31451'", "%00", "éé", "x" * 300])
def test_unknown_codes_are_not_found(client, code):
    assert client.get(f"/territoire/communes/{code}/").status_code == 404
    assert client.get(f"/territoire/intercommunalites/{code}/").status_code == 404


def test_search_box_leads_to_the_commune(client):
    response = client.get(reverse("territory"), {"commune": "st félix"})
    assert response.status_code == 302
    assert response["Location"] == "/territoire/communes/31478/"


def test_search_box_offers_namesakes(client):
    html = client.get(reverse("territory"), {"commune": "31250"}).content.decode()
    assert "Plusieurs communes répondent à «\u00a031250\u00a0»" in html
    assert 'href="/territoire/communes/31451/">Revel (31250)' in html
    assert 'value="31250"' in html


@pytest.mark.parametrize("typed", ["zzzzzzz", "\0zz", "<script>alert(1)</script>", "'; --", "x" * 3000, "%"])
def test_search_box_survives_anything(client, typed):
    response = client.get(reverse("territory"), {"commune": typed})
    assert response.status_code in (200, 422)
    assert "<script>alert" not in response.content.decode()


def test_commune_outside_the_territory_has_no_page(client):
    response = client.get(reverse("territory"), {"commune": "Paris"})
    assert response.status_code == 422
    assert "Paris (75001) est hors du territoire." in response.content.decode()


@pytest.mark.parametrize(
    ("typed", "first"),
    [("st felix", "Saint-Félix-Lauragais (31540)"), ("31250", "Revel (31250)"), ("rev", "Revel (31250)")],
)
def test_find_answers_best_first(client, typed, first):
    found = client.get(reverse("find-communes"), {"q": typed}).json()["communes"]
    assert found[0]["label"] == first


@pytest.mark.parametrize("typed", ["", "\0", "%", "x" * 9000, "'", "\ud83e", "[]"])
def test_find_survives_anything(client, typed):
    response = client.get(f"{reverse('find-communes')}", {"q": typed.encode("utf-8", "surrogatepass")})
    assert response.status_code == 200
    assert response.json() == {"communes": []}


def test_contours_are_kept_by_the_browser(client):
    response = client.get(reverse("territory-contours"))
    data = response.json()
    assert len(data["communes"]) == 586
    assert data["communes"]["31451"] == ["Revel", 9762, "Aux sources du Canal du Midi"]
    assert len(data["topologies"][0]["objects"]["communes"]["geometries"]) == 586
    again = client.get(reverse("territory-contours"), headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


class Form(forms.Form):
    commune = CommuneField(label="Commune")
    other = CommuneField(label="Autre", required=False)


def test_commune_field_gives_the_commune():
    form = Form({"commune": "revel", "other": ""})
    assert form.is_valid()
    assert form.cleaned_data == {"commune": Commune.objects.get(code="31451"), "other": None}


def test_commune_field_shows_the_label_and_keeps_what_was_typed():
    revel = Commune.objects.get(code="31451")
    assert 'value="Revel (31250)"' in str(Form(initial={"commune": revel})["commune"])
    assert 'value="revle"' in str(Form({"commune": "revle"})["commune"])
    assert "data-commune-autocomplete" in str(Form()["commune"])


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Indiquez une commune, par son nom ou son code postal."),
        ("zzzzzz", "Nous ne trouvons pas la commune «\u00a0zzzzzz\u00a0». Vérifiez le nom, ou le code postal."),
        (
            "31250",
            "Plusieurs communes répondent à «\u00a031250\u00a0». Choisissez la bonne dans la liste."
            " Par exemple\u00a0: Revel (31250) ou Vaudreuille (31250).",
        ),
    ],
)
def test_commune_field_says_what_is_wrong(typed, message):
    form = Form({"commune": typed})
    assert form.errors["commune"] == [message]


def test_the_territory_asks_where_one_is_before_it_says_what_is_near(client):
    page = client.get(reverse("territory")).content.decode()
    assert "L’aide la plus proche" not in page
    assert 'href="#commune"' in page
    assert page.index('id="commune"') < page.index(
        "data-territory-map"
    )  # on a phone, the field and its error come first
