"""The territory: its intercommunalités and communes, on a map and in a list that say the same."""

from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

from maillage.directory.models import Structure
from maillage.kernel.pages import page
from maillage.places.queries import nearby_commune, nearby_communes
from maillage.sharing.models import Listing
from maillage.territory import queries
from maillage.territory.drawing import current_drawing
from maillage.territory.maps import Area, Pin, territory_map
from maillage.territory.models import Commune, Departement, DepartementContours

LONGEST_QUERY = 100
STRUCTURES_PER_PAGE = 30
LISTINGS_SHOWN = 24
A_DAY = 24 * 3600


@page(public=True)
def territory(request):
    """The whole territory; ``?commune=`` is the search box, which leads to the commune or says what is wrong."""
    typed = request.GET.get("commune", "").replace("\0", "")[:LONGEST_QUERY]
    refusal, candidates = "", []
    if typed.strip():
        try:
            found = queries.resolve_commune(typed)
            if found.code in current_drawing().towns:
                return redirect("commune", found.code)
            refusal = f"{found.label} est hors du territoire."
        except queries.CommuneAmbiguous as ambiguous:
            refusal, candidates = str(ambiguous), ambiguous.candidates[:10]
        except queries.CommuneNotFound as unknown:
            refusal = str(unknown)
    all_epci = _with_communes(queries.epci_of_territory())
    return render(
        request,
        "territory/territory.html",
        {
            "departements": Departement.objects.loaded(),
            "all_epci": all_epci,
            "communes_count": sum(len(one.own_communes) for one in all_epci),
            "map": territory_map(areas=[_area(commune) for one in all_epci for commune in one.own_communes]),
            "map_version": _version(),
            "typed": typed,
            "refusal": refusal,
            "candidates": candidates,
            "tiles_url": settings.MAP_TILES_URL,
        },
        status=422 if refusal and not candidates else 200,
    )


@page(public=True)
def epci(request, code):
    one = _epci_or_404(code)
    communes = list(queries.communes_of_epci(one))
    towns = current_drawing().towns
    drawn = [commune for commune in communes if commune.code in towns]
    codes = [commune.code for commune in drawn]
    return render(
        request,
        "territory/epci.html",
        {
            "epci": one,
            "communes": communes,
            "outside": [commune for commune in communes if commune not in drawn],
            "population": sum(commune.population for commune in communes),
            "map": territory_map(focus=codes, areas=[_area(commune) for commune in drawn]),
            "nearby": nearby_communes(Commune.objects.filter(code__in=codes)),
            "around": reverse("places"),
        },
    )


@page(public=True)
def commune(request, code):
    one = _commune_or_404(code)
    structures = Structure.objects.active().filter(commune=one).order_by("name", "pk")
    listings = Listing.objects.visible_to(request.user).published().filter(commune=one)
    listings = list(listings.select_related("structure", "commune")[:LISTINGS_SHOWN])
    near = list(queries.neighbours(one))
    pins = [_pin(listing) for listing in listings]
    return render(
        request,
        "territory/commune.html",
        {
            "commune": one,
            "neighbours": near,
            "structures": Paginator(structures, STRUCTURES_PER_PAGE).get_page(request.GET.get("page")),
            "listings": listings,
            "map": _commune_map(one, near, pins),
            "search_around": _search_around(one),
            "nearby": nearby_commune(one),
            "around": f"{reverse('places')}?{urlencode({'ou': one.label})}",
        },
    )


@page(public=True)
def find(request):
    """``?q=``: communes for the search boxes, best first."""
    communes = queries.find_communes(request.GET.get("q", "")[:LONGEST_QUERY], limit=8)
    found = [
        {"code": commune.code, "label": commune.label, "departement": commune.departement.name} for commune in communes
    ]
    return JsonResponse({"communes": found}, headers={"Cache-Control": "public, max-age=3600"})


@page(public=True)
def contours(request):
    """The contours of the loaded départements and what to say of each commune, for the map that one moves."""
    version = f'"{_version()}"'
    if request.headers.get("If-None-Match") == version:
        return HttpResponseNotModified()
    names = {one.code: one.short_name for one in queries.epci_of_territory()}
    towns = current_drawing().towns.values()
    data = {
        "topologies": list(DepartementContours.objects.order_by("pk").values_list("topology", flat=True)),
        "communes": {town.code: [town.name, town.population, names.get(town.epci, "")] for town in towns},
    }
    return JsonResponse(data, headers={"Cache-Control": f"public, max-age={A_DAY}", "ETag": version})


def _version():
    """Changes when the contours do: the browser keeps them until then."""
    digests = DepartementContours.objects.order_by("pk").values_list("digest", flat=True)
    return "-".join(digest[:12] for digest in digests)


def _with_communes(all_epci):
    """The intercommunalités by the name one knows them under, each with its communes of the territory."""
    members: dict[str | None, list[Commune]] = {}
    for commune in Commune.objects.of_territory().order_by("search_name", "code"):
        members.setdefault(commune.epci_id, []).append(commune)
    all_epci = sorted(all_epci, key=lambda one: one.short_name)
    for one in all_epci:
        one.own_communes = members.get(one.code, [])
    return all_epci


def _epci_or_404(code):
    one = queries.epci_of_territory().filter(pk=code).first() if code.isascii() and code.isalnum() else None
    if one is None:
        raise Http404("Aucune intercommunalité du territoire n’a ce code.")
    return one


def _commune_or_404(code):
    communes = Commune.objects.of_territory().select_related("departement", "epci")
    one = communes.filter(pk=code).first() if code.isascii() and code.isalnum() else None
    if one is None:
        raise Http404("Aucune commune du territoire n’a ce code.")
    return one


def _area(commune, is_marked=False):
    return Area((commune.code,), commune.name, reverse("commune", args=[commune.code]), is_marked)


def _pin(listing):
    kind = listing.get_direction_display().capitalize()
    return Pin(
        listing.latitude,
        listing.longitude,
        f"{kind}\u00a0: {listing.title}, {listing.commune.name}",
        reverse("listing", args=[listing.pk]),
        listing.direction,
    )


def _commune_map(commune, near, pins):
    areas = [_area(other) for other in near] + [_area(commune, is_marked=True)]
    codes = [commune.code, *(other.code for other in near)]
    return territory_map(pins=pins, focus=codes, areas=areas, highlight=commune, list_anchor="annonces")


def _search_around(commune):
    try:
        return f"{reverse('search')}?{urlencode({'ou': commune.label, 'rayon': 25})}"
    except NoReverseMatch:
        return ""
