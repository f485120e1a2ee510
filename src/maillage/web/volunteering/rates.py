"""Rates of an hour: those of the territory, for its team, and an association's own."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render

from maillage.kernel.pages import page
from maillage.volunteering import valuation as services
from maillage.volunteering.models import Rate
from maillage.volunteering.valuation import ValuationRefused
from maillage.web.addresses import LARGEST_ID
from maillage.web.directory.views import structure_for
from maillage.web.volunteering.valuation_forms import RateForm

RUN = "volunteering.run_accounts"
GIVE = "volunteering.give_rates"


@page(methods=("GET", "POST"))
def own(request, pk):
    structure = structure_for(request, pk, RUN)
    return _rates(request, structure, Rate.objects.usable_by(structure))


@page(permission=GIVE, methods=("GET", "POST"))
def common(request):
    return _rates(request, None, Rate.objects.filter(structure=None))


@page(methods=("POST",))
def remove(request, pk):
    rate = Rate.objects.select_related("structure").filter(pk=min(pk, LARGEST_ID)).first()
    if rate is None:
        raise Http404
    if not (request.user.has_perm(RUN, rate.structure) if rate.structure else request.user.has_perm(GIVE)):
        raise Http404
    services.remove_rate(rate_id=rate.pk, by=request.user)
    messages.success(request, "Le taux est effacé. Ce qui a été valorisé avec lui ne change pas.")
    return redirect("rates", rate.structure_id) if rate.structure else redirect("territory-rates")


def _rates(request, structure, shown):
    form = RateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_rate(structure=structure, by=request.user, **form.cleaned_data)
        except ValuationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Le taux est ajouté.")
            return redirect("rates", structure.pk) if structure else redirect("territory-rates")
    context = {"structure": structure, "rates": shown.select_related("structure"), "form": form}
    return render(request, "volunteering/rates.html", context, status=422 if form.errors else 200)
