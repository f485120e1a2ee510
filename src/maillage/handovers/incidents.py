"""Something damaged or lost: said by either side, ended by both, or by the lender alone after a while."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from maillage.handovers.loans import HandoverRefused, side_of
from maillage.handovers.models import Incident, IncidentWord, Side
from maillage.handovers.telling import tell
from maillage.kernel import events
from maillage.kernel.audit import acting
from maillage.sharing.bookings.closures import close, reopen
from maillage.sharing.bookings.terms import BookingRefused, period_between
from maillage.sharing.models import Booking, Closure

ALONE_AFTER = timedelta(days=15)


def open_incident(*, booking, author, side, what, report=None, site=""):
    """Say that something went wrong; the other side is told. Raises HandoverRefused."""
    with transaction.atomic(), acting(author):
        if not booking.handed_at:
            raise HandoverRefused("Un incident se signale après la remise.")
        incident = Incident(booking=booking, author=author, side=side, what=what.strip(), report=report)
        _clean(incident)
        incident.save()
        _tell(incident, "opened", site)
    return incident


def report_incident(*, booking_id, author, what, site=""):
    """``open_incident`` for someone of either side. Raises HandoverRefused."""
    related = Booking.objects.select_related("listing__structure", "borrower")
    booking = related.filter(pk=booking_id).first()
    if booking is None:
        raise HandoverRefused("Cette réservation n’existe plus.")
    return open_incident(booking=booking, author=author, side=side_of(author, booking), what=what, site=site)


def say(*, incident_id, author, text, proposes="", site=""):
    """Add what one side says, with the end that it proposes, if any. Raises HandoverRefused."""
    with transaction.atomic(), acting(author):
        incident = _open(incident_id)
        side = side_of(author, incident.booking)
        word = IncidentWord(incident=incident, side=side, author=author, text=text.strip(), proposes=proposes)
        _clean(word)
        word.save()
        if site:
            tell("incident_said", word, site)
    return word


def agree(*, incident_id, author, proposal_id, site=""):
    """Accept the end that the other side proposed last, which is the one that was read: the incident is over.

    Raises HandoverRefused
    """
    with transaction.atomic(), acting(author):
        incident = _open(incident_id)
        proposal = incident.proposal
        if proposal is None:
            raise HandoverRefused("Personne n’a encore proposé d’issue\u00a0: proposez-en une.")
        if side_of(author, incident.booking) == proposal.side:
            raise HandoverRefused("C’est à l’autre association d’accepter ce que vous proposez.")
        if proposal.pk != proposal_id:
            raise HandoverRefused("L’autre association vient de proposer une autre issue\u00a0: relisez-la.")
        _resolve(incident, proposal.proposes, site)
    return incident


def end_alone(*, incident_id, author, outcome, site=""):
    """End it for the lender alone: at once without consequence, otherwise once the other side had time to answer."""
    with transaction.atomic(), acting(author):
        incident = _open(incident_id)
        _check_lends(author, incident)
        if outcome not in Incident.ENDS:
            raise HandoverRefused("Choisissez comment l’incident se termine.")
        if outcome != Incident.State.DROPPED and not may_end_alone(incident, timezone.now()):
            raise HandoverRefused(
                f"L’autre association a {ALONE_AFTER.days} jours pour répondre. Proposez-lui cette issue."
            )
        incident.alone = True
        _resolve(incident, outcome, site)
    return incident


def may_end_alone(incident, now):
    return incident.opened_at + ALONE_AFTER <= now


def assess(*, incident_id, author, bears, value_cents):
    """What the lender reads in the agreement, and what it would cost. Raises HandoverRefused."""
    with transaction.atomic(), acting(author):
        incident = _open(incident_id)
        _check_lends(author, incident)
        incident.bears, incident.value_cents = bears, value_cents
        _clean(incident)
        incident.save(update_fields=["bears", "value_cents"])
    return incident


def put_out_of_service(*, incident_id, author, until, site=""):
    """Close the offer for repair, from its return until the end of a day. Raises HandoverRefused when it is booked."""
    with transaction.atomic(), acting(author):
        incident = _locked(incident_id)
        _check_lends(author, incident)
        if incident.is_out_of_service:
            return incident
        taken = incident.booking.occupations.filter(listing=incident.booking.listing_id).first()
        begins = max(timezone.now(), taken.period.upper) if taken else timezone.now()
        try:
            period = TimestamptzRange(begins, period_between(until, until, None, None).upper, "[)")
            incident.closure = close(
                listing_id=incident.booking.listing_id,
                author=author,
                period=period,
                reason=Closure.Reason.REPAIR,
                word="Hors service après un prêt.",
                site=site,
            )
        except BookingRefused as refusal:
            raise HandoverRefused(str(refusal)) from refusal
        incident.save(update_fields=["closure"])
    return incident


def put_back_in_service(*, incident_id, author):
    """Lend it again from now on. Raises HandoverRefused."""
    with transaction.atomic(), acting(author):
        incident = _locked(incident_id)
        _check_lends(author, incident)
        if incident.closure_id:
            reopen(closure_id=incident.closure_id, author=author)
    return incident


def _locked(incident_id):
    related = Incident.objects.select_related("booking__listing__structure", "booking__borrower", "closure")
    incident = related.select_for_update(of=("self",)).filter(pk=incident_id).first()
    if incident is None:
        raise HandoverRefused("Cet incident n’existe plus.")
    return incident


def _open(incident_id):
    incident = _locked(incident_id)
    if not incident.is_open:
        raise HandoverRefused(f"Cet incident est déjà clos\u00a0: {incident.get_state_display()}.")
    return incident


def _check_lends(author, incident):
    if side_of(author, incident.booking) != Side.LENDER:
        raise HandoverRefused(f"C’est à {incident.booking.lender} de le faire.")


def _resolve(incident, outcome, site):
    incident.state, incident.resolved_at = outcome, timezone.now()
    incident.save(update_fields=["state", "resolved_at", "alone"])
    _tell(incident, "resolved", site)


def _clean(thing):
    try:
        thing.full_clean(exclude=["booking", "author", "report", "closure", "incident"])
    except ValidationError as error:
        raise HandoverRefused(" ".join(error.messages)) from error


def _tell(incident, what, site):
    events.publish_on_commit(f"booking:{incident.booking_id}", f"incident.{what}", {"incident": incident.pk})
    tell(f"incident_{what}", incident, site)
