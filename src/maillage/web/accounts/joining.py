"""Opening an account in two screens: an address, then, by the link of the letter, a name and a password."""

from allauth.account.utils import get_next_redirect_url
from django.contrib import messages
from django.shortcuts import redirect, render

from maillage.accounts import links, services
from maillage.accounts.models import User
from maillage.kernel.pages import page
from maillage.web.accounts.forms import AddressForm, JoinForm
from maillage.web.accounts.guards import enter, for_visitors, limited, posted
from maillage.web.addresses import site_of

WRITTEN_TO = "sign_up_address"  # in the session: the address that was typed, to be read again


@limited("letter", about=posted("email"))
@page(public=True, methods=("GET", "POST"))
@for_visitors
def sign_up(request):
    form = AddressForm(request.POST or None)
    next_url = get_next_redirect_url(request) or ""
    if form.is_valid():
        services.ask_to_join(email=form.cleaned_data["email"], site=site_of(request), next_url=next_url)
        request.session[WRITTEN_TO] = form.cleaned_data["email"]
        return redirect("sign-up-asked")
    context = {"form": form, "next": next_url}
    return render(request, "account/sign_up.html", context, status=422 if request.method == "POST" else 200)


@page(public=True)
def sign_up_asked(request):
    return render(request, "account/sign_up_asked.html", {"email": request.session.get(WRITTEN_TO)})


@limited("token")
@page(public=True, methods=("GET", "POST"))
def join(request, token):
    try:
        facts = links.read("join", token)
        email = facts["email"]
        if User.objects.with_address(email):
            return render(request, "account/already_joined.html", {"email": email}, status=410)
        form = JoinForm(request.POST or None, email=email)
        if form.is_valid():
            try:
                person = services.join(token=token, **form.cleaned_data)
            except services.AccountRefused as refusal:
                messages.info(request, str(refusal))
                return redirect("account_login")
            return enter(request, person, method="email", next_url=facts.get("next") or None)
    except links.LinkRefused:
        return render(request, "account/link_over.html", {"again": "account_signup"}, status=410)
    context = {"form": form, "email": email}
    return render(request, "account/join.html", context, status=422 if request.method == "POST" else 200)
