"""Signing in, signing out, choosing a new password (django-allauth), and « Mon espace »."""

from allauth.account.views import (
    LoginView,
    LogoutView,
    PasswordResetDoneView,
    PasswordResetFromKeyDoneView,
    PasswordResetFromKeyView,
    PasswordResetView,
)
from django.db.models import Count, Q
from django.shortcuts import render

from maillage.directory.models import Mandate
from maillage.kernel.pages import page
from maillage.sharing.models import Listing
from maillage.web.accounts.forms import AskNewPasswordForm, ChooseNewPasswordForm, SignInForm


class WrongIsUnprocessable:
    """An invalid form is answered with 422; the attempt that django-axes counts stays written."""

    def form_invalid(self, form):
        response = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response


class SignIn(WrongIsUnprocessable, LoginView):
    form_class = SignInForm


class AskNewPassword(WrongIsUnprocessable, PasswordResetView):
    form_class = AskNewPasswordForm


class ChooseNewPassword(WrongIsUnprocessable, PasswordResetFromKeyView):
    form_class = ChooseNewPasswordForm


sign_in = SignIn.as_view()
sign_out = LogoutView.as_view()
ask_new_password = AskNewPassword.as_view()
new_password_asked = PasswordResetDoneView.as_view()
choose_new_password = ChooseNewPassword.as_view()
new_password_chosen = PasswordResetFromKeyDoneView.as_view()


@page(public=True)
def sign_up_closed(request):
    return render(request, "account/signup_closed.html")


@page(public=True)
def account_inactive(request):
    return render(request, "account/account_inactive.html", status=403)


@page()
def my_space(request):
    published = Count("structure__listings", filter=Q(structure__listings__state=Listing.State.PUBLISHED))
    mandates = (
        Mandate.objects.current()
        .filter(user=request.user)
        .select_related("structure__commune")
        .annotate(published=published, listings=Count("structure__listings"))
        .order_by("structure__name", "pk")
    )
    return render(request, "account/my_space.html", {"mandates": mandates})
