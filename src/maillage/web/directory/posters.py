"""The poster of a structure, for those who edit its page: a page to look at and print, and a PDF."""

from contextlib import nullcontext

from django.http import HttpResponse
from django.shortcuts import render

from maillage.kernel.pages import page
from maillage.web.addresses import site_of
from maillage.web.directory.appearance import appearance_of
from maillage.web.directory.editing import EDIT
from maillage.web.directory.poster import as_pdf, poster_of
from maillage.web.directory.views import structure_for


@page()
def poster_page(request, pk):
    structure, poster, cover = _poster(request, pk)
    context = {"structure": structure, "poster": poster, "cover": cover, "appearance": appearance_of(structure)}
    return render(request, "directory/poster.html", context)


@page()
def poster_pdf(request, pk):
    structure, poster, cover = _poster(request, pk)
    with cover.file.open("rb") if cover else nullcontext() as file:
        answer = HttpResponse(as_pdf(poster, file), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="affiche-{structure.pk}.pdf"'
    return answer


def _poster(request, pk):
    """The structure, what its poster says, and the Picture of its cover, None without one or when its file is lost."""
    structure = structure_for(request, pk, EDIT)
    cover = structure.pictures.filter(is_cover=True).first()
    if cover and not cover.file.storage.exists(cover.file.name):
        cover = None
    chosen = structure.page_addresses.filter(is_current=True).first()
    return structure, poster_of(structure, cover=cover, page_address=chosen, site=site_of(request)), cover
