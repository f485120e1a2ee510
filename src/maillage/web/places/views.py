"""Places where people meet: the search with its list and map that say the same, a place, an error reported."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from maillage.engine.french import count_fr, km_fr
from maillage.kernel.pages import page
from maillage.places import kinds, services
from maillage.places.models import Place
from maillage.places.queries import find_places
from maillage.territory.maps import Pin, territory_map
from maillage.web.accounts.guards import limited
from maillage.web.addresses import LARGEST_ID
from maillage.web.places.forms import PlaceReportForm, PlaceSearchForm

PAGE_SIZE = 24


@page(public=True)
def place_list(request):
    form = PlaceSearchForm(request.GET)
    if not form.is_valid():
        kept = {name: value for name, value in request.GET.items() if name != "page"}
        choices = [(commune, _address(kept | {"ou": commune.label})) for commune in form.candidates]
        return render(request, "places/place_list.html", {"form": form, "candidates": choices}, status=422)
    criteria = form.criteria()
    shown = Paginator(find_places(**criteria), PAGE_SIZE).get_page(request.GET.get("page"))
    drawn = _map(shown.object_list, criteria)
    context = {
        "form": form,
        "page": shown,
        "title": _title(shown.paginator.count, criteria),
        "map": drawn,
        "places": _lettered(shown.object_list, drawn),
        "kept": urlencode({name: value for name, value in request.GET.items() if name in form.fields and value}),
        "wider": _address({"sorte": criteria["kind"], "ou": request.GET.get("ou", ""), "rayon": ""}),
        "explanation": kinds.BY_CODE[criteria["kind"]].explanation if criteria["kind"] else "",
    }
    return render(request, "places/place_list.html", context)


@page(public=True)
def place_page(request, pk):
    place = place_or_404(request.user, pk)
    now = timezone.now()
    pin = Pin(place.latitude, place.longitude, place.name, place.get_absolute_url(), "place", place.nature.icon)
    context = {
        "place": place,
        "opening": place.opening_said(now),
        "is_stale": place.is_stale(timezone.localdate(now)),
        "map": territory_map(pins=[pin], centre=place, list_anchor="coordonnees"),
        "may_manage": request.user.has_perm("places.manage_places"),
        "around": _address({"ou": place.commune.label}),
    }
    return render(request, "places/place.html", context)


@limited("place-report")
@page(public=True, methods=("GET", "POST"))
def report(request, pk):
    place = place_or_404(request.user, pk)
    form = PlaceReportForm(request.POST if request.method == "POST" else None)
    person = request.user if request.user.is_authenticated else None
    if request.method == "POST" and form.is_valid():
        try:
            services.report_error(place_id=place.pk, person=person, **form.cleaned_data)
        except services.PlaceRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            told = " Un e\u2011mail vous dira quand c’est fait." if person else ""
            messages.success(request, f"Merci\u202f! L’équipe du territoire va vérifier et corriger cette page.{told}")
            return redirect(place)
    return render(request, "places/report.html", {"place": place, "form": form}, status=422 if form.errors else 200)


def place_or_404(user, pk):
    places = Place.objects.visible_to(user).select_related("commune__departement", "commune__epci")
    place = places.filter(pk=pk).first() if pk <= LARGEST_ID else None
    if place is None:
        raise Http404("Ce lieu n’existe pas, ou n’est plus publié.")
    return place


def _address(parameters):
    said = {name: value for name, value in parameters.items() if value or name == "rayon"}
    return f"{reverse('places')}?{urlencode(said)}" if said else reverse("places")


def _title(count, criteria):
    """« 3 lieux près de Revel »."""
    counted = count_fr(count, "lieu", "lieux")
    return f"{counted} près de {criteria['around'].name}" if criteria["around"] else counted


def _map(places, criteria):
    pins = [
        Pin(place.latitude, place.longitude, _pin_label(place), place.get_absolute_url(), "place", place.nature.icon)
        for place in places
    ]
    around, radius_km = criteria["around"], criteria["radius_km"]
    return territory_map(pins, centre=around, radius_km=radius_km, list_anchor="liste", lettered=True)


def _pin_label(place):
    away = f", à {km_fr(place.distance_km)}" if hasattr(place, "distance_km") else ""
    return f"{place.nature.label}\u00a0: {place.name}, {place.commune.name}{away}"


def _lettered(places, drawn):
    """[(letter of its pin, whether it is the first there, place, « Ouvert, jusqu’à 12 h »)], in the order shown."""
    letters = {pin.url: group.letter for group in drawn.groups for pin in group.pins}
    now, seen, found = timezone.now(), set(), []
    for place in places:
        letter = letters[place.get_absolute_url()]
        found.append((letter, letter not in seen, place, place.opening_said(now)))
        seen.add(letter)
    return found
