"""Signing in at the provider that the operator trusts, and out of it: leaving, and coming back.

What is remembered meanwhile is in a signed cookie. Coming back is a GET that writes, because the protocol says so: it
alone does, and it stays outside of the guard of pages.
"""

import json
import logging

from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from maillage.accounts import openid, services
from maillage.kernel.pages import page
from maillage.web.accounts.guards import enter
from maillage.web.addresses import site_of

logger = logging.getLogger(__name__)
COOKIE, SALT, LASTS_S = "openid", "maillage.accounts.openid", 10 * 60
ID_TOKEN = "openid_id_token"  # of the session: what shows the provider whose session it ends  # noqa: S105


@page(public=True)
def leave(request):
    _only_when_set()
    try:
        address, memory = openid.leave(_callback(request))
    except openid.OpenIdRefused as refusal:
        return _refuse(request, refusal)
    return _remember(request, redirect(address), memory | {"next": get_next_redirect_url(request)})


@require_safe
def come_back(request):
    _only_when_set()
    try:
        memory = _remembered(request)
        stranger = openid.come_back(request.GET, memory, _callback(request))
        with transaction.atomic():
            person = services.welcome(stranger, provider=settings.OPENID["name"], site=site_of(request))
            response = enter(request, person, method="openid", next_url=memory["next"])
            request.session[ID_TOKEN] = stranger.id_token
    except KeyError:
        response = _refuse(request, "no cookie, or too old")
    except openid.OpenIdRefused as refusal:
        response = _refuse(request, refusal)
    response.delete_cookie(COOKIE, path=reverse("openid"))
    return response


def sign_out_there(request, id_token):
    """The answer that takes someone who has just signed out here to the provider; None when it ends no session."""
    name = settings.OPENID["name"]
    try:
        address, state = openid.sign_out_there(id_token, request.build_absolute_uri(reverse("openid-signed-out")))
    except openid.OpenIdRefused as refusal:
        logger.warning("Signing out by OpenID Connect failed: %s", refusal)
        address = None
    if address is None:
        messages.warning(
            request,
            f"Votre session chez {name} reste ouverte. Sur un ordinateur partagé, fermez-la aussi chez {name}.",
        )
        return None
    return _remember(request, redirect(address), {"out": state})


@page(public=True)
def signed_out(request):
    """Back from the provider, whose session has ended; nothing is left to do here."""
    _only_when_set()
    state = _remembered(request).get("out")
    if state and constant_time_compare(request.GET.get("state", ""), state):
        messages.success(request, f"Votre session chez {settings.OPENID['name']} est fermée aussi.")
    response = redirect("home")
    response.delete_cookie(COOKIE, path=reverse("openid"))
    return response


def _remember(request, response, memory):
    flags = {"secure": request.is_secure(), "httponly": True, "samesite": "Lax", "path": reverse("openid")}
    response.set_signed_cookie(COOKIE, json.dumps(memory), salt=SALT, max_age=LASTS_S, **flags)
    return response


def _remembered(request):
    try:
        return json.loads(request.get_signed_cookie(COOKIE, salt=SALT, max_age=LASTS_S))
    except (KeyError, signing.BadSignature):
        return {}


def _only_when_set():
    if not settings.OPENID:
        raise Http404


def _callback(request):
    return request.build_absolute_uri(reverse("openid-return"))


def _refuse(request, why):
    logger.warning("Signing in by OpenID Connect failed: %s", why)
    name = settings.OPENID["name"]
    messages.error(request, f"La connexion avec {name} n’a pas abouti. Essayez encore, ou connectez-vous autrement.")
    return redirect("account_login")
