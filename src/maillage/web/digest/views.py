"""« Mes nouvelles »: when one receives the letter of news, and the way out that it and that of agents carry."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from maillage.accounts import links
from maillage.accounts.models import User
from maillage.digest import services, team
from maillage.digest.models import Subscription
from maillage.kernel.pages import page
from maillage.web.accounts.guards import limited
from maillage.web.digest.forms import RhythmForm


@page(methods=("GET", "POST"))
def choose_rhythm(request):
    now = services.rhythm_of(request.user)
    data = request.POST if request.method == "POST" else None
    form = RhythmForm(data, initial={"rhythm": now.rhythm, "weekday": str(now.weekday)})
    if form.is_valid():
        services.choose_rhythm(person=request.user, **form.cleaned_data)
        messages.success(request, "Votre choix est enregistré.")
        return redirect("digest")
    return render(request, "digest/choose_rhythm.html", {"form": form}, status=422 if form.errors else 200)


@csrf_exempt  # programs of e-mail press the button for people (RFC 8058): the signed address says whose it is
@limited("token")
@page(public=True, methods=("GET", "POST"))
def leave_digest(request, token):
    try:
        facts = links.read("leave-digest", token)
        person = User.objects.filter(pk=facts["person"]).first()
    except links.LinkRefused:
        person = None
    if person is None:
        return render(request, "digest/leave_digest.html", {"is_over": True}, status=410)
    is_of_team = facts.get("team", False)
    if request.method == "POST" and is_of_team:
        team.hear_of_team(person=person, hears=False)
    elif request.method == "POST":
        services.leave(person=person)
    now = services.rhythm_of(person)
    is_done = not now.hears_of_team if is_of_team else now.rhythm == Subscription.Rhythm.NEVER
    context = {"is_done": is_done, "is_of_team": is_of_team}
    return render(request, "digest/leave_digest.html", context)
