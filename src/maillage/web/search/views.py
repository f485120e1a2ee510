"""The search page: cards, list or map of the same results in the same order."""

from dataclasses import replace
from math import ceil
from urllib.parse import urlsplit

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from maillage.engine.french import km_fr
from maillage.kernel.pages import page
from maillage.sharing import alerts
from maillage.sharing.search.alternatives import alternatives
from maillage.sharing.search.nearest import findable_words
from maillage.sharing.search.query import MOST_COUNTED, search
from maillage.territory.maps import Pin, territory_map
from maillage.web.search import words
from maillage.web.search.address import address, answer_by_publishing, spelled_out, written
from maillage.web.search.forms import VIEWS, SearchForm

PAGE_SIZE = 24
FEW = 3  # up to so many, one is told what there is farther or on other days
LAST_PAGE = ceil(MOST_COUNTED / PAGE_SIZE)


@page(public=True)
def search_page(request):
    today = timezone.localdate()
    if url := spelled_out(request.GET, today):
        return redirect(url)
    form = SearchForm(request.GET)
    if not form.is_valid():
        return render(request, "search/search.html", _refusal(form, request.GET), status=422)
    criteria, view = form.criteria, form.cleaned_data["vue"]
    asked, number = _page_number(request.GET.get("page", ""))
    asked_for = {"user": request.user, "today": today}
    some = {"first": (number - 1) * PAGE_SIZE, "size": PAGE_SIZE}
    found = search(criteria, **asked_for, **some)
    nothing, shown = not found.total, criteria
    if nothing and (kept := findable_words(criteria, found.mends, **asked_for)):
        shown = replace(criteria, words=kept)
        found = search(shown, **asked_for, **some)
    context = {
        "form": form,
        "criteria": criteria,
        "view": view,
        "found": found,
        "title": words.title(shown, found) if shown == criteria else words.nothing_for(criteria),
        "mended": words.mended(shown, found) if shown == criteria else words.instead(shown, found),
        "to_check": words.to_check(shown),
        "chips": words.chips(criteria, view),
        "views": [(name, text, address(shown, view=name, page=number)) for name, text in VIEWS.items()],
        "pages": _pages(shown, view, found.total, number),
        "first_number": (number - 1) * PAGE_SIZE + 1,
        "alert": _alert(request.user, criteria),
        "is_past_the_end": bool(asked != number or (not found.listings and found.total)),
    }
    if nothing:
        others = alternatives(criteria, **asked_for)
        context |= {
            "nothing_found": words.nothing_found(criteria),
            "suggestions": words.suggestions(others, view),
            "publish_url": answer_by_publishing(criteria),
            "start_again": address(type(criteria)(direction=criteria.direction)),
        }
    elif found.total <= FEW:
        others = alternatives(criteria, **asked_for, more_than=found.total, kinds=("wider", "any_day"))
        context["suggestions"] = words.suggestions(others, view)
    if found.total and view == "carte":
        context["map"] = _map(criteria, found.listings)
        context["places"] = _places(found.listings, context["map"])
    return render(request, "search/search.html", context)


def _alert(person, criteria):
    """What « Me prévenir » needs: where it leads, and whether this search is kept already."""
    query = urlsplit(address(criteria)).query
    is_kept = person.is_authenticated and alerts.kept(person, alerts.facts_of(criteria)) is not None
    return {"url": f"{reverse('keep-search')}?{query}", "is_kept": is_kept}


def _refusal(form, typed):
    kept = {name: typed[name] for name in typed if name != "page"}
    choices = [(commune, written(kept | {"ou": commune.label})) for commune in form.candidates]
    return {"form": form, "candidates": choices}


def _page_number(text):
    """(number asked or None, number shown): what is no number is the first page, what is too far the last."""
    if not text:
        return 1, 1
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        return None, 1
    return int(text), min(max(int(text), 1), LAST_PAGE)


def _pages(criteria, view, total, number):
    """What the links between pages need, None when one page holds everything."""
    last = min(ceil(total / PAGE_SIZE), LAST_PAGE)
    if last < 2:
        return None
    return {
        "number": number,
        "last": last,
        "previous": address(criteria, view=view, page=min(number - 1, last)) if number > 1 else "",
        "next": address(criteria, view=view, page=number + 1) if number < last else "",
    }


def _map(criteria, listings):
    pins = [
        Pin(
            latitude=listing.latitude,
            longitude=listing.longitude,
            label=_pin_label(listing),
            url=reverse("listing", args=[listing.pk]),
            kind=listing.direction,
            icon=listing.kind.icon,
        )
        for listing in listings
    ]
    return territory_map(pins, centre=criteria.place, radius_km=criteria.radius_km, list_anchor="liste", lettered=True)


def _pin_label(listing):
    away = "" if listing.distance_km is None else f", à {km_fr(listing.distance_km)}"
    return f"{listing.title}, {listing.commune.name}{away}"


def _places(listings, drawn):
    """[(letter of its pin, whether it is the first there, listing)], in the order of the results."""
    letters = {pin.url: group.letter for group in drawn.groups for pin in group.pins}
    lettered = [(letters[reverse("listing", args=[listing.pk])], listing) for listing in listings]
    firsts = dict(reversed(lettered))
    return [(letter, firsts[letter] is listing, listing) for letter, listing in lettered]
