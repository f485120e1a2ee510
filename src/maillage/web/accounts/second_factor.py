"""Signing in with a code of an application besides the password, for those who want it."""

import base64

from allauth.account.internal.flows.login import record_authentication
from allauth.account.stages import LoginStageController
from allauth.mfa.adapter import get_adapter
from django.contrib import messages
from django.core import signing
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from maillage.accounts import protection, services
from maillage.accounts.stages import SecondFactorStage
from maillage.kernel.pages import page
from maillage.web.accounts.forms import ApplicationCodeForm, SecondFactorForm
from maillage.web.accounts.guards import limited, recently_confirmed, whoever
from maillage.web.addresses import site_of

SALT, SECRET_LASTS_S = "maillage.accounts.new-secret", 60 * 60


def _pending(request):
    """The stage of signing in that waits for a code, or None."""
    return None if request.user.is_authenticated else LoginStageController.enter(request, SecondFactorStage.key)


def _pending_person(request):
    stage = _pending(request)
    return str(stage.login.user.pk) if stage else ""


@limited("second-factor", about=_pending_person)
@page(public=True, methods=("GET", "POST"))
def ask_code(request):
    stage = _pending(request)
    if stage is None:
        return redirect("my-space" if request.user.is_authenticated else "account_login")
    form = SecondFactorForm(request.POST if request.method == "POST" else None, person=stage.login.user)
    if form.is_valid():
        record_authentication(request, stage.login.user, method="mfa")
        return stage.exit()
    return render(request, "account/second_factor_code.html", {"form": form}, status=422 if form.errors else 200)


@limited("second-factor", about=whoever)
@page(methods=("GET", "POST"))
@recently_confirmed
@never_cache
def second_factor(request):
    """The secret travels signed in the form: reading the page writes nothing."""
    if protection.has_second_factor(request.user):
        return render(request, "account/second_factor_on.html")
    token = request.POST.get("secret", "")
    secret = _read(token, request.user)
    if request.method == "POST" and secret is None:
        messages.info(request, "Cette page a attendu trop longtemps. Voici un autre code à photographier.")
        return redirect("second-factor")
    if secret is None:
        secret = protection.new_secret()
        token = signing.dumps({"secret": secret, "person": request.user.pk}, salt=SALT)
    form = ApplicationCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            code = form.cleaned_data["code"]
            protection.turn_on(person=request.user, secret=secret, code=code, site=site_of(request))
        except services.AccountRefused as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(
                request, "La connexion en deux étapes est en place. Gardez maintenant vos codes de secours."
            )
            return redirect("rescue-codes")
    adapter = get_adapter()
    drawing = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    context = {
        "form": form,
        "token": token,
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "drawing": base64.b64encode(drawing.encode()).decode(),
    }
    return render(request, "account/second_factor.html", context, status=422 if form.errors else 200)


@page(methods=("POST",))
@recently_confirmed
def turn_off(request):
    protection.turn_off(person=request.user, site=site_of(request))
    messages.success(request, "La connexion en deux étapes est arrêtée. Votre mot de passe suffit.")
    return redirect("my-account")


@page(methods=("GET", "POST"))
@recently_confirmed
@never_cache
def rescue_codes(request):
    if not protection.has_second_factor(request.user):
        return redirect("second-factor")
    if request.method == "POST":
        protection.renew_rescue_codes(person=request.user, site=site_of(request))
        messages.success(request, "Voici vos nouveaux codes. Les anciens ne servent plus.")
        return redirect("rescue-codes")
    return render(request, "account/rescue_codes.html", {"codes": protection.rescue_codes(request.user)})


def _read(token, person):
    try:
        facts = signing.loads(token, salt=SALT, max_age=SECRET_LASTS_S)
    except signing.BadSignature:
        return None
    return facts["secret"] if facts["person"] == person.pk else None
