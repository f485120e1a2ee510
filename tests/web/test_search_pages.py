"""The search page: one address for a search, whatever way it was typed; nothing typed ever breaks it."""

import re
from datetime import date
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.utils import timezone

from tests.factories.directory import MandateFactory
from tests.factories.sharing import ListingFactory
from tests.factories.territory import CommuneFactory

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 11, 3)


@pytest.fixture(autouse=True)
def _on_a_tuesday():
    with time_machine.travel(timezone.make_aware(timezone.datetime(2026, 11, 3, 10)), tick=False):
        yield


@pytest.fixture
def revel():
    return CommuneFactory(revel=True)


@pytest.fixture
def van(revel):
    """A van at Revel, on Saturdays and Sundays."""
    return ListingFactory(title="Camionnette 12 m³", structure__commune=revel, weekdays=[5, 6])


def ask(client, **parameters):
    return client.get("/chercher/", parameters, follow=True)


def plain(text):
    return re.sub(r"[\u00a0\u202f]", " ", text)


def text_of(response):
    return plain(unescape(re.sub(r"\s*<[^>]+>\s*", "|", response.content.decode())))


def chips_of(response):
    return [plain(chip.text) for chip in response.context["chips"]]


def titles_of(response):
    return [listing.title for listing in response.context["found"].listings]


def test_a_phrase_leads_to_the_address_that_says_it_in_fields(client, van):
    answer = client.get("/chercher/", {"quoi": "camionnette revel samedi"})
    assert answer.status_code == 302
    expected = {"quoi": ["camionnette"], "ou": ["Revel (31250)"], "quand": ["2026-11-07"]}
    assert parse_qs(urlsplit(answer.url).query) == expected


def test_a_phrase_and_explicit_fields_give_the_same_page(client, van):
    phrase = ask(client, quoi="camionnette revel samedi")
    fields = ask(client, sens="offre", quoi="camionnette", ou="Revel", rayon="25", quand="07/11/2026")
    assert titles_of(phrase) == titles_of(fields) == ["Camionnette 12 m³"]
    assert chips_of(phrase) == chips_of(fields) == ["camionnette", "Revel et 25 km autour", "Samedi 7 novembre"]
    assert phrase.context["form"]["ou"].value() == "Revel (31250)"
    assert phrase.context["form"]["quand"].value() == "07/11/2026"
    assert phrase.context["views"] == fields.context["views"]


def test_fields_win_over_the_phrase(client, van):
    page = ask(client, quoi="camionnette samedi", quand="2026-11-08")
    assert chips_of(page) == ["camionnette samedi", "Dimanche 8 novembre"]


@pytest.mark.parametrize(
    "sent",
    [
        {"quand": "samedi"},
        {"quand": "autre", "jour": "7 novembre"},
        {"jour": "07/11/2026"},
        {"jour": "0711"},
        {"jour": "7.11"},
    ],
)
def test_a_day_said_in_words_becomes_a_date_in_the_address(client, van, sent):
    answer = client.get("/chercher/", sent)
    assert parse_qs(urlsplit(answer.url).query)["quand"] == ["2026-11-07"]
    assert chips_of(ask(client, **sent)) == ["Samedi 7 novembre"]


def test_a_chip_removes_its_filter_and_keeps_the_others(client, van):
    page = ask(client, quoi="camionnette", ou="Revel", quand="2026-11-07", vue="liste")
    _, place, _ = page.context["chips"]
    without = client.get(place.without)
    assert chips_of(without) == ["camionnette", "Samedi 7 novembre"]
    assert without.context["view"] == "liste"


def test_cards_list_and_map_show_the_same_in_the_same_order(client, revel):
    for number in range(30):
        ListingFactory(title=f"Table {number}", latitude=revel.latitude + number / 1000, longitude=revel.longitude)
    page = ask(client, quoi="table", ou="Revel", page="2")
    seen = []
    for name, _, url in page.context["views"]:
        shown = client.get(url)
        assert shown.context["view"] == name
        seen.append(re.findall(r'<h3><a href="/annonces/(\d+)/"', shown.content.decode()))
    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0]) == 6
    pins = [pin for group in shown.context["map"].groups for pin in group.pins]
    assert sorted(pin.url for pin in pins) == sorted(f"/annonces/{pk}/" for pk in seen[0])
    assert shown.content.decode().count("Repère </span>A") == 6


