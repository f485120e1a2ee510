"""Two pages of one association: the team finds them, compares them, and keeps one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render

from maillage.directory.models import Structure
from maillage.directory.queries import find_structures, same_name_same_commune
from maillage.kernel.pages import page
from maillage.opportunities.merging import MergerRefused, merge_structures
from maillage.web.addresses import LARGEST_ID
from maillage.web.directory.forms import MergerForm, NameSearchForm

GROUPS_PER_PAGE = 20
CANDIDATES_SHOWN = 12


@page(permission="directory.merge_structures")
def duplicates(request):
    shown = Paginator(same_name_same_commune(), GROUPS_PER_PAGE).get_page(request.GET.get("page"))
    structures = Structure.objects.select_related("commune").in_bulk({pk for group in shown for pk in group["keys"]})
    groups = [[structures[pk] for pk in group["keys"]] for group in shown]
    return render(request, "directory/duplicates.html", {"page": shown, "groups": groups})


@page(permission="directory.merge_structures")
def find_other(request, pk):
    """Which page is the same association as this one?"""
    structure = _alone(pk)
    form = NameSearchForm(request.GET or None, initial={"nom": structure.name})
    asked = structure.name
    if form.is_bound:
        asked = form.cleaned_data["nom"] if form.is_valid() else ""
    found = find_structures(text=asked).exclude(pk=pk)[:CANDIDATES_SHOWN] if asked else ()
    context = {"structure": structure, "form": form, "candidates": found}
    return render(request, "directory/find_other.html", context, status=422 if form.errors else 200)


@page(permission="directory.merge_structures", methods=("GET", "POST"))
def merge(request, pk, other_pk):
    """What each page has, and which one stays."""
    pair = [_alone(pk), _alone(other_pk)]
    if pk == other_pk:
        raise Http404
    form = MergerForm(request.POST if request.method == "POST" else None, pair=pair)
    if form.is_valid():
        kept = form.cleaned_data["kept"]
        absorbed = other_pk if kept == pk else pk
        try:
            merge_structures(kept_id=kept, absorbed_id=absorbed, agent=request.user, reason=form.why)
        except MergerRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Il n’y a plus qu’une fiche. L’ancienne adresse y mène.")
            return redirect("structure", kept)
    for one in pair:
        one.people, one.published, one.threads = one.mandates.count(), one.listings.count(), one.conversations.count()
    communes = {one.commune_id for one in pair if one.commune_id}
    context = {"pair": pair, "form": form, "far_apart": len(communes) > 1}
    return render(request, "directory/merge.html", context, status=422 if form.errors else 200)


def _alone(pk):
    """The structure, or 404 when another took its place."""
    found = Structure.objects.select_related("commune").filter(pk=min(pk, LARGEST_ID), merged_into=None).first()
    if found is None:
        raise Http404
    return found
