"""Background work of sharing."""

import logging
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app
from psycopg.types.range import TimestamptzRange

from maillage.accounts.models import User
from maillage.accounts.services import LETTERS
from maillage.accounts.tasks import AGAIN
from maillage.directory.models import Mandate
from maillage.kernel.letters import send
from maillage.sharing.bookings import letters, outside, series_letters, waiting
from maillage.sharing.drafts import remove_forgotten_drafts
from maillage.sharing.indexing import forget_words
from maillage.sharing.inventories.services import remove_forgotten_inventories
from maillage.sharing.models import Booking, OutsideCalendar

logger = logging.getLogger(__name__)


@app.periodic(cron="40 3 * * *")
@app.task(name="sharing.forget_words", queueing_lock="sharing.forget_words")
def forget_words_of_no_listing(timestamp):
    """Every night: the words of a listing made private must not be suggested for ever."""
    forget_words()
    logger.info("Words that no public listing uses any more are forgotten.")


@app.periodic(cron="50 3 * * *")
@app.task(name="sharing.remove_forgotten_drafts", queueing_lock="sharing.remove_forgotten_drafts")
def remove_drafts_that_nobody_touches(timestamp):
    logger.info("%d forgotten drafts are removed.", remove_forgotten_drafts())


@app.periodic(cron="55 3 * * *")
@app.task(name="sharing.remove_forgotten_inventories", queueing_lock="sharing.remove_forgotten_inventories")
def remove_inventories_that_nobody_confirms(timestamp):
    logger.info("%d inventories that nobody confirmed are removed.", remove_forgotten_inventories())


@app.task(name="sharing.offer_what_is_free", queue=LETTERS, retry=AGAIN)
def offer_what_is_free(listing_id, start, end, site):
    period = TimestamptzRange(datetime.fromisoformat(start), datetime.fromisoformat(end), "[)")
    waiting.offer_what_is_free(listing_id=listing_id, period=period, site=site)


@app.periodic(cron="*/5 * * * *")
@app.task(name="sharing.let_go_of_old_places", queueing_lock="sharing.let_go_of_old_places")
def let_go_of_old_places(timestamp):
    """What was kept for someone who did not take it in time goes to the next; so does what nobody knew to be free."""
    waiting.let_go_of_old_places(site=settings.SITE_URL)
    waiting.offer_again(site=settings.SITE_URL)


@app.task(name="sharing.write_about_booking", queue=LETTERS)
def write_about_booking(booking_id, what, site):
    """One job for each reader, so that a letter that fails is the only one to be sent again."""
    booking = _booking(booking_id)
    if booking is None or not letters.is_current(booking, what):
        return
    for place, (side, _) in enumerate(letters.LETTERS[what]):
        structure = booking.lender if side == letters.LENDER else booking.borrower
        acting = Mandate.objects.current().filter(structure=structure)
        for person in User.objects.filter(pk__in=acting.values("user"), is_active=True).order_by("pk"):
            app.configure_task("sharing.write_booking_letter", queue=LETTERS).defer(
                booking_id=booking_id, what=what, place=place, person_id=person.pk, site=site
            )


@app.task(name="sharing.write_booking_letter", queue=LETTERS, retry=AGAIN)
def write_booking_letter(booking_id, what, place, person_id, site):
    booking = _booking(booking_id)
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if booking and person and letters.is_current(booking, what):
        _, compose = letters.LETTERS[what][place]
        send(compose(booking, timezone.now(), site), to=person.email, site=site)


@app.periodic(cron="12 * * * *")
@app.task(name="sharing.read_outside_calendars", queueing_lock="sharing.read_outside_calendars")
def read_outside_calendars(timestamp):
    """Every hour, one job for each: a calendar that does not answer keeps no other waiting."""
    for pk in OutsideCalendar.objects.order_by("pk").values_list("pk", flat=True):
        app.configure_task("sharing.read_outside_calendar").defer(listing_id=pk)


@app.task(name="sharing.read_outside_calendar")
def read_outside_calendar(listing_id):
    outside.read_again(listing_id)


@app.task(name="sharing.write_about_series", queue=LETTERS)
def write_about_series(booking_ids, what, site):
    """One letter to each reader for all the dates of a series, and one job for each letter."""
    bookings = _bookings(booking_ids)
    for side in series_letters.SIDES[what] if bookings else ():
        structure = bookings[0].lender if side == letters.LENDER else bookings[0].borrower
        acting = Mandate.objects.current().filter(structure=structure)
        for person in User.objects.filter(pk__in=acting.values("user"), is_active=True).order_by("pk"):
            app.configure_task("sharing.write_series_letter", queue=LETTERS).defer(
                booking_ids=booking_ids, what=what, side=side, person_id=person.pk, site=site
            )


@app.task(name="sharing.write_series_letter", queue=LETTERS, retry=AGAIN)
def write_series_letter(booking_ids, what, side, person_id, site):
    bookings = [booking for booking in _bookings(booking_ids) if letters.is_current(booking, what)]
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if bookings and person:
        send(series_letters.compose(bookings, what, side, site), to=person.email, site=site)


def _bookings(booking_ids):
    related = Booking.objects.select_related("listing__structure", "listing__commune", "borrower", "series")
    return list(related.filter(pk__in=booking_ids, series__isnull=False).order_by("period", "pk"))


def _booking(booking_id):
    related = Booking.objects.select_related("listing__structure", "listing__commune", "listing__lending_rules")
    return related.select_related("borrower", "author").filter(pk=booking_id).first()
