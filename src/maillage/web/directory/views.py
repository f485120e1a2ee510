"""Structures: finding them, the page of one, and what it writes about itself."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import redirect, render

from maillage.directory.models import Structure
from maillage.directory.queries import find_structures
from maillage.directory.services import describe_structure
from maillage.kernel.pages import page
from maillage.sharing.indexing import reindex_structure
from maillage.sharing.models import Listing
from maillage.territory.maps import Pin, territory_map
from maillage.web.addresses import LARGEST_ID
from maillage.web.directory.forms import StructureForm, StructureSearchForm

STRUCTURES_PER_PAGE = 20
LISTINGS_SHOWN = 24


@page(public=True)
def structure_list(request):
    form = StructureSearchForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = Structure.objects.none() if form.errors else find_structures(**asked)
    shown = Paginator(found, STRUCTURES_PER_PAGE).get_page(request.GET.get("page"))
    address = request.GET.copy()
    address.pop("page", None)
    context = {"form": form, "page": shown, "address": address.urlencode()}
    return render(request, "directory/structure_list.html", context, status=422 if form.errors else 200)


@page(public=True)
def structure_page(request, pk):
    if successor := _successor(pk):
        return redirect("structure", successor)
    structure = structure_or_404(request, pk, "directory.see_structure")
    listings = Listing.objects.visible_to(request.user).published().filter(structure=structure)
    listings = listings.select_related("structure", "commune").defer("search_vector")[:LISTINGS_SHOWN]
    context = {
        "structure": structure,
        "listings": listings,
        "map": _map_of(structure),
        "may_edit": request.user.has_perm("directory.edit_structure", structure),
        "may_merge": request.user.has_perm("directory.merge_structures"),
        "is_read": structure.state == Structure.State.ACTIVE and structure.mandates.current().exists(),
    }
    return render(request, "directory/structure.html", context)


@page(methods=("GET", "POST"))
def structure_edit(request, pk):
    structure = structure_or_404(request, pk, "directory.edit_structure")
    form = StructureForm(request.POST or None, initial=StructureForm.initial_of(structure))
    if request.method == "POST" and form.is_valid():
        describe_structure(structure_id=structure.pk, author=request.user, **form.cleaned_data)
        reindex_structure(structure.pk)
        messages.success(request, "La fiche est à jour.")
        return redirect("structure", structure.pk)
    status = 422 if form.errors else 200
    return render(request, "directory/structure_edit.html", {"structure": structure, "form": form}, status=status)


def structure_or_404(request, pk, permission):
    """The structure, or 404 for whoever may not do this with it."""
    if pk > LARGEST_ID:
        raise Http404
    found = Structure.objects.select_related("commune").filter(pk=pk).first()
    if found is None or not request.user.has_perm(permission, found):
        raise Http404
    return found


def _successor(pk):
    """The number of the structure, known to all, that took the place of this one; None when it stands for itself."""
    replaced = {"replaced_by__state__in": Structure.PUBLIC_STATES, "state": Structure.State.SUPPRESSED}
    merged = {"merged_into__state__in": Structure.PUBLIC_STATES}
    successor = Structure.objects.filter(Q(**merged) | Q(**replaced), pk=min(pk, LARGEST_ID))
    return successor.values_list(Coalesce("merged_into", "replaced_by"), flat=True).first()


def _map_of(structure):
    commune = structure.commune
    if commune is None:
        return None
    label = f"{structure.name}, {commune.name}"
    pin = Pin(commune.latitude, commune.longitude, label, structure.get_absolute_url(), "structure", "users")
    return territory_map([pin], centre=commune, highlight=commune, list_anchor="where")
