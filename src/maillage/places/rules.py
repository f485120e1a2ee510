"""Who may do what with places: everyone reads those that are published, the territory's team keeps them true."""

import rules

from maillage.accounts.rules import is_agent


@rules.predicate
def is_published(user, place):
    return place.is_published


rules.add_perm("places.see_place", is_published | is_agent)
rules.add_perm("places.manage_places", is_agent)
