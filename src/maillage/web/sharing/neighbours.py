"""Searches that begin where a listing is: what to look at when nothing answers it."""

from maillage.sharing.models import Listing
from maillage.sharing.search.criteria import DISTANCE, Criteria
from maillage.web.search.address import address

OTHER = {Listing.Direction.OFFER: Listing.Direction.NEED, Listing.Direction.NEED: Listing.Direction.OFFER}


def answers_nearby(listing):
    """The address of the search for what could answer: the other direction, one step wider than the category."""
    category = listing.kind.parent or listing.kind.code
    return address(
        Criteria(direction=OTHER[listing.direction], category=category, place=listing.commune, sort=DISTANCE)
    )
