"""How a volunteer is invited, accepts a mission personally, declines or withdraws."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.accounts import links
from maillage.accounts.services import LETTERS
from maillage.directory.helping import note_help
from maillage.kernel import events
from maillage.volunteering.missions import MissionRefused, locked_mission
from maillage.volunteering.models import Engagement, Mission
from maillage.volunteering.rules import invites_for

FULL = "La mission est complète\u00a0: une autre personne a pris la dernière place."
ENDED = "Cette mission est terminée ou annulée\u00a0: elle n’attend plus de réponse."
CHANGED = "La mission vient de changer. Relisez-la, puis acceptez à nouveau."
TOO_YOUNG = (
    "Il faut avoir 16\u00a0ans pour accepter seul. Plus jeune, venez avec l’accord d’un parent\u00a0: "
    "écrivez à l’association, elle vous dira comment faire."
)


def invite(*, mission_id, by, email, site):
    """Write to ``email`` about the mission; the same whether the address has an account or not.

    Raises MissionRefused.
    """
    with transaction.atomic():
        mission = locked_mission(mission_id)
        structure = invites_for(by, mission)
        if structure is None:
            raise MissionRefused("Seules l’organisatrice et ses partenaires invitent des bénévoles.")
        if not mission.is_published:
            raise MissionRefused("Publiez d’abord la mission\u00a0: on n’accepte que ce que l’on peut lire.")
        if mission.is_over:
            raise MissionRefused(ENDED)
        note_help(by, structure)
        invited = mission.engagements.filter(email__iexact=email).first()
        engagement = invited or Engagement(mission=mission, email=email.lower())
        engagement.invited_by, engagement.made_at = structure, timezone.now()
        try:
            engagement.full_clean(validate_constraints=False)
        except ValidationError as error:
            raise MissionRefused(" ".join(error.messages), "email") from error
        engagement.save()
        app.configure_task("volunteering.write_invitation", queue=LETTERS).defer(engagement_id=engagement.pk, site=site)
    return engagement


def link_of(engagement):
    """The end of the address that the letter of an invitation carries."""
    return links.sign("mission", engagement=engagement.pk)


def invitation_of(token):
    """The invitation that a letter carries, while it waits; raises LinkRefused."""
    facts = links.read("mission", token)
    found = Engagement.objects.invited().select_related("mission__structure", "mission__commune", "invited_by")
    engagement = found.filter(pk=facts["engagement"], mission__in=Mission.objects.to_come()).first()
    if engagement is None:
        raise links.LinkRefused
    return engagement


def accept(*, mission_id, person, terms_at, is_of_age, site, invitation=None):
    """``person`` takes a place, having read the mission as it was at ``terms_at``. Raises MissionRefused.

    is_of_age   the person says to be 16 at least
    invitation  the Engagement of the letter that led here, whatever the address of the account
    """
    if not is_of_age:
        raise MissionRefused(TOO_YOUNG, "is_of_age")
    with transaction.atomic():
        mission = locked_mission(mission_id)
        if not mission.is_published or mission.is_over or not mission.structure.is_active:
            raise MissionRefused(ENDED)
        if mission.terms_at != terms_at:
            raise MissionRefused(CHANGED)
        engagement = _own(mission, person, invitation)
        if engagement.is_accepted and not engagement.is_outdated:
            return engagement
        if not engagement.is_accepted and mission.engagements.accepted().count() >= mission.places:
            raise MissionRefused(FULL)
        engagement.state, engagement.terms_at = Engagement.State.ACCEPTED, mission.terms_at
        _answer(engagement, site)
    return engagement


def decline(*, engagement_id, site, person=None):
    """Say no to an invitation; whoever holds its letter may, with an account or without."""
    with transaction.atomic():
        engagement = _locked(engagement_id, state=Engagement.State.INVITED)
        engagement.state, engagement.user = Engagement.State.DECLINED, None
        if person and not engagement.mission.engagements.filter(user=person).exists():
            engagement.user = person
        _answer(engagement, site)


def withdraw(*, mission_id, person, site):
    """Leave a mission: nobody asks why, and the place is free again. Raises MissionRefused."""
    with transaction.atomic():
        mission = locked_mission(mission_id)
        engagement = mission.engagements.accepted().filter(user=person).first()
        if engagement is None:
            raise MissionRefused("Vous n’avez pas accepté cette mission.")
        engagement.state, engagement.terms_at = Engagement.State.WITHDRAWN, None
        _answer(engagement, site)


def forget_invitations_to(*, email):
    """Before an account is erased: where its address was written."""
    Engagement.objects.filter(email__iexact=email).delete()


def forget_old_invitations():
    """Addresses that were invited to what is over, or cancelled."""
    over = Q(mission__last_day__lt=timezone.localdate()) | Q(mission__state=Mission.State.CANCELLED)
    Engagement.objects.invited().filter(over).delete()


def _own(mission, person, invitation):
    """The row that links ``person`` to ``mission``; what they were invited with goes when they have one already."""
    own = mission.engagements.filter(user=person).first()
    invited = invitation and mission.engagements.invited().filter(pk=invitation.pk).first()
    if own is None:
        own = invited or mission.engagements.invited().filter(email__iexact=person.email).first()
    elif invited:
        invited.delete()
    own = own or Engagement(mission=mission)
    own.user = person
    return own


def _locked(engagement_id, state):
    mission_id = Engagement.objects.filter(pk=engagement_id).values_list("mission", flat=True).first()
    mission = locked_mission(mission_id)
    engagement = mission.engagements.filter(pk=engagement_id, state=state).first()
    if engagement is None:
        raise MissionRefused("Cette invitation n’attend plus de réponse.")
    return engagement


def _answer(engagement, site):
    """Keep the answer, forget the address, and tell the association that organises."""
    engagement.email, engagement.answered_at = "", timezone.now()
    engagement.save()
    app.configure_task("volunteering.tell_answer", queue=LETTERS).defer(
        engagement_id=engagement.pk, state=engagement.state, site=site
    )
    events.publish_on_commit(f"mission:{engagement.mission_id}", f"engagement.{engagement.state}")
