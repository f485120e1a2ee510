"""Keeping a thing longer: asked before it is due, accepted before it is due (Code civil, art. 1881)."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from maillage.handovers.loans import HandoverRefused, due_said, left_out, locked, side_of
from maillage.handovers.models import Extension, Side
from maillage.handovers.telling import tell
from maillage.kernel import events
from maillage.kernel.audit import acting
from maillage.sharing.bookings import stock
from maillage.sharing.bookings.terms import rules_of, taken_by


def ask_extension(*, booking_id, author, until, words="", site=""):
    """Ask the lender for more time, until an instant. Raises HandoverRefused."""
    with transaction.atomic(), acting(author):
        booking = locked(booking_id)
        if side_of(author, booking) != Side.BORROWER:
            raise HandoverRefused(f"C’est à {booking.borrower} de demander plus de temps.")
        _check_not_due(booking)
        if until <= booking.period.upper:
            raise HandoverRefused(f"Le bien est déjà à vous jusqu’au {due_said(booking)}. Choisissez un moment après.")
        if booking.extensions.filter(state=Extension.State.ASKED).exists():
            raise HandoverRefused("Une prolongation attend déjà une réponse.")
        _check_free(booking, until)
        extension = booking.extensions.create(until=until, words=words.strip(), author=author)
        tell("extension_asked", extension, site)
    return extension


def answer_extension(*, extension_id, author, accepts, site=""):
    """Give more time or not, for the lender; both are told, with the event for their calendars.

    Raises HandoverRefused when it is too late, or when someone else has booked it meanwhile
    """
    found = Extension.objects.filter(pk=extension_id).first()
    if found is None:
        raise HandoverRefused("Cette demande n’existe plus.")
    with transaction.atomic(), acting(author):
        booking = locked(found.booking_id)
        extension = Extension.objects.select_for_update().get(pk=extension_id)
        extension.booking = booking
        if side_of(author, booking) != Side.LENDER:
            raise HandoverRefused(f"C’est à {booking.lender} de répondre.")
        if extension.state != Extension.State.ASKED:
            return extension
        if accepts:
            _check_not_due(booking)
            _check_free(booking, extension.until)
            _extend(booking, extension.until)
        extension.state = Extension.State.ACCEPTED if accepts else Extension.State.REFUSED
        extension.answered_by = author
        extension.save(update_fields=["state", "answered_by"])
        tell("extension_answered", extension, site)
    return extension


def _check_not_due(booking):
    if not booking.is_out:
        raise HandoverRefused("Un prêt se prolonge entre la remise et le retour.")
    if booking.period.upper <= timezone.now():
        raise HandoverRefused(
            f"Le bien était à rendre le {due_said(booking)}\u00a0: il est trop tard pour prolonger. "
            "Rendez-le au plus vite."
        )


def _check_free(booking, until):
    begins = booking.period.upper
    ends = taken_by(TimestamptzRange(begins, until, "[)"), rules_of(booking.listing)).upper
    free = stock.Stock(booking.listing, begins, ends, without=booking).free(begins, ends)
    if free < left_out(booking):
        raise HandoverRefused("Une autre association l’a réservé pendant ce temps. Choisissez un moment plus proche.")


def _extend(booking, until):
    """The locks are taken; the constraint is there for what a mistake would let through."""
    booking.period = TimestamptzRange(booking.period.lower, until, "[)")
    booking.sequence += 1
    ends = taken_by(booking.period, rules_of(booking.listing)).upper
    try:
        with transaction.atomic():
            booking.save(update_fields=["period", "sequence"])
            for occupation in booking.occupations.all():
                occupation.period = TimestamptzRange(occupation.period.lower, ends, "[)")
                occupation.save(update_fields=["period"])
    except IntegrityError:
        raise HandoverRefused("Une autre association vient de le réserver pendant ce temps.") from None
    events.publish_on_commit(f"listing:{booking.listing_id}", "booking.extended", {"booking": booking.pk})
