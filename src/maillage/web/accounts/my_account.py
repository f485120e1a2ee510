"""« Mon compte »: name, address, password, devices."""

from allauth.account.utils import get_next_redirect_url
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.shortcuts import redirect, render

from maillage.accounts import links, protection, services
from maillage.kernel.pages import page
from maillage.web.accounts.forms import AddressForm, ConfirmForm, NameForm, NewPasswordForm
from maillage.web.accounts.guards import confirm, limited, posted, recently_confirmed, whoever
from maillage.web.addresses import site_of


@page(methods=("GET", "POST"))
def my_account(request):
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": request.user.name})
    if form.is_valid():
        services.rename(person=request.user, name=form.cleaned_data["name"])
        messages.success(request, "Votre nom est enregistré.")
        return redirect("my-account")
    context = {
        "form": form,
        "has_second_factor": protection.has_second_factor(request.user),
        "is_linked": request.user.identities.exists(),
        "passkeys_count": protection.passkeys(request.user).count(),
    }
    return render(request, "account/my_account.html", context, status=_status(form))


@limited("password-again", about=whoever)
@page(methods=("GET", "POST"))
def confirm_it_is_you(request):
    form = ConfirmForm(request.POST if request.method == "POST" else None, person=request.user)
    if form.is_valid():
        return confirm(request, method="password")
    context = {"form": form, "next": get_next_redirect_url(request) or ""}
    return render(request, "account/confirm_it_is_you.html", context, status=_status(form))


@page(methods=("GET", "POST"))
@recently_confirmed
def change_password(request):
    form = NewPasswordForm(request.POST if request.method == "POST" else None, person=request.user)
    if form.is_valid():
        services.set_password(person=request.user, site=site_of(request), **form.cleaned_data)
        update_session_auth_hash(request, request.user)
        messages.success(request, "Votre mot de passe est changé. Vos autres appareils sont déconnectés.")
        return redirect("my-account")
    context = {"form": form, "email": request.user.email}
    return render(request, "account/choose_password.html", context, status=_status(form))


@limited("letter", about=posted("email"))
@page(methods=("GET", "POST"))
@recently_confirmed
def ask_new_address(request):
    form = AddressForm(request.POST if request.method == "POST" else None)
    form.fields["email"].label = "Votre nouvelle adresse e\u2011mail"
    if form.is_valid():
        services.ask_new_address(person=request.user, email=form.cleaned_data["email"], site=site_of(request))
        messages.info(
            request, "Un message vient de partir à la nouvelle adresse. Pressez son bouton pour la confirmer."
        )
        return redirect("my-account")
    return render(request, "account/change_address.html", {"form": form}, status=_status(form))


@limited("token")
@page(methods=("GET", "POST"))
def confirm_address(request, token):
    """The new address serves once a button is pressed: programs that visit the links of letters press none."""
    try:
        person, facts = links.read_for("address", token)
        if person != request.user:
            raise links.LinkRefused
        if request.method == "POST":
            request.user.email = services.change_address(token=token, reader=request.user, site=site_of(request)).email
            messages.success(request, "Votre nouvelle adresse est enregistrée. Connectez-vous avec elle désormais.")
            return redirect("my-account")
    except links.LinkRefused:
        return render(request, "account/link_over.html", {"again": "change-address"}, status=410)
    except services.AccountRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("change-address")
    return render(request, "account/confirm_address.html", {"email": facts["email"]})


@page(methods=("POST",))
@recently_confirmed
def unlink(request):
    services.unlink(person=request.user, site=site_of(request))
    messages.success(request, "Votre compte n’est plus relié à un autre site.")
    return redirect("my-account")


@page(methods=("POST",))
def end_other_sessions(request):
    services.end_other_sessions(person=request.user)
    update_session_auth_hash(request, request.user)
    messages.success(request, "Vos autres appareils sont déconnectés. Celui-ci reste connecté.")
    return redirect("my-account")


def _status(form):
    return 422 if form.errors else 200