def test_each_place_of_the_map_has_a_letter_that_the_list_repeats(client, revel):
    far = CommuneFactory(toulouse=True)
    for commune in (revel, far, revel):
        ListingFactory(structure__commune=commune)
    page = ask(client, ou="Revel", rayon="", vue="carte")
    assert [(letter, is_first, listing.commune) for letter, is_first, listing in page.context["places"]] == [
        ("A", True, revel),
        ("A", False, revel),
        ("B", True, far),
    ]
    html = page.content.decode()
    assert re.findall(r'<li class="result" id="(liste-\w)"', html) == ["liste-A", "liste-B"]
    assert 'href="#liste-A"' in html
    assert "Retrouver les lettres dans la liste" in html
    assert "Repère" not in ask(client, ou="Revel", vue="liste").content.decode()


def test_pages_lead_to_each_other(client):
    ListingFactory.create_batch(25)
    first = ask(client)
    assert plain(first.context["title"]) == "25 offres"
    second = client.get(first.context["pages"]["next"])
    assert len(titles_of(second)) == 1
    assert second.context["pages"]["next"] == ""


@pytest.mark.parametrize("page", ["99999", "0", "-1", "x", "²", "1" * 500])
def test_a_page_that_does_not_exist_is_told(client, van, page):
    answer = ask(client, page=page)
    assert answer.status_code == 200
    assert "Cette page de résultats n’existe pas" in text_of(answer)


def test_a_mended_word_is_told(client, van):
    page = ask(client, quoi="camionete")
    assert titles_of(page) == ["Camionnette 12 m³"]
    assert "Résultats pour « camionnette » (vous aviez écrit « camionete »)." in text_of(page)


def test_the_author_of_a_need_finds_its_word_as_typed(client, revel):
    ListingFactory(title="Salles", category="technical.premises", need=True, visibility="everyone")
    need = ListingFactory(title="Balles de tennis", need=True, structure__commune=revel)
    client.force_login(MandateFactory(structure=need.structure).user)
    page = ask(client, sens="besoin", quoi="balles")
    assert titles_of(page) == ["Balles de tennis"]
    assert page.context["mended"] == ""


def test_an_amount_with_its_thousands_apart_is_a_price(client):
    ListingFactory(title="Barnum", category="technical.equipment", priced=True)
    page = ask(client, quoi="barnum 1\u202f000 €")
    assert titles_of(page) == ["Barnum"]
    assert chips_of(page) == ["barnum", "1 000 € au plus"]


def test_an_empty_search_shows_the_most_recent_first(client):
    old, new = ListingFactory(title="Ancienne"), ListingFactory(title="Nouvelle")
    assert titles_of(ask(client)) == [new.title, old.title]
    assert plain(ask(client).context["title"]) == "2 offres"


def test_no_answer_says_why_and_what_would_give_some(client, van):
    page = ask(client, quoi="camionnette", ou="Revel", quand="2026-11-06")
    assert page.status_code == 200
    assert "Aucune offre pour « camionnette » libre le vendredi 6 novembre à moins de 25 km de Revel." in text_of(page)
    suggestion = page.context["suggestions"][0]
    assert plain(suggestion.text) == "Le samedi 7 novembre : 1 offre"
    assert titles_of(client.get(suggestion.url)) == ["Camionnette 12 m³"]


def test_needs_hidden_from_visitors_are_told_of(client):
    ListingFactory(title="Secret", need=True)
    page = ask(client, sens="besoin")
    assert "Secret" not in text_of(page)
    assert "Les besoins sont montrés aux associations inscrites." in text_of(page)


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("quand", "02/11/2026", "Le lundi 2 novembre 2026 est passé. Choisissez un jour à venir."),
        ("quand", "31/02/2027", "Le 31 février n’existe pas."),
        ("quand", "bientôt", "Nous n’avons pas compris ce jour."),
        ("ou", "Xyzzyk", "Nous ne trouvons pas la commune « Xyzzyk »"),
        ("rayon", "abc", "Choisissez un rayon entre 1 et 300 km."),
        ("rayon", "9999", "Choisissez un rayon entre 1 et 300 km."),
        ("prix_max", "cher", "Nous n’avons pas compris ce montant."),
        ("famille", "zzz", "Cette famille n’existe pas."),
        ("quoi", "a\0b", "nul"),
        ("quoi", "a " * 5000, "Écrivez moins de 200 signes"),
        ("tri", "hasard", "Choisissez un tri"),
        ("vue", "3d", "Choisissez une vue"),
        ("sens", "autre", "Choisissez « Je cherche »"),
    ],
)
def test_what_is_not_understood_is_refused_and_kept(client, van, field, typed, message):
    answer = ask(client, **{"quoi": "camionnette", field: typed})
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert "Il y a un problème" in text_of(answer)
    assert re.search(r"<title>Erreur\s:", answer.content.decode())
    assert answer.context["form"][field].value().strip() == typed.strip()


