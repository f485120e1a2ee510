"""Opportunities of the territory for its team: counts and a map, never a name; and the search on demand."""

from dataclasses import dataclass

from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import retarget

from maillage.engine.french import NBSP, count_fr
from maillage.kernel.pages import page
from maillage.opportunities import services
from maillage.opportunities.models import Opportunity, Run
from maillage.opportunities.queries import count_by_epci, count_by_kind, latest_run
from maillage.territory.drawing import current_drawing
from maillage.territory.maps import territory_map
from maillage.territory.models import Commune
from maillage.territory.queries import epci_of_territory

FEWEST = 5  # fewer are not told: one could guess who
ICONS = {
    "circle": "repeat",
    "chain": "arrow-right",
    "job": "briefcase",
    "purchase": "shopping-cart",
    "equipment": "boxes",
}


@dataclass(frozen=True)
class Count:
    """How many, told only when no one can be guessed from it."""

    label: str
    number: int
    icon: str = ""
    url: str = ""
    communes: tuple = ()

    @property
    def is_told(self):
        return self.number >= FEWEST

    @property
    def told(self):
        if self.number == 0:
            return "aucune"
        return count_fr(self.number, "occasion") if self.is_told else f"moins de{NBSP}{FEWEST}"


@page(permission="opportunities.run_search", methods=("GET", "POST"))
def overview(request):
    if request.method == "POST":
        services.ask_search(asked_by=request.user)
        return redirect("opportunities-overview")
    run = latest_run()
    if request.htmx and run and run.state in Run.UNFINISHED:
        return render(request, "opportunities/_run.html", {"run": run})
    kinds = count_by_kind()
    places = _places()
    context = {
        "run": run,
        "kinds": [Count(label.capitalize(), kinds[kind], ICONS[kind]) for kind, label in Opportunity.Kind.choices],
        "places": places,
        "map": _map_of(places),
        "fewest": FEWEST,
    }
    if request.htmx:  # the search has just ended: its numbers are new
        return retarget(render(request, "opportunities/_overview.html", context), "#overview")
    return render(request, "opportunities/overview.html", context)


def _map_of(places):
    """The whole territory, with colour where a number is told; its labels stay those of the largest towns."""
    told = [code for place in places if place.is_told for code in place.communes]
    drawn = territory_map()
    drawn.highlight = current_drawing().outline_of(told) if told else ""
    return drawn


def _places():
    """A Count for each intercommunalité of the territory, by name."""
    counts = count_by_epci()
    communes: dict[str | None, list] = {}
    for code, epci in Commune.objects.of_territory().order_by("code").values_list("code", "epci"):
        communes.setdefault(epci, []).append(code)
    return [
        Count(
            one.short_name,
            counts.get(one.code, 0),
            url=reverse("epci", args=[one.code]),
            communes=tuple(communes.get(one.code, ())),
        )
        for one in sorted(epci_of_territory(), key=lambda one: one.short_name)
    ]
