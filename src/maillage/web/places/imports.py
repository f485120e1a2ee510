"""The import of places for agents: hand a table over, see what it would do, confirm, undo."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render

from maillage.engine.french import count_fr
from maillage.kernel.pages import page
from maillage.places.importing import ImportRefused, services
from maillage.places.importing.columns import TEMPLATE
from maillage.places.models import PlaceImport, PlaceImportLine
from maillage.web.addresses import LARGEST_ID
from maillage.web.fields import TextField
from maillage.web.spreadsheets import csv_file

IMPORTS_PER_PAGE = 20
LINES_PER_PAGE = 100


class PlaceImportForm(forms.Form):
    file = forms.FileField(
        label="Fichier",
        help_text="Un CSV de 5\u00a0Mo au plus\u00a0: notre modèle, ou le format SCDL.",
        widget=forms.FileInput({"accept": ".csv,.txt,.zip,text/csv,application/zip"}),
        error_messages={"required": "Choisissez le fichier à importer.", "empty": "Le fichier est vide."},
    )
    source = TextField(
        label="D’où vient ce fichier\u202f?",
        longest=160,
        help_text="Ce nom sera montré sur chaque lieu. Gardez le même pour un fichier plus récent.",
        error_messages={"required": "Dites d’où vient ce fichier\u00a0: «\u00a0Ville de Revel\u00a0», par exemple."},
    )


@page(permission="places.manage_places", methods=("GET", "POST"))
def import_list(request):
    form = PlaceImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(services.request_import(asked_by=request.user, **form.cleaned_data))
        except ImportRefused as refusal:
            form.add_error("file", str(refusal))
    imports = PlaceImport.objects.select_related("asked_by").defer("content")
    shown = Paginator(imports, IMPORTS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": shown}
    return render(request, "places/imports.html", context, status=422 if form.errors else 200)


@page(permission="places.manage_places")
def import_page(request, pk):
    place_import = _import_or_404(pk)
    counts, lines = place_import.counts, place_import.lines.select_related("place")
    shown = Paginator(lines, LINES_PER_PAGE).get_page(request.GET.get("page"))
    shown.object_list = [
        (one.line_number, one.name, one.outcome, one.reason, one.notes, one.place) for one in shown.object_list
    ]
    labels = dict(PlaceImportLine.Outcome.choices)
    context = {
        "place_import": place_import,
        "is_waiting": place_import.state == PlaceImport.State.WAITING,
        "counts": [(label, counts.get(outcome, 0)) for outcome, label in labels.items()],
        "does_something": counts.get("created", 0) + counts.get("updated", 0),
        "page": shown,
        "labels": labels,
    }
    return render(request, "places/import.html", context)


@page(permission="places.manage_places", methods=("POST",))
def confirm(request, pk):
    place_import = _import_or_404(pk)
    try:
        services.confirm_import(import_id=pk)
    except ImportRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Les lieux sont importés.")
    return redirect(place_import)


@page(permission="places.manage_places", methods=("POST",))
def undo(request, pk):
    place_import = _import_or_404(pk)
    try:
        removed, restored, kept = services.undo_import(import_id=pk, agent=request.user)
    except ImportRefused as refusal:
        messages.error(request, str(refusal))
    else:
        said = f"{count_fr(removed, 'lieu retiré', 'lieux retirés')}, {count_fr(restored, 'lieu remis', 'lieux remis')}"
        changed = f"\u202f; {count_fr(kept, 'lieu gardé', 'lieux gardés')}, changés depuis" if kept else ""
        messages.success(request, f"L’import est défait\u00a0: {said} comme avant{changed}.")
    return redirect(place_import)


@page(permission="places.manage_places", methods=("POST",))
def forget(request, pk):
    _import_or_404(pk)
    services.forget_import(import_id=pk)
    messages.success(request, "Le fichier est oublié, rien n’a été écrit.")
    return redirect("place-imports")


@page(permission="places.manage_places")
def template(request):
    """Our table with an example line."""
    return csv_file("modele-lieux.csv", zip(*TEMPLATE, strict=True))


def _import_or_404(pk):
    imports = PlaceImport.objects.select_related("asked_by", "undone_by").defer("content")
    place_import = imports.filter(pk=pk).first() if pk <= LARGEST_ID else None
    if place_import is None:
        raise Http404
    return place_import
