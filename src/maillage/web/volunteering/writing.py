"""An association writes a mission, publishes it, changes it, invites, cancels."""

from django.contrib import messages
from django.shortcuts import redirect, render

from maillage.kernel.pages import page
from maillage.sharing.models import Listing
from maillage.volunteering import engaging, missions
from maillage.volunteering.missions import MissionRefused
from maillage.volunteering.models import Mission
from maillage.web.accounts.guards import limited, posted, whoever
from maillage.web.addresses import LARGEST_ID, site_of
from maillage.web.directory.views import structure_for
from maillage.web.volunteering.forms import CancelForm, MissionForm, VolunteerForm
from maillage.web.volunteering.missions import mission_for

EDIT = "volunteering.edit_mission"
INVITED = "L’invitation est partie à {}."


@page(methods=("GET", "POST"))
def write(request, pk):
    structure = structure_for(request, pk, "sharing.publish_for")
    listing = _need(request, structure)
    if request.method != "POST":
        form = MissionForm(initial=_initial(structure, listing), structure=structure)
        return _form_page(request, structure, form)
    form = MissionForm(request.POST, structure=structure)

    def keep():
        return missions.write_mission(structure=structure, author=request.user, listing=listing, **form.cleaned_data)

    return _kept(request, form, keep) or _form_page(request, structure, form)


@page(methods=("GET", "POST"))
def edit(request, pk):
    mission = mission_for(request, pk, EDIT)
    if request.method != "POST":
        form = MissionForm(initial=MissionForm.initial_of(mission), structure=mission.structure, mission=mission)
        return _form_page(request, mission.structure, form, mission)
    form = MissionForm(request.POST, structure=mission.structure, mission=mission)

    def keep():
        facts = {"mission_id": mission.pk, "author": request.user, "site": site_of(request)}
        return missions.change_mission(**facts, **form.cleaned_data)

    return _kept(request, form, keep) or _form_page(request, mission.structure, form, mission)


@page(methods=("POST",))
def publish(request, pk):
    mission = mission_for(request, pk, EDIT)
    try:
        missions.publish_mission(mission_id=mission.pk, author=request.user)
    except MissionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("edit-mission" if mission.state == Mission.State.DRAFT else "mission", mission.pk)
    messages.success(request, "La mission est publiée.")
    return redirect(mission)


@page(methods=("GET", "POST"))
def cancel(request, pk):
    mission = mission_for(request, pk, EDIT)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            missions.cancel_mission(
                mission_id=mission.pk, author=request.user, site=site_of(request), **form.cleaned_data
            )
        except MissionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "La mission est annulée. Les bénévoles qui l’avaient acceptée sont prévenus.")
            return redirect("structure-missions", mission.structure_id)
    context = {"mission": mission, "form": form, "taken": mission.engagements.accepted().count()}
    return render(request, "volunteering/cancel.html", context, status=422 if form.errors else 200)


@limited("invite", about=whoever)
@limited("volunteer", about=posted("email"))
@page(methods=("GET", "POST"))
def invite(request, pk):
    mission = mission_for(request, pk, "volunteering.invite_to_mission")
    form = VolunteerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            engaging.invite(mission_id=mission.pk, by=request.user, site=site_of(request), **form.cleaned_data)
        except MissionRefused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, INVITED.format(form.cleaned_data["email"]))
            return redirect(mission)
    context = {"mission": mission, "form": form}
    return render(request, "volunteering/invite.html", context, status=422 if form.errors else 200)


def _kept(request, form, keep):
    """Keep what was typed, publish it when that button was pressed; None when the form says what is wrong."""
    if not form.is_valid():
        return None
    publishes = "publier" in request.POST
    try:
        mission = keep()
        if publishes:
            missions.publish_mission(mission_id=mission.pk, author=request.user)
    except MissionRefused as refusal:
        form.add_error(refusal.field, str(refusal))
        return None
    messages.success(request, "La mission est publiée." if publishes else "La mission est enregistrée.")
    return redirect(mission)


def _form_page(request, structure, form, mission=None):
    """422 undoes what was written before the refusal: what was typed is on the page, and nowhere else."""
    context = {"structure": structure, "form": form, "mission": mission}
    return render(request, "volunteering/mission_form.html", context, status=422 if form.errors else 200)


def _need(request, structure):
    """The need that a mission comes from (« ?annonce=12 »), when it is one of this association."""
    pk = request.GET.get("annonce", "")
    if not (pk.isascii() and pk.isdigit() and int(pk[:20]) <= LARGEST_ID):
        return None
    return Listing.objects.filter(pk=int(pk[:20]), structure=structure).select_related("commune").first()


def _initial(structure, listing):
    """What is known already: the insurance and the contact of the last mission, the words of the need."""
    last = structure.missions.order_by("-pk").first()
    names = ("insurer", "policy", "contact_role", "contact_phone")
    known = {name: getattr(last, name) for name in names} if last else {}
    if listing is None:
        return known | {"commune": structure.commune}
    said = {"title": listing.title, "tasks": listing.text, "commune": listing.commune, "places": listing.quantity}
    days = {"first_day": listing.first_day, "last_day": listing.last_day}
    return known | said | days
