"""Acting for a structure that asks for it: publishing, answering, presenting it; never signing, never for long."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.accounts.models import User
from maillage.accounts.services import LETTERS
from maillage.directory.models import Assistance, Mandate
from maillage.directory.models.helping import FORGOTTEN
from maillage.directory.team import end_on, locked
from maillage.kernel import audit, events

LONGEST_CALL = timedelta(days=28)  # a call is not a mandate for ever
OLDEST_CALL = timedelta(days=31)
NAMES_KEPT_FOR = timedelta(days=365)  # after the end
PASSED = "Ce jour est passé. Choisissez aujourd’hui ou un jour à venir."


class HelpRefused(Exception):
    """Its text is shown to the person."""


def help_by_phone(*, structure, agent, asked_by, how, asked_on, until, site):
    """Let ``agent`` act for a structure that asked for it out of Maillage; raises HelpRefused.

    asked_by  the name of who asked
    until     the last day, four weeks away at most
    """
    today = timezone.localdate()
    if not agent.is_agent:
        raise HelpRefused("Seule l’équipe du territoire saisit pour une association qui a téléphoné.")
    if not today - OLDEST_CALL <= asked_on <= today:
        raise HelpRefused("Le jour de la demande est aujourd’hui, ou l’un des trente et un derniers jours.")
    if until < today:
        raise HelpRefused(PASSED)
    if until > today + LONGEST_CALL:
        raise HelpRefused("L’aide dure quatre semaines au plus. Choisissez un jour plus proche.")
    with transaction.atomic(), audit.acting(agent):
        help_given = begin(
            structure=structure, helper=agent, asked_by=asked_by, how=how, asked_on=asked_on, until=until
        )
        tell_help_began(help_given, site)
    return help_given


def begin(*, structure, helper, **facts):
    """Give ``helper`` the mandate; ``facts`` are fields of Assistance. Raises HelpRefused."""
    structure = locked(structure.pk)
    if not structure.is_active:
        raise HelpRefused("Cette association n’est plus active\u00a0: on ne publie plus pour elle.")
    if Mandate.objects.not_over().filter(structure=structure, user=helper).exists():
        raise HelpRefused("Vous agissez déjà pour cette association.")
    help_given = Assistance(structure=structure, helper=helper, **facts)
    try:
        help_given.full_clean()
    except ValidationError as error:
        raise HelpRefused(" ".join(error.messages)) from error
    help_given.save()
    audit.note(assistance=help_given.pk)
    help_given.mandate = Mandate.objects.create(
        structure=structure,
        user=helper,
        role=Mandate.Role.HELPER,
        starts_on=timezone.localdate(),
        ends_on=help_given.until,
    )
    help_given.save(update_fields=["mandate"])
    events.publish_on_commit(f"structure:{structure.pk}", "help.began", {"assistance": help_given.pk})
    return help_given


def help_of(person, structure):
    """The Assistance by which ``person`` acts for ``structure`` today, None when it is of the team or does not act."""
    return Assistance.objects.running().filter(helper=person, structure=structure).select_related("head").first()


def note_help(person, structure):
    """Have the journal say at whose demand ``person`` is about to change something; returns the Assistance, or None."""
    if help_given := help_of(person, structure):
        audit.note(assistance=help_given.pk)
    return help_given


def end_helps(given):
    """End at once those of these Assistances that still run."""
    for mandate in Mandate.objects.filter(pk__in=given.running().values("mandate")):
        end_on(mandate, timezone.localdate() - timedelta(days=1))


def forget_who_asked():
    """A name serves while what was written can be asked about; a year after the end, it goes."""
    ended = Assistance.objects.filter(until__lt=timezone.localdate() - NAMES_KEPT_FOR).exclude(asked_by=FORGOTTEN)
    ended.update(asked_by=FORGOTTEN)


def remind_of_ends(*, site):
    """Once, a week before a help ends: its helper and those who represent the structure; returns how many helps."""
    count = 0
    for pk in Assistance.objects.to_remind().values_list("pk", flat=True):
        with transaction.atomic():
            given = Assistance.objects.to_remind().select_for_update(of=("self",)).filter(pk=pk).first()
            if given is None:
                continue
            given.end_told_at = timezone.now()
            given.save(update_fields=["end_told_at"])
            for person in {given.helper_id, *representatives_to_tell(given.structure).values_list("pk", flat=True)}:
                app.configure_task("directory.write_help_ends", queue=LETTERS).defer(
                    assistance_id=pk, person_id=person, site=site
                )
            count += 1
    return count


def representatives_to_tell(structure):
    """All of them, whatever they like to hear of: someone else speaks in the name of their structure."""
    representing = structure.mandates.current().representatives().values("user")
    return User.objects.filter(pk__in=representing, is_active=True).order_by("pk")


def tell_help_began(help_given, site):
    app.configure_task("directory.tell_help_began", queue=LETTERS).defer(assistance_id=help_given.pk, site=site)
