"""The agreements of one's structures, the page of one, its PDF, and what is done with it by one button."""

import json

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from maillage.agreements import services
from maillage.agreements.documents import KINDS
from maillage.agreements.models import Agreement, Side, SignedCopy
from maillage.agreements.printing import as_pdf, draft_as_pdf
from maillage.agreements.signing import remind, sides_to_sign
from maillage.agreements.writing import compose, is_intact
from maillage.kernel.pages import page
from maillage.web.addresses import LARGEST_ID, site_of
from maillage.web.agreements.forms import TerminateForm, checked_answers_of

AGREEMENTS_PER_PAGE = 20


@page()
def agreement_list(request):
    mine = Agreement.objects.seen_by(request.user).select_related("lender", "borrower")
    over = Paginator(mine.over(), AGREEMENTS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"open": mine.open(), "in_force": mine.in_force(), "page": over}
    return render(request, "agreements/agreement_list.html", context)


@page()
def agreement_page(request, pk):
    agreement = agreement_or_404(request, pk)
    version = agreement.latest
    side = services.side_of(agreement, request.user)
    context = {"agreement": agreement, "version": version, "kind": KINDS[agreement.nature], "side": side}
    if version is None:
        form = checked_answers_of(agreement)
        context["missing"] = [] if form.is_valid() else list(form.errors)
        context["content"] = None if form.errors else compose(agreement, form.cleaned_data)
    else:
        context |= said_of(version) | {
            "to_sign": sides_to_sign(agreement, request.user),
            "waits_for": _waits_for(agreement, version),
            "is_intact": is_intact(version),
            "copy": SignedCopy.objects.filter(version=version).values("digest").first(),
            "may_terminate": agreement.state == Agreement.State.IN_FORCE
            and not agreement.is_over
            and request.user.has_perm("agreements.sign_agreement", agreement),
        }
    context["other"] = agreement.structure_of(side.other)
    return render(request, "agreements/agreement.html", context)


def said_of(version):
    """What the template of a document shows of ``version``."""
    signed = {one.side: one for one in version.signatures.all()}
    content = json.loads(version.content)
    return {"content": content, "signatures": [(side["name"], signed.get(side["side"])) for side in content["sides"]]}


def _waits_for(agreement, version):
    """The structures whose signature is missing, with their side."""
    signed = {one.side for one in version.signatures.all()}
    return [(agreement.structure_of(side), side) for side in Side if side not in signed] if agreement.is_to_sign else []


@page()
def agreement_pdf(request, pk):
    """The signed copy to the byte once there is one, else what the agreement says today."""
    agreement = agreement_or_404(request, pk)
    version = agreement.latest
    if version is None:
        form = checked_answers_of(agreement)
        if not form.is_valid():
            raise Http404
        pdf = draft_as_pdf(agreement, compose(agreement, form.cleaned_data))
    else:
        copy = SignedCopy.objects.filter(version=version).first()
        pdf = bytes(copy.pdf) if copy else as_pdf(version)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="accord-{agreement.pk}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@page(methods=("POST",))
def propose_agreement(request, pk):
    agreement = agreement_or_404(request, pk)
    form = checked_answers_of(agreement)
    if agreement.state != Agreement.State.DRAFT or not form.is_valid():
        messages.error(request, "Il reste quelque chose à remplir avant de proposer cet accord.")
        return redirect("write-agreement", pk)
    return propose(request, agreement, form, redirect(agreement))


def propose(request, agreement, form, on_refusal):
    """Propose what ``form``, valid, answers; leads to the page of the agreement."""
    try:
        services.propose(
            agreement_id=agreement.pk,
            author=request.user,
            facts=form.cleaned_data,
            typed=form.typed,
            site=site_of(request),
        )
    except services.AgreementRefused as refusal:
        messages.error(request, str(refusal))
        return on_refusal
    other = agreement.structure_of(services.side_of(agreement, request.user).other)
    messages.success(request, f"L’accord est proposé. Nous avons écrit à {other.name}.")
    return redirect(agreement)


@page(methods=("POST",))
def withdraw_agreement(request, pk):
    agreement = agreement_or_404(request, pk)
    try:
        services.withdraw(agreement_id=agreement.pk, author=request.user, site=site_of(request))
    except services.AgreementRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(agreement)
    messages.success(request, "Cet accord est abandonné. Rien n’est engagé.")
    return redirect("agreements")


@page(methods=("POST",))
def remind_agreement(request, pk):
    agreement = agreement_or_404(request, pk)
    other = services.side_of(agreement, request.user).other
    if remind(agreement_id=agreement.pk, side=other, site=site_of(request)):
        messages.success(request, f"Un rappel part vers {agreement.structure_of(other).name}.")
    else:
        messages.info(request, "Un rappel est déjà parti aujourd’hui, ou n’est plus utile.")
    return redirect(agreement)


@page(methods=("POST",))
def renew_agreement(request, pk):
    agreement = agreement_or_404(request, pk)
    try:
        draft = services.renew(agreement_id=agreement.pk, author=request.user)
    except services.AgreementRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(agreement)
    messages.success(request, "Voici un brouillon avec les mêmes réponses. Il reste les jours à écrire.")
    return redirect("write-agreement", draft.pk)


@page(methods=("GET", "POST"))
def terminate_agreement(request, pk):
    agreement = agreement_or_404(request, pk, "agreements.sign_agreement")
    form = TerminateForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.terminate(
                agreement_id=agreement.pk, author=request.user, site=site_of(request), **form.cleaned_data
            )
        except services.AgreementRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "L’accord est résilié. L’autre association reçoit votre raison.")
            return redirect(agreement)
    context = {"agreement": agreement, "form": form}
    return render(request, "agreements/terminate.html", context, status=422 if form.errors else 200)


def agreement_or_404(request, pk, permission="agreements.see_agreement"):
    """The agreement, or 404 for whoever may not."""
    related = Agreement.objects.select_related("lender__commune", "borrower__commune", "listing")
    found = related.filter(pk=pk).first() if pk <= LARGEST_ID else None
    if found is None or not request.user.has_perm(permission, found):
        raise Http404
    return found
