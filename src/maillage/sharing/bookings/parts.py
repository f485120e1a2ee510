"""What an offer is made of, and how many there are: what is already promised follows, or the change is refused.

Bookings to come take the parts that an offer has now: who was promised the kit is promised its new piece.
"""

from django.db import transaction
from django.utils import timezone

from maillage.directory.helping import note_help
from maillage.engine import availability
from maillage.engine.french import count_fr, join_fr, number_fr
from maillage.kernel import events
from maillage.kernel.audit import acting
from maillage.sharing.bookings import closures, families, stock
from maillage.sharing.bookings.lending import owned
from maillage.sharing.bookings.terms import BookingRefused
from maillage.sharing.models import Booking, Occupation, Part
from maillage.sharing.periods import short_said

DATES_SAID = 5


def set_part(*, whole_id, part_id, quantity, author):
    """Make ``part_id`` one of the parts of ``whole_id``, in this number; 0 takes it out. Raises BookingRefused."""
    with transaction.atomic(), acting(author):
        families.lock(whole_id, part_id)
        whole, part = owned(whole_id, author), owned(part_id, author)
        note_help(author, whole.structure)
        if quantity:
            _check(whole, part, quantity)
            Part.objects.update_or_create(whole=whole, part=part, defaults={"quantity": quantity})
        else:
            Part.objects.filter(whole=whole, part=part).delete()
        _promise_anew(whole)
        closures.write_occupations(families.with_parts(part.pk))
        events.publish_on_commit(f"listing:{whole_id}", "listing.parts_changed", {"listing": whole_id})


def _check(whole, part, quantity):
    if whole.structure_id != part.structure_id:
        raise BookingRefused("Les éléments d’un ensemble sont des annonces de la même association.")
    if quantity > part.quantity:
        raise BookingRefused(
            f"Il y en a {number_fr(part.quantity)} en tout («\u00a0{part}\u00a0»)\u00a0; "
            f"vous en mettez {number_fr(quantity)}."
        )
    if whole == part:
        raise BookingRefused("Une annonce ne fait pas partie d’elle-même.")
    if whole.pk in families.with_parts(part.pk):
        raise BookingRefused(
            f"«\u00a0{whole}\u00a0» fait déjà partie de «\u00a0{part}\u00a0»\u00a0: l’inverse n’est pas possible."
        )


def _promise_anew(whole):
    """What is booked of ``whole``, and of all that it is part of, takes the parts that they have now."""
    wholes = families.with_wholes(whole.pk)
    booked = Booking.objects.occupying().filter(listing__in=wholes, period__endswith__gt=timezone.now())
    missing = []
    for booking in booked.select_related("listing").order_by("period", "pk"):
        taken = booking.occupations.filter(listing=booking.listing_id).get().period
        now = stock.Stock(booking.listing, taken.lower, taken.upper, without=booking)
        if now.free(taken.lower, taken.upper) < booking.quantity:
            missing.append(booking)
            continue
        stock.release(booking)
        stock.take(booking, taken)
    if missing:
        raise BookingRefused(
            f"«\u00a0{whole}\u00a0» est déjà promis, et cet élément n’est pas libre ce jour-là\u00a0: "
            f"{_dates(missing)}. "
            "Annulez d’abord l’une des réservations."
        )


def _dates(bookings):
    said = [short_said(booking.period) for booking in bookings[:DATES_SAID]]
    more = len(bookings) - len(said)
    return join_fr([*said, *([f"{count_fr(more, 'autre date', 'autres dates')}"] if more else ())])


def resize(listing):
    """Follow how many there are of an offer, which has just changed; its locks are taken.

    Raises BookingRefused, with the dates, when more are promised
    """
    to_come = Occupation.objects.filter(listing=listing, period__endswith__gt=timezone.now())
    promised = to_come.filter(booking__isnull=False).select_related("booking").order_by("period")
    taken = [availability.Booking(one.period.lower, one.period.upper, one.quantity) for one in promised]
    over = [one.booking for one in promised if _most_taken(one.period, taken) > listing.quantity]
    if over:
        raise BookingRefused(
            f"Vous en avez déjà promis plus de {number_fr(listing.quantity)}\u00a0: {_dates(over)}. "
            "Annulez d’abord ces réservations, ou gardez ce nombre."
        )
    promised.update(is_single=listing.quantity == 1)
    closures.write_occupations([listing.pk])


def _most_taken(period, taken):
    """The most that is taken at any instant of ``period``."""
    all_of_it = sum(one.quantity for one in taken)
    segments = availability.timeline(all_of_it, taken, period.lower, period.upper)
    return all_of_it - min(segment.free for segment in segments)
