"""The waiting list: who is next, the place kept for a day, and what becomes of it."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, Sum
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from maillage.directory.helping import note_help
from maillage.kernel.audit import acting
from maillage.sharing.bookings import stock
from maillage.sharing.bookings.services import (
    BookingRefused,
    check_acts,
    confirm_held,
    end,
    free_for,
    locked,
    tell,
    write,
)
from maillage.sharing.bookings.terms import rules_of
from maillage.sharing.models import Booking, Listing, Part

KEPT = timedelta(hours=24)


def wait(*, booking_id, author):
    """Take a place in the waiting list, for a request that was refused because it is taken. Raises BookingRefused."""
    with transaction.atomic(), acting(author):
        booking = locked(booking_id)
        check_acts(author, booking.borrower)
        if booking.state == Booking.State.WAITING:
            return booking
        if booking.state != Booking.State.REFUSED or booking.why != Booking.Why.TAKEN:
            raise BookingRefused("Cette demande n’attend plus de place\u00a0: faites-en une nouvelle.")
        if booking.period.lower < timezone.now():
            raise BookingRefused("Ce jour est déjà passé\u00a0: choisissez-en un autre.")
        note_help(author, booking.borrower)
        booking.state, booking.why, booking.word, booking.ended_by = Booking.State.WAITING, "", "", None
        booking.sequence += 1
        booking.save()
        tell(booking, "booking.waiting")
    return booking


def place_of(booking):
    """1 for who is next among those who wait for the same time."""
    before = _waiting(booking.listing, booking.period).filter(asked_at__lt=booking.asked_at)
    return before.count() + 1


def offer_what_is_free(*, listing_id, period, site=""):
    """Keep for those who wait, in order, what is free again of an offer, of what it is made of and of what it is in."""
    for listing in Listing.objects.filter(pk__in=_family(listing_id)).order_by("pk"):
        _offer_in_order(listing, period, site)


def offer_again(*, site=""):
    """Keep for those who wait what became free otherwise: more of it, fewer parts, a request refused, a calendar."""
    ahead = TimestamptzRange(timezone.now(), None, "[)")
    waiting = Booking.objects.filter(state=Booking.State.WAITING, period__overlap=ahead)
    for listing in Listing.objects.filter(pk__in=waiting.values("listing")).order_by("pk"):
        _offer_in_order(listing, ahead, site)


def take(*, booking_id, author, site=""):
    """Say yes to a place that was kept: booked, or asked of the lender when somebody must accept.

    Raises BookingRefused
    """
    with transaction.atomic(), acting(author):
        booking = locked(booking_id)
        check_acts(author, booking.borrower)
        if booking.state in (Booking.State.CONFIRMED, Booking.State.REQUESTED):
            return booking
        if booking.state != Booking.State.HELD or booking.held_until < timezone.now():
            raise BookingRefused("Cette place n’est plus gardée pour vous\u00a0: demandez un autre jour.")
        note_help(author, booking.borrower)
        if rules_of(booking.listing).approvals == 0:
            confirm_held(booking, site)
        else:
            stock.release(booking)
            booking.state, booking.held_until = Booking.State.REQUESTED, None
            booking.save(update_fields=["state", "held_until"])
            tell(booking, "booking.asked")
            write("asked", booking, site)
    return booking


def let_go_of_old_places(*, site=""):
    """End what was kept and not taken in time, which goes to the next who waits, and what nothing can come of.

    Returns how many
    """
    lapsed = 0
    for pk in list(_old().order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            booking = locked(pk)
            if _old().filter(pk=pk).exists():
                end(booking, Booking.State.LAPSED, None, site=site)
                lapsed += 1
    return lapsed


def _old():
    """Places that were kept long enough, waiting that is in vain, requests that nobody answered in time."""
    now, state = timezone.now(), Booking.State
    return Booking.objects.filter(
        Q(state=state.HELD, held_until__lt=now)
        | Q(state=state.WAITING, period__startswith__lt=now)
        | Q(state=state.REQUESTED, period__endswith__lt=now)
    )


def _family(listing_id):
    """The offer, its parts and its wholes, one step away: a room that is given back may free the whole building."""
    parts = Part.objects.filter(whole=listing_id).values_list("part", flat=True)
    wholes = Part.objects.filter(part=listing_id).values_list("whole", flat=True)
    return {listing_id, *parts, *wholes}


def _waiting(listing, period):
    related = Booking.objects.select_related("listing__structure", "listing__lending_rules", "borrower")
    waiting = related.filter(listing=listing, state=Booking.State.WAITING, period__overlap=period)
    return waiting.filter(period__startswith__gt=timezone.now()).order_by("asked_at", "pk")


def _offer_in_order(listing, period, site):
    with transaction.atomic():
        stock.lock(listing)
        for booking in _waiting(listing, period).select_for_update(of=("self",)):
            _offer(booking, site)


def _offer(booking, site):
    rules, now = rules_of(booking.listing), timezone.now()
    if not booking.listing.is_shown or free_for(booking, rules) - _asked_during(booking) < booking.quantity:
        return
    try:
        with transaction.atomic():
            stock.occupy(booking, rules)
    except IntegrityError:
        return
    booking.state, booking.held_until = Booking.State.HELD, min(now + KEPT, booking.period.lower)
    booking.save(update_fields=["state", "held_until"])
    tell(booking, "booking.held")
    write("held", booking, site)


def _asked_during(booking):
    """How many others ask for at that time: whoever took a place asks the lender, before those who follow."""
    asked = Booking.objects.waiting_for_an_answer().filter(listing=booking.listing_id, period__overlap=booking.period)
    return asked.aggregate(many=Sum("quantity", default=0))["many"]
