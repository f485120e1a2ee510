"""Signing on the page: the whole document, one's capacity, a code by e-mail."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render

from maillage.accounts import links
from maillage.agreements import signing
from maillage.agreements.models import Agreement, Side
from maillage.agreements.services import AgreementRefused
from maillage.kernel.pages import page
from maillage.web.accounts.forms import CodeForm
from maillage.web.accounts.guards import limited
from maillage.web.addresses import site_of
from maillage.web.agreements.forms import SignForm
from maillage.web.agreements.views import agreement_or_404, said_of

ASKED = "agreement_to_sign"  # in the session: {number of the agreement: the token of what one is about to sign}


def _person(request):
    return str(request.user.pk or "")


@limited("agreement-code", about=_person)
@page(methods=("GET", "POST"))
def sign_agreement(request, pk):
    agreement = agreement_or_404(request, pk, "agreements.sign_agreement")
    sides = signing.sides_to_sign(agreement, request.user)
    if not sides:
        messages.info(request, "Cet accord n’attend pas votre signature.")
        return redirect(agreement)
    version = agreement.latest
    form = SignForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and request.POST.get("version") not in (str(version.pk), None):
        form.add_error(None, signing.CHANGED)
    elif form.is_valid():
        try:
            token = signing.ask_code(
                version=version,
                person=request.user,
                side=sides[0],
                capacity=form.cleaned_data["capacity"],
                site=site_of(request),
            )
        except AgreementRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            request.session[ASKED] = request.session.get(ASKED, {}) | {str(pk): token}
            return redirect("agreement-code", pk)
    context = {
        "agreement": agreement,
        "version": version,
        "form": form,
        "structure": agreement.structure_of(sides[0]),
        **said_of(version),
    }
    return render(request, "agreements/sign.html", context, status=422 if form.errors else 200)


@limited("agreement-sign", about=_person)
@page(methods=("GET", "POST"))
def agreement_code(request, pk):
    agreement = agreement_or_404(request, pk, "agreements.sign_agreement")
    token = request.session.get(ASKED, {}).get(str(pk), "")
    try:
        facts = signing.facts_of(token, request.user)
    except links.LinkRefused:
        messages.info(request, "Ce code ne sert plus. Demandez\u2011en un autre pour signer.")
        return redirect("sign-agreement", pk)
    form = CodeForm(
        request.POST if request.method == "POST" else None, is_right=lambda code: _sign(request, token, code)
    )
    if form.is_valid():
        asked = request.session[ASKED]
        request.session[ASKED] = {number: kept for number, kept in asked.items() if number != str(pk)}
        agreement.refresh_from_db()
        is_whole = agreement.state == Agreement.State.IN_FORCE
        said = "Les deux associations ont signé. Chacune reçoit son exemplaire par e\u2011mail."
        messages.success(request, said if is_whole else "Vous avez signé. L’autre association en est prévenue.")
        return redirect(agreement)
    context = {"agreement": agreement, "form": form, "structure": agreement.structure_of(Side(facts["side"]))}
    return render(request, "agreements/code.html", context, status=422 if form.errors else 200)


def _sign(request, token, code):
    try:
        return signing.sign(token=token, code=code, person=request.user, site=site_of(request))
    except AgreementRefused as refusal:
        raise forms.ValidationError(str(refusal)) from refusal
