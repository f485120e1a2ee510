"""Passkeys: signing in with the fingerprint, the face or the code of one's device. They need JavaScript."""

import json

from allauth.account.utils import get_next_redirect_url
from allauth.mfa.webauthn.internal import auth
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import redirect, render

from maillage.accounts import protection, services
from maillage.kernel.pages import page
from maillage.web.accounts.forms import PasskeyForm
from maillage.web.accounts.guards import enter, limited, recently_confirmed
from maillage.web.addresses import site_of

REFUSED = "Cette clé d’accès n’est pas reconnue. Essayez encore, ou connectez-vous autrement."


@page(methods=("GET", "POST"))
@recently_confirmed
def passkeys(request):
    form = PasskeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            _add(request, form.cleaned_data)
        except (ValidationError, ValueError, KeyError):
            form.add_error(None, "Votre appareil n’a pas pu faire de clé d’accès. Essayez encore, ou avec un autre.")
        except services.AccountRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Votre clé d’accès est ajoutée. Elle sert dès la prochaine connexion.")
            return redirect("passkeys")
    context = {"form": form, "passkeys": protection.passkeys(request.user)}
    return render(request, "account/passkeys.html", context, status=422 if form.errors else 200)


@page(methods=("POST",))
@recently_confirmed
def new_passkey(request):
    """What the browser needs to make a key; the challenge stays in the session."""
    return JsonResponse(dict(auth.begin_registration(request.user, passwordless=True)))


@page(methods=("POST",))
@recently_confirmed
def remove_passkey(request, pk):
    protection.remove_passkey(person=request.user, pk=pk, site=site_of(request))
    messages.success(request, "La clé d’accès est retirée.")
    return redirect("passkeys")


@limited("token")
@page(public=True, methods=("POST",))
def ask_passkey(request):
    """What the browser needs to use a key; the challenge stays in the session."""
    return JsonResponse(dict(auth.begin_authentication()))


@limited("token")
@page(public=True, methods=("POST",))
def sign_in_by_passkey(request):
    try:
        credential = json.loads(request.POST.get("credential", ""))
        person = auth.extract_user_from_response(credential)
        auth.parse_authentication_response(credential)
        means = auth.complete_authentication(person, credential)
    except (ValidationError, ValueError, KeyError, TypeError, AttributeError):
        messages.error(request, REFUSED)
        return redirect("account_login")
    means.record_usage()
    next_url = get_next_redirect_url(request)
    return enter(request, person, method="mfa", type="webauthn", passwordless=True, next_url=next_url)


def _add(request, facts):
    credential = json.loads(facts["credential"])
    auth.parse_registration_response(credential)
    auth.complete_registration(credential)
    protection.add_passkey(person=request.user, name=facts["name"], credential=credential, site=site_of(request))
