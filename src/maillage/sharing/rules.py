"""Who may do what with listings and bookings; ``visible_to`` and ``seen_by`` say the same for lists."""

import rules

from maillage.directory.models import Mandate, Structure
from maillage.directory.rules import acts_for
from maillage.sharing.models import Listing

SEEN_BY = Listing.Visibility


@rules.predicate
def is_member(user):
    """Acts for some structure today, or belongs to the territory's team: an account alone is not enough."""
    return user.is_authenticated and (user.is_agent or Mandate.objects.current().filter(user=user).exists())


@rules.predicate
def edits_listing(user, listing):
    return acts_for(user, listing.structure)


@rules.predicate
def publishes_for(user, structure):
    return structure.state == Structure.State.ACTIVE and acts_for(user, structure)


@rules.predicate
def sees_listing(user, listing):
    if listing.is_public:
        return True
    if edits_listing(user, listing):
        return True
    return listing.is_shown and _is_for(user, listing)


@rules.predicate
def may_know_of_ended_listing(user, listing):
    """Whether a listing that is paused or closed would be shown to ``user``, had it not been withdrawn."""
    return not listing.is_published and listing.structure.state == Structure.State.ACTIVE and _is_for(user, listing)


def _is_for(user, listing):
    if listing.visibility == SEEN_BY.EVERYONE:
        return True
    if not user.is_authenticated:
        return False
    if listing.visibility == SEEN_BY.MEMBERS:
        return is_member(user)
    mine = Structure.objects.acted_for_by(user).values("pk")
    if listing.visibility == SEEN_BY.NETWORK:
        return Structure.objects.in_a_network_with(mine).filter(pk=listing.structure_id).exists()
    return listing.chosen_readers.filter(structure__in=mine).exists()


@rules.predicate
def lends_booking(user, booking):
    return acts_for(user, booking.listing.structure)


@rules.predicate
def borrows_booking(user, booking):
    return acts_for(user, booking.borrower)


rules.add_perm("sharing.see_listing", sees_listing)
rules.add_perm("sharing.know_of_ended_listing", may_know_of_ended_listing)
rules.add_perm("sharing.edit_listing", edits_listing)
rules.add_perm("sharing.publish_for", publishes_for)
rules.add_perm("sharing.see_booking", lends_booking | borrows_booking)
rules.add_perm("sharing.decide_booking", lends_booking)
rules.add_perm("sharing.use_booking", borrows_booking)
rules.add_perm("sharing.see_answers", is_member)
