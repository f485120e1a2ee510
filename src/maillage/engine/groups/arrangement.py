"""Groups that keep every pair together or apart, or the proof that there are none."""

from dataclasses import dataclass

import numpy as np

GREEDY_BIASES = (1, -1, 0, 0, 0, 0)  # of each try: towards the fullest group, the emptiest, any
MOST_RULES, HIGHS_OPTIONS = 3_000, {"node_limit": 100}  # of the integer programme: some seconds at most


@dataclass(eq=False)
class Impossible(ValueError):
    """Not every pair can be kept.

    reason  "crowded": too many people together for one group; "both": together and apart at once; "no room": no way to
            fill the groups; None: no way was found, nor a proof that there is none
    people  whom the reason is about
    rule    "together" or "apart": the list of the first pair that cannot be kept with those before it (those of
    index   together come before those of apart), and its place there
    """

    reason: str | None = None
    people: tuple = ()
    rule: str | None = None
    index: int | None = None


def ordered(pairs):
    return sorted({(min(pair), max(pair)) for pair in pairs})


def arranged(sizes, together, apart, chance):
    """The units, and an array of the group of each person; raises Impossible, without its rule."""
    units = _units(sum(sizes), ordered(together))
    unit_of = {row: number for number, unit in enumerate(units) for row in unit}
    for unit in units:
        if len(unit) > sizes[0]:
            raise Impossible("crowded", tuple(unit))
    foes = [set() for _ in units]
    for one, other in ordered(apart):
        if unit_of[one] == unit_of[other]:
            raise Impossible("both", (one, other))
        foes[unit_of[one]].add(unit_of[other])
        foes[unit_of[other]].add(unit_of[one])
    weights = np.array([len(unit) for unit in units], int)
    tries = (_greedy(sizes, weights, foes, bias, chance) for bias in GREEDY_BIASES)
    found = next((group for group in tries if group is not None), None)
    if found is None:
        found = _exact(sizes, weights, foes)
    return units, np.array([found[unit_of[row]] for row in range(sum(sizes))], int)


def first_impossible(sizes, together, apart, chance):
    """Impossible, with the first pair that is proven not to hold with those before it."""

    def proof_against(count):
        try:
            arranged(sizes, together[:count], apart[: max(0, count - len(together))], chance)
        except Impossible as found:
            return found if found.reason else None
        return None

    holds, fails = 0, len(together) + len(apart)
    if not (proof := proof_against(fails)):
        return Impossible()
    while fails - holds > 1:
        middle = (holds + fails) // 2
        if found := proof_against(middle):
            fails, proof = middle, found
        else:
            holds = middle
    proof.rule, proof.index = ("together", holds) if holds < len(together) else ("apart", holds - len(together))
    proof.people = proof.people or (together + apart)[holds]
    return proof


def _units(count, together):
    """Lists of the people (as rows) who stay together, be it one."""
    unit_of = [[row] for row in range(count)]
    for one, other in together:
        small, large = sorted((unit_of[one], unit_of[other]), key=len)
        if small is not large:
            large += small
            for row in small:
                unit_of[row] = large
    return [unit for row, unit in enumerate(unit_of) if row == unit[0]]


def _greedy(sizes, weights, foes, bias, chance):
    """An array of the group of each unit, or None; the one shut out of most groups goes first (DSATUR, Brélaz 1979)."""
    room = np.array(sizes, int)
    group = np.full(len(weights), -1)
    shut = np.zeros((len(weights), len(sizes)), bool)
    more = len(weights) + sum(sizes)  # urgency: groups shut, then weight, then foes, then chance
    urgency = (weights * more + [len(near) for near in foes]) * more + chance.permutation(len(weights))
    for _ in range(len(weights)):
        unit = int(urgency.argmax())
        fits = np.flatnonzero(~shut[unit] & (room >= weights[unit]))
        if not fits.size:
            return None
        chosen = fits[(bias * room[fits] + chance.random(fits.size)).argmin()]
        group[unit], urgency[unit] = chosen, -1
        room[chosen] -= weights[unit]
        newly = [foe for foe in foes[unit] if group[foe] < 0 and not shut[foe, chosen]]
        shut[newly, chosen] = True
        urgency[newly] += more**3
    return group


def _exact(sizes, weights, foes):
    """An array of the group of each unit; raises Impossible, without a reason when the question is too large.

    What is sought is a table with a column for each group. A unit with foes has a row (is it there?); those without are
    told apart by their weight alone (how many are there?); the last row says which groups are the larger ones.
    """
    hemmed = [unit for unit, near in enumerate(foes) if near]
    free = [unit for unit, near in enumerate(foes) if not near]
    alike = {weight: [unit for unit in free if weights[unit] == weight] for weight in sorted(set(weights[free]))}
    cliques = _cliques(foes)
    lonely = any(weights[list(foes[unit])].sum() > weights.sum() - sizes[-1] for unit in hemmed)
    if lonely or any(len(clique) > len(sizes) for clique in cliques):
        raise Impossible("no room")
    if len(cliques) * len(sizes) > MOST_RULES:
        raise Impossible
    demand = np.array([1] * len(hemmed) + [len(units) for units in alike.values()] + [sizes.count(sizes[-1] + 1)])
    load = np.array([*weights[hemmed], *alike, -1])
    table = _table(demand, load, [np.searchsorted(hemmed, clique) for clique in cliques], len(sizes), sizes[-1])
    table = table[:, np.argsort(-table[-1], kind="stable")]
    group = np.empty(len(weights), int)
    group[hemmed] = table[: len(hemmed)].argmax(axis=1)
    for units, counts in zip(alike.values(), table[len(hemmed) : -1], strict=True):
        group[units] = np.repeat(np.arange(len(sizes)), counts)
    return group


def _table(demand, load, cliques, groups, room):
    """An array (rows, groups) of whole numbers, by integer programming (HiGHS); raises Impossible.

    demand   array (rows,): the sum of each row
    load     array (rows,): what one in this row takes of the ``room`` of its column
    cliques  arrays of rows of which a column has one at most; the longest takes the first columns, as no two differ
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # slow to load, seldom needed
    from scipy.sparse import eye_array, kron

    rows = len(demand)
    lowest = np.zeros((rows, groups))
    longest = max(cliques, key=len, default=[])
    lowest[longest, range(len(longest))] = 1
    each = eye_array(groups)
    rules = [LinearConstraint(kron(eye_array(rows), np.ones((1, groups))), demand, demand)]
    rules += [LinearConstraint(kron(load[None, :], each), ub=room)]
    rules += [LinearConstraint(kron(np.isin(range(rows), clique)[None, :], each), ub=1) for clique in cliques]
    bounds = Bounds(lowest.ravel(), np.repeat([*np.minimum(demand[:-1], room + 1), 1], groups))
    best = milp(np.zeros(lowest.size), integrality=1, bounds=bounds, constraints=rules, options=HIGHS_OPTIONS)
    if best.x is None:
        raise Impossible("no room" if best.status == 2 else None)
    return best.x.round().astype(int).reshape(rows, groups)


def _cliques(foes):
    """Lists of units that are all foes, in which every two foes are found together."""
    cliques, covered = [], set()
    for one, other in ((one, other) for one, near in enumerate(foes) for other in sorted(near)):
        if (one, other) not in covered:
            clique = [one, other]
            for unit in sorted(foes[one] & foes[other]):
                if foes[unit].issuperset(clique):
                    clique.append(unit)
            cliques.append(clique)
            covered.update((a, b) for a in clique for b in clique)
    return cliques
