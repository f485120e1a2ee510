"""Permissions and querysets agree; who comes is told to the team that organises alone."""

import pytest
from django.contrib.auth.models import AnonymousUser

from maillage.volunteering.models import Mission, MissionPartner
from tests.factories.accounts import UserFactory
from tests.factories.directory import AssistanceFactory, MandateFactory
from tests.factories.volunteering import EngagementFactory, MissionFactory

pytestmark = pytest.mark.django_db
ROLES = ("visitor", "person", "volunteer", "invited", "member", "partner", "organiser", "helper", "agent")


def person(role, mission):
    if role == "visitor":
        return AnonymousUser()
    user = UserFactory(agent=role == "agent")
    if role == "volunteer":
        EngagementFactory(mission=mission, user=user)
    if role == "invited":
        EngagementFactory(mission=mission, invited=True, email=user.email)
    if role == "member":
        MandateFactory(user=user)
    if role == "partner":
        MissionPartner.objects.create(mission=mission, structure=MandateFactory(user=user).structure)
    if role == "organiser":
        MandateFactory(user=user, structure=mission.structure)
    if role == "helper":
        AssistanceFactory(helper=user, structure=mission.structure)
    return user


def sees(role, mission):
    if role in ("organiser", "helper"):
        return True
    if mission.published_at and role in ("volunteer", "invited", "partner"):
        return True
    if not mission.is_published or mission.visibility == "invited" or mission.structure.state != "active":
        return False
    return mission.visibility == "everyone" or role in ("member", "partner", "agent")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("visibility", Mission.Visibility.values)
@pytest.mark.parametrize("traits", [{}, {"draft": True}, {"cancelled": True}, {"structure__dissolved": True}], ids=str)
def test_permission_and_queryset_agree(role, visibility, traits):
    mission = MissionFactory(visibility=visibility, **traits)
    user = person(role, mission)
    expected = bool(sees(role, mission))
    assert user.has_perm("volunteering.see_mission", mission) is expected
    assert Mission.objects.visible_to(user).filter(pk=mission.pk).exists() is expected
    may_edit = role in ("organiser", "helper") and mission.structure.is_active
    assert user.has_perm("volunteering.edit_mission", mission) is may_edit
    if role != "visitor":
        assert Mission.objects.edited_by(user).filter(pk=mission.pk).exists() is may_edit
    assert user.has_perm("volunteering.see_volunteers", mission) is (role == "organiser")
