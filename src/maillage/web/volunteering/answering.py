"""A volunteer answers: accepts a mission after having read it, declines an invitation, withdraws."""

from django.contrib import messages
from django.shortcuts import redirect, render

from maillage.accounts.links import LinkRefused
from maillage.kernel.pages import page
from maillage.volunteering import engaging
from maillage.volunteering.missions import MissionRefused
from maillage.web.accounts.guards import limited
from maillage.web.addresses import site_of
from maillage.web.volunteering.forms import AcceptForm
from maillage.web.volunteering.missions import mission_for, show_mission

ACCEPTED = "C’est noté, merci\u202f! L’association sait que vous venez."
DECLINED = "C’est noté. L’association sait que vous ne viendrez pas."


@page(methods=("POST",))
def accept(request, pk):
    mission = mission_for(request, pk)
    form = AcceptForm(request.POST, mission=mission)
    if _accepted(request, form):
        return redirect(mission)
    return show_mission(request, mission, form, status=422)


@page(methods=("POST",))
def withdraw(request, pk):
    mission = mission_for(request, pk)
    try:
        engaging.withdraw(mission_id=mission.pk, person=request.user, site=site_of(request))
    except MissionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Vous vous êtes retirée ou retiré. Votre place est libre à nouveau.")
    return redirect("my-missions")


@limited("token")
@page(public=True, methods=("GET", "POST"))
def invitation(request, token):
    """For whoever holds the letter: one may decline without an account, and accepts with one."""
    try:
        found = engaging.invitation_of(token)
    except LinkRefused:
        return render(request, "volunteering/invitation_over.html", status=410)
    mission = found.mission
    form = AcceptForm(request.POST or None, mission=mission)
    if request.method == "POST" and "decliner" in request.POST:
        return _declined(request, found)
    if request.method == "POST" and request.user.is_authenticated and _accepted(request, form, found):
        return redirect(mission)
    taken = mission.engagements.accepted().count()
    context = {"invitation": found, "mission": mission, "form": form, "left": mission.places - taken, "token": token}
    return render(request, "volunteering/invitation.html", context, status=422 if form.errors else 200)


def _accepted(request, form, invitation=None):
    """Whether the person has a place; else the form says what is wrong."""
    if not form.is_valid():
        return False
    try:
        engaging.accept(
            mission_id=form.mission.pk,
            person=request.user,
            terms_at=form.cleaned_data["terms_at"],
            is_of_age=form.cleaned_data["is_of_age"],
            invitation=invitation,
            site=site_of(request),
        )
    except MissionRefused as refusal:
        form.add_error(refusal.field, str(refusal))
        return False
    messages.success(request, ACCEPTED)
    return True


def _declined(request, invitation):
    person = request.user if request.user.is_authenticated else None
    try:
        engaging.decline(engagement_id=invitation.pk, person=person, site=site_of(request))
    except MissionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, DECLINED)
    return redirect("my-missions" if person else "home")
