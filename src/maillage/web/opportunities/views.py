"""« Des occasions pour vous »: what was found for one’s structures, and what one answers."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from maillage.conversations.services import mark_as_read, tell_by_letter
from maillage.directory.models import Structure
from maillage.kernel.pages import page
from maillage.opportunities import services
from maillage.opportunities.models import Opportunity, Party, Reason
from maillage.opportunities.perspective import Perspective
from maillage.opportunities.queries import parties_whole
from maillage.territory.maps import territory_map
from maillage.web.addresses import LARGEST_ID, site_of
from maillage.web.opportunities.drawing import draw
from maillage.web.opportunities.forms import DeclineForm, QuestionForm

SHOWN = 24
TOLD_FOR = timedelta(days=30)  # what came to nothing
NEVER_AGAIN = "Cette occasion ne reviendra pas."
AFTER_NO = {
    Reason.NOT_NOW: "Nous n’y revenons pas avant deux mois, sauf si vous changez vos annonces.",
    Reason.TOO_FAR: "Nous chercherons plus près.",
    Reason.ALREADY_FOUND: "Pensez à terminer votre annonce, si elle ne sert plus.",
}


@page()
def my_opportunities(request):
    mine = parties_whole().of_structures_of(request.user).order_by("-opportunity__value", "pk")
    living = [_seen(party) for party in mine.living()[:SHOWN]]
    in_vain = mine.in_vain().filter(answered_at__gte=timezone.now() - TOLD_FOR)
    context = {
        "pending": [one for one in living if one["party"].answer == Party.Answer.PENDING],
        "waiting": [one for one in living if one["party"].answer == Party.Answer.INTERESTED],
        "agreed": [_seen(party) for party in mine.agreed()[:SHOWN]],
        "in_vain": in_vain[:SHOWN],
        "acts_for_a_structure": Structure.objects.acted_for_by(request.user).exists(),
    }
    return render(request, "opportunities/my_opportunities.html", context)


def _seen(party):
    perspective = Perspective.of(party)
    return {"party": party, "seen": perspective, "drawing": draw(perspective)}


@page()
def opportunity_page(request, pk):
    return _page_of(request, _party(request, pk), DeclineForm())


@page(methods=("POST",))
def accept(request, pk):
    party = _party(request, pk)
    try:
        services.answer_opportunity(party_id=party.pk, author=request.user, answer=Party.Answer.INTERESTED)
    except services.AnswerRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(party)
    opportunity = Opportunity.objects.select_related("conversation").get(pk=party.opportunity_id)
    if opportunity.conversation:
        first = opportunity.conversation.messages.first()
        mark_as_read(user=request.user, message=first)  # the page that comes next shows it
        tell_by_letter(message=first, site=site_of(request))
        messages.success(request, "Tout le monde a dit oui\u202f! Voici votre conversation, avec la prochaine étape.")
        return redirect(opportunity.conversation)
    messages.success(request, "C’est noté. Dès que les autres ont dit oui, une conversation s’ouvre entre vous.")
    return redirect(party)


@page(methods=("POST",))
def decline(request, pk):
    party = _party(request, pk)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _page_of(request, party, form, status=422)
    try:
        services.answer_opportunity(
            party_id=party.pk,
            author=request.user,
            answer=Party.Answer.DECLINED,
            reason=form.cleaned_data["reason"],
        )
    except services.AnswerRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(party)
    messages.success(request, f"Merci de l’avoir dit. {AFTER_NO.get(form.cleaned_data['reason'], NEVER_AGAIN)}")
    return redirect("opportunities")


@page(methods=("POST",))
def ask(request, pk):
    party = _party(request, pk)
    form = QuestionForm(request.POST)
    if form.is_valid():
        try:
            services.ask_team(party_id=party.pk, author=request.user, **form.cleaned_data)
        except services.AnswerRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Votre question est posée. La réponse s’affichera sur cette page.")
            return redirect(f"{party.get_absolute_url()}#parler")
    return _page_of(request, party, DeclineForm(), question=form, status=422)


def _party(request, pk):
    """The party, or 404 for whoever does not act for it."""
    found = parties_whole().filter(pk=pk).first() if pk <= LARGEST_ID else None
    if found is None or not request.user.has_perm("opportunities.see_party", found):
        raise Http404
    return found


def _page_of(request, party, form, *, question=None, status=200):
    """``form``: of declining; ``question``: of asking the team."""
    is_living = Party.objects.living().filter(pk=party.pk).exists()
    if not is_living and party.opportunity.state != Opportunity.State.AGREED:
        return render(request, "opportunities/over.html", {"party": party}, status=410 if status == 200 else status)
    commune = party.place.commune
    context = {
        **_seen(party),
        "form": question if question and question.errors else form,
        "decline_form": form,
        "question_form": question or QuestionForm(),
        "questions": party.questions.select_related("answered_by"),
        "is_living": is_living,
        "map": territory_map(centre=commune, radius_km=party.distance, highlight=commune, list_anchor="partners"),
    }
    return render(request, "opportunities/opportunity.html", context, status=status)
