"""Reading listings: the page of one, its photo, and those of my structures."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils import timezone

from maillage.directory.models import Structure
from maillage.kernel.pages import page
from maillage.sharing.bookings import lending
from maillage.sharing.bookings.terms import is_lent
from maillage.sharing.matching import count_answers, matches_for
from maillage.sharing.models import Draft, Listing, Picture
from maillage.territory.maps import Pin, territory_map
from maillage.web.addresses import LARGEST_ID
from maillage.web.directory.unread import reading_of
from maillage.web.search.address import search_left
from maillage.web.sharing.calendar import month_of
from maillage.web.sharing.neighbours import answers_nearby, similar_to

LISTINGS_PER_PAGE = 12
MOST_TO_RENEW = 50
NAMES = {Listing.Direction.OFFER: "offre", Listing.Direction.NEED: "besoin"}


def visible_listing(request, pk):
    """The listing, or 404 for whoever may not know that it exists."""
    found = _listing(pk)
    if not request.user.has_perm("sharing.see_listing", found):
        raise Http404
    return found


def _listing(pk):
    if pk > LARGEST_ID:
        raise Http404
    listings = Listing.objects.select_related(
        "structure__commune", "commune", "assistance__head", "assistance__helper", "lending_rules"
    )
    found = listings.defer("search_vector").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@page(public=True)
def listing_page(request, pk):
    listing = _listing(pk)
    if not request.user.has_perm("sharing.see_listing", listing):
        return _ended_page(request, listing)
    is_need = listing.direction == Listing.Direction.NEED
    shows_answers = listing.is_published and (is_need or request.user.has_perm("sharing.see_answers"))
    today = timezone.localdate()
    context = facts_of(request, listing, listing.pictures.all()) | {
        "may_edit": request.user.has_perm("sharing.edit_listing", listing),
        "shows_answers": shows_answers,
        "answers": matches_for(listing, request.user) if shows_answers else [],
        "answers_nearby": answers_nearby(listing),
        "search_left": search_left(request),
        **lending.facts_of(listing, request.user),
    }
    if listing.is_published and not context["may_edit"]:
        context |= reading_of(listing.structure)
        context["may_book"] = is_lent(listing) and context["is_read"]
    if listing.last_day and listing.last_day < today:
        context["is_past"] = True
        context["similar"], context["similar_address"] = similar_to(listing, request.user)
    return render(request, "sharing/listing.html", context)


def facts_of(request, listing, pictures, address=""):
    """What a page says of a listing, published or about to be: ``address`` is then where its pin leads."""
    is_need = listing.direction == Listing.Direction.NEED
    lends = bool(listing.pk) and is_lent(listing)
    month = None if is_need else month_of(listing, request.GET.get("mois", ""), timezone.localdate(), lends=lends)
    map_ = _map_of(listing, address or listing.get_absolute_url())
    return {"listing": listing, "pictures": pictures, "month": month, "map": map_}


def _ended_page(request, listing):
    """What an old link finds: nothing of the listing, which was withdrawn, but others like it; 404 for the rest."""
    if not request.user.has_perm("sharing.know_of_ended_listing", listing):
        raise Http404
    similar, similar_address = similar_to(listing, request.user)
    context = {"listing": listing, "similar": similar, "similar_address": similar_address}
    status = 410 if listing.state == Listing.State.CLOSED else 404
    return render(request, "sharing/ended.html", context, status=status)


def _map_of(listing, address):
    label = f"{NAMES[listing.direction].capitalize()} : {listing.title}, {listing.commune.name}"
    pin = Pin(listing.latitude, listing.longitude, label, address, listing.direction, listing.kind.icon)
    return territory_map([pin], centre=listing.commune, radius_km=listing.radius_km, list_anchor="where")


@page(public=True)
def photo(request, pk):
    """The first picture of a listing."""
    return _file(visible_listing(request, pk).photo)


@page(public=True)
def picture(request, pk):
    """Whoever sees the listing, or the draft, sees its pictures."""
    found = Picture.objects.select_related("listing__structure").filter(pk=pk).first() if pk <= LARGEST_ID else None
    if found is None:
        raise Http404
    if found.listing:
        may_see = request.user.has_perm("sharing.see_listing", found.listing)
    else:
        may_see = Draft.objects.visible_to(request.user).filter(pk=found.draft_id).exists()
    if not may_see:
        raise Http404
    return _file(found.image)


def _file(image):
    if not image or not image.storage.exists(image.name):
        raise Http404
    answer = FileResponse(image.open("rb"), content_type="image/webp")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


def to_renew(user):
    """Listings of structures of ``user`` that have expired or soon will, the first to end first."""
    mine = Listing.objects.of_structures_of(user).to_renew().select_related("structure").defer("search_vector")
    return mine.order_by("valid_until", "title", "pk")[:MOST_TO_RENEW]


@page()
def my_listings(request):
    mine = Listing.objects.of_structures_of(request.user).select_related("structure", "commune").defer("search_vector")
    shown = Paginator(mine, LISTINGS_PER_PAGE).get_page(request.GET.get("page"))
    answers = count_answers([listing for listing in shown if listing.is_published], request.user)
    for listing in shown:
        listing.answer_count = answers.get(listing.pk)
    acts = Structure.objects.acted_for_by(request.user).exists()
    drafts = Draft.objects.visible_to(request.user).select_related("structure")
    context = {"page": shown, "drafts": drafts, "to_renew": to_renew(request.user), "acts_for_a_structure": acts}
    return render(request, "sharing/my_listings.html", context)
