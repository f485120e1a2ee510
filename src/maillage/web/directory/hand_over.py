"""Handing a structure over, and what the newcomers find open."""

from django.contrib import messages
from django.shortcuts import redirect, render

from maillage.accounts import limits
from maillage.conversations.models import Conversation
from maillage.directory.hand_over import hand_over
from maillage.directory.team import TeamRefused
from maillage.kernel.pages import page
from maillage.sharing.models import Listing
from maillage.web.accounts.guards import limited, whoever
from maillage.web.addresses import site_of
from maillage.web.directory.hand_over_forms import HandOverForm
from maillage.web.directory.views import structure_for

SHOWN = 20
TOO_MANY = "Trop d’invitations sont parties à cette adresse aujourd’hui. Réessayez demain."


@limited("invite", about=whoever)
@page(methods=("GET", "POST"))
def pass_on(request, pk):
    structure = structure_for(request, pk, "directory.run_team")
    mandates = structure.mandates.not_over().of_the_team().select_related("user").order_by("-role", "starts_on", "pk")
    form = HandOverForm(request.POST if request.method == "POST" else None, mandates=mandates)
    if form.is_valid() and not all(limits.allow("invitation", about=email) for email in form.cleaned_data["emails"]):
        form.add_error(None, TOO_MANY)
    if form.is_valid():
        try:
            hand_over(structure=structure, by=request.user, site=site_of(request), **form.cleaned_data)
        except TeamRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Le relais est prêt. Les personnes choisies reçoivent un e\u2011mail.")
            stays = request.user.has_perm("directory.run_team", structure)
            return redirect("team", structure.pk) if stays else redirect("my-space")
    context = {"structure": structure, "form": form}
    return render(request, "directory/pass_on.html", context, status=422 if form.errors else 200)


@page()
def hand_over_page(request, pk):
    """For those who act for the structure: the word of the former team, and what waits for them."""
    structure = structure_for(request, pk, "directory.edit_structure")
    listings = Listing.objects.published().filter(structure=structure).defer("search_vector")
    conversations = Conversation.objects.read_by(request.user).filter(participants__structure=structure)
    context = {
        "structure": structure,
        "hand_over": structure.hand_overs.select_related("made_by").first(),
        "listings": listings.order_by("title", "pk")[:SHOWN],
        "conversations": conversations.with_unread(request.user).filter(unread__gt=0).latest_first()[:SHOWN],
        "runs_team": request.user.has_perm("directory.run_team", structure),
    }
    return render(request, "directory/hand_over.html", context)
