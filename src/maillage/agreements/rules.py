"""Who sees an agreement, and who may sign it; ``AgreementQuerySet.seen_by`` says the first for lists."""

import rules

from maillage.agreements.models import Side
from maillage.directory.rules import acts_for
from maillage.directory.team import may_sign


@rules.predicate
def sees(user, agreement):
    sides = Side.values if agreement.versions.exists() else [agreement.written_for]
    return any(acts_for(user, agreement.structure_of(side)) for side in sides)


@rules.predicate
def signs_for_a_side(user, agreement):
    return user.is_authenticated and any(may_sign(user, agreement.structure_of(side)) for side in Side.values)


rules.add_perm("agreements.see_agreement", sees)
rules.add_perm("agreements.sign_agreement", sees & signs_for_a_side)
