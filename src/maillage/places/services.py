"""Places kept true: written, verified, hidden and shown by agents; errors reported by anyone, handled by agents."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.accounts.services import LETTERS
from maillage.kernel import events
from maillage.places.models import Place, PlaceReport

MOST_WAITING_REPORTS = 20  # of one place: more would tell the team nothing new


class PlaceRefused(Exception):
    """The text is shown to the user."""


def add_place(**facts):
    """A new place of the territory; raises PlaceRefused."""
    with transaction.atomic():
        place = Place(**facts)
        _save(place)
    return place


def change_place(*, place_id, **facts):
    """Write ``facts`` (fields of Place) over a place; raises PlaceRefused."""
    with transaction.atomic():
        place = _locked(place_id)
        for name, value in facts.items():
            setattr(place, name, value)
        _save(place)
    return place


def verify_place(*, place_id, today):
    """Someone has just checked that all of it is true."""
    return change_place(place_id=place_id, verified_on=today)


def publish_place(*, place_id, is_published):
    """Show a place to everyone, or keep it for the team."""
    return change_place(place_id=place_id, is_published=is_published)


def report_error(*, place_id, subject, text="", person=None):
    """Tell the team that a published place is wrong; said twice, it is one report. Raises PlaceRefused.

    person  who reports, when they want to hear what came of it
    """
    with transaction.atomic():
        place = Place.objects.published().select_for_update().filter(pk=place_id).first()
        if place is None:
            raise PlaceRefused("Ce lieu n’est plus publié.")
        waiting = PlaceReport.objects.waiting().filter(place=place)
        if known := waiting.filter(subject=subject, text=text).first():
            return known
        if waiting.count() >= MOST_WAITING_REPORTS:
            raise PlaceRefused("Beaucoup d’erreurs sont déjà signalées ici\u00a0: l’équipe va les examiner. Merci.")
        report = PlaceReport(place=place, subject=subject, text=text, reported_by=person)
        _check(report)
        report.save()
        events.publish_on_commit("place-reports", "place.reported", {"report": report.pk})
    return report


def handle_report(*, report_id, agent, site=""):
    """Settle a report, once, and tell whoever made it, then forgotten; raises PlaceRefused."""
    with transaction.atomic():
        report = PlaceReport.objects.select_for_update().get(pk=report_id)
        if report.handled_at:
            raise PlaceRefused("Ce signalement est déjà traité.")
        if site and report.reported_by_id:
            app.configure_task("places.tell_report_handled", queue=LETTERS).defer(
                report_id=report.pk, person_id=report.reported_by_id, site=site
            )
        report.handled_at, report.handled_by, report.reported_by = timezone.now(), agent, None
        report.save(update_fields=["handled_at", "handled_by", "reported_by"])
    return report


def _locked(place_id):
    place = Place.objects.select_for_update().filter(pk=place_id).first()
    if place is None:
        raise PlaceRefused("Ce lieu n’existe plus.")
    return place


def _save(place):
    _check(place)
    place.save()


def _check(row):
    try:
        row.full_clean()
    except ValidationError as error:
        raise PlaceRefused(" ".join(error.messages)) from error
