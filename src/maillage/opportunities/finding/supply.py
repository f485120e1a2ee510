"""What a search reads of the database, in the same few queries for a village or a département."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from maillage.directory.models import Structure
from maillage.opportunities.finding.refusals import Refusals, read_refusals
from maillage.opportunities.models import Opportunity, Party
from maillage.sharing.audience import networks, readers
from maillage.sharing.models import Listing

COLUMNS = (
    *("structure_id", "direction", "category", "title", "text", "quantity", "latitude", "longitude", "radius_km"),
    *("first_day", "last_day", "weekdays", "starts_at", "ends_at", "conditions", "price_cents", "price_unit"),
    *("visibility", "modified_at"),
)


@dataclass(frozen=True)
class Supply:
    """What there is to bring together: listings in the order of their ids, who may see them, what was refused."""

    offers: tuple
    needs: tuple
    networks: dict  # {structure: the heads of its networks, itself when it is one}
    readers: dict  # {listing: the structures that it was shown to}
    refusals: Refusals
    today: date  # of the whole search, should midnight pass meanwhile

    def needs_under(self, category):
        return [need for need in self.needs if need.category == category or need.category.startswith(f"{category}.")]

    def may_see(self, structure, listing):
        """What ``ListingQuerySet.visible_to`` says of those who act for a structure."""
        if listing.visibility == Listing.Visibility.NETWORK:
            networks = self.networks.get(listing.structure_id, frozenset())
            return bool(networks & self.networks.get(structure, frozenset()))
        if listing.visibility == Listing.Visibility.CHOSEN:
            return structure in self.readers.get(listing.pk, ())
        return True

    def may_meet(self, one, other):
        """Whether the structures of two listings may each see the other's, and nobody refused it."""
        return (
            one.structure_id != other.structure_id
            and self.may_see(one.structure_id, other)
            and self.may_see(other.structure_id, one)
            and not self.refusals.part(one, other)
        )


def read_supply():
    """The Supply of today; what people have already begun to answer, or agreed upon, is left aside."""
    refusals = read_refusals()
    today = timezone.localdate()
    not_over = Q(last_day__isnull=True) | Q(last_day__gte=today)
    listings = (
        Listing.objects.published()
        .filter(not_over, structure__state=Structure.State.ACTIVE)
        .exclude(pk__in=listings_taken())
        .only(*COLUMNS)
        .order_by("pk")
    )
    free = [listing for listing in listings if not refusals.set_aside(listing)]
    return Supply(
        offers=tuple(listing for listing in free if listing.direction == Listing.Direction.OFFER),
        needs=tuple(listing for listing in free if listing.direction == Listing.Direction.NEED),
        networks=networks(),
        readers=readers(),
        refusals=refusals,
        today=today,
    )


def listings_taken():
    """Ids of the listings of held opportunities, and of agreed ones as long as those of the party do not change."""
    held = Party.objects.filter(opportunity__in=Opportunity.objects.held().values("pk"))
    agreed = Party.objects.filter(opportunity__state=Opportunity.State.AGREED).exclude(pk__in=Party.objects.outdated())
    pairs = held.values_list("gives", "takes").union(agreed.values_list("gives", "takes"))
    return {pk for pair in pairs for pk in pair if pk is not None}
