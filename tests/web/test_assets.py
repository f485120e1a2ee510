import re
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from maillage.kernel.icons import ICONS
from maillage.sharing import taxonomy
from maillage.web import assets


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("assets")
    assets.build(folder)
    return folder


def test_building_again_changes_nothing(folder):
    assert assets.build(folder) == []


@pytest.mark.parametrize("name", ["atkinson-regular", "atkinson-bold", "bricolage"])
def test_a_font_has_the_signs_of_french(folder, name):
    signs = TTFont(BytesIO((folder / "fonts" / f"{name}.woff2").read_bytes())).getBestCmap()
    assert [sign for sign in "éàçœŒÉ«»’…€\u00a0\u202f\u2011" if ord(sign) not in signs] == []


def test_what_every_page_loads_stays_light(folder):
    assert sum(path.stat().st_size for path in (folder / "fonts").glob("*.woff2")) < 60_000
    assert (folder / "css" / "maillage.css").stat().st_size < 80_000


def test_the_sheet_has_every_icon_once(folder):
    sheet = (folder / "icons.svg").read_text()
    assert sorted(re.findall(r'<symbol id="([\w-]+)"', sheet)) == sorted(ICONS)


def test_every_category_has_an_icon_of_the_sheet():
    assert {category.icon for category in taxonomy.all_categories()} <= ICONS


def test_a_style_sheet_holds_only_layers():
    """Outside of a layer, a rule would win over all of them."""
    for path in assets.STYLES_FOLDER.rglob("*.css"):
        text = re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", path.read_text(), flags=re.DOTALL)
        depth, outside = 0, ""
        for part in re.split(r"([{}])", text):
            depth += {"{": 1, "}": -1}.get(part, 0)
            outside += part if depth == 0 and part not in "{}" else ""
        assert re.sub(r"@layer[\w\s,;]*", "", outside).strip() == "", path
