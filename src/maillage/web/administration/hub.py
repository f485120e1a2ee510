"""« L’équipe »: all that waits for agents, and the letter that tells them."""

from django.contrib import messages
from django.shortcuts import redirect, render

from maillage.digest import team
from maillage.kernel.pages import page
from maillage.web.administration import cards

LETTER_STARTS = "C’est noté\u00a0: un e\u2011mail le matin, quand quelque chose est arrivé."
LETTER_STOPS = "C’est noté\u00a0: vous ne recevrez plus cet e\u2011mail."


@page(permission="accounts.see_administration")
def hub(request):
    to_answer = cards.to_answer()
    context = {
        "to_answer": to_answer,
        "waiting": sum(card.awaiting.count for card in to_answer),
        "to_keep": cards.to_keep(),
        "team": cards.TEAM,
        "hears_of_team": team.hears_of_team(request.user),
    }
    return render(request, "administration/hub.html", context)


@page(permission="accounts.see_administration", methods=("POST",))
def hear_of_team(request):
    hears = request.POST.get("hears") == "yes"
    team.hear_of_team(person=request.user, hears=hears)
    messages.success(request, LETTER_STARTS if hears else LETTER_STOPS)
    return redirect("administration")
