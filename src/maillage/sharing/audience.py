"""Who may see a listing, asked for many people at once: what ``ListingQuerySet.visible_to`` says for one of them."""

from dataclasses import dataclass

from maillage.directory.models import NetworkMembership
from maillage.sharing.models import Listing, ListingReader

SEEN_BY = Listing.Visibility


def networks():
    """{structure: the heads of its networks, itself when it is one}."""
    found: dict[int, set] = {}
    for head, member in NetworkMembership.objects.values_list("head", "member"):
        found.setdefault(head, set()).add(head)
        found.setdefault(member, set()).add(head)
    return found


def readers(**of):
    """{listing: the structures that it was shown to}; of: which rows of ListingReader, all without."""
    found: dict[int, set] = {}
    for listing, structure in ListingReader.objects.filter(**of).values_list("listing", "structure"):
        found.setdefault(listing, set()).add(structure)
    return found


@dataclass(frozen=True)
class Audience:
    """``networks`` and ``readers`` as the functions of these names return them."""

    networks: dict
    readers: dict

    def sees(self, person, mine, listing):
        """Whether ``person`` may see a published ``listing`` of an active structure.

        mine  the ids of the structures that the person acts for today
        """
        if person.is_superuser or listing.structure_id in mine or listing.visibility == SEEN_BY.EVERYONE:
            return True
        if listing.visibility == SEEN_BY.MEMBERS:
            return bool(mine) or person.is_agent
        if listing.visibility == SEEN_BY.NETWORK:
            heads = self.networks.get(listing.structure_id, frozenset())
            return any(heads & self.networks.get(structure, frozenset()) for structure in mine)
        return not mine.isdisjoint(self.readers.get(listing.pk, ()))
