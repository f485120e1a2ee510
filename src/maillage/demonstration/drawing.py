"""The whole demonstration as plain data: the same seed, day and territory always give the same."""

from dataclasses import dataclass

from maillage.demonstration.listings import draw_listings
from maillage.demonstration.people import draw_people
from maillage.demonstration.structures import draw_structures

OFFERS_PER_STRUCTURE, NEEDS_PER_STRUCTURE = 1.5, 5 / 6


@dataclass(frozen=True)
class Demonstration:
    structures: list
    people: list
    listings: list


def draw_demonstration(*, seed, today, places, count):
    """``count`` structures placed on ``places`` (structures.Place), the people who act for them and their listings."""
    structures = draw_structures(seed=seed, places=places, count=count)
    people = draw_people(seed=seed, today=today, structures=structures)
    listings = draw_listings(
        seed=seed,
        today=today,
        structures=structures,
        offers=round(count * OFFERS_PER_STRUCTURE),
        needs=round(count * NEEDS_PER_STRUCTURE),
    )
    return Demonstration(structures, people, listings)
