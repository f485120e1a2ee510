"""Choosing a new password by a letter."""

from django.contrib import messages
from django.shortcuts import redirect, render

from maillage.accounts import links, services
from maillage.kernel.pages import page
from maillage.web.accounts.forms import AddressForm, NewPasswordForm
from maillage.web.accounts.guards import enter, limited, posted
from maillage.web.addresses import site_of


@limited("letter", about=posted("email"))
@page(public=True, methods=("GET", "POST"))
def ask_new_password(request):
    form = AddressForm(request.POST or None)
    if form.is_valid():
        services.ask_new_password(email=form.cleaned_data["email"], site=site_of(request))
        return redirect("new-password-asked")
    return render(request, "account/ask_password.html", {"form": form}, status=422 if request.method == "POST" else 200)


@page(public=True)
def new_password_asked(request):
    return render(request, "account/password_asked.html")


@limited("token")
@page(public=True, methods=("GET", "POST"))
def choose_password(request, token):
    try:
        person, _ = links.read_for("password", token)
        form = NewPasswordForm(request.POST or None, person=person)
        if form.is_valid():
            person = services.choose_password(token=token, site=site_of(request), **form.cleaned_data)
            messages.success(request, "Votre mot de passe est changé.")
            return enter(request, person, method="email")
    except links.LinkRefused:
        return render(request, "account/link_over.html", {"again": "account_reset_password"}, status=410)
    context = {"form": form, "email": person.email}
    return render(request, "account/choose_password.html", context, status=422 if request.method == "POST" else 200)
