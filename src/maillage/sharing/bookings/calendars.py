"""Bookings as events of a calendar (iCalendar, RFC 5545)."""

from datetime import UTC
from urllib.parse import urljoin, urlsplit

from django.utils import timezone
from icalendar import Calendar, Event, vDatetime

from maillage.engine.french import NBSP
from maillage.sharing.models import Booking

PRODUCT = "-//Maillage//FR"
STATUSES = {
    Booking.State.CONFIRMED: "CONFIRMED",
    Booking.State.HELD: "TENTATIVE",
    Booking.State.REQUESTED: "TENTATIVE",
    Booking.State.WAITING: "TENTATIVE",
}


def calendar_of(bookings, site, *, method="PUBLISH"):
    """The bytes of a calendar; what is over is in it as cancelled, so that the reader's own calendar drops it."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for booking in bookings:
        calendar.add_component(_event(booking, site))
    return calendar.to_ical()


def _event(booking, site):
    event = Event()
    event.add("uid", f"reservation-{booking.pk}@{urlsplit(site).hostname}")
    event.add("sequence", booking.sequence)
    event.add("status", STATUSES.get(booking.state, "CANCELLED"))
    event["dtstamp"] = vDatetime((booking.answered_at or booking.asked_at or timezone.now()).astimezone(UTC))
    event["dtstart"] = vDatetime(booking.period.lower.astimezone(UTC))
    event["dtend"] = vDatetime(booking.period.upper.astimezone(UTC))
    event.add("summary", f"{booking.listing.title}, {booking.borrower}")
    event.add(
        "description",
        f"{booking.lender} prête à {booking.borrower}{NBSP}: {booking.listing.title}. "
        f"Pour{NBSP}: {booking.purpose}. État{NBSP}: {booking.get_state_display()}.",
    )
    event.add("location", booking.listing.commune.name)
    event.add("url", urljoin(site, booking.get_absolute_url()))
    return event
