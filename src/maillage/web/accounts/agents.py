"""The territory's team: who is of it, who joins, who leaves. Each change is told to the person, and in the journal."""

from django.contrib import messages
from django.shortcuts import redirect, render

from maillage.accounts import services
from maillage.accounts.models import User
from maillage.kernel.pages import page
from maillage.web.accounts.forms import ColleagueForm
from maillage.web.accounts.guards import limited, recently_confirmed, whoever
from maillage.web.addresses import LARGEST_ID, site_of


@limited("agents", about=whoever)
@page(permission="accounts.manage_team", methods=("GET", "POST"))
@recently_confirmed
def agent_list(request):
    form = ColleagueForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            person = services.enter_team(email=form.cleaned_data["email"], by=request.user, site=site_of(request))
        except services.AccountRefused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, f"{person} fait maintenant partie de l’équipe. Un e\u2011mail le lui dit.")
            return redirect("agents")
    people = User.objects.filter(is_agent=True, is_active=True).order_by("name", "email")
    return render(request, "account/agents.html", {"people": people, "form": form}, status=422 if form.errors else 200)


@page(permission="accounts.manage_team", methods=("POST",))
@recently_confirmed
def dismiss_agent(request, pk):
    try:
        person = services.leave_team(person_id=min(pk, LARGEST_ID), by=request.user, site=site_of(request))
    except services.AccountRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{person} ne fait plus partie de l’équipe.")
        if person == request.user:
            return redirect("my-space")
    return redirect("agents")
