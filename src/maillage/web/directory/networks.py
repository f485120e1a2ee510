"""The networks of a structure: those that it is of, the one that it leads, and what its members offer and need."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import redirect, render

from maillage.directory import networks, team
from maillage.directory.models import Structure
from maillage.directory.queries import find_structures, help_requests_of, helps_of, requests_of
from maillage.kernel.pages import page
from maillage.sharing.models import Listing
from maillage.web.addresses import LARGEST_ID, site_of
from maillage.web.directory.forms import NameSearchForm
from maillage.web.directory.views import structure_for

RUN = "directory.run_networks"
FOUND_SHOWN = 12
LISTINGS_SHOWN = 12
MEMBERS_PER_PAGE = 50


@page()
def network(request, pk):
    structure = structure_for(request, pk, RUN)
    form = NameSearchForm(request.GET if "nom" in request.GET else None)
    asked = form.cleaned_data["nom"] if form.is_bound and form.is_valid() else ""
    members = Structure.objects.filter(network_heads__head=structure).select_related("commune").order_by("name", "pk")
    shown = Paginator(members, MEMBERS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "structure": structure,
        "form": form,
        "found": _found(structure, asked) if asked else (),
        "asked": asked,
        "page": shown,
        "members": _counted(list(shown), request.user),
        "needs": _listings(members, request.user, Listing.Direction.NEED),
        "offers": _listings(members, request.user, Listing.Direction.OFFER),
        "heads": Structure.objects.filter(network_members__member=structure).order_by("name"),
        "represents": team.represents(request.user, structure),
        "helps": helps_of(structure),
        "help_requests": help_requests_of(structure),
        "requests": [_seen_from(structure, one) for one in requests_of(structure)],
    }
    return render(request, "directory/network.html", context, status=422 if form.errors else 200)


@page(methods=("POST",))
def lead(request, pk):
    structure = structure_for(request, pk, RUN)
    leads = request.POST.get("anime") == "oui"
    said = "Vous pouvez inviter les membres de votre réseau." if leads else "Votre structure n’anime plus de réseau."
    return _do(request, pk, said, networks.lead_network, structure_id=structure.pk, leads=leads)


@page(methods=("POST",))
def ask(request, pk):
    """Invite a structure into one's network (« membre »), or ask to join one (« reseau »)."""
    structure = structure_for(request, pk, RUN)
    head, member = _key(request, "reseau"), _key(request, "membre")
    is_invitation = head is None
    said = "L’invitation est partie." if is_invitation else "La demande est partie."
    pair = {"head_id": structure.pk, "member_id": member} if is_invitation else {"head_id": head, "member_id": pk}
    return _do(request, pk, said, networks.ask_membership, is_invitation=is_invitation, site=site_of(request), **pair)


@page(methods=("POST",))
def answer(request, pk, request_pk):
    structure = structure_for(request, pk, RUN)
    accepts = request.POST.get("reponse") == "oui"
    do = networks.accept_request if accepts else networks.drop_request
    said = "C’est fait\u00a0: le réseau a un membre de plus." if accepts else "La demande est retirée."
    which = {"request_id": min(request_pk, LARGEST_ID), "side": structure, "site": site_of(request)}
    return _do(request, pk, said, do, **which)


@page(methods=("POST",))
def leave(request, pk):
    """Leave a network (« reseau »), or take a member out of one's own (« membre »)."""
    structure_for(request, pk, RUN)
    head, member = _key(request, "reseau"), _key(request, "membre")
    pair = {"head_id": pk, "member_id": member} if head is None else {"head_id": head, "member_id": pk}
    return _do(request, pk, "C’est noté.", networks.end_membership, **pair)


def _seen_from(structure, request):
    """The request, the structure on its other side, and whether ``structure`` itself asked."""
    is_head = request.head_id == structure.pk
    other = request.member if is_head else request.head
    return {"request": request, "other": other, "is_ours": request.is_invitation == is_head}


def _do(request, pk, said, service, **arguments):
    try:
        service(author=request.user, **arguments)
    except networks.NetworkRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("network", pk)


def _key(request, name):
    text = request.POST.get(name, "")
    return min(int(text[:20]), LARGEST_ID) if text.isascii() and text.isdigit() else None


def _counted(members, user):
    """``members``, each with how many ``offers`` and ``needs`` of theirs ``user`` may see."""
    seen = Listing.objects.visible_to(user).published().filter(structure__in=members)
    counts = seen.order_by().values_list("structure", "direction").annotate(Count("pk"))
    found = {(structure, direction): count for structure, direction, count in counts}
    for member in members:
        member.offers = found.get((member.pk, Listing.Direction.OFFER), 0)
        member.needs = found.get((member.pk, Listing.Direction.NEED), 0)
    return members


def _listings(members, user, direction):
    listings = Listing.objects.visible_to(user).published().filter(structure__in=members.values("pk"))
    listings = listings.filter(direction=direction).select_related("structure", "commune")
    return listings.defer("search_vector").order_by("-published_at", "-pk")[:LISTINGS_SHOWN]


def _found(structure, text):
    """Heads that one may ask to join; for a head, structures that it may invite as well."""
    found = find_structures(text=text).exclude(pk=structure.pk)
    found = found.exclude(network_heads__head=structure).exclude(network_members__member=structure)
    return (found if structure.leads_network else found.filter(leads_network=True))[:FOUND_SHOWN]
