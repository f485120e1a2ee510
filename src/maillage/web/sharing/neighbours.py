"""Searches that begin where a listing is: what to look at when nothing answers it, or when it is over."""

from dataclasses import replace

from django.utils import timezone

from maillage.sharing.models import Listing
from maillage.sharing.search.criteria import DISTANCE, Criteria
from maillage.sharing.search.query import search
from maillage.web.search.address import address

SIMILAR_SHOWN = 6
OTHER = {Listing.Direction.OFFER: Listing.Direction.NEED, Listing.Direction.NEED: Listing.Direction.OFFER}


def answers_nearby(listing):
    """The address of the search for what could answer: the other direction, one step wider than the category."""
    category = listing.kind.parent or listing.kind.code
    return address(
        Criteria(direction=OTHER[listing.direction], category=category, place=listing.commune, sort=DISTANCE)
    )


def similar_to(listing, user):
    """(listings, address of all): the nearest of the same direction and category, else one step wider."""
    criteria = Criteria(
        listing.direction, category=listing.kind.code, place=listing.commune, radius_km=None, sort=DISTANCE
    )
    found = _nearest(criteria, user)
    if not found and listing.kind.parent:
        criteria = replace(criteria, category=listing.kind.parent)
        found = _nearest(criteria, user)
    return found, address(criteria)


def _nearest(criteria, user):
    return search(criteria, user=user, today=timezone.localdate(), size=SIMILAR_SHOWN).listings