def test_a_name_of_several_communes_lets_one_choose(client):
    answer = ask(client, quoi="salle", ou="Saint-Denis", rayon="50")
    assert answer.status_code == 422
    commune, url = answer.context["candidates"][0]
    html = answer.content.decode()
    assert html.index("Quelle commune") < html.index(
        '<form class="search-form'
    )  # on a phone, the first thing below the error
    chosen = client.get(url)
    assert chosen.status_code == 200
    assert chosen.context["criteria"].place == commune
    assert chosen.context["criteria"].radius_km == 50
    assert chosen.context["criteria"].words == "salle"


@pytest.mark.parametrize(
    "name", ["sens", "quoi", "ou", "rayon", "quand", "jour", "famille", "prix_max", "tri", "vue", "page"]
)
@pytest.mark.parametrize(
    "typed", ["\0", "\ud7ff", "' OR 1=1 --", "<script>", "%", "🙂" * 300, "٣", "-1", "1e9", "\u202e"]
)
def test_no_address_breaks_the_page(client, van, name, typed):
    assert ask(client, **{name: typed}).status_code in (200, 422)


@pytest.mark.parametrize("vue", ["cartes", "liste", "carte"])
@pytest.mark.parametrize("count", [4, 12])
def test_the_cost_of_the_page_does_not_grow_with_what_is_found(client, revel, django_assert_num_queries, vue, count):
    ListingFactory.create_batch(count, structure__commune=revel)
    ask(client, quoi="camionnette", ou="Revel", vue=vue)  # what is kept from one request to the next is read once
    with django_assert_num_queries(QUERIES[vue]):
        client.get("/chercher/", {"quoi": "camionnette", "ou": "Revel (31250)", "vue": vue})


QUERIES = {"cartes": 9, "liste": 9, "carte": 10}  # the map asks which contours are loaded


def test_another_day_that_is_not_written_is_told_and_every_day_is_searched(client):
    listing = ListingFactory(title="Barnum", weekdays=[0])
    response = client.get("/chercher/", {"quoi": "barnum", "quand": "autre", "jour": ""}, follow=True)
    page = response.content.decode()
    assert response.context["found"].listings == [listing]
    assert "sans écrire le jour" in page
    assert '<a href="#quand">Écrire le jour</a>' in page
    said = client.get("/chercher/", {"quoi": "barnum lundi", "quand": "autre"}, follow=True)
    assert said.context["criteria"].day.weekday() == 0
    assert "sans écrire le jour" not in said.content.decode()


@pytest.mark.parametrize(
    "phrase",
    [
        "salle pour 40 personnes",
        "salle 40 places",
        "salle reunion 40 pers",
        "salles reunions",
        "sale de reunion",
        "une quarantaine de places dans une salle",
    ],
)
def test_a_number_or_a_wrong_letter_does_not_empty_the_search(client, revel, phrase):
    ListingFactory(title="Salle de réunion", category="technical.premises.meeting_room", structure__commune=revel)
    page = ask(client, quoi=phrase, ou="Revel")
    assert titles_of(page) == ["Salle de réunion"]


def test_the_number_that_cannot_be_searched_is_to_be_checked(client):
    ListingFactory(title="Salle", category="technical.premises")
    page = ask(client, quoi="salle pour 40 personnes")
    assert plain(page.context["title"]) == "1 offre pour « salle pour 40 personnes »"
    assert "À vérifier dans l’annonce : « 40 personnes »." in text_of(page)


def test_one_word_too_many_gives_way_and_it_is_told(client, revel):
    listings = ListingFactory.create_batch(25, title="Salle", category="technical.premises", structure__commune=revel)
    ListingFactory(title="Piano", category="technical.equipment", structure__commune=revel)
    page = ask(client, quoi="salle avec un piano mécanique", ou="Revel", vue="liste")
    assert plain(page.context["title"]) == "Rien pour « salle avec un piano mécanique »"
    assert "Voici 25 offres pour « salle »." in text_of(page)
    second = client.get(page.context["pages"]["next"])
    assert {*titles_of(page), *titles_of(second)} == {"Salle"}
    assert len(titles_of(page)) + len(titles_of(second)) == len(listings)
    assert page.context["form"]["quoi"].value() == "salle avec un piano mécanique"


