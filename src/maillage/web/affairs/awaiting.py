"""What awaits the people of some structures: one line each, the first that comes due first, in constant queries."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from maillage.agreements.models import Agreement, Side, Version
from maillage.conversations.models import Conversation
from maillage.directory.models import Mandate
from maillage.engine.french import NBSP, count_fr, of_fr
from maillage.handovers.models import ConditionReport, Extension, Incident
from maillage.handovers.models import Side as LoanSide
from maillage.opportunities.models import Party
from maillage.sharing.models import Booking
from maillage.volunteering.models import Engagement, Mission, VolunteerHours

SOON = timedelta(days=2)
MOST = 50  # lines of a kind: whoever has more answers these first


@dataclass(frozen=True)
class Affair:
    """``about``: of what and of whom; ``what``: what to do; ``at``: when it comes due, or since when it waits."""

    what: str
    about: str
    url: str
    icon: str
    at: object


def to_answer(user, mine):
    """What others wait for: requests, kept places, reports, more time, ends of incidents, signatures, invitations."""
    found = [
        *_bookings(mine),
        *_loans(mine),
        *_agreements(user),
        *_missions(user),
        *_opportunities(mine),
    ]
    return sorted(found, key=lambda affair: affair.at)


def to_do(mine, now):
    """What is handed over or given back today or tomorrow, or is late."""
    related = Booking.objects.between(mine).filter(state=Booking.State.CONFIRMED, returned_at=None)
    related = related.select_related("listing__structure", "borrower").defer("listing__search_vector")
    near = related.filter(
        Q(handed_at=None, period__startswith__lt=now + SOON, period__endswith__gt=now)
        | Q(handed_at__isnull=False, period__endswith__lt=now + SOON)
    )
    return sorted((_loan_of(booking, mine, now) for booking in near[:MOST]), key=lambda affair: affair.at)


def to_read(user):
    unread = Conversation.objects.read_by(user).with_unread(user).filter(unread__gt=0).latest_first()
    return [
        Affair(
            count_fr(one.unread, "nouveau message", "nouveaux messages"),
            one.subject,
            f"{one.get_absolute_url()}#nouveau",
            "message-square",
            one.latest_at,
        )
        for one in unread[:MOST]
    ]


def _bookings(mine):
    asked = Q(state=Booking.State.REQUESTED, listing__structure__in=mine)
    held = Q(state=Booking.State.HELD, borrower__in=mine)
    waiting = Booking.objects.living().filter(asked | held).select_related("listing", "borrower")
    for booking in waiting.defer("listing__search_vector")[:MOST]:
        if booking.state == Booking.State.HELD:
            what, at = "Prendre la place gardée pour vous", booking.held_until
        else:
            what, at = f"Répondre à la demande {of_fr(booking.borrower.name)}", booking.asked_at
        yield Affair(what, f"{booking.listing.title}, {booking.days}", booking.get_absolute_url(), "calendar-check", at)


def _loans(mine):
    lent = Q(booking__listing__structure__in=mine)
    borrowed = Q(booking__borrower__in=mine)
    theirs = Q(side=LoanSide.BORROWER) & lent | Q(side=LoanSide.LENDER) & borrowed
    reports = ConditionReport.objects.filter(theirs, answer="").select_related("booking__listing")
    for report in reports[:MOST]:
        what = f"Dire si vous êtes d’accord sur l’état{NBSP}: {report.get_kind_display()}"
        yield Affair(what, report.booking.listing.title, report.get_absolute_url(), "hand-helping", report.at)
    asked = Extension.objects.filter(lent, state=Extension.State.ASKED, booking__returned_at=None)
    extensions = asked.select_related("booking__listing")
    for one in extensions[:MOST]:
        address = reverse("loan", args=[one.booking_id])
        yield Affair("Répondre à une prolongation", one.booking.listing.title, address, "clock", one.asked_at)
    incidents = Incident.objects.filter(lent | borrowed, state=Incident.State.OPEN).select_related("booking__listing")
    for incident in incidents[:MOST]:
        about = incident.booking.listing.title
        yield Affair("Régler un problème", about, incident.get_absolute_url(), "triangle-alert", incident.opened_at)


def _agreements(user):
    """Those that wait for a signature that this person may give."""
    signs = set(Mandate.objects.current().filter(user=user, may_commit=True).values_list("structure", flat=True))
    between = Q(agreement__lender__in=signs) | Q(agreement__borrower__in=signs)
    latest = Version.objects.filter(between, agreement__state__in=Agreement.TO_SIGN)
    latest = latest.exclude(agreement__ends_on__lt=timezone.localdate())
    latest = (
        latest.order_by("agreement_id", "-number")
        .distinct("agreement_id")
        .select_related("agreement__lender", "agreement__borrower")
    )
    for version in latest.prefetch_related("signatures")[:MOST]:
        agreement, signatures = version.agreement, version.signatures.all()
        missing = set(Side) - {one.side for one in signatures}
        mine = any(agreement.structure_of(side).pk in signs for side in missing)
        if mine and all(one.person_id != user.pk for one in signatures):
            about = f"{agreement.lender}, {agreement.borrower}"
            yield Affair("Lire et signer un accord", about, agreement.get_absolute_url(), "handshake", version.made_at)


def _missions(user):
    invited = Engagement.objects.of(user).invited().filter(mission__in=Mission.objects.to_come())
    for one in invited.select_related("mission__structure")[:MOST]:
        what = f"Répondre à l’invitation {of_fr(one.mission.structure.name)}"
        yield Affair(what, one.mission.title, one.mission.get_absolute_url(), "hand-heart", one.made_at)
    team = Mandate.objects.current().of_the_team().filter(user=user).values("structure")
    hours = VolunteerHours.objects.waiting().filter(structure__in=team).exclude(written_by=user)
    for one in hours.select_related("structure")[:MOST]:
        address = reverse("structure-hours", args=[one.structure_id])
        yield Affair("Valider des heures bénévoles", one.structure.name, address, "clock", one.written_at)


def _opportunities(mine):
    waiting = Party.objects.living().filter(structure__in=mine, answer=Party.Answer.PENDING)
    for party in waiting.select_related("opportunity", "structure")[:MOST]:
        address = reverse("opportunity", args=[party.pk])
        yield Affair("Répondre à une occasion", party.structure.name, address, "sparkles", party.opportunity.found_at)


def _loan_of(booking, mine, now):
    lends = booking.listing.structure_id in mine
    partner = booking.borrower if lends else booking.lender
    if booking.handed_at is None:
        what, at = ("Remettre" if lends else "Aller chercher"), booking.period.lower
    elif booking.period.upper < now:
        what, at = ("Faire revenir, c’est en retard" if lends else "Rendre, c’est en retard"), booking.period.upper
    else:
        what, at = ("Reprendre" if lends else "Rendre"), booking.period.upper
    about = f"{booking.listing.title}, {partner}"
    return Affair(what, about, reverse("loan", args=[booking.pk]), "hand-helping", at)
