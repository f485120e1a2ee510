"""Predicates and querysets agree, for every role and state."""

import pytest
from django.contrib.auth.models import AnonymousUser

from maillage.directory.models import Structure
from tests.factories.accounts import UserFactory
from tests.factories.directory import AssistanceFactory, MandateFactory, StructureFactory

pytestmark = pytest.mark.django_db
ROLES = ("visitor", "person", "representative", "former representative", "helper", "agent")


def person(role, structure):
    if role == "visitor":
        return AnonymousUser()
    user = UserFactory(agent=role == "agent")
    if role == "representative":
        MandateFactory(user=user, structure=structure)
    if role == "former representative":
        MandateFactory(user=user, structure=structure, ended=True)
    if role == "helper":
        AssistanceFactory(helper=user, structure=structure)
    return user


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", Structure.State.values)
def test_permission_and_queryset_agree(role, state):
    structure = StructureFactory(state=state)
    user = person(role, structure)
    may_act = role in ("representative", "helper", "agent")
    may_see = may_act or state in ("active", "dissolved")
    assert user.has_perm("directory.see_structure", structure) is may_see
    assert Structure.objects.seen_by(user).filter(pk=structure.pk).exists() is may_see
    may_edit = role == "agent" or (may_act and state != "dissolved")
    assert user.has_perm("directory.edit_structure", structure) is may_edit
    assert Structure.objects.edited_by(user).filter(pk=structure.pk).exists() is may_edit


@pytest.mark.parametrize("role", [*ROLES, "contributor"])
def test_those_who_represent_a_structure_run_its_team(role):
    structure = StructureFactory()
    user = person(role, structure)
    if role == "contributor":
        MandateFactory(user=user, structure=structure, role="contributor")
    assert user.has_perm("directory.run_team", structure) is (role in ("representative", "agent"))
    assert user.has_perm("directory.run_networks", structure) is (role in ("representative", "contributor", "agent"))
    assert user.has_perm("directory.decide_claims") is (role == "agent")
    assert user.has_perm("directory.help_by_phone") is (role == "agent")


@pytest.mark.parametrize("signs", [True, False])
@pytest.mark.parametrize("role", ROLES)
def test_those_who_may_sign_say_that_a_structure_is_dissolved(role, signs):
    structure = StructureFactory()
    user = person(role, structure)
    structure.mandates.representatives().update(may_commit=signs)
    may = role == "agent" or (role == "representative" and signs)
    assert user.has_perm("directory.dissolve_structure", structure) is may
    structure.state = Structure.State.DISSOLVED
    assert user.has_perm("directory.dissolve_structure", structure) is (role == "agent")
    assert user.has_perm("directory.run_team", structure) is (role == "agent")
    assert user.has_perm("directory.take_back_dissolution") is (role == "agent")


@pytest.mark.parametrize("role", ROLES)
def test_only_agents_import_registers(role):
    assert person(role, StructureFactory()).has_perm("directory.import_register") is (role == "agent")
