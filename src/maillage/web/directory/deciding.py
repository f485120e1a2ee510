"""Answering who asks to act for a structure, as the territory's team does, and as those who represent it do."""

from django.contrib import messages

from maillage.directory import claims
from maillage.directory.models import Claim
from maillage.web.addresses import site_of


def decide(request, claim, form_class):
    """Answer ``claim`` by the button that was pressed; returns the form when what it says must be mended, else None."""
    form = form_class(request.POST, prefix=str(claim.pk), decision=request.POST.get("decision", ""))
    if not form.is_valid():
        return form
    decision = {"claim_id": claim.pk, "decided_by": request.user, "site": site_of(request)}
    try:
        if form.decision == Claim.State.REFUSED:
            claims.refuse_claim(**decision, refusal=form.cleaned_data["refusal"])
        elif form.decision == form.ASK:
            claims.ask_more(**decision, question=form.cleaned_data["refusal"])
        else:
            claims.accept_claim(**decision, **form.acceptances[form.decision])
    except claims.ClaimRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "C’est noté. La personne l’apprend par e\u2011mail.")
    return None
