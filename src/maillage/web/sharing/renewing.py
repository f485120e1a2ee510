"""Showing listings for another term: one from its page, several from « Mes annonces »."""

from django.contrib import messages
from django.shortcuts import redirect

from maillage.engine.french import count_fr, date_fr
from maillage.kernel.pages import page
from maillage.sharing import services
from maillage.web.sharing.publishing import editable_listing
from maillage.web.sharing.views import to_renew


@page(methods=("POST",))
def renew(request, pk):
    listing = editable_listing(request, pk)
    try:
        renewed = services.renew_listings(listing_ids=[pk], author=request.user)
    except services.ListingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        listing = renewed[0] if renewed else listing
        messages.success(request, f"Votre annonce est montrée jusqu’au {date_fr(listing.valid_until)}.")
    return redirect(listing)


@page(methods=("POST",))
def renew_several(request):
    """Those ticked among what « Mes annonces » offers to renew; what is not among them is left alone."""
    ticked = request.POST.getlist("listing")
    chosen = [listing.pk for listing in to_renew(request.user) if str(listing.pk) in ticked]
    if not chosen:
        messages.error(request, "Cochez au moins une annonce à renouveler.")
        return redirect("my-listings")
    renewed = services.renew_listings(listing_ids=chosen, author=request.user)
    messages.success(request, f"{count_fr(len(renewed), 'annonce renouvelée', 'annonces renouvelées')}.")
    return redirect("my-listings")
