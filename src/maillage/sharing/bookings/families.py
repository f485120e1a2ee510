"""What an offer is part of, and what it is made of: all that moves together when one of them changes."""

from django.db import connection

from maillage.sharing.bookings import stock, terms
from maillage.sharing.models import Listing

WHOLES = """
    WITH RECURSIVE above(listing) AS (
        SELECT %s::bigint
        UNION
        SELECT part.whole_id FROM above JOIN sharing_part part ON part.part_id = above.listing
    )
    SELECT listing FROM above
"""


def with_wholes(pk):
    """The numbers of an offer, given by its own, and of all that it is part of."""
    with connection.cursor() as cursor:
        cursor.execute(WHOLES, [pk])
        return {whole for (whole,) in cursor.fetchall()}


def with_parts(pk):
    """The numbers of an offer, given by its own, and of all that it is made of."""
    return {part for part, _, _ in stock.made_of(Listing(pk=pk))}


def lock(*listings):
    """Nobody takes, closes nor rearranges any of the families of ``listings`` (ids) until the transaction ends."""
    stock.lock_all(lambda: {pk for one in listings for whole in with_wholes(one) for pk in with_parts(whole)})


def closed_with(listing):
    """What is closed when ``listing`` is: a building closes its rooms; a kit leaves its pieces free."""
    if not terms.is_premises(listing):
        return {listing.pk}
    return {one.pk for one in _found(with_parts(listing.pk)) if terms.is_premises(one)}


def closed_by(listing):
    """The offers whose closures close ``listing``: the same, seen from below."""
    if not terms.is_premises(listing):
        return {listing.pk}
    return {one.pk for one in _found(with_wholes(listing.pk)) if terms.is_premises(one)}


def _found(pks):
    return Listing.objects.filter(pk__in=pks).only("category")