def test_a_mistake_that_is_also_a_word_gives_way_to_what_was_meant(client):
    ListingFactory(title="Salle des fêtes", category="technical.premises")
    ListingFactory(title="Aspirateur", text="Pour un sol sale", category="technical.equipment")
    page = ask(client, quoi="sale des fete")
    assert titles_of(page) == ["Salle des fêtes"]
    assert "Voici 1 offre pour « salle des fete »." in text_of(page)
    assert titles_of(ask(client, quoi="sol sale")) == ["Aspirateur"]


def test_nothing_is_still_nothing(client, van):
    page = ask(client, quoi="licorne mécanique")
    assert page.context["found"].total == 0
    assert "Rien pour cette recherche" in text_of(page)


@pytest.mark.parametrize("phrase", ["salle licorne", "salle licorne dragon mécanique blanc"])
def test_the_cost_of_giving_way_does_not_grow_with_the_words(client, phrase, django_assert_num_queries):
    ListingFactory.create_batch(3, title="Salle", category="technical.premises")
    ask(client, quoi=phrase)
    counted = min(len(phrase.split()), 4)  # « Sans « … » » counts each of the first words left out
    with django_assert_num_queries(QUERIES_GIVING_WAY + counted):
        client.get("/chercher/", {"quoi": phrase})


QUERIES_GIVING_WAY = 16


def test_a_misspelt_commune_shows_those_of_a_near_name(client):
    answer = ask(client, quoi="salle", ou="vilefranche")
    assert answer.status_code == 422
    assert "Villefranche-de-Lauragais (31290)" in text_of(answer)
    assert any(commune.name == "Villefranche-de-Lauragais" for commune, _ in answer.context["candidates"])


def test_a_word_of_the_title_comes_before_one_of_the_text_that_is_nearer(client, revel):
    near = {"latitude": revel.latitude + 10 / 111, "longitude": revel.longitude}
    ListingFactory(
        title="Gros bras", text="Pour monter un barnum", category="services.volunteers", structure__commune=revel
    )
    ListingFactory(title="Barnum", category="technical.equipment", **near)
    assert titles_of(ask(client, quoi="barnum", ou="Revel")) == ["Barnum", "Gros bras"]
    assert titles_of(ask(client, quoi="barnum", ou="Revel", tri="distance")) == ["Gros bras", "Barnum"]


def test_few_answers_tell_what_there_is_farther_and_on_other_days(client, revel):
    far = {"latitude": revel.latitude + 30 / 111, "longitude": revel.longitude}
    saturday = ListingFactory(title="Barnum", structure__commune=revel, weekdays=[5])
    ListingFactory(title="Barnum", structure__commune=revel, weekdays=[2])
    ListingFactory.create_batch(2, title="Barnum", weekdays=[5], **far)
    page = ask(client, quoi="barnum", ou="Revel", quand="2026-11-07")
    assert page.context["found"].listings == [saturday]
    assert [plain(one.text) for one in page.context["suggestions"]] == [
        "À moins de 40 km : 3 offres",
        "N’importe quel jour : 2 offres",
    ]
    assert "Il y a aussi" in text_of(page)
    assert len(titles_of(client.get(page.context["suggestions"][0].url))) == 3


def test_a_listing_leads_back_to_the_search_that_one_comes_from(client, van):
    address = "/chercher/?quoi=camionnette&ou=Revel+%2831250%29&page=1"
    page = client.get(van.get_absolute_url(), headers={"referer": f"http://testserver{address}"})
    assert f'<a href="{address}">Retour à ma recherche</a>'.replace("&", "&amp;") in page.content.decode()


@pytest.mark.parametrize(
    "came_from",
    [
        "",
        "http://ailleurs.example/chercher/?quoi=a",
        "http://testserver/annonces/",
        "//[",
        "http://testserver.ailleurs.example/chercher/",
    ],
)
def test_only_our_own_search_is_led_back_to(client, van, came_from):
    page = client.get(van.get_absolute_url(), headers={"referer": came_from} if came_from else {})
    assert page.status_code == 200
    assert "Retour à ma recherche" not in page.content.decode()
