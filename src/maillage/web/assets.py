"""What the pages load, made from packages and from our style sheets: fonts, the sheet of icons, one style sheet.

Fonts are the OFL families of ``fontpkg-*`` cut down to French; icons are the Lucide ones of ``kernel/icons.txt``.
The same sources give the same bytes; what is up to date is left alone.
"""

import hashlib
import logging
import os
import re
import zipfile
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import xstatic.pkg.leaflet
from django.conf import settings
from rcssmin import cssmin

from maillage.kernel.icons import ICONS

STYLES_FOLDER = Path(__file__).parent / "static" / "css"
FIRST_STYLES = ("layers.css", "tokens.css")

FRENCH = "".join(map(chr, range(0x20, 0x7F))) + (
    "ÀÂÄÆÇÈÉÊËÎÏÑÔÖŒÙÛÜŸàâäæçèéêëîïñôöœùûüÿáíóúÁÍÓÚ«»‹›“”‘’–—…·•°ªº№§©®™×÷±−≤≥≈€²³½¼¾ẞß\u00a0\u00ad\u2009\u2011\u202f"
)
DIGITS = "0123456789"
NARROW_SPACE, HYPHEN = 0x202F, 0x2011
FONTS = {
    # name: (package, file, signs, axes)
    "atkinson-regular": ("atkinson_hyperlegible", "AtkinsonHyperlegible-Regular.ttf", FRENCH, {}),
    "atkinson-bold": ("atkinson_hyperlegible", "AtkinsonHyperlegible-Bold.ttf", FRENCH, {}),
    "bricolage": (
        "bricolage_grotesque",
        "BricolageGrotesque[opsz,wdth,wght].ttf",
        FRENCH,
        {"opsz": 28, "wdth": 100, "wght": (400, 800)},
    ),
    "digits": ("figtree", "Figtree[wght].ttf", DIGITS, {"wght": (400, 700)}),
}


def build(folder=None):
    """Bring fonts, icons and styles of ``folder`` (DATA_FOLDER/assets) up to date; returns the paths that changed."""
    folder = Path(folder or settings.ASSETS_FOLDER)
    changed = [path for path in (_build_font(folder, name) for name in FONTS) if path]
    made = {"icons.svg": icon_sheet().encode(), "css/maillage.css": style_sheet().encode(), **leaflet()}
    changed += [folder / name for name, content in made.items() if _write(folder / name, content)]
    return changed


def leaflet():
    """{path: bytes} of the map that one moves, without its source maps (2.6 MB that no visitor needs)."""
    source = Path(xstatic.pkg.leaflet.BASE_DIR)
    wanted = [source / "leaflet.js", source / "leaflet.css", *source.glob("images/*.png")]
    made = {f"leaflet/{path.relative_to(source)}": path.read_bytes() for path in wanted}
    made["leaflet/leaflet.js"] = made["leaflet/leaflet.js"].partition(b"//# sourceMappingURL")[0]
    return made


def style_sheet():
    """Every file of static/css as one, as short as may be: layers say who wins, so their order does not matter."""
    names = [STYLES_FOLDER / name for name in FIRST_STYLES]
    names += sorted(set(STYLES_FOLDER.rglob("*.css")) - set(names))
    text = "\n".join(path.read_text(encoding="utf-8") for path in names)
    return cssmin(text) + "\n"


def icon_sheet():
    """One SVG with a ``symbol`` for each name of ``kernel/icons.txt``."""
    with zipfile.ZipFile(str(files("lucide") / "lucide.zip")) as archive:
        drawings = {Path(name).stem: name for name in archive.namelist() if name.endswith(".svg")}
        symbols = [_symbol(name, archive.read(drawings[name]).decode()) for name in sorted(ICONS)]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def _symbol(name, drawing):
    shapes = drawing.partition("<svg")[2].partition(">")[2].rpartition("</svg>")[0]
    shapes = re.sub(r">\s+<", "><", shapes.strip()).replace(" />", "/>")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


def _build_font(folder, name):
    package, file_name, signs, axes = FONTS[name]
    recipe = f"{package} {version('fontpkg-' + package.replace('_', '-'))} {file_name} {signs} {axes} {_tool_version()}"
    digest = hashlib.sha256(recipe.encode()).hexdigest()
    font, stamp = folder / "fonts" / f"{name}.woff2", folder / "fonts" / f".{name}"
    if font.exists() and stamp.exists() and stamp.read_text() == digest:
        return None
    source = files(f"fontpkg_{package}") / "files" / file_name
    changed = _write(font, cut_font(source, signs, axes))
    _write(stamp, digest.encode())
    return font if changed else None


def _tool_version():
    return f"fonttools {version('fonttools')} 1"


def cut_font(source, signs, axes):
    """The font of ``source`` with only ``signs``, between the limits of ``axes``, as WOFF2 bytes."""
    from io import BytesIO

    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options(layout_features=["kern", "liga", "mark", "locl", "tnum", "pnum"], hinting=False)
    cutter = subset.Subsetter(options)
    cutter.populate(text=signs)
    cutter.subset(font)
    if axes:
        instancer.instantiateVariableFont(font, axes, inplace=True)
    if ord("-") in font.getBestCmap():
        _add_french_signs(font)
    font.flavor = "woff2"
    result = BytesIO()
    font.save(result)
    return result.getvalue()


def _add_french_signs(font):
    """Give U+2011 the hyphen's drawing and U+202F an empty one, where the family has none."""
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    names = font.getBestCmap()
    additions = {}
    if HYPHEN not in names:
        additions[HYPHEN] = names[ord("-")]
    if NARROW_SPACE not in names:
        font.setGlyphOrder([*font.getGlyphOrder(), "uni202F"])
        font["glyf"]["uni202F"] = Glyph()
        font["hmtx"]["uni202F"] = (round(font["hmtx"][names[ord(" ")]][0] * 0.7), 0)
        additions[NARROW_SPACE] = "uni202F"
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.update(additions)


def _write(path, content):
    """Put ``content`` at ``path`` in one go; False when it is there already."""
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)
    return True
