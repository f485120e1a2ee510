"""Loans: what their lender handed over, and what it wrote of it."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from maillage.handovers.models import ConditionReport
from maillage.sharing.models import Booking
from tests.factories.sharing import BookingFactory

HOUR = timedelta(hours=1)


def confirmed_now(begins=-24, ends=24, **of):
    """A confirmed booking, from and until so many hours from now."""
    now = timezone.now()
    period = TimestamptzRange(now + begins * HOUR, now + ends * HOUR, "[)")
    return BookingFactory(confirmed=True, period=period, **of)


def hand(booking, at=None, **seen):
    """Hand ``booking`` over, now or ``at``; its condition, told by the lender, waits for an answer."""
    Booking.objects.filter(pk=booking.pk).update(handed_at=at or timezone.now())
    booking.refresh_from_db()
    facts = {"condition": "good", "gave": "Noé", "received": "Alix", "quantity": booking.quantity} | seen
    ConditionReport.objects.create(booking=booking, kind="handed", at=booking.handed_at, side="lender", **facts)
    return booking


def make_loan(photo=None, ends=24, **of):
    """A booking handed over a day ago."""
    at = timezone.now() - 24 * HOUR
    loan = hand(confirmed_now(begins=-24, ends=ends, **of), at, words="Un pneu est plus usé que les autres.")
    if photo:
        report = loan.condition_reports.get()
        report.photos.create(position=1, image=ContentFile(photo.read(), name="photo.webp"))
    return loan
