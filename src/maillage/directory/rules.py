"""Who may do what with structures and registers; ``StructureQuerySet`` says the same for lists."""

import rules

from maillage.accounts.rules import is_agent
from maillage.directory import team
from maillage.directory.models import Mandate, Structure


@rules.predicate
def acts_for(user, structure):
    return user.is_authenticated and Mandate.objects.current().filter(user=user, structure=structure).exists()


@rules.predicate
def is_of_the_team(user, structure):
    mandates = Mandate.objects.current().of_the_team()
    return user.is_authenticated and mandates.filter(user=user, structure=structure).exists()


@rules.predicate
def represents(user, structure):
    return user.is_authenticated and team.represents(user, structure)


@rules.predicate
def may_sign_for(user, structure):
    return user.is_authenticated and team.may_sign(user, structure)


@rules.predicate
def is_dissolved(user, structure):
    return structure.state == Structure.State.DISSOLVED


@rules.predicate
def is_known_to_all(user, structure):
    return structure.state in Structure.PUBLIC_STATES


rules.add_perm("directory.import_register", is_agent)
rules.add_perm("directory.merge_structures", is_agent)
rules.add_perm("directory.see_structure", is_known_to_all | is_agent | acts_for)
rules.add_perm("directory.run_networks", is_agent | (is_of_the_team & ~is_dissolved))
rules.add_perm("directory.edit_structure", is_agent | (acts_for & ~is_dissolved))
rules.add_perm("directory.run_team", is_agent | (represents & ~is_dissolved))
rules.add_perm("directory.dissolve_structure", is_agent | (may_sign_for & ~is_dissolved))
rules.add_perm("directory.take_back_dissolution", is_agent)
rules.add_perm("directory.decide_claims", is_agent)
rules.add_perm("directory.help_by_phone", is_agent)
