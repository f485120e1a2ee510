"""The poster of a structure: one tagged sheet, whatever was written, and a page that says the same."""

import re

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from maillage.directory.models import PageAddress
from maillage.web.directory.poster import Poster, as_pdf, poster_of
from tests.factories.directory import StructureFactory
from tests.factories.sharing import ListingFactory
from tests.factories.territory import CommuneFactory
from tests.web.test_page_of_structure import picture

SITE = "https://maillage.example/"
HOSTILE = '#read("/etc/passwd") *a* $x$ \\u{1} <b>b</b> {{ c }} "] #panic("d")'


def poster(**facts):
    plain = {"name": "Harmonie", "title": "Affiche", "monogram": "H", "summary": "", "offers": (), "lines": ("Revel",)}
    return Poster(**plain | {"url": f"{SITE}chez/harmonie/", "cover": None} | facts)


def pages_of(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_a_poster_is_one_tagged_sheet_in_french():
    pdf = as_pdf(poster())
    assert pdf.startswith(b"%PDF")
    assert pages_of(pdf) == 1
    for said in (b"/MarkInfo", b"/StructTreeRoot", b"pdfuaid", b"/Lang(fr"):
        assert said in pdf


@pytest.mark.parametrize("length", [1, 6])
def test_what_is_long_still_fits_on_one_sheet(length):
    long = poster(
        name="Association " * 21,
        summary="Nous jouons dehors. " * 12,
        offers=("Une grande camionnette " * 5,) * length,
        lines=tuple(["Salle Claude-Nougaro, tous les mardis"] * 8),
        url=f"{SITE}chez/{'a' * 60}/",
    )
    assert pages_of(as_pdf(long)) == 1


def test_what_people_write_is_never_read_as_markup():
    facts = dict.fromkeys(("name", "title", "monogram", "summary", "url"), HOSTILE)
    assert pages_of(as_pdf(poster(**facts, offers=(HOSTILE,), lines=(HOSTILE,)))) == 1


@pytest.mark.parametrize(
    "sign", ["🎉", "👩🏽\u200d🎤", "ا", "日", "\ue000", "\x00", "→", "\u202f", "\u2011", "e\u0301"]
)
def test_a_sign_that_no_font_draws_spoils_nothing(sign):
    facts = dict.fromkeys(("name", "title", "monogram", "summary"), f"Fête {sign}")
    for written in (facts | {"offers": (f"Sono {sign} neuve",), "lines": (sign,)}, {"name": sign, "offers": (sign,)}):
        assert pages_of(as_pdf(poster(**written))) == 1


@pytest.mark.django_db
def test_a_poster_says_what_everyone_may_see():
    structure = StructureFactory(
        name="Harmonie : de Revel",
        summary="Venez !",
        phone="05 36 49 12 34",
        whereabouts="Salle des fêtes\nle mardi",
        commune=CommuneFactory(revel=True),
    )
    ListingFactory(structure=structure, title="Camionnette")
    for hidden in ({"need": True}, {"paused": True}, {"visibility": "members"}):
        ListingFactory(structure=structure, **hidden)
    address = PageAddress.objects.create(slug="harmonie", structure=structure)
    made = poster_of(structure, cover=None, page_address=address, site=SITE)
    assert made == Poster(
        name="Harmonie\u00a0: de Revel",
        title="Affiche\u00a0: Harmonie\u00a0: de Revel",
        monogram=made.monogram,
        summary="Venez\u202f!",
        offers=("Camionnette",),
        lines=("Salle des fêtes", "le mardi", "Revel", "05\u00a036\u00a049\u00a012\u00a034"),
        url="https://maillage.example/chez/harmonie/",
        cover=None,
    )
    assert made.address == "maillage.example/chez/harmonie"


@pytest.mark.django_db
def test_the_sheet_and_the_page_are_served_with_the_cover(member, mandate):
    cover = picture(mandate.structure, is_cover=True, description="L’orchestre, dehors.")
    answer = member.get(reverse("structure-poster-pdf", args=[mandate.structure.pk]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == f'attachment; filename="affiche-{mandate.structure.pk}.pdf"'
    assert b"/Subtype /Image" in answer.content or b"/Subtype/Image" in answer.content
    page = member.get(reverse("structure-poster", args=[mandate.structure.pk])).content.decode()
    assert 'alt="L’orchestre, dehors."' in page
    assert 'src="data:image/svg+xml' in page
    cover.file.storage.delete(cover.file.name)
    assert member.get(reverse("structure-poster-pdf", args=[mandate.structure.pk])).status_code == 200


@pytest.mark.django_db
def test_a_cover_of_any_shape_is_taken(mandate):
    assert pages_of(as_pdf(poster(cover="Une photo"), ContentFile(picture(mandate.structure).file.read()))) == 1
