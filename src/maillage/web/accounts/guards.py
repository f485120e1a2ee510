"""What the pages of accounts share: limits on what can be guessed, and the way in."""

import time
from functools import wraps
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.utils import get_next_redirect_url, perform_login
from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.accounts import limits

CONFIRMED_FOR_S = 15 * 60


def limited(what, about=None):
    """Count every POST of a view before it runs, outside of its transaction; 429 when there were too many.

    about  a function of the request that tells whom or what the try is about, when the limit asks for it
    """

    def guard(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if request.method == "POST":
                whose = {"place": limits.place_of(request)} | ({"about": about(request)} if about else {})
                if not limits.allow(what, **whose):
                    return render(request, "429.html", status=429)
            return view(request, *args, **kwargs)

        return guarded

    return guard


def posted(name):
    """The field ``name`` of the request, as one compares it."""

    def read(request):
        return request.POST.get(name, "").strip().lower()

    return read


def for_visitors(view):
    """A page of no use to those who are signed in: they go to their own."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.user.is_authenticated:
            return redirect("my-space")
        return view(request, *args, **kwargs)

    return guarded


def recently_confirmed(view):
    """A page that could harm the account: someone who finds the device open must first show that it is theirs."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not was_recently_confirmed(request):
            here = request.get_full_path() if request.method == "GET" else reverse("my-account")
            return redirect(f"{reverse('confirm-it-is-you')}?{urlencode({'next': here})}")
        return view(request, *args, **kwargs)

    return guarded


def was_recently_confirmed(request):
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < CONFIRMED_FOR_S


def enter(request, person, *, method, next_url=None, **details):
    """Sign ``person`` in: the answer is ``next_url``, « Mon espace », or the second factor that the account asks for.

    next_url  an address of ours: the caller has checked it
    """
    if request.user.is_authenticated and request.user != person:
        logout(request)
    record_authentication(request, person, method=method, **details)
    return perform_login(request, person, redirect_url=next_url)


def confirm(request, *, method, next_url=None):
    """Note that ``request.user`` has just shown who they are; the answer leads to what they came for."""
    record_authentication(request, request.user, method=method)
    return redirect(next_url or get_next_redirect_url(request) or "my-account")


def whoever(request):
    return str(request.user.pk or "")
