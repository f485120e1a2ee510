"""Labels to print and stick on what one lends; scanned, each leads to what is to do with the thing now."""

from datetime import timedelta
from urllib.parse import urljoin

import segno
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from maillage.kernel.pages import page
from maillage.sharing.bookings.terms import is_lent
from maillage.sharing.models import Booking, Listing
from maillage.web.addresses import LARGEST_ID, site_of

MOST_LABELS = 210  # ten sheets
SOON = timedelta(days=7)


@page()
def labels(request):
    """A sheet for each twenty-one things that my structures lend."""
    mine = Listing.objects.of_structures_of(request.user).offers().exclude(state=Listing.State.CLOSED)
    listings = mine.select_related("structure").defer("search_vector").order_by("structure__name", "title", "pk")
    lent = [listing for listing in listings if is_lent(listing)][:MOST_LABELS]
    shown = [(listing, _code(urljoin(site_of(request), reverse("item", args=[listing.pk])))) for listing in lent]
    return render(request, "handovers/labels.html", {"labels": shown})


@page()
def item(request, pk):
    """Where a label leads: the hand-overs and returns that whoever scans it may note, or the page of the listing."""
    related = Listing.objects.select_related("structure").defer("search_vector")
    listing = related.filter(pk=pk).first() if pk <= LARGEST_ID else None
    if listing is None:
        raise Http404
    seen = Booking.objects.seen_by(request.user).filter(listing=listing, state=Booking.State.CONFIRMED)
    now = timezone.now()
    to_do = seen.filter(returned_at=None, period__startswith__lt=now + SOON).select_related("borrower")
    living = [booking for booking in to_do.order_by("period", "pk") if booking.is_out or booking.period.upper > now]
    is_mine = request.user.has_perm("sharing.edit_listing", listing)
    if not living and not is_mine:
        if request.user.has_perm("sharing.see_listing", listing):
            return redirect(listing)
        raise Http404
    living.sort(key=lambda booking: not booking.is_out)
    return render(request, "handovers/item.html", {"listing": listing, "bookings": living, "is_mine": is_mine})


def _code(address):
    """The QR code of an address, as the source of an ``img``; « H » still reads when a third of it is scratched."""
    return segno.make(address, error="h", micro=False).svg_data_uri(border=2)
