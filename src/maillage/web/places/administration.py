"""Places for agents: added, corrected, verified, hidden; the errors that people report."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from maillage.kernel.pages import page
from maillage.places import services
from maillage.places.models import Place, PlaceReport
from maillage.web.addresses import LARGEST_ID, site_of
from maillage.web.places.forms import ManagedPlacesForm, PlaceForm

PLACES_PER_PAGE = 50
REPORTS_PER_PAGE = 20


@page(permission="places.manage_places")
def place_list(request):
    form = ManagedPlacesForm(request.GET)
    found = form.places()
    today = timezone.localdate()
    shown = Paginator(found, PLACES_PER_PAGE).get_page(request.GET.get("page"))
    for place in shown:
        place.needs_care = place.is_stale(today)
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "form": form,
        "page": shown,
        "kept": asked.urlencode(),
        "to_verify": Place.objects.to_verify().count(),
        "waiting": PlaceReport.objects.waiting().count(),
    }
    return render(request, "places/manage.html", context, status=422 if form.errors else 200)


@page(permission="places.manage_places", methods=("GET", "POST"))
def add(request):
    form = PlaceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (place := _written(form, services.add_place)):
        messages.success(request, "Le lieu est publié.")
        return redirect(place)
    return render(request, "places/place_form.html", {"form": form}, status=422 if form.errors else 200)


@page(permission="places.manage_places", methods=("GET", "POST"))
def edit(request, pk):
    place = _place_or_404(pk)
    form = PlaceForm(request.POST if request.method == "POST" else None, initial=PlaceForm.initial_of(place))
    reports = place.reports.waiting()
    if request.method == "POST" and form.is_valid() and _written(form, services.change_place, place_id=pk):
        settled = _settle(request, reports) if "traiter" in request.POST else False
        messages.success(
            request, "Le lieu est enregistré, et l’erreur traitée." if settled else "Le lieu est enregistré."
        )
        return redirect(place)
    context = {"form": form, "place": place, "reports": reports}
    return render(request, "places/place_form.html", context, status=422 if form.errors else 200)


def _settle(request, reports):
    """Settle the reports that the page showed, for they alone were answered; returns whether there were any."""
    shown = [int(pk) for pk in request.POST.getlist("signalement") if pk.isdecimal() and int(pk) <= LARGEST_ID]
    settled = list(reports.filter(pk__in=shown).values_list("pk", flat=True))
    for pk in settled:
        services.handle_report(report_id=pk, agent=request.user, site=site_of(request))
    return bool(settled)


@page(permission="places.manage_places", methods=("POST",))
def verify(request, pk):
    place = _place_or_404(pk)
    services.verify_place(place_id=pk, today=timezone.localdate())
    messages.success(request, f"{place.name}\u00a0: vérifié aujourd’hui.")
    return redirect(place)


@page(permission="places.manage_places", methods=("POST",))
def publish(request, pk):
    place = _place_or_404(pk)
    is_published = request.POST.get("publie") == "oui"
    services.publish_place(place_id=pk, is_published=is_published)
    said = "est publié" if is_published else "n’est plus publié\u00a0: seule l’équipe le voit"
    messages.success(request, f"{place.name} {said}.")
    return redirect(place)


@page(permission="places.manage_places")
def report_list(request):
    reports = PlaceReport.objects.select_related("place__commune", "handled_by")
    waiting_first = (F("handled_at").desc(nulls_first=True), "-reported_at", "-pk")
    shown = Paginator(reports.order_by(*waiting_first), REPORTS_PER_PAGE)
    context = {"page": shown.get_page(request.GET.get("page")), "waiting": PlaceReport.objects.waiting().count()}
    return render(request, "places/reports.html", context)


@page(permission="places.manage_places", methods=("POST",))
def handle(request, pk):
    if pk > LARGEST_ID or not PlaceReport.objects.filter(pk=pk).exists():
        raise Http404
    try:
        services.handle_report(report_id=pk, agent=request.user, site=site_of(request))
    except services.PlaceRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Le signalement est traité.")
    return redirect("place-reports")


def _place_or_404(pk):
    place = Place.objects.filter(pk=pk).first() if pk <= LARGEST_ID else None
    if place is None:
        raise Http404
    return place


def _written(form, write, **key):
    """The place that ``write`` wrote, or None with its refusal in the form."""
    try:
        return write(**key, **form.facts())
    except services.PlaceRefused as refusal:
        form.add_error(None, str(refusal))
        return None
