"""Signing in with a password (django-allauth), signing out."""

from allauth.account.views import LoginView, LogoutView
from django.conf import settings
from django.shortcuts import render

from maillage.kernel.pages import page
from maillage.web.accounts import openid
from maillage.web.accounts.forms import SignInForm
from maillage.web.accounts.guards import limited, posted
from maillage.web.accounts.reasons import reason_for


class SignIn(LoginView):
    form_class = SignInForm
    http_method_names = ["get", "head", "post"]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(openid=settings.OPENID, **kwargs)
        return context | {"reason": reason_for(context["redirect_field_value"] or "")}

    def form_invalid(self, form):
        """An invalid form is answered with 422; the attempt that django-axes counts stays written."""
        response = super().form_invalid(form)
        response.status_code = 422
        return response


sign_in = limited("sign-in", about=posted("login"))(SignIn.as_view())


class SignOut(LogoutView):
    def post(self, *args, **kwargs):
        """Who came by the provider is then taken there, to end that session too."""
        id_token = self.request.session.get(openid.ID_TOKEN)
        response = super().post(*args, **kwargs)
        return (openid.sign_out_there(self.request, id_token) if id_token and settings.OPENID else None) or response


sign_out = SignOut.as_view()


@page(public=True)
def account_inactive(request):
    return render(request, "account/account_inactive.html", status=403)
