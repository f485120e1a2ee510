"""Reading listings: the page of one, its photo, and those of my structures."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils import timezone

from maillage.directory.models import Structure
from maillage.kernel.pages import page
from maillage.sharing.matching import count_answers, matches_for
from maillage.sharing.models import Listing
from maillage.territory.maps import Pin, territory_map
from maillage.web.sharing.calendar import month_of
from maillage.web.sharing.neighbours import answers_nearby

LARGEST_ID = 2**63 - 1
LISTINGS_PER_PAGE = 12
NAMES = {Listing.Direction.OFFER: "offre", Listing.Direction.NEED: "besoin"}


def visible_listing(request, pk):
    """The listing, or 404 for whoever may not know that it exists."""
    if pk > LARGEST_ID:
        raise Http404
    found = Listing.objects.select_related("structure__commune", "commune").defer("search_vector").filter(pk=pk).first()
    if found is None or not request.user.has_perm("sharing.see_listing", found):
        raise Http404
    return found


@page(public=True)
def listing_page(request, pk):
    listing = visible_listing(request, pk)
    is_need = listing.direction == Listing.Direction.NEED
    shows_answers = listing.is_published and (is_need or request.user.has_perm("sharing.see_answers"))
    context = {
        "listing": listing,
        "may_edit": request.user.has_perm("sharing.edit_listing", listing),
        "month": None if is_need else month_of(listing, request.GET.get("mois", ""), timezone.localdate()),
        "shows_answers": shows_answers,
        "answers": matches_for(listing, request.user) if shows_answers else [],
        "answers_nearby": answers_nearby(listing),
        "map": _map_of(listing),
    }
    return render(request, "sharing/listing.html", context)


def _map_of(listing):
    label = f"{NAMES[listing.direction].capitalize()} : {listing.title}, {listing.commune.name}"
    pin = Pin(
        listing.latitude, listing.longitude, label, listing.get_absolute_url(), listing.direction, listing.kind.icon
    )
    return territory_map([pin], centre=listing.commune, radius_km=listing.radius_km, list_anchor="where")


@page(public=True)
def photo(request, pk):
    listing = visible_listing(request, pk)
    if not listing.photo or not listing.photo.storage.exists(listing.photo.name):
        raise Http404
    answer = FileResponse(listing.photo.open("rb"), content_type="image/webp")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


@page()
def my_listings(request):
    mine = Listing.objects.of_structures_of(request.user).select_related("structure", "commune").defer("search_vector")
    shown = Paginator(mine, LISTINGS_PER_PAGE).get_page(request.GET.get("page"))
    answers = count_answers([listing for listing in shown if listing.is_published], request.user)
    for listing in shown:
        listing.answer_count = answers.get(listing.pk)
    acts = Structure.objects.acted_for_by(request.user).exists()
    return render(request, "sharing/my_listings.html", {"page": shown, "acts_for_a_structure": acts})
