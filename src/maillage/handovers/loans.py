"""What is out of a booking, who has to do what next, and what keeps a thing from being handed over."""

from datetime import time

from django.db.models import Sum
from django.utils import timezone

from maillage.directory.rules import acts_for
from maillage.engine.french import NBSP, day_fr, number_fr, time_fr
from maillage.handovers.models import ConditionReport, Side
from maillage.sharing.bookings import stock, terms
from maillage.sharing.models import Booking
from maillage.sharing.periods import last_day_of


class HandoverRefused(Exception):
    """Its text is shown to the person."""


def locked(booking_id):
    """The booking and all that its offer takes, locked in the order of ``sharing.bookings``."""
    found = Booking.objects.select_related("listing").filter(pk=booking_id).first()
    if found is None:
        raise HandoverRefused("Cette réservation n’existe plus.")
    stock.lock(found.listing)
    related = Booking.objects.select_related("listing__structure", "listing__lending_rules", "borrower")
    return related.select_for_update(of=("self",)).get(pk=booking_id)


def side_of(person, booking):
    """The Side that ``person`` acts for; the lender's when it is both. Raises HandoverRefused."""
    if acts_for(person, booking.lender):
        return Side.LENDER
    if acts_for(person, booking.borrower):
        return Side.BORROWER
    raise HandoverRefused("Vous n’agissez pas pour l’une des associations de cette réservation.")


def structure_of(side, booking):
    return booking.lender if side == Side.LENDER else booking.borrower


def begins_said(booking):
    """« samedi 7 novembre, 8 h »"""
    return terms.said(timezone.localtime(booking.period.lower))


def due_hour(booking):
    """« 20 h », « minuit »: when it must be back, on the last day of its period."""
    end = timezone.localtime(booking.period.upper).time()
    return time_fr(end) if end != time() else "minuit"


def due_said(booking):
    """« samedi 7 novembre à 20 h »"""
    return f"{day_fr(last_day_of(booking.period))} à {due_hour(booking)}"


def left_out(booking):
    """How many were handed over and have neither come back nor been given up."""
    if not booking.is_out:
        return 0
    handed = ConditionReport.objects.filter(booking=booking, kind=ConditionReport.Kind.HANDED).first()
    if handed is None:
        return booking.quantity
    back = handed.returns.aggregate(back=Sum("quantity", default=0), gone=Sum("missing", default=0))
    return handed.quantity - back["back"] - back["gone"]


def check_can_be_handed(booking, quantity, now):
    """Raises HandoverRefused when it is not accepted, already out, over, late elsewhere, or promised before."""
    if booking.state != Booking.State.CONFIRMED:
        raise HandoverRefused(f"Cette réservation est {booking.get_state_display()}{NBSP}: on ne remet pas le bien.")
    if booking.handed_at:
        raise HandoverRefused(f"La remise est déjà notée{NBSP}: rechargez la page pour la voir.")
    if booking.period.upper <= now:
        raise HandoverRefused(
            f"La réservation s’est terminée le {due_said(booking)}. Demandez-en une nouvelle avant la remise."
        )
    if not 1 <= quantity <= booking.quantity:
        raise HandoverRefused(f"La réservation est pour {number_fr(booking.quantity)}{NBSP}: n’en remettez pas plus.")
    if late := _still_out(booking, quantity):
        raise HandoverRefused(
            f"{late.borrower} n’a pas encore rendu «{NBSP}{late.listing}{NBSP}». "
            "Notez d’abord son retour, puis revenez ici."
        )
    if booking.period.lower > now:
        _check_free_until(booking, quantity, now)


def _still_out(booking, quantity):
    """A booking that still has what this one needs, or a part of it; None when enough is there."""
    read = stock.Stock(booking.listing, booking.period.lower, booking.period.upper)
    there = dict(read.owned)
    others = Booking.objects.out().exclude(pk=booking.pk).filter(occupations__listing__in=read.units)
    for other in others.select_related("listing", "borrower").distinct().order_by("period", "pk"):
        left = left_out(other)
        for occupation in other.occupations.filter(listing__in=read.units):
            there[occupation.listing_id] -= occupation.quantity // other.quantity * left
            if there[occupation.listing_id] < quantity * read.units[occupation.listing_id]:
                return other
    return None


def _check_free_until(booking, quantity, now):
    """Handed over before its time: nobody else may have it meanwhile."""
    begins = booking.period.lower
    free = stock.Stock(booking.listing, now, begins, without=booking).free(now, begins)
    if free < quantity:
        raise HandoverRefused(
            f"Le bien est réservé à d’autres avant le {begins_said(booking)}{NBSP}: remettez-le ce jour-là."
        )
