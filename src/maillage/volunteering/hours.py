"""Hours of volunteers: one person writes them, another validates them, either corrects them with a reason."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from maillage.accounts.models import User
from maillage.directory.models import Mandate
from maillage.directory.rules import is_of_the_team
from maillage.kernel import events
from maillage.volunteering.models import (
    MOST_MINUTES,
    Engagement,
    HoursCorrection,
    VolunteerHours,
)

OLDEST_YEARS = 2


class HoursRefused(Exception):
    """Its text is shown to the person; ``field`` is what to mend, when it is one."""

    def __init__(self, text, field=None):
        super().__init__(text)
        self.field = field


def volunteers_of(structure):
    """People whose hours ``structure`` may write: its team of today, and those who accepted one of its missions."""
    team = Mandate.objects.current().of_the_team().filter(structure=structure).values("user")
    came = Engagement.objects.accepted().filter(mission__structure=structure).values("user")
    return User.objects.filter(Q(pk__in=team) | Q(pk__in=came)).order_by("name", "pk")


def write_hours(*, structure, volunteer, by, day, minutes, task, mission=None):
    """Note what a volunteer gave; the volunteer does, or the team of the association. Raises HoursRefused."""
    hours = VolunteerHours(
        structure=structure, volunteer=volunteer, mission=mission, day=day, minutes=minutes, task=task, written_by=by
    )
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=volunteer.pk)  # the hours of a day are counted in turn
        if by != volunteer and not is_of_the_team(by, structure):
            raise HoursRefused("Chacun écrit ses propres heures, ou l’association pour ses bénévoles.")
        if not volunteers_of(structure).filter(pk=volunteer.pk).exists():
            raise HoursRefused("Cette personne n’a accepté aucune mission de l’association, et n’agit pas pour elle.")
        if mission and mission.structure_id != structure.pk:
            raise HoursRefused("Une autre association organise cette mission\u00a0: les heures sont pour elle.")
        same = {"structure": structure, "volunteer": volunteer, "day": day, "minutes": minutes, "task": task}
        if VolunteerHours.objects.filter(**same).exists():
            raise HoursRefused("Ces heures sont déjà écrites.")
        _check(hours)
        hours.save()
        _announce(hours, "hours.written")
    return hours


def correct_hours(*, hours_id, by, day, minutes, reason):
    """Change a day or a duration, and say why; what was validated is to be validated again, by another.

    Raises HoursRefused
    """
    with transaction.atomic():
        hours = _locked(hours_id, by)
        correction = HoursCorrection(
            hours=hours, day_before=hours.day, minutes_before=hours.minutes, reason=reason.strip(), by=by
        )
        if not correction.reason:
            raise HoursRefused("Dites pourquoi vous corrigez.", "reason")
        hours.day, hours.minutes = day, minutes
        hours.written_by, hours.written_at = by, timezone.now()
        hours.validated_by = hours.validated_at = None
        _check(hours)
        hours.save()
        correction.save()
        _announce(hours, "hours.corrected")
    return hours


def validate_hours(*, hours_id, by):
    """Raises HoursRefused; who wrote the hours does not validate them."""
    with transaction.atomic():
        hours = _locked(hours_id, by)
        if hours.is_validated:
            raise HoursRefused("Ces heures sont déjà validées.")
        if hours.written_by_id == by.pk:
            raise HoursRefused("Vous avez écrit ces heures\u00a0: une autre personne les valide.")
        hours.validated_by, hours.validated_at = by, timezone.now()
        hours.save(update_fields=["validated_by", "validated_at"])
        _announce(hours, "hours.validated")
    return hours


def remove_hours(*, hours_id, by):
    """Take back what one wrote and nobody validated. Raises HoursRefused."""
    with transaction.atomic():
        hours = _locked(hours_id, by)
        if hours.is_validated or hours.written_by_id != by.pk:
            raise HoursRefused("Ces heures ne s’effacent plus. Corrigez-les, en disant pourquoi.")
        hours.delete()


def may_handle(person, hours):
    """Whether these hours are those of ``person``, or given to an association of whose team ``person`` is."""
    return hours.volunteer_id == person.pk or is_of_the_team(person, hours.structure)


def _locked(hours_id, by):
    found = VolunteerHours.objects.select_related("structure").select_for_update(of=("self",))
    hours = found.filter(pk=hours_id).first()
    if hours is None or not may_handle(by, hours):
        raise HoursRefused("Ces heures n’existent plus, ou ne vous concernent pas.")
    return hours


def _check(hours):
    today = timezone.localdate()
    if hours.day > today:
        raise HoursRefused("Ce jour est à venir. Notez les heures une fois faites.", "day")
    if hours.day.year < today.year - OLDEST_YEARS:
        raise HoursRefused("Ce jour est trop ancien. Vérifiez l’année.", "day")
    same_day = VolunteerHours.objects.filter(volunteer=hours.volunteer_id, day=hours.day).exclude(pk=hours.pk)
    if hours.volunteer_id and same_day.minutes() + hours.minutes > MOST_MINUTES:
        raise HoursRefused("Avec celles déjà écrites, cela ferait plus de vingt-quatre heures ce jour-là.", "minutes")
    try:
        hours.full_clean()
    except ValidationError as error:
        raise HoursRefused(" ".join(error.messages)) from error


def _announce(hours, name):
    events.publish_on_commit(f"structure:{hours.structure_id}", name)
