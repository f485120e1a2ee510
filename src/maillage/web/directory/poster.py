"""The poster of a structure: one set of facts, written as a PDF by Typst and as a page by a template."""

import json
import re
import tempfile
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin

import segno
import typst
from fontTools.ttLib import TTFont

from maillage.engine.french import initials, phone_fr, typo
from maillage.sharing.models import Listing
from maillage.web.directory.appearance import summary_of

MOST_OFFERS = 6
SOURCE = Path(__file__).with_name("poster.typ")
PLAIN_HYPHEN = str.maketrans("\u2010\u2011", "--")
FONTS = ("atkinson_hyperlegible", "bricolage_grotesque", "figtree")


@dataclass(frozen=True)
class Poster:
    """What a poster says; ``lines`` tell how to reach the structure, ``cover`` is the description of its picture."""

    name: str
    title: str
    monogram: str
    summary: str
    offers: tuple[str, ...]
    lines: tuple[str, ...]
    url: str
    cover: str | None

    @property
    def address(self):
        """The address as one types it."""
        return self.url.split("://", 1)[-1].rstrip("/")

    @property
    def code(self):
        """The QR code of the address, as the source of an ``img``."""
        return segno.make(self.url, error="m", micro=False).svg_data_uri(border=2, dark="#0D3348")


def poster_of(structure, *, cover, page_address, site):
    """What everyone may see of ``structure``.

    cover         the Picture of its cover, or None
    page_address  the PageAddress that it chose, or None
    """
    offers = Listing.objects.public().offers().filter(structure=structure).values_list("title", flat=True)
    place = structure.commune.name if structure.commune else structure.official_commune_label
    reach = [*typo(structure.whereabouts).splitlines(), place, structure.phone and phone_fr(structure.phone)]
    return Poster(
        name=typo(structure.name),
        title=f"Affiche\u00a0: {typo(structure.name)}",
        monogram=initials(structure.name),
        summary=summary_of(structure),
        offers=tuple(map(typo, offers[:MOST_OFFERS])),
        lines=tuple(filter(str.strip, reach)),
        url=urljoin(site, (page_address or structure).get_absolute_url()),
        cover=cover and cover.description,
    )


def as_pdf(poster, cover=None, *, kind="pdf"):
    """The poster as bytes: a tagged PDF (PDF/UA-1), or a PNG to look at.

    cover  an open file, of our own making

    What people wrote travels as JSON in an input of Typst, which shows it as text: it cannot be read as markup. Typst
    reads no file outside of a folder made for the occasion. Signs that no font draws (pictographs, other alphabets)
    are left out: a PDF/UA must not hold them.
    """
    facts = asdict(poster) | {
        "address": poster.address,
        "name": _drawn(poster.name) or poster.address,
        "monogram": _drawn(poster.monogram),
        "summary": _drawn(poster.summary),
        "offers": list(filter(None, map(_drawn, poster.offers))),
        "lines": list(filter(None, map(_drawn, poster.lines))),
    }
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / SOURCE.name
        source.write_bytes(SOURCE.read_bytes())
        if cover:
            (Path(folder) / "cover.webp").write_bytes(cover.read())
        drawing = BytesIO()
        segno.make(poster.url, error="m", micro=False).save(drawing, kind="svg", border=0, dark="#0D3348")
        (Path(folder) / "code.svg").write_bytes(drawing.getvalue())
        return typst.compile(
            source,
            root=folder,
            font_paths=_fonts(),
            sys_inputs={"poster": json.dumps(facts)},
            format=kind,
            ppi=100,
            pdf_standards=["ua-1"] if kind == "pdf" else [],
        )


def _drawn(text):
    """``text`` without the signs that no font draws; Typst makes spaces of any sort by itself."""
    drawn = "".join(sign for sign in text.translate(PLAIN_HYPHEN) if sign in _signs() or sign.isspace())
    return re.sub(" {2,}", " ", drawn).strip()


@cache
def _fonts():
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=_font_folders())


@cache
def _signs():
    drawn: set[int] = set()
    for folder in _font_folders():
        for path in Path(folder).glob("*.ttf"):
            with TTFont(path, lazy=True) as font:
                drawn |= font.getBestCmap().keys()
    return frozenset(map(chr, drawn))


def _font_folders():
    return [str(files(f"fontpkg_{name}") / "files") for name in FONTS]
