"""What an association does with its missions: write, publish, change, cancel."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.accounts.services import LETTERS
from maillage.directory.helping import note_help
from maillage.directory.rules import acts_for
from maillage.engine.french import count_fr
from maillage.kernel import events
from maillage.kernel.audit import acting
from maillage.volunteering.models import Mission, MissionPartner

SAID_WHEN_PUBLISHED = {
    "tasks": "Dites quelles sont les tâches.",
    "place": "Dites où se trouve la mission.",
    "hours": "Dites à quels horaires.",
    "contact_role": "Dites à qui les bénévoles s’adressent sur place.",
    "insurer": "Écrivez le nom de votre assureur\u00a0: c’est votre contrat qui couvre les bénévoles.",
    "policy": "Écrivez le numéro de votre contrat d’assurance. Sans lui, une mission ne se publie pas.",
}


class MissionRefused(Exception):
    """Its text is shown to the person; ``field`` is what to mend, when it is one."""

    def __init__(self, text, field=None):
        super().__init__(text)
        self.field = field


def write_mission(*, structure, author, partners=(), listing=None, **facts):
    """Keep a draft of a mission that ``structure`` organises; returns it. Raises MissionRefused."""
    with transaction.atomic(), acting(author):
        if not (structure.is_active and acts_for(author, structure)):
            raise MissionRefused("Vous n’agissez pas pour cette association, ou elle n’est plus active.")
        note_help(author, structure)
        mission = Mission(structure=structure, author=author, listing=listing, **facts)
        _check(mission)
        mission.save()
        _choose_partners(mission, partners)
    return mission


def change_mission(*, mission_id, author, site, partners=None, **facts):
    """Change a mission; those who accepted a published one are told when what they accepted is no longer the same.

    Raises MissionRefused
    """
    with transaction.atomic(), acting(author):
        mission = locked_mission(mission_id, author)
        if mission.state == Mission.State.CANCELLED:
            raise MissionRefused("Cette mission est annulée\u00a0: elle ne change plus.")
        before = [getattr(mission, name) for name in Mission.TERMS]
        for name, value in facts.items():
            setattr(mission, name, value)
        taken = mission.engagements.accepted().count()
        if mission.places < taken:
            said = f"{count_fr(taken, 'personne a', 'personnes ont')} déjà accepté. Gardez au moins autant de places."
            raise MissionRefused(said, "places")
        if mission.is_published:
            _check_told(mission)
        has_changed = before != [getattr(mission, name) for name in Mission.TERMS]
        if has_changed:
            mission.terms_at = timezone.now()
        _check(mission)
        mission.save()
        if partners is not None:
            _choose_partners(mission, partners)
        if mission.is_published and has_changed:
            _tell_volunteers(mission, "changed", site)
        _announce(mission, "mission.changed")
    return mission


def publish_mission(*, mission_id, author):
    """Show a draft to those it is for. Raises MissionRefused, with the field to mend."""
    with transaction.atomic(), acting(author):
        mission = locked_mission(mission_id, author)
        if mission.state != Mission.State.DRAFT:
            raise MissionRefused("Cette mission n’est plus un brouillon.")
        _check_told(mission)
        if mission.is_over:
            raise MissionRefused("Son dernier jour est passé. Changez ses jours d’abord.", "last_day")
        mission.state, mission.published_at = Mission.State.PUBLISHED, timezone.now()
        _check(mission)
        mission.save()
        _announce(mission, "mission.published")
    return mission


def cancel_mission(*, mission_id, author, because, site):
    """Cancel a mission, and tell those who accepted it why. Raises MissionRefused."""
    with transaction.atomic(), acting(author):
        mission = locked_mission(mission_id, author)
        if mission.state == Mission.State.CANCELLED:
            raise MissionRefused("Cette mission est déjà annulée.")
        if mission.is_over:
            raise MissionRefused("Cette mission est terminée\u00a0: elle ne s’annule plus.")
        mission.state, mission.cancelled_because = Mission.State.CANCELLED, because.strip()
        _check(mission)
        mission.save()
        _tell_volunteers(mission, "cancelled", site)
        _announce(mission, "mission.cancelled")
    return mission


def cancel_missions_of(structures, site):
    """Structures end: what they organise and is not over is cancelled, and those who accepted it are told."""
    for mission in Mission.objects.open().filter(structure__in=structures):
        mission.state, mission.cancelled_because = Mission.State.CANCELLED, "L’association est dissoute."
        mission.save(update_fields=["state", "cancelled_because"])
        if site:
            _tell_volunteers(mission, "cancelled", site)


def locked_mission(mission_id, author=None):
    """The mission, locked: acceptances and changes wait here, each in turn. Raises MissionRefused."""
    missions = Mission.objects.select_related("structure").select_for_update(of=("self",))
    mission = missions.filter(pk=mission_id).first()
    if mission is None:
        raise MissionRefused("Cette mission n’existe plus.")
    if author is not None:
        if not (mission.structure.is_active and acts_for(author, mission.structure)):
            raise MissionRefused("Vous n’agissez pas pour l’association qui organise cette mission.")
        note_help(author, mission.structure)
    return mission


def _check_told(mission):
    for name, sentence in SAID_WHEN_PUBLISHED.items():
        if not getattr(mission, name).strip():
            raise MissionRefused(sentence, name)
    if not mission.is_insured:
        raise MissionRefused("Un numéro de contrat a des chiffres. Recopiez celui de votre attestation.", "policy")


def _check(mission):
    try:
        mission.full_clean()
    except ValidationError as error:
        raise MissionRefused(" ".join(error.messages)) from error


def _choose_partners(mission, partners):
    """Who organises is nobody's partner: it alone answers for the mission."""
    chosen = {one.pk for one in partners} - {mission.structure_id}
    mission.partnerships.exclude(structure__in=chosen).delete()
    known = set(mission.partnerships.values_list("structure", flat=True))
    MissionPartner.objects.bulk_create(
        MissionPartner(mission=mission, structure_id=pk) for pk in sorted(chosen - known)
    )


def _tell_volunteers(mission, event, site):
    job = app.configure_task("volunteering.write_to_volunteer", queue=LETTERS)
    for engagement in mission.engagements.accepted():
        job.defer(engagement_id=engagement.pk, event=event, site=site)


def _announce(mission, name):
    events.publish_on_commit(f"mission:{mission.pk}", name)
