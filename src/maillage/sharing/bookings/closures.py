"""Times at which an offer is not lent, written as occupations of all of it, so that nobody can book them."""

from django.db import transaction

from maillage.directory.rules import acts_for
from maillage.kernel import events
from maillage.kernel.audit import acting
from maillage.sharing.bookings import stock
from maillage.sharing.bookings.terms import BookingRefused
from maillage.sharing.models import Closure, Listing, Occupation


def close(*, listing_id, author, period, reason, word="", site=""):
    """Close an offer during ``period``; returns the Closure. Raises BookingRefused when bookings are in the way."""
    with transaction.atomic(), acting(author):
        listing = _owned(listing_id, author)
        stock.lock(listing)
        if Occupation.objects.filter(listing=listing, period__overlap=period).exists():
            raise BookingRefused(
                "Des réservations ou une fermeture tombent pendant ce temps. Choisissez un autre jour, ou annulez-les."
            )
        closure = Closure.objects.create(listing=listing, period=period, reason=reason, word=word.strip())
        Occupation.objects.create(
            listing=listing,
            closure=closure,
            period=period,
            quantity=listing.quantity,
            is_single=listing.quantity == 1,
        )
        events.publish_on_commit(f"listing:{listing.pk}", "listing.closed_days", {"listing": listing.pk})
    return closure


def reopen(*, closure_id, author):
    """Lend an offer again at the time of a closure; without effect when it is already gone."""
    closure = Closure.objects.filter(pk=closure_id).first()
    if closure is None:
        return
    with transaction.atomic(), acting(author):
        listing = _owned(closure.listing_id, author)
        stock.lock(listing)
        closure.delete()
        events.publish_on_commit(f"listing:{listing.pk}", "listing.closed_days", {"listing": listing.pk})


def _owned(listing_id, author):
    listing = Listing.objects.select_related("structure").defer("search_vector").filter(pk=listing_id).first()
    if listing is None or not acts_for(author, listing.structure):
        raise BookingRefused("Vous n’agissez pas pour l’association qui propose cette annonce.")
    return listing
