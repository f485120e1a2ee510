"""Structures: finding them, and the page of one."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.directory.models import PageAddress, Structure
from maillage.directory.own_page import slug_of
from maillage.directory.queries import find_structures
from maillage.directory.team import has_representative
from maillage.directory.visitor_letters import readers_of
from maillage.kernel.pages import page
from maillage.sharing.models import Listing
from maillage.territory.maps import Pin, territory_map
from maillage.volunteering.models import Mission
from maillage.web.addresses import LARGEST_ID, site_of
from maillage.web.directory.appearance import appearance_of, described
from maillage.web.directory.forms import StructureSearchForm
from maillage.web.directory.unread import is_read

STRUCTURES_PER_PAGE = 20
LISTINGS_SHOWN = 24
MISSIONS_SHOWN = 3


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
    """The page by its number, which every other page knows; it leads to the chosen address when there is one.

    For now only (302): a browser keeps a lasting redirection for ever, and a structure may go back to an old address.
    """
    if successor := _successor(pk):
        return redirect("structure", successor)
    structure = structure_for(request, pk, "directory.see_structure")
    chosen = structure.page_addresses.filter(is_current=True).first()
    return redirect(chosen) if chosen else _page_of(request, structure)


@page(public=True)
def structure_at(request, slug):
    """The page by the address that the structure chose; an old address, or a careless spelling, leads to it."""
    found = PageAddress.objects.filter(slug=slug_of(slug)).first()
    if found is None:
        raise Http404
    if successor := _successor(found.structure_id):
        return redirect("structure", successor)
    structure = structure_for(request, found.structure_id, "directory.see_structure")
    if not found.is_current or slug != found.slug:
        return redirect("structure", structure.pk)
    return _page_of(request, structure)


@page(public=True)
def picture(request, pk, picture_pk, *, small=False):
    structure = structure_for(request, pk, "directory.see_structure")
    found = picture_of(structure, picture_pk)
    if not found.description and not request.user.has_perm("directory.edit_structure", structure):
        raise Http404
    file = found.small_file if small else found.file
    if not file.storage.exists(file.name):
        raise Http404
    answer = FileResponse(file.open("rb"), content_type="image/webp")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


def structure_for(request, pk, permission):
    """The structure, or 404 for whoever may not do this with it."""
    if pk > LARGEST_ID:
        raise Http404
    found = Structure.objects.select_related("commune").filter(pk=pk).first()
    if found is None or not request.user.has_perm(permission, found):
        raise Http404
    return found


def picture_of(structure, picture_pk):
    found = structure.pictures.filter(pk=picture_pk).first() if picture_pk <= LARGEST_ID else None
    if found is None:
        raise Http404
    return found


def listings_of(structure, user):
    """What ``user`` may see of the listings of ``structure``: offers first."""
    visible = Listing.objects.visible_to(user).published().filter(structure=structure)
    visible = visible.select_related("structure", "commune").defer("search_vector")
    return visible.order_by("-direction", "-published_at", "-pk")[:LISTINGS_SHOWN]


def _page_of(request, structure):
    pictures = list(structure.pictures.shown())
    cover = next((one for one in pictures if one.is_cover), None)
    may_edit = request.user.has_perm("directory.edit_structure", structure)
    listings = listings_of(structure, request.user)
    context = {
        "structure": structure,
        "listings": listings,
        "missions": Mission.objects.visible_to(request.user).to_come().filter(structure=structure)[:MISSIONS_SHOWN],
        "cover": cover,
        "pictures": [one for one in pictures if one is not cover],
        "appearance": appearance_of(structure, listings),
        "description": described(structure),
        "map": _map_of(structure),
        "may_edit": may_edit,
        "may_take_back": request.user.has_perm("directory.take_back_dissolution"),
        "dissolution": _dissolution_of(structure),
        "runs_team": may_edit and request.user.has_perm("directory.run_team", structure),
        "may_merge": request.user.has_perm("directory.merge_structures"),
        "is_tended": has_representative(structure),
        "write_url": None if may_edit else _write_url(request, structure),
        "site": site_of(request).rstrip("/"),
        "path": request.path,
    }
    return render(request, "directory/structure.html", context)


def _dissolution_of(structure):
    if structure.state != Structure.State.DISSOLVED:
        return None
    return structure.dissolutions.standing().select_related("receiver").first()


def _write_url(request, structure):
    """Where one writes: in a conversation for an association, by e-mail for anyone else; None when nobody reads."""
    if Structure.objects.acted_for_by(request.user).active().exists():
        return reverse("write-to-structure", args=[structure.pk]) if is_read(structure) else None
    return reverse("write-as-visitor", args=[structure.pk]) if readers_of(structure).exists() else None


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
