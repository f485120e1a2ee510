"""Who sees and answers an opportunity, who starts a search; ``PartyQuerySet.seen_by`` says the same for lists."""

import rules

from maillage.accounts.rules import is_agent
from maillage.directory.rules import acts_for


@rules.predicate
def is_its_party(user, party):
    return acts_for(user, party.structure)


rules.add_perm("opportunities.see_party", is_its_party)
rules.add_perm("opportunities.run_search", is_agent)
rules.add_perm("opportunities.answer_questions", is_agent)
