"""Which groups to take, none sharing a member: those that serve most, then those whose diameters add up to least."""

import numpy as np
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csc_array


def gain_unit(groups, count):
    """What serving one of ``count`` needs is worth, in metres of diameter: more than those of any choice add up to."""
    return 1 + max(group.diameter for group in groups) * (count // 2)


def best_by_subsets(groups, count):
    """The best groups among ``count`` needs, by dynamic programming over the 2^count sets of needs; exact.

    Of equal choices, the one that serves the first need, by the first of its groups, and so on with the next need.
    """
    if not groups:
        return []
    unit = gain_unit(groups, count)
    of_first = [[] for _ in range(count)]  # by first member: (bits of the others, gain, group)
    for group in groups:
        first, *others = group.members
        mask = sum(1 << other - first - 1 for other in others)
        of_first[first].append((mask, unit * len(group.members) - group.diameter, group))

    best = np.zeros(1, np.int64)  # of each set of the needs from ``first`` on
    taken = [np.zeros(0, int)] * count  # for each such set with ``first``, the group of ``first``, −1 for none
    for first in reversed(range(count)):
        sets = np.arange(len(best))
        with_first, taken[first] = np.full(len(best), -1), np.full(len(best), -1)
        for place, (mask, gain, _) in enumerate(of_first[first]):
            holding = sets[sets & mask == mask]
            gained = gain + best[holding ^ mask]
            better = gained > with_first[holding]
            with_first[holding[better]] = gained[better]
            taken[first][holding[better]] = place
        aside = best > with_first
        with_first[aside], taken[first][aside] = best[aside], -1
        best = np.stack([best, with_first], axis=1).ravel()
    return _read_back(of_first, taken)


def _read_back(of_first, taken):
    chosen = []
    left = (1 << len(taken)) - 1
    for first, places in enumerate(taken):
        here, left = left & 1, left >> 1
        if here and places[left] >= 0:
            mask, _, group = of_first[first][places[left]]
            chosen.append(group)
            left ^= mask
    return chosen


def best_by_programme(groups, count, nodes):
    """The best groups among ``count`` needs, by an integer programme (HiGHS); None if ``nodes`` do not prove it."""
    if not groups:
        return []
    unit = gain_unit(groups, count)
    members = np.concatenate([group.members for group in groups])
    columns = np.repeat(np.arange(len(groups)), [len(group.members) for group in groups])
    holds = csc_array((np.ones(len(members)), (members, columns)), shape=(count, len(groups)))
    found = milp(
        c=[group.diameter - unit * len(group.members) for group in groups],
        constraints=LinearConstraint(holds, ub=1),
        integrality=np.ones(len(groups)),
        bounds=(0, 1),
        options={"mip_rel_gap": 0, "node_limit": nodes},
    )
    if found.status != 0:
        return None
    return [groups[index] for index in np.flatnonzero(found.x > 0.5)]
