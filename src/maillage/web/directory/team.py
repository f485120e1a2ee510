"""The team of a structure, for those who represent it: who acts, who asks to, who is invited."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from maillage.accounts.links import LinkRefused
from maillage.directory import team
from maillage.directory.models import Claim, Invitation, Mandate
from maillage.kernel.pages import page
from maillage.web.accounts.guards import limited, posted, whoever
from maillage.web.addresses import LARGEST_ID, site_of
from maillage.web.directory.deciding import decide
from maillage.web.directory.team_forms import InvitationForm, JoiningDecisionForm, MandateForm
from maillage.web.directory.views import structure_for

RUN, DISSOLVE = "directory.run_team", "directory.dissolve_structure"
ALONE = {True: "Vous êtes seule ou seul", False: "Une seule personne agit"}
INVITED = "L’invitation est partie à {}. Elle sert quatorze jours."


@page()
def team_page(request, pk):
    return _team(request, structure_for(request, pk, RUN))


@page(methods=("POST",))
def decide_joining(request, pk, claim_pk):
    structure = structure_for(request, pk, RUN)
    claim = get_object_or_404(Claim, structure=structure, pk=min(claim_pk, LARGEST_ID))
    form = decide(request, claim, JoiningDecisionForm)
    return _team(request, structure, claim.pk, form) if form else redirect("team", structure.pk)


@limited("invite", about=whoever)
@limited("invitation", about=posted("email"))
@page(methods=("GET", "POST"))
def invite(request, pk):
    structure = structure_for(request, pk, RUN)
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            team.invite(structure=structure, by=request.user, site=site_of(request), **form.cleaned_data)
        except team.TeamRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, INVITED.format(form.cleaned_data["email"]))
            return redirect("team", structure.pk)
    context = {"structure": structure, "form": form}
    return render(request, "directory/invite.html", context, status=422 if form.errors else 200)


@page(methods=("POST",))
def cancel_invitation(request, pk, invitation_pk):
    structure = structure_for(request, pk, RUN)
    invitation = get_object_or_404(Invitation, structure=structure, pk=min(invitation_pk, LARGEST_ID))
    return _do(request, structure, "L’invitation est annulée.", team.cancel_invitation, invitation_id=invitation.pk)


@page(methods=("GET", "POST"))
def change_mandate(request, pk, mandate_pk):
    structure = structure_for(request, pk, RUN)
    mandate = _mandate(structure, mandate_pk)
    if mandate.role == Mandate.Role.HELPER:
        raise Http404
    initial = {"role": mandate.role, "may_commit": mandate.may_commit, "ends_on": mandate.ends_on}
    form = MandateForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            team.change_mandate(mandate_id=mandate.pk, by=request.user, **form.cleaned_data)
        except team.TeamRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Le mandat est changé.")
            return _home_of(request, structure)
    context = {"structure": structure, "mandate": mandate, "form": form}
    return render(request, "directory/mandate.html", context, status=422 if form.errors else 200)


@page(methods=("POST",))
def end_mandate(request, pk, mandate_pk):
    structure = structure_for(request, pk, RUN)
    mandate = _mandate(structure, mandate_pk)
    return _do(request, structure, "Le mandat a pris fin.", team.end_mandate, mandate_id=mandate.pk)


@limited("token")
@page(public=True, methods=("GET", "POST"))
def invitation(request, token):
    """For whoever holds the letter: visitors are shown how to come in, and come back here."""
    try:
        found = team.invitation_of(token)
        if request.method == "POST" and request.user.is_authenticated:
            structure = team.accept_invitation(token=token, person=request.user)
            messages.success(request, f"Bienvenue. Vous agissez désormais pour {structure.name}.")
            takes_over = found.hand_over_id and request.user.has_perm("directory.edit_structure", structure)
            return redirect("hand-over" if takes_over else "structure", structure.pk)
    except LinkRefused:
        context = {"structure": team.joined_already(token, request.user)}
        return render(request, "directory/invitation_over.html", context, status=410)
    return render(request, "directory/invitation.html", {"invitation": found})


def _team(request, structure, claim_pk=None, form=None):
    """form: that of the claim ``claim_pk``, sent back with what is wrong."""
    mandates = list(
        structure.mandates.not_over().select_related("user", "assistance__head").order_by("-role", "starts_on", "pk")
    )
    # Where nobody represents the structure, claims are for the queue of the territory's team.
    waiting = structure.claims.waiting().select_related("user") if team.has_representative(structure) else ()
    context = {
        "structure": structure,
        "mandates": mandates,
        "may_dissolve": structure.is_active and request.user.has_perm(DISSOLVE, structure),
        "alone": _alone(request.user, [mandate for mandate in mandates if mandate.role != Mandate.Role.HELPER]),
        "entries": [(one, form if one.pk == claim_pk else JoiningDecisionForm(prefix=str(one.pk))) for one in waiting],
        "invitations": structure.invitations.standing(),
        "form": form,
    }
    return render(request, "directory/team.html", context, status=422 if form else 200)


def _alone(person, team_mandates):
    """What to say when one person alone is of the team, "" otherwise."""
    return ALONE[team_mandates[0].user_id == person.pk] if len(team_mandates) == 1 else ""


def _mandate(structure, pk):
    mandates = structure.mandates.not_over().select_related("user")
    return get_object_or_404(mandates, pk=min(pk, LARGEST_ID))


def _do(request, structure, done, change, **of_what):
    try:
        change(by=request.user, **of_what)
    except team.TeamRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return _home_of(request, structure)


def _home_of(request, structure):
    """The team, or one's own space for whoever has just left it."""
    return redirect("team", structure.pk) if request.user.has_perm(RUN, structure) else redirect("my-space")
