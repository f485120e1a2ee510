"""One of my offers that are lent: what the pages of its owner begin with."""

from django.http import Http404

from maillage.sharing.bookings.terms import is_lent
from maillage.web.sharing.publishing import editable_listing


def lent_by_me(request, pk):
    """The offer; 404 for whoever may not know that it exists, and for what is not lent."""
    listing = editable_listing(request, pk)
    if not is_lent(listing):
        raise Http404
    return listing
