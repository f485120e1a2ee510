"""The poster of a structure: one set of facts, written as a PDF by Typst and as a page by a template."""

from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin

import segno

from maillage.engine.french import initials, phone_fr, typo
from maillage.kernel.typesetting import drawn, typeset
from maillage.sharing.models import Listing
from maillage.web.directory.appearance import summary_of

MOST_OFFERS = 6
SOURCE = Path(__file__).with_name("poster.typ")


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
    """
    facts = asdict(poster) | {
        "address": poster.address,
        "name": drawn(poster.name) or poster.address,
        "monogram": drawn(poster.monogram),
        "summary": drawn(poster.summary),
        "offers": list(filter(None, map(drawn, poster.offers))),
        "lines": list(filter(None, map(drawn, poster.lines))),
    }
    code = BytesIO()
    segno.make(poster.url, error="m", micro=False).save(code, kind="svg", border=0, dark="#0D3348")
    beside = {"code.svg": code.getvalue()} | ({"cover.webp": cover.read()} if cover else {})
    return typeset(SOURCE, facts, beside=beside, kind=kind)
