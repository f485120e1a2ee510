"""The dark pages of « Confort de lecture »: what axe does not see in a drawing, the names on the map, is measured."""

import re

import pytest

from tests.browser import checks

COLORS = """() => {
    const written = (element, name) => getComputedStyle(element)[name];
    const [name, land] = [document.querySelector(".map__label text"), document.querySelector(".map__ground")];
    return [written(name, "fill"), written(name, "stroke"), written(land, "fill"), written(land, "stroke")];
}"""


def luminance(color):
    """Of « rgb(13, 51, 72) » (WCAG 2)."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first, second):
    darker, lighter = sorted(map(luminance, (first, second)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
def test_names_on_the_map_are_read_on_land_and_beyond(visitor, live_server, dark):
    if dark:
        visitor.context.add_cookies([{"name": "comfort", "value": "dark", "url": live_server.url}])
    visitor.goto("/")
    name, halo, land, shore = visitor.evaluate(COLORS)
    assert min(contrast(name, halo), contrast(name, land)) >= 4.5
    assert (luminance(land) < 0.2, luminance(shore) > luminance(land)) == (dark, True)


@pytest.mark.parametrize("address", ["/", "/territoire/", "/chercher/?quoi=camionnette&ou=Revel&vue=carte"])
def test_dark_pages_with_a_map_are_accessible(visitor, live_server, address):
    visitor.context.add_cookies([{"name": "comfort", "value": "dark", "url": live_server.url}])
    visitor.goto(address, wait_until="networkidle")
    assert checks.breaches_of_axe(visitor) == []
