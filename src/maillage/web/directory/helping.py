"""Acting for a structure at its demand: the territory's team enters what an association told by telephone."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render

from maillage.directory import team
from maillage.directory.helping import HelpRefused, help_by_phone, help_of
from maillage.directory.models import Assistance
from maillage.directory.queries import find_structures
from maillage.engine.french import of_fr
from maillage.kernel.pages import page
from maillage.web.addresses import LARGEST_ID, site_of
from maillage.web.directory.helping_forms import CallerSearchForm, CallForm
from maillage.web.directory.views import structure_for
from maillage.web.helped import HELPED

FOUND_SHOWN = 12


@page(permission="directory.help_by_phone")
def phone_entry(request):
    """Which association telephoned? And those that one acts for already."""
    form = CallerSearchForm(request.GET or None)
    asked = form.cleaned_data["nom"] if form.is_bound and form.is_valid() else ""
    context = {
        "form": form,
        "asked": asked,
        "found": find_structures(text=asked)[:FOUND_SHOWN] if asked else (),
        "running": Assistance.objects.running().filter(helper=request.user).select_related("structure__commune"),
    }
    return render(request, "directory/phone_entry.html", context, status=422 if form.errors else 200)


@page(permission="directory.help_by_phone", methods=("GET", "POST"))
def help_caller(request, pk):
    structure = structure_for(request, pk, "directory.see_structure")
    if known := help_of(request.user, structure):
        return _act(request, known) if request.method == "POST" else redirect("phone-entry")
    form = CallForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            given = help_by_phone(structure=structure, agent=request.user, site=site_of(request), **form.cleaned_data)
        except HelpRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _act(request, given)
    context = {"structure": structure, "form": form, "is_tended": team.has_representative(structure)}
    return render(request, "directory/help_caller.html", context, status=422 if form.errors else 200)


@page(methods=("POST",))
def resume(request, pk):
    return _act(request, _own(request, pk))


@page(methods=("POST",))
def stop(request, pk):
    given = _own(request, pk)
    try:
        team.end_mandate(mandate_id=given.mandate_id, by=request.user)
    except team.TeamRefused as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, f"Vous n’agissez plus pour {given.structure}. Ses annonces lui restent.")
    request.session.pop(HELPED, None)
    return redirect("phone-entry" if request.user.is_agent else "my-space")


def _act(request, given):
    """From now on each page says for whom one acts; the next thing is most often to publish."""
    request.session[HELPED] = given.pk
    messages.success(request, f"Ce que vous publiez à partir de maintenant l’est au nom {of_fr(given.structure.name)}.")
    return redirect("publish")


def _own(request, pk):
    """What ``request.user`` was asked for; 404 when it has ended, since nothing is left to do."""
    given = Assistance.objects.select_related("structure").filter(pk=min(pk, LARGEST_ID)).first()
    if given is None:
        raise Http404
    if given.helper_id != request.user.pk:
        raise PermissionDenied
    if not Assistance.objects.running().filter(pk=given.pk).exists():
        raise Http404
    return given
