"""What refusals teach the next search.

Whatever the reason, a listing is never again brought near a partner that its structure declined for it: those it would
have given to or received from in a circle or a chain, everyone in a pool. Besides:

not_them       the same for both its listings and everyone in the circle
too_far        its listings are no longer brought as far, until they change
already_found  its need is set aside until it changes
not_now        its listings are set aside for sixty days, or until they change
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from maillage.opportunities.finding.found import distance_between
from maillage.opportunities.models import Reason, Refusal

NOT_NOW_FOR = timedelta(days=60)


@dataclass(frozen=True)
class Refusals:
    partners: frozenset  # (listing, structure)
    alone: dict  # {listing: its Refusal without a partner}

    def set_aside(self, listing):
        """Whether a listing takes no part in any search for now."""
        refusal = self._of(listing)
        if refusal is None or refusal.reason == Reason.TOO_FAR:
            return False
        return refusal.reason == Reason.ALREADY_FOUND or timezone.now() < refusal.refused_at + NOT_NOW_FOR

    def part(self, one, other):
        """Whether the structure of one of two listings refused the other's, or such a distance."""
        return self.refuses(one, other) or self.refuses(other, one)

    def refuses(self, listing, other):
        if (listing.pk, other.structure_id) in self.partners:
            return True
        refusal = self._of(listing)
        is_far = refusal is not None and refusal.reason == Reason.TOO_FAR
        return is_far and distance_between(listing, other) >= refusal.distance_km

    def _of(self, listing):
        """The refusal without a partner of a listing, forgotten once the listing has changed."""
        refusal = self.alone.get(listing.pk)
        return refusal if refusal and refusal.refused_at >= listing.modified_at else None


def read_refusals():
    rows = list(Refusal.objects.order_by("pk"))
    return Refusals(
        partners=frozenset((row.listing_id, row.partner_id) for row in rows if row.partner_id),
        alone={row.listing_id: row for row in rows if not row.partner_id},
    )


def lessons(party, parties):
    """The Refusals, not saved yet, that ``party`` declining for its ``reason`` teaches.

    parties  all those of the opportunity, in their order
    """
    now, reason = timezone.now(), party.reason
    pairs = {
        (listing.pk, partner.structure_id)
        for listing, partner in _declined_pairs(party, parties)
        if listing is not None
    }
    taught = [
        Refusal(listing_id=pk, partner_id=partner, reason=reason, refused_at=now) for pk, partner in sorted(pairs)
    ]
    own = [party.takes] if reason == Reason.ALREADY_FOUND else [party.takes, party.gives]
    if reason in (Reason.ALREADY_FOUND, Reason.NOT_NOW, Reason.TOO_FAR):
        taught += [
            Refusal(
                listing=listing, reason=reason, refused_at=now, distance_km=_refused_distance(listing, party, parties)
            )
            for listing in own
            if listing is not None
        ]
    return taught


def _declined_pairs(party, parties):
    """(own listing, partner that it is kept away from)"""
    others = [other for other in parties if other.pk != party.pk]
    if not party.opportunity.is_exchange:
        return [(party.takes, other) for other in others]
    if party.reason == Reason.NOT_THEM:
        return [(listing, other) for listing in (party.takes, party.gives) for other in others]
    at = next(place for place, other in enumerate(parties) if other.pk == party.pk)
    before, after = parties[at - 1], parties[(at + 1) % len(parties)]
    return [(party.takes, before), (party.gives, after)]


def _refused_distance(listing, party, parties):
    """For « trop loin »: how far the farthest partner is, which is what the person was told, rounded up."""
    if party.reason != Reason.TOO_FAR:
        return None
    return max(distance_between(listing, other.place) for other in parties if other.pk != party.pk)
