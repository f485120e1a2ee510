"""A loan: what its lender handed over yesterday, and what it wrote of it."""

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


def make_loan(photo=None, ends=24, **of):
    """A booking handed over a day ago; its condition, told by the lender, waits for an answer."""
    loan = confirmed_now(begins=-24, ends=ends, **of)
    at = timezone.now() - 24 * HOUR
    Booking.objects.filter(pk=loan.pk).update(handed_at=at)
    loan.refresh_from_db()
    report = ConditionReport.objects.create(
        booking=loan, kind="handed", at=at, condition="good", quantity=loan.quantity, gave="Noé", received="Alix",
        side="lender", words="Un pneu est plus usé que les autres.",
    )  # fmt: skip
    if photo:
        report.photos.create(position=1, image=ContentFile(photo.read(), name="photo.webp"))
    return loan
