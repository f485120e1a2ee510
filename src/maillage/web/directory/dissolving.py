"""A structure has ended: a page says what that closes before anyone confirms; the territory's team may undo it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render

from maillage.engine.french import count_fr, join_fr
from maillage.kernel.pages import page
from maillage.opportunities.dissolving import DissolutionRefused, dissolve, take_back, what_ends
from maillage.web.addresses import site_of
from maillage.web.directory.dissolving_forms import DissolutionForm
from maillage.web.directory.views import structure_for

CAME_BACK = {"mandates": ("mandat",), "listings": ("annonce",), "memberships": ("adhésion",)}
WAITING = {
    "claims": ("demande d’agir", "demandes d’agir"),
    "requests": ("demande de réseau", "demandes de réseau"),
    "invitations": ("invitation",),
}


@page(methods=("GET", "POST"))
def dissolve_page(request, pk):
    structure = structure_for(request, pk, "directory.dissolve_structure")
    if not structure.is_active:
        raise Http404
    form = DissolutionForm(request.POST if request.method == "POST" else None, structure=structure)
    if request.method == "POST" and form.is_valid():
        try:
            dissolve(structure_id=pk, declared_by=request.user, site=site_of(request), **form.said())
        except DissolutionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"C’est noté\u00a0: {structure.name} est dissoute.")
            return redirect("structure", pk)
    ends = what_ends(structure)
    context = {"structure": structure, "form": form, "ends": ends, "waiting": _counted(ends, WAITING)}
    return render(request, "directory/dissolve.html", context, status=422 if form.errors else 200)


@page(methods=("GET", "POST"))
def take_back_page(request, pk):
    structure = structure_for(request, pk, "directory.take_back_dissolution")
    dissolution = structure.dissolutions.standing().select_related("declared_by").first()
    if dissolution is None:
        raise Http404
    if request.method == "POST":
        try:
            back = take_back(structure_id=pk, agent=request.user, site=site_of(request))
        except DissolutionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"La dissolution est annulée. {_what_came_back(back)}")
        return redirect("structure", pk)
    context = {"structure": structure, "dissolution": dissolution, "would_come_back": dissolution.kept}
    return render(request, "directory/take_back_dissolution.html", context)


def _what_came_back(back):
    counted = _counted(back, CAME_BACK)
    return f"De retour\u00a0: {counted}." if counted else "Elle n’avait rien d’ouvert."


def _counted(counts, words):
    """« 1 mandat et 3 annonces », of those that ``words`` name and that are not zero."""
    return join_fr([count_fr(counts[what], *forms) for what, forms in words.items() if counts[what]])
