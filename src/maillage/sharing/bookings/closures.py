"""Times at which an offer is not lent: written as occupations of all of it, so that nobody can book them.

A closed building closes its rooms, which are behind its door; a kit that is not lent leaves its pieces free.
Closures may overlap, occupations of what is single never do: each takes what no earlier one has taken.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from maillage.directory.helping import note_help
from maillage.engine import spans
from maillage.kernel import events
from maillage.kernel.audit import acting
from maillage.sharing.bookings import families, services
from maillage.sharing.bookings.lending import owned
from maillage.sharing.bookings.terms import BookingRefused
from maillage.sharing.models import Booking, Closure, Listing, Occupation

WHY = {Closure.Reason.REPAIR: Booking.Why.BROKEN}


class ClosureTouches(BookingRefused):
    """``bookings`` were accepted, or asked, for a time that would be closed."""

    def __init__(self, bookings):
        many = "réservations tombent" if len(bookings) > 1 else "réservation tombe"
        super().__init__(f"{len(bookings)} {many} pendant cette fermeture. Choisissez un autre jour, ou annulez-les.")
        self.bookings = bookings


def close(*, listing_id, author, period, reason, word="", site="", cancels=False):
    """Close an offer during ``period``; returns the Closure. See ``close_each``."""
    (closure,) = close_each(
        listing_id=listing_id, author=author, periods=[(period, word)], reason=reason, site=site, cancels=cancels
    )
    return closure


def close_each(*, listing_id, author, periods, reason, site="", cancels=False):
    """Close an offer during each of ``periods``, [(period, word)…]: all of them, or none.

    cancels  take back, with letters, the bookings that they touch
    Raises ClosureTouches, with these bookings, when there are some and ``cancels`` is not said; BookingRefused
    """
    with transaction.atomic(), acting(author):
        families.lock(listing_id)
        listing = owned(listing_id, author)
        note_help(author, listing.structure)
        closures = [_closure(listing, period, reason, word) for period, word in periods]
        touched = _touched(listing, [closure.period for closure in closures])
        if touched and not cancels:
            raise ClosureTouches(touched)
        for booking in touched:
            _end(booking, author, closures[0], site)
        for closure in closures:
            closure.save()
        write_occupations(families.closed_with(listing))
        _tell(listing)
    return closures


def reopen(*, closure_id, author, site=""):
    """Lend an offer again at the time of a closure, first to those who wait for it; without effect when it is gone.

    Raises BookingRefused
    """
    closure = Closure.objects.filter(pk=closure_id).first()
    if closure is None:
        return
    with transaction.atomic(), acting(author):
        families.lock(closure.listing_id)
        listing = owned(closure.listing_id, author)
        if closure.reason == Closure.Reason.CALENDAR:
            raise BookingRefused("Cette fermeture vient de votre agenda\u00a0: changez-la dans votre agenda.")
        note_help(author, listing.structure)
        closure.delete()
        write_occupations(families.closed_with(listing))
        services.offer_what_is_free(listing.pk, closure.period, site)
        _tell(listing)


def write_occupations(listings):
    """Write anew what closures take of ``listings`` (ids) from now on; their locks are taken."""
    now = timezone.now()
    to_come = Occupation.objects.filter(period__endswith__gt=now)
    to_come.filter(listing__in=listings, closure__isnull=False).delete()
    rows = []
    for listing in Listing.objects.filter(pk__in=listings).only("category", "quantity").order_by("pk"):
        is_single = listing.quantity == 1
        found = list(Closure.objects.to_come().filter(listing__in=families.closed_by(listing)).order_by("period"))
        closed_until = min((closure.period.lower for closure in found), default=now)
        others = Occupation.objects.filter(listing=listing, period__endswith__gt=closed_until)
        taken = [_span(one) for one in others] if is_single else []
        for closure in found:
            begins, ends = max(closure.period.lower, closed_until), closure.period.upper
            closed_until = max(closed_until, ends)
            for span in spans.minus([(begins, ends)] if begins < ends else [], taken):
                rows.append(
                    Occupation(
                        listing=listing,
                        closure=closure,
                        period=span,
                        quantity=listing.quantity,
                        is_single=is_single,
                    )
                )
    Occupation.objects.bulk_create(rows)


def _span(row):
    return row.period.lower, row.period.upper


def _closure(listing, period, reason, word):
    """That of the same time and reason when the form was sent twice."""
    if period.upper <= timezone.now():
        raise BookingRefused("Cette fermeture est déjà passée. Choisissez un jour à venir.")
    if reason not in Closure.Reason.values:
        raise BookingRefused("Choisissez la raison de la fermeture.")
    same = Closure.objects.filter(listing=listing, period=period, reason=reason).first()
    return same or Closure(listing=listing, period=period, reason=reason, word=word.strip())


def _touched(listing, periods):
    """The bookings, and the requests, that need what would be closed."""
    closed = families.closed_with(listing)
    wholes = {pk for one in closed for pk in families.with_wholes(one)}
    overlaps = Q()
    for period in periods:
        overlaps |= Q(period__overlap=period)
    taken = Occupation.objects.filter(overlaps, listing__in=closed, booking__isnull=False).values("booking")
    asked = overlaps & Q(listing__in=wholes, state__in=(Booking.State.REQUESTED, Booking.State.WAITING))
    living = Booking.objects.living().filter(Q(pk__in=taken) | asked)
    return list(living.select_related("listing", "borrower").order_by("period", "pk"))


def _end(booking, author, closure, site):
    word = closure.word or f"Fermé\u00a0: {closure.get_reason_display()}."
    if booking.state in Booking.OCCUPYING:
        services.cancel(booking_id=booking.pk, author=author, word=word, site=site)
    else:
        why = WHY.get(closure.reason, Booking.Why.OTHER)
        services.refuse(booking_id=booking.pk, author=author, why=why, word=word, site=site)


def _tell(listing):
    events.publish_on_commit(f"listing:{listing.pk}", "listing.closed_days", {"listing": listing.pk})
