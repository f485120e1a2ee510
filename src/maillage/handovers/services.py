"""Writing what was seen at a hand-over or at a return, and saying whether one agrees. A return is never refused."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from maillage.directory.helping import note_help
from maillage.engine.french import NBSP, number_fr
from maillage.handovers.incidents import open_incident
from maillage.handovers.loans import HandoverRefused, check_can_be_handed, left_out, locked, side_of, structure_of
from maillage.handovers.models import ConditionReport
from maillage.handovers.telling import tell
from maillage.kernel import events
from maillage.kernel.audit import acting
from maillage.sharing.bookings.terms import rules_of, taken_by

MOST_PHOTOS = 6


def hand_over(*, booking_id, author, quantity=None, photos=(), key=None, site="", **seen):
    """Note that the thing left its owner, and take it from now on.

    photos  files of ``sharing.photos.clean_photo``
    seen    condition, words, gave, received, known_defects, defects_shown: fields of ConditionReport
    Raises HandoverRefused
    """
    with transaction.atomic(), acting(author):
        booking = locked(booking_id)
        side = side_of(author, booking)
        if sent := _already_sent(author, key):
            return sent
        now = timezone.now()
        quantity = booking.quantity if quantity is None else quantity
        check_can_be_handed(booking, quantity, now)
        report = _write(booking, ConditionReport.Kind.HANDED, author, side, now, photos, key, quantity=quantity, **seen)
        booking.handed_at = now
        booking.save(update_fields=["handed_at"])
        for occupation in booking.occupations.filter(period__startswith__gt=now):
            occupation.period = TimestamptzRange(now, occupation.period.upper, "[)")
            occupation.save(update_fields=["period"])
        _announce(report, "handover.handed", site)
    return report


def take_back(*, booking_id, author, quantity=None, missing=0, photos=(), key=None, site="", **seen):
    """Note that the thing, or a part of what was handed over, came back; what is all back is free again at once.

    quantity  how many came back; all that was out without
    missing   how many will not come back, which ends the loan too
    Raises HandoverRefused, never for what is in dispute (Code civil, art. 1885)
    """
    with transaction.atomic(), acting(author):
        booking = locked(booking_id)
        side = side_of(author, booking)
        if sent := _already_sent(author, key):
            return sent
        out = left_out(booking)
        if not out:
            said = "Le retour est déjà noté" if booking.returned_at else "La remise n’est pas encore notée"
            raise HandoverRefused(f"{said}{NBSP}: rechargez la page.")
        quantity = out - missing if quantity is None else quantity
        if quantity + missing > out:
            raise HandoverRefused(f"Il en reste {number_fr(out)} à rendre{NBSP}: vous en comptez plus.")
        now = timezone.now()
        handed = booking.condition_reports.get(kind=ConditionReport.Kind.HANDED)
        report = _write(
            booking,
            ConditionReport.Kind.RETURNED,
            author,
            side,
            now,
            photos,
            key,
            quantity=quantity,
            missing=missing,
            handed=handed,
            **seen,
        )
        if quantity + missing == out:
            booking.returned_at = now
            booking.save(update_fields=["returned_at"])
            _free_what_is_left(booking, now)
        if report.is_damaged or missing:
            open_incident(booking=booking, author=author, side=side, what=report.words, report=report, site=site)
        _announce(report, "handover.returned", site)
    return report


def answer(*, report_id, author, agrees, words="", site=""):
    """Say, for the side that did not write a report, whether it is what was seen; said again, it changes nothing.

    words  what is not so, when one does not agree
    Raises HandoverRefused
    """
    with transaction.atomic(), acting(author):
        related = ConditionReport.objects.select_related("booking__listing__structure", "booking__borrower")
        report = related.select_for_update(of=("self",)).filter(pk=report_id).first()
        if report is None:
            raise HandoverRefused("Cet état n’existe plus.")
        if report.answer:
            return report
        if not is_answered_by(author, report):
            raise HandoverRefused(f"C’est à {report.other_structure} de répondre.")
        note_help(author, report.other_structure)
        report.answer = ConditionReport.Answer.AGREED if agrees else ConditionReport.Answer.DISAGREED
        report.answer_words, report.answered_by, report.answered_at = words.strip(), author, timezone.now()
        _clean(report)
        report.save(update_fields=["answer", "answer_words", "answered_by", "answered_at"])
        events.publish_on_commit(f"booking:{report.booking_id}", "handover.answered", {"report": report.pk})
        if not agrees:
            tell("disagreed", report, site)
    return report


def add_photos(*, report_id, author, photos):
    """More pictures, by whoever wrote the report, until the other side has answered. Raises HandoverRefused."""
    with transaction.atomic(), acting(author):
        report = ConditionReport.objects.select_for_update().filter(pk=report_id, author=author).first()
        if report is None or report.answer:
            raise HandoverRefused(f"L’autre association a déjà répondu{NBSP}: les photos ne changent plus.")
        _add(report, photos)


def is_answered_by(person, report):
    """Whether ``person`` may say if a report is right: those who act for the side that did not write it."""
    side = report.waits_for
    return side is not None and person.has_perm("handovers.answer_report", report)


def _already_sent(author, key):
    return key and ConditionReport.objects.filter(author=author, key=key).first()


def _write(booking, kind, author, side, now, photos, key, **seen):
    report = ConditionReport(booking=booking, kind=kind, author=author, side=side, at=now, key=key, **seen)
    _clean(report)
    report.save()
    _add(report, photos)
    note_help(author, structure_of(side, booking))
    return report


def _clean(report):
    report.words, report.known_defects = report.words.strip(), report.known_defects.strip()
    try:
        report.full_clean(exclude=["booking", "author", "handed"])
    except ValidationError as error:
        raise HandoverRefused(" ".join(error.messages)) from error


def _add(report, photos):
    count = report.photos.count()
    if count + len(photos) > MOST_PHOTOS:
        raise HandoverRefused("Six photos au plus montrent l’état d’un bien. Gardez les plus utiles.")
    for position, photo in enumerate(photos, start=count + 1):
        report.photos.create(position=position, image=photo)


def _free_what_is_left(booking, now):
    """What came back before its time can be lent, once the time to tidy up has gone."""
    until = taken_by(TimestamptzRange(now, now, "[]"), rules_of(booking.listing)).upper
    for occupation in booking.occupations.filter(period__endswith__gt=until):
        if occupation.period.lower >= until:
            occupation.delete()
        else:
            occupation.period = TimestamptzRange(occupation.period.lower, until, "[)")
            occupation.save(update_fields=["period"])


def _announce(report, name, site):
    events.publish_on_commit(f"booking:{report.booking_id}", name, {"report": report.pk})
    tell("written", report, site)
