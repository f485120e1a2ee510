"""Handing a structure over from one team to the next, on a day."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.accounts.services import LETTERS
from maillage.directory.models import HandOver
from maillage.directory.team import (
    REPRESENTATIVE,
    TeamRefused,
    check_gives_right_to_sign,
    check_runs,
    invite,
    locked,
    replace_leaving,
    succeed,
)
from maillage.kernel import events

LATEST = timedelta(days=366)


def hand_over(*, structure, by, staying, emails, day, word, may_commit, site):
    """Let ``staying`` and ``emails`` alone represent ``structure`` from ``day`` on; returns the HandOver.

    staying     mandates of the present team, whatever their role
    emails      invited; the mandates of today end only once someone is sure to follow them
    may_commit  whether the new ones may sign
    Raises TeamRefused.
    """
    with transaction.atomic():
        structure = locked(structure.pk)
        check_runs(by, structure)
        _check(structure, by, day, may_commit)
        team = list(structure.mandates.not_over().of_the_team().select_related("user"))
        staying = [mandate for mandate in team if mandate.pk in {one.pk for one in staying}]
        leaving = [one for one in team if one.role == REPRESENTATIVE and one not in staying]
        if not (staying or emails):
            raise TeamRefused("Choisissez au moins une personne pour la suite, ou invitez-en une.")
        if not leaving:
            raise TeamRefused("Personne ne part\u00a0: pour agrandir l’équipe, invitez plutôt quelqu’un.")
        handed = HandOver(structure=structure, day=day, word=word.strip(), made_by=by)
        try:
            handed.full_clean()
        except ValidationError as error:
            raise TeamRefused(" ".join(error.messages)) from error
        handed.save()
        handed.leaving.set(leaving)
        for email in emails:
            role = {"role": REPRESENTATIVE, "may_commit": may_commit}
            invite(structure=structure, by=by, email=email, site=site, hand_over=handed, **role)
        for mandate in staying:
            succeed(structure=structure, person=mandate.user, day=day, may_commit=may_commit or mandate.may_commit)
            _write(handed, mandate.user, site)
        if staying:
            replace_leaving(handed)
        events.publish_on_commit(f"structure:{structure.pk}", "structure.handed_over", {"hand_over": handed.pk})
    return handed


def _check(structure, by, day, may_commit):
    today = timezone.localdate()
    if day < today:
        raise TeamRefused("Ce jour est passé. Choisissez aujourd’hui ou un jour à venir.")
    if day > today + LATEST:
        raise TeamRefused("Ce jour est dans plus d’un an. Choisissez un jour plus proche.")
    if may_commit:
        check_gives_right_to_sign(by, structure)


def _write(handed, person, site):
    if person != handed.made_by:
        app.configure_task("directory.write_hand_over", queue=LETTERS).defer(
            hand_over_id=handed.pk, person_id=person.pk, site=site
        )
