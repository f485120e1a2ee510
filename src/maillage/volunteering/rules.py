"""Who sees and runs missions; ``MissionQuerySet`` says the same for lists."""

import rules

from maillage.accounts.rules import is_agent
from maillage.directory.models import Structure
from maillage.directory.rules import acts_for, is_of_the_team
from maillage.sharing.rules import is_member
from maillage.volunteering.models import Mission


@rules.predicate
def edits_mission(user, mission):
    return mission.structure.is_active and acts_for(user, mission.structure)


@rules.predicate
def sees_mission(user, mission):
    if acts_for(user, mission.structure):
        return True
    if mission.published_at and (_takes_part(user, mission) or invites_to_mission(user, mission)):
        return True
    if not mission.is_published or mission.structure.state != Structure.State.ACTIVE:
        return False
    if mission.visibility == Mission.Visibility.MEMBERS:
        return is_member(user)
    return mission.visibility == Mission.Visibility.EVERYONE


@rules.predicate
def invites_to_mission(user, mission):
    """Acts for the organiser or for a partner."""
    return invites_for(user, mission) is not None


def invites_for(user, mission):
    """The structure in whose name ``user`` invites volunteers, the organiser first; None when there is none."""
    mine = Structure.objects.acted_for_by(user).active()
    return mine.filter(pk=mission.structure_id).first() or mine.filter(partnerships__mission=mission).first()


@rules.predicate
def sees_volunteers(user, mission):
    """Of the team that organises, and not only helping it: who volunteers is private."""
    return is_of_the_team(user, mission.structure)


def _takes_part(user, mission):
    return user.is_authenticated and mission.engagements.of(user).exists()


rules.add_perm("volunteering.see_mission", sees_mission)
rules.add_perm("volunteering.edit_mission", edits_mission)
rules.add_perm("volunteering.see_volunteers", sees_volunteers)
rules.add_perm("volunteering.run_hours", is_of_the_team)
rules.add_perm("volunteering.run_accounts", is_of_the_team)
rules.add_perm("volunteering.give_rates", is_agent)
rules.add_perm("volunteering.invite_to_mission", invites_to_mission)
