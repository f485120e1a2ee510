"""Who belongs to the territory's team, and what that opens."""

import rules


@rules.predicate
def is_agent(user):
    return user.is_authenticated and user.is_agent


rules.add_perm("accounts.see_administration", is_agent)
rules.add_perm("accounts.set_territory", is_agent)
rules.add_perm("accounts.read_journal", is_agent)
rules.add_perm("accounts.manage_team", is_agent)
