"""What a search gives: plain values, before anything is written."""

import hashlib
from dataclasses import dataclass

from maillage.engine.geo import distance_km
from maillage.opportunities.distances import rounded_up


@dataclass(frozen=True)
class Member:
    """A structure's part: its offer that the next one takes, its need that the one before answers."""

    structure: int
    gives: int | None
    takes: int | None
    distance: int


@dataclass(frozen=True)
class Found:
    """An opportunity; ``members`` in the order in which each gives to the next."""

    kind: str
    value: int
    figures: dict
    members: tuple

    @property
    def listings(self):
        return sorted(pk for member in self.members for pk in (member.gives, member.takes) if pk)

    @property
    def fingerprint(self):
        """The same kind with the same listings is the same opportunity, whatever was computed of it."""
        return hashlib.sha256(f"{self.kind} {self.listings}".encode()).hexdigest()


def members_of(pairs):
    """The Members of (offer given or None, need answered or None) pairs, one a structure."""
    places = [need or offer for offer, need in pairs]
    return tuple(
        Member(
            structure=place.structure_id,
            gives=offer and offer.pk,
            takes=need and need.pk,
            distance=rounded_up(max(distance_between(place, other) for other in places if other is not place)),
        )
        for (offer, need), place in zip(pairs, places, strict=True)
    )


def distance_between(one, other):
    """Between two listings, in km."""
    return distance_km(one.latitude, one.longitude, other.latitude, other.longitude)
