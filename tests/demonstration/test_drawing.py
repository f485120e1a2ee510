"""What is drawn: the same for the same seed and day, spread as people are, and written in good French."""

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from maillage.demonstration.drawing import draw_demonstration
from maillage.demonstration.listings import _published_at
from maillage.demonstration.parts import chance, listing_templates, parts
from maillage.demonstration.structures import Place, spread
from maillage.demonstration.wording import at_commune, draw_emblem
from maillage.engine.french import of_fr
from maillage.sharing import taxonomy
from maillage.territory import files

TODAY = date(2026, 11, 24)
ANCHORED = {
    "Revel",
    "Saint-Félix-Lauragais",
    "Villefranche-de-Lauragais",
    "Caraman",
    "Saint-Gaudens",
    "Bagnères-de-Luchon",
    "Muret",
    "Cazères",
    "Fronton",
    "Rieumes",
}
STRAIGHT_OR_BREAKABLE = re.compile(
    r"['\"]| [;:!?»%€]|« |[^\s\u202f][;!?](?!\w)|[^\s\u00a0]:(?!\w)"
    r"|(?<!\d)(?!19\d\d |20\d\d )\d{4,} |  |\b(?:de|à) Les? "
)


@pytest.fixture(scope="module")
def places():
    rows = (row[:5] for row in files.communes())
    return [Place(code, name, population) for code, name, departement, _, population in rows if departement == "31"]


@pytest.fixture(scope="module")
def drawn(places):
    return draw_demonstration(seed=31, today=TODAY, places=places, count=300)


def texts_of(drawn):
    for structure in drawn.structures:
        yield from (structure.name, structure.presentation)
    for listing in drawn.listings:
        yield from (listing.title, listing.text)


def test_same_seed_and_day_draw_the_same(places, drawn):
    assert draw_demonstration(seed=31, today=TODAY, places=places, count=300) == drawn


def test_another_seed_draws_something_else(places, drawn):
    other = draw_demonstration(seed=32, today=TODAY, places=places, count=300)
    assert [structure.name for structure in other.structures[-50:]] != [
        structure.name for structure in drawn.structures[-50:]
    ]


def test_there_are_300_structures_450_offers_250_needs_and_40_people(drawn):
    directions = Counter(listing.direction for listing in drawn.listings)
    assert (len(drawn.structures), directions, len(drawn.people)) == (300, {"offer": 450, "need": 250}, 40)
    assert sum(person.is_agent for person in drawn.people) == 2


def test_structures_are_spread_as_people_are(places, drawn):
    anchored = Counter(anchor["commune"] for anchor in parts("anchors")["structure"])
    everyone = sum(place.population for place in places)
    counts = Counter(structure.commune for structure in drawn.structures)
    others = 300 - anchored.total()
    assert [
        place.name
        for place in places
        if abs(counts[place.code] - anchored[place.name] - others * place.population / everyone) >= 1
    ] == []


def test_structures_are_in_at_least_120_communes_and_where_visitors_look(places, drawn):
    names = {place.code: place.name for place in places}
    where = {names[structure.commune] for structure in drawn.structures}
    assert len(where) >= 120
    assert where >= ANCHORED


def test_structures_have_each_a_name_of_their_own(drawn):
    names = [structure.name for structure in drawn.structures]
    assert len(set(names)) == len(names)


def test_listings_use_every_family_and_nearly_every_kind(drawn):
    used = {listing.category for listing in drawn.listings}
    leaves = {entry.code for entry in taxonomy.all_categories() if not entry.children}
    assert used - leaves == set()
    assert len(used) / len(leaves) > 0.85
    assert {code.partition(".")[0] for code in used} == {family.code for family in taxonomy.families()}


def test_no_listing_text_is_written_twice(drawn):
    assert [text for text, count in Counter(listing.text for listing in drawn.listings).items() if count > 1] == []


def test_dated_listings_are_to_come_and_were_published_before_today(drawn):
    dated = [listing.moment for listing in drawn.listings if listing.moment.first_day]
    assert dated
    assert [moment for moment in dated if not TODAY <= moment.first_day <= moment.last_day] == []
    assert [listing for listing in drawn.listings if listing.published_at.date() >= TODAY] == []


def test_publication_days_move_with_today():
    first = _published_at(chance(1, "x"), TODAY)
    later = _published_at(chance(1, "x"), TODAY + timedelta(days=7))
    assert later - first == timedelta(days=7)


def test_three_vans_near_revel_are_free_on_saturdays(drawn):
    vans = [
        drawn.structures[listing.structure].name
        for listing in drawn.listings[:30]
        if listing.category == "technical.vehicles.van"
        and listing.direction == "offer"
        and 5 in listing.moment.weekdays
    ]
    assert vans[:3] == [
        "Foyer rural Le Tilleul bavard",
        "Entraide Le Panier voyageur",
        "Comité des fêtes Les Lampions vagabonds",
    ]


def test_texts_have_no_typographic_mistake(drawn):
    assert [text for text in texts_of(drawn) if STRAIGHT_OR_BREAKABLE.search(text)] == []


def test_texts_have_no_placeholder_left(drawn):
    assert [text for text in texts_of(drawn) if "{" in text or "}" in text] == []


@pytest.mark.parametrize("direction", ["offer", "need"])
def test_template_quantity_is_said_in_a_title_or_body(direction):
    silent = [
        template["category"]
        for template in listing_templates(direction)
        if "quantity" in template and "{quantity}" not in str(template["titles"] + template["bodies"])
    ]
    assert silent == []


@pytest.mark.parametrize("form", ["ms", "fs", "mp", "fp"])
def test_qualifiers_agree_with_their_form(form):
    endings = {"ms": r"[^es]$|eux$", "fs": r"e$", "mp": r"s$|x$", "fp": r"es$"}
    words = parts("names")["qualifiers"][form]
    assert [word for word in words if not re.search(endings[form], word)] == []
    assert len(words) == len(parts("names")["qualifiers"]["ms"])


def test_emblem_elides_its_article():
    rng = chance(0, "emblems")
    emblems = [draw_emblem(rng) for _ in range(2000)]
    assert [emblem for emblem, _ in emblems if re.match(r"L[ea] [AEIOUÉ]", emblem)] == []
    assert {of.split(" ")[0] for _, of in emblems} == {"du", "de", "des"}


@pytest.mark.parametrize(
    ("name", "at", "of"),
    [
        ("Revel", "à Revel", "de Revel"),
        ("Auterive", "à Auterive", "d’Auterive"),
        ("Le Fousseret", "au Fousseret", "du Fousseret"),
        ("Les Varennes", "aux Varennes", "des Varennes"),
        ("La Salvetat-Saint-Gilles", "à La Salvetat-Saint-Gilles", "de La Salvetat-Saint-Gilles"),
        ("L’Isle-en-Dodon", "à L’Isle-en-Dodon", "de L’Isle-en-Dodon"),
    ],
)
def test_commune_names_follow_their_preposition(name, at, of):
    assert (at_commune(name), of_fr(name)) == (at, of)


def test_spread_gives_each_place_its_share():
    places = [Place("a", "A", 500), Place("b", "B", 300), Place("c", "C", 200)]
    assert Counter(place.code for place in spread(chance(3, "spread"), places, 10)) == {"a": 5, "b": 3, "c": 2}
