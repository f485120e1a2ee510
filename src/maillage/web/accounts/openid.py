"""Signing in at the provider that the operator trusts: leaving, and coming back.

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
from django.views.decorators.http import require_safe

from maillage.accounts import openid, services
from maillage.kernel.pages import page
from maillage.web.accounts.guards import enter
from maillage.web.addresses import site_of

logger = logging.getLogger(__name__)
COOKIE, SALT, LASTS_S = "openid", "maillage.accounts.openid", 10 * 60


@page(public=True)
def leave(request):
    _only_when_set()
    try:
        address, memory = openid.leave(_callback(request))
    except openid.OpenIdRefused as refusal:
        return _refuse(request, refusal)
    response = redirect(address)
    value = json.dumps(memory | {"next": get_next_redirect_url(request)})
    flags = {"secure": request.is_secure(), "httponly": True, "samesite": "Lax", "path": reverse("openid")}
    response.set_signed_cookie(COOKIE, value, salt=SALT, max_age=LASTS_S, **flags)
    return response


@require_safe
def come_back(request):
    _only_when_set()
    try:
        memory = json.loads(request.get_signed_cookie(COOKIE, salt=SALT, max_age=LASTS_S))
        stranger = openid.come_back(request.GET, memory, _callback(request))
        with transaction.atomic():
            person = services.welcome(stranger, provider=settings.OPENID["name"], site=site_of(request))
            response = enter(request, person, method="openid", next_url=memory["next"])
    except (KeyError, signing.BadSignature):
        response = _refuse(request, "no cookie, or too old")
    except openid.OpenIdRefused as refusal:
        response = _refuse(request, refusal)
    response.delete_cookie(COOKIE, path=reverse("openid"))
    return response


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
