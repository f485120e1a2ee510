"""Signing in without a password, by a letter: its link where it is read, or its code where one began."""

import secrets
import time

from allauth.account.utils import get_next_redirect_url
from django.shortcuts import redirect, render

from maillage.accounts import links, services
from maillage.kernel.pages import page
from maillage.web.accounts.forms import AddressForm, CodeForm
from maillage.web.accounts.guards import confirm, enter, for_visitors, limited, posted
from maillage.web.addresses import site_of

ASKED = "sign_in_code"  # in the session: whom the letter is for, what its code is made from, since when


@limited("letter", about=posted("email"))
@page(public=True, methods=("GET", "POST"))
@for_visitors
def ask_letter(request):
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _write_to(request, form.cleaned_data["email"])
    context = {"form": form, "next": get_next_redirect_url(request) or ""}
    return render(request, "account/ask_letter.html", context, status=422 if form.errors else 200)


@limited("letter", about=lambda request: getattr(request.user, "email", "").lower())
@page(methods=("POST",))
def confirm_by_letter(request):
    """For those who signed in without a password, and must show again who they are."""
    return _write_to(request, request.user.email)


@limited("code", about=lambda request: request.session.get(ASKED, {}).get("nonce", ""))
@page(public=True, methods=("GET", "POST"))
def copy_code(request):
    asked = request.session.get(ASKED)
    if not asked or time.time() - asked["at"] > links.LASTS["sign-in"]:
        return redirect("ask-letter")
    form = CodeForm(
        request.POST if request.method == "POST" else None,
        is_right=lambda code: services.person_of_code(email=asked["email"], nonce=asked["nonce"], code=code),
    )
    if form.is_valid():
        del request.session[ASKED]
        if request.user == form.person:
            return confirm(request, method="email", next_url=asked["next"])
        return enter(request, form.person, method="email", next_url=asked["next"])
    context = {"form": form, "email": asked["email"]}
    return render(request, "account/copy_code.html", context, status=422 if form.errors else 200)


@limited("token")
@page(public=True, methods=("GET", "POST"))
def follow_link(request, token):
    """Signed in once the button is pressed: programs that visit the links of letters press none."""
    try:
        person, _ = links.read_for("sign-in", token)
    except links.LinkRefused:
        return render(request, "account/link_over.html", {"again": "ask-letter"}, status=410)
    if request.method == "POST":
        return enter(request, person, method="email")
    return render(request, "account/follow_link.html", {"email": person.email})


def _write_to(request, email):
    nonce = secrets.token_urlsafe(16)
    next_url = get_next_redirect_url(request)
    request.session[ASKED] = {"email": email, "nonce": nonce, "at": time.time(), "next": next_url}
    services.ask_sign_in_letter(email=email, nonce=nonce, site=site_of(request))
    return redirect("copy-code")
