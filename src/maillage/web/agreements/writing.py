"""Writing an agreement: its questions on one page, kept as they are or checked whole."""

from django.contrib import messages
from django.shortcuts import redirect, render

from maillage.agreements import services
from maillage.agreements.documents import KINDS
from maillage.agreements.models import Agreement
from maillage.kernel.pages import page
from maillage.web.agreements.forms import AnswersForm, answers_of
from maillage.web.agreements.views import agreement_or_404, propose


@page(methods=("GET", "POST"))
def write_agreement(request, pk):
    agreement = agreement_or_404(request, pk)
    if not agreement.is_open:
        messages.info(request, "Cet accord ne se change plus.")
        return redirect(agreement)
    form = answers_of(agreement)
    if request.method == "POST":
        form = AnswersForm(request.POST, kind=KINDS[agreement.nature])
        if answer := _take(request, agreement, form):
            return answer
    context = {"agreement": agreement, "form": form, "kind": KINDS[agreement.nature]}
    return render(request, "agreements/write.html", context, status=422 if form.errors else 200)


def _take(request, agreement, form):
    """The answer to what was sent, None when it is to be mended."""
    is_draft = agreement.state == Agreement.State.DRAFT
    if is_draft and "keep" in request.POST:
        services.keep(agreement_id=agreement.pk, author=request.user, typed=form.typed)
        messages.success(request, "Votre brouillon est gardé. Vous le retrouvez ici quand vous voulez.")
        return redirect("agreements")
    if not form.is_valid():
        return None
    if is_draft:
        services.keep(agreement_id=agreement.pk, author=request.user, typed=form.typed)
        return redirect(agreement)
    return propose(request, agreement, form, redirect("write-agreement", agreement.pk))
