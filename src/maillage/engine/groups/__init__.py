"""Groups for a workshop: people kept apart or together, new acquaintances first, then an even mix of their traits.

A greedy colouring, or else an integer programme, finds groups that keep the pairs or proves that there are none; people
then change places by simulated annealing.
"""

from typing import NamedTuple

import numpy as np

from maillage.engine.groups.annealing import annealed, repeated
from maillage.engine.groups.arrangement import Impossible, arranged, first_impossible, ordered
from maillage.engine.groups.traits import Traits

__all__ = ["Grouping", "Impossible", "form_groups"]


class Grouping(NamedTuple):
    """The groups, tuples of ids in order, and what they leave to wish for.

    repeated_pairs  how many pairs had met
    imbalance       {trait: how many people of a value are too many or too few, on average in a group}: those beyond the
                    group's fair share (what there is of the value among all, in proportion) rounded up or down
    """

    groups: tuple
    repeated_pairs: int
    imbalance: dict


def form_groups(people, size, *, met=(), apart=(), together=(), seed=0):
    """The Grouping of people in as few groups of at most ``size`` as can be, whose sizes differ by at most one.

    people                {id: {trait: value}}; ids are texts or ints, values are texts
    met, apart, together  pairs of ids; raises Impossible when those apart and together cannot all be kept
    The order of the people, of the pairs and inside the pairs does not change the groups.
    """
    ids = sorted(people, key=lambda person: (isinstance(person, str), person))
    row_of = {person: row for row, person in enumerate(ids)}
    met, apart, together = ([(row_of[one], row_of[other]) for one, other in pairs] for pairs in (met, apart, together))
    met, count = ordered(met), -(-len(ids) // size)
    sizes = [len(ids) // count + (number < len(ids) % count) for number in range(count)]
    chance = np.random.default_rng(seed)
    try:
        units, group = arranged(sizes, together, apart, chance)
    except Impossible:
        found = first_impossible(sizes, together, apart, chance)
        found.people = tuple(ids[row] for row in sorted(found.people))
        raise found from None
    traits = Traits([people[person] for person in ids], sizes)
    if 1 < count < len(ids):
        group = annealed(group, units, traits, met, ordered(apart), chance)
    rows = sorted(np.flatnonzero(group == number).tolist() for number in range(count))
    misplaced = zip(traits.names, traits.misplaced(group).tolist(), strict=True)
    return Grouping(
        groups=tuple(tuple(ids[row] for row in members) for members in rows),
        repeated_pairs=repeated(met, group),
        imbalance={name: round(number / count, 6) for name, number in misplaced},
    )
