import re

import pytest
from django.template.loader import render_to_string

from maillage.territory.drawing import open_path
from maillage.territory.maps import Area, Pin, territory_map
from maillage.territory.queries import resolve_commune

pytestmark = pytest.mark.django_db


def pin(name, kind="offer"):
    commune = resolve_commune(name)
    return Pin(commune.latitude, commune.longitude, f"Offre : salle, {name}", "/annonces/1/", kind, "door-open")


def drawn(**options):
    return render_to_string("territory/_map.html", {"map": territory_map(**options)})


def test_open_path_tells_steps_and_leaves_repeated_points_out():
    assert open_path([(1, 2), (1.2, 2.1), (4, 1), (3, 5)]) == "M1 2l3-1-1 4"


def test_map_without_pins_is_light():
    assert len(drawn()) < 40_000


def test_map_names_every_pin_and_can_be_skipped():
    html = drawn(pins=[pin("Revel"), pin("Muret", "need")])
    assert re.findall(r'class="map__pin map__pin--(\w+)".*?aria-label="([^"]+)"', html) == [
        ("need", "Offre : salle, Muret"),
        ("offer", "Offre : salle, Revel"),
    ]
    assert 'href="#apres-carte">Passer la carte</a>' in html
    assert 'id="apres-carte"' in html


def test_pins_at_one_place_become_one_that_leads_to_the_list():
    found = territory_map(pins=[pin("Revel"), pin("Revel", "need"), pin("Muret")], list_anchor="liste")
    assert sorted((group.count, group.kind) for group in found.groups) == [(1, "offer"), (2, "mixed")]
    assert found.pin_count == 3


def test_letters_follow_the_order_of_the_list_and_lead_into_it():
    pins = [pin("Revel"), pin("Muret"), pin("Revel", "need")]
    found = territory_map(pins=pins, list_anchor="liste", lettered=True)
    assert {group.letter: group.pins for group in found.groups} == {"A": [pins[0], pins[2]], "B": [pins[1]]}
    html = drawn(pins=pins, list_anchor="liste", lettered=True)
    assert re.findall(r'href="([^"]+)" aria-label="([AB]\u00a0: [^"]{11})', html) == [
        ("/annonces/1/", "B\u00a0: Offre : sal"),
        ("#liste-A", "A\u00a0: 2 réponses "),
    ]
    assert re.findall(r'class="map__count"[^>]*>([^<]+)<', html) == ["B", "A"]


def test_map_is_tight_around_a_search():
    revel = resolve_commune("Revel")
    found = territory_map(centre=revel, radius_km=25, highlight=revel)
    left, top, width, height = map(int, found.view_box.split())
    assert (width, height) == (875, 875)
    assert found.circle["radius"] == 250
    assert left + width / 2 == pytest.approx(found.circle["x"], abs=1)
    assert top + height / 2 == pytest.approx(found.circle["y"], abs=1)
    assert [label.text for label in found.labels if label.is_first] == ["Revel"]


def test_map_shows_everything_when_the_radius_is_wider_than_the_territory():
    assert territory_map(centre=(43.6, 1.44), radius_km=100).is_whole


def test_map_keeps_distances():
    toulouse, revel = resolve_commune("Toulouse"), resolve_commune("Revel")
    found = territory_map(pins=[pin("Toulouse"), pin("Revel")])
    one, other = found.groups
    units = ((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5
    assert toulouse.name == "Toulouse"
    assert revel.name == "Revel"
    assert units / 10 == pytest.approx(48.3, abs=0.6)


def test_names_do_not_cover_one_another():
    labels = territory_map().labels
    assert len({(label.text_x, label.text_y) for label in labels}) == len(labels) == 12
    assert labels[0].text == "Toulouse"


def test_names_that_a_narrow_view_would_cut_are_told_apart():
    revel = resolve_commune("Revel")
    labels = {label.text: label.is_outer for label in territory_map(centre=revel, radius_km=25, highlight=revel).labels}
    assert labels["Revel"] is False
    assert labels["Bessières"] is True


def test_labels_are_escaped():
    html = drawn(pins=[Pin(43.6, 1.44, '"><script>', "/x/", "offer")], areas=[Area(("31555",), "<b>", "/y/")])
    assert "<script>" not in html
    assert "<b>" not in html


def test_map_has_no_comma_in_its_numbers():
    html = drawn(pins=[pin("Revel")], centre=resolve_commune("Revel"), radius_km=8)
    numbers = " ".join(re.findall(r'(?:viewBox|font-size|transform|cx|cy|r|x|y)="([^"]*)"', html))
    assert "," not in numbers
