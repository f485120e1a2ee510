"""My data: take it away, or have it erased."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import JsonResponse
from django.shortcuts import redirect, render

from maillage.accounts import services
from maillage.directory.claims import forget_claims_of
from maillage.directory.models import Mandate
from maillage.directory.team import forget_invitations_to
from maillage.kernel.pages import page
from maillage.volunteering.engaging import forget_invitations_to as forget_missions_for
from maillage.web.accounts.forms import EraseForm
from maillage.web.accounts.guards import recently_confirmed
from maillage.web.accounts.personal_data import all_about
from maillage.web.addresses import site_of


@page()
@recently_confirmed
def my_data(request):
    response = JsonResponse(all_about(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="mes-donnees-maillage.json"'
    response["Cache-Control"] = "no-store"
    return response


@page(methods=("GET", "POST"))
@recently_confirmed
def erase_account(request):
    form = EraseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        forget_claims_of(person=request.user)
        forget_invitations_to(email=request.user.email)
        forget_missions_for(email=request.user.email)
        services.erase(person=request.user, site=site_of(request))
        logout(request)
        messages.success(request, "Votre compte est effacé. Merci d’être passé par Maillage.")
        return redirect("home")
    mandates = (
        Mandate.objects.current().filter(user=request.user).select_related("structure").order_by("structure__name")
    )
    context = {"form": form, "structures": [mandate.structure for mandate in mandates]}
    return render(request, "account/erase_account.html", context, status=422 if form.errors else 200)
