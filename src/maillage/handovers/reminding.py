"""Loans that end and loans that are late: told the day before, on the day, a day and three days after, never twice.

Each run looks at what is out now: one that was missed, for an hour or a day, is caught up by the next.
"""

import logging
from datetime import timedelta

from django.core.mail import get_connection
from django.db import IntegrityError, transaction
from django.utils import timezone

from maillage.accounts.models import User
from maillage.directory.models import Mandate
from maillage.handovers import due_letters
from maillage.handovers.loans import structure_of
from maillage.handovers.models import LoanReminder, Side
from maillage.kernel.letters import send
from maillage.sharing.bookings import stock
from maillage.sharing.bookings.terms import rules_of
from maillage.sharing.models import Booking
from maillage.sharing.periods import last_day_of

logger = logging.getLogger(__name__)

Moment = LoanReminder.Moment
AFTERNOON = 14  # the hour from which tomorrow is told
STILL_LATE_DAYS = 3
GIVEN_UP_DAYS = 10  # after an outage, older ends are not told any more
MOST_FAILURES = 20  # letters in a row: the server of e-mail is down
BOTH = (Side.BORROWER, Side.LENDER)


def remind(*, site, now=None):
    """Write what is due to whom; returns how many letters left. Two runs at once write to nobody twice."""
    now = now or timezone.now()
    sent, failures = 0, 0
    with get_connection() as post:
        for booking, moment, about, sides in [*_ends(now), *_next_ones(now)]:
            for side in sides:
                for person in _untold(booking, moment, about, side):
                    try:
                        sent += _tell(booking, moment, about, side, person, now, site, post)
                        failures = 0
                    except Exception:
                        logger.exception("Reminder of booking %s for person %s did not leave.", booking.pk, person.pk)
                        post.close()
                        failures += 1
                        if failures == MOST_FAILURES:
                            raise
    return sent


def _ends(now):
    """[(Booking, Moment, its end, the Sides that are told)…] of what is out and ends soon, or has ended."""
    related = Booking.objects.select_related("listing__structure", "listing__lending_rules", "borrower")
    near = related.out().filter(period__endswith__range=(now - timedelta(days=GIVEN_UP_DAYS), now + timedelta(days=2)))
    for booking in near.order_by("period", "pk"):
        days = (timezone.localdate(now) - last_day_of(booking.period)).days
        if days == -1 and timezone.localtime(now).hour >= AFTERNOON:
            yield booking, Moment.BEFORE, booking.period.upper, (Side.BORROWER,)
        elif days == 0 and now < booking.period.upper:
            yield booking, Moment.DUE, booking.period.upper, (Side.BORROWER,)
        elif days >= STILL_LATE_DAYS:
            yield booking, Moment.STILL_LATE, booking.period.upper, BOTH
        elif days >= 1:
            yield booking, Moment.LATE, booking.period.upper, BOTH


def _next_ones(now):
    """The bookings that begin while what they need may not be back, as ``_ends`` does."""
    overdue = Booking.objects.overdue(now)
    soon = Booking.objects.filter(
        state=Booking.State.CONFIRMED,
        handed_at=None,
        period__startswith__lt=now + stock.OVERDUE_TAKES,
        period__endswith__gt=now,
        occupations__listing__in=overdue.values("occupations__listing"),
    )
    related = soon.select_related("listing__structure", "listing__lending_rules", "borrower").distinct()
    for booking in related.order_by("period", "pk"):
        begins, ends = max(booking.period.lower, now), booking.period.upper
        if stock.Stock(booking.listing, begins, ends, without=booking).free(begins, ends) < booking.quantity:
            yield booking, Moment.NEXT, booking.period.lower, BOTH


def _untold(booking, moment, about, side):
    acting = Mandate.objects.current().filter(structure=structure_of(side, booking))
    told = LoanReminder.objects.filter(booking=booking, moment=moment, about=about)
    people = User.objects.filter(pk__in=acting.values("user"), is_active=True)
    return people.exclude(pk__in=told.values("person")).order_by("pk")


def _tell(booking, moment, about, side, person, now, site, post):
    """Whether the letter left: marking comes first, and another run that marks meanwhile writes it."""
    try:
        with transaction.atomic():
            LoanReminder.objects.create(person=person, booking=booking, moment=moment, about=about)
            letter = _letter(booking, moment, side, now, site)
            send(letter, to=person.email, site=site, post=post)
    except IntegrityError:
        logger.info("Person %s heard of booking %s from another run.", person.pk, booking.pk)
        return False
    return True


def _letter(booking, moment, side, now, site):
    if moment == Moment.NEXT and side == Side.LENDER:
        return due_letters.keeps_others(booking, site)
    if moment == Moment.NEXT:
        near = stock.near(
            booking.listing, rules_of(booking.listing), period=booking.period, quantity=booking.quantity, now=now
        )
        return due_letters.may_be_late(booking, near, site)
    if side == Side.LENDER:
        return due_letters.not_back(booking, now, site)
    if moment in (Moment.BEFORE, Moment.DUE):
        return due_letters.due(booking, moment == Moment.DUE, site)
    return due_letters.late(booking, now, site)
