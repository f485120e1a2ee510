"""Groups for a workshop: people kept apart or together, new acquaintances first, then an even mix of their traits.

A greedy colouring, or else an integer programme, finds groups that keep the pairs or proves that there are none; people
then change places by simulated annealing.
"""

from dataclasses import dataclass
from math import exp
from typing import NamedTuple

import numpy as np
from numba import njit

UNKNOWN = "non précisé"  # the value of a trait that someone does not have
GREEDY_BIASES = (1, -1, 0, 0, 0, 0)  # of each try: towards the fullest group, the emptiest, any
MOST_RULES, HIGHS_OPTIONS = 3_000, {"node_limit": 100}  # of the integer programme: some seconds at most
STEPS_PER_PERSON, FEWEST_STEPS = 1_500, 20_000
COLDEST = 0.15  # at the end, a move that misplaces one more person is taken once in 800 times


class Grouping(NamedTuple):
    """The groups, tuples of ids in order, and what they leave to wish for.

    repeated_pairs  how many pairs had met
    imbalance       {trait: how many people of a value are too many or too few, on average in a group}: those beyond the
                    group's fair share (what there is of the value among all, in proportion) rounded up or down
    """

    groups: tuple
    repeated_pairs: int
    imbalance: dict


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


def form_groups(people, size, *, met=(), apart=(), together=(), seed=0):
    """The Grouping of people in as few groups of at most ``size`` as can be, whose sizes differ by at most one.

    people                {id: {trait: value}}; ids are texts or ints, values are texts
    met, apart, together  pairs of ids; raises Impossible when those apart and together cannot all be kept
    The order of the people, of the pairs and inside the pairs does not change the groups.
    """
    ids = sorted(people, key=lambda person: (isinstance(person, str), person))
    row_of = {person: row for row, person in enumerate(ids)}
    met, apart, together = ([(row_of[one], row_of[other]) for one, other in pairs] for pairs in (met, apart, together))
    count = -(-len(ids) // size)
    sizes = [len(ids) // count + (number < len(ids) % count) for number in range(count)]
    chance = np.random.default_rng(seed)
    try:
        units, group = _arranged(sizes, together, apart, chance)
    except Impossible:
        found = _first_impossible(sizes, together, apart, chance)
        found.people = tuple(ids[row] for row in sorted(found.people))
        raise found from None
    traits = _Traits([people[person] for person in ids], sizes)
    if 1 < count < len(ids):
        group = _annealed(group, units, traits, _ordered(met), _ordered(apart), chance)
    rows = sorted(np.flatnonzero(group == number).tolist() for number in range(count))
    misplaced = zip(traits.names, traits.misplaced(group).tolist(), strict=True)
    return Grouping(
        groups=tuple(tuple(ids[row] for row in members) for members in rows),
        repeated_pairs=_repeated(_ordered(met), group),
        imbalance={name: round(number / count, 6) for name, number in misplaced},
    )


def _ordered(pairs):
    return sorted({(min(pair), max(pair)) for pair in pairs})


def _repeated(pairs, group):
    return sum(bool(group[one] == group[other]) for one, other in pairs)


def _arranged(sizes, together, apart, chance):
    """The units, and an array of the group of each person; raises Impossible, without its rule."""
    units = _units(sum(sizes), _ordered(together))
    unit_of = {row: number for number, unit in enumerate(units) for row in unit}
    for unit in units:
        if len(unit) > sizes[0]:
            raise Impossible("crowded", tuple(unit))
    foes = [set() for _ in units]
    for one, other in _ordered(apart):
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


def _first_impossible(sizes, together, apart, chance):
    """Impossible, with the first pair that is proven not to hold with those before it."""

    def proof_against(count):
        try:
            _arranged(sizes, together[:count], apart[: max(0, count - len(together))], chance)
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


class _Traits:
    """The traits as numbers.

    value      array (people, traits): each value of each trait has its own number
    low, high  arrays (groups, values): the fair share, rounded down and up
    """

    def __init__(self, people, sizes):
        self.names = sorted({name for traits in people for name in traits})
        pairs = [[(name, traits.get(name, UNKNOWN)) for name in self.names] for traits in people]
        number = {pair: index for index, pair in enumerate(sorted({pair for row in pairs for pair in row}))}
        numbers = [[number[pair] for pair in row] for row in pairs]
        self.value = np.array(numbers, int).reshape(len(people), len(self.names))
        self.trait = np.array([self.names.index(name) for name, _ in number], int)
        shares = np.outer(sizes, np.bincount(self.value.ravel(), minlength=len(number))) / max(1, len(people))
        self.low, self.high = np.floor(shares).astype(np.int32), np.ceil(shares).astype(np.int32)

    def counts(self, group):
        """Array (groups, values): how many people of each value each group has."""
        counts = np.zeros_like(self.low)
        np.add.at(counts, (group[:, None], self.value), 1)
        return counts

    def misplaced(self, group):
        """Array (traits,): how many people are too many or too few of their value, over all the groups."""
        counts = self.counts(group)
        by_value = np.maximum(0, np.maximum(counts - self.high, self.low - counts)).sum(axis=0)
        return np.bincount(self.trait, by_value, len(self.names)).astype(int)


class _Case(NamedTuple):
    """What does not change, as arrays by person, unless said."""

    near: np.ndarray  # whom each has met or is kept apart from, one after the other
    weight: np.ndarray  # what each such pair costs
    first_near: np.ndarray  # where those of each person start
    next_of_unit: np.ndarray  # who follows in the unit; after the last, the first
    unit_size: np.ndarray
    first_seat: np.ndarray  # by group: its first seat
    value: np.ndarray  # and two more from _Traits
    low: np.ndarray
    high: np.ndarray


class _State(NamedTuple):
    """Each person's group and seat, each seat's person, and the ``counts`` of _Traits."""

    group: np.ndarray
    seat: np.ndarray
    seated: np.ndarray
    counts: np.ndarray


def _annealed(group, units, traits, met, apart, chance):
    """The groups after the exchanges that leave fewest pairs who had met, then mix the traits best."""
    cost_of_met = 4 * len(traits.names) + 1  # two people exchanged misplace at most four more in each trait
    cost = cost_of_met * _repeated(met, group) + int(traits.misplaced(group).sum())
    pairs = np.array(met + apart, int).reshape(-1, 2)
    costs = np.repeat([cost_of_met, cost + 1], [len(met), len(apart)])  # the best, no worse than the start, breaks none
    ones, others = np.concatenate([pairs, pairs[:, ::-1]]).T
    order = np.argsort(ones, kind="stable")
    seated = np.argsort(group, kind="stable")
    next_of_unit, unit_size = np.empty_like(group), np.empty_like(group)
    for unit in units:
        next_of_unit[unit], unit_size[unit] = np.roll(unit, -1), len(unit)
    case = _Case(
        near=others[order],
        weight=np.tile(costs, 2)[order],
        first_near=np.searchsorted(ones[order], np.arange(len(group) + 1)),
        next_of_unit=next_of_unit,
        unit_size=unit_size,
        first_seat=np.searchsorted(group[seated], np.arange(len(traits.low) + 1)),
        value=traits.value,
        low=traits.low,
        high=traits.high,
    )
    state = _State(group=group, seat=np.argsort(seated), seated=seated, counts=traits.counts(group))
    steps = max(FEWEST_STEPS, STEPS_PER_PERSON * len(group))
    return _anneal(case, state, cost, steps, max(1.0, cost_of_met / 3), chance)


@njit(cache=True)
def _anneal(case, state, cost, steps, hottest, chance):
    """The groups when the cost was least; ``state`` ends anywhere."""
    best, best_group = cost, state.group.copy()
    leaving, coming = np.empty_like(best_group), np.empty_like(best_group)
    for step in range(steps):
        if best == 0:
            break
        if step % 1000 == 0:
            temperature = hottest * (COLDEST / hottest) ** (step / steps)
        size = _draw(case, state, leaving, coming, chance)
        change = 0
        for index in range(size):
            change += _exchange(case, state, leaving[index], coming[index])
        if change <= 0 or chance.random() < exp(-change / temperature):
            cost += change
            if cost < best:
                best, best_group[:] = cost, state.group
        else:
            for index in range(size):
                _exchange(case, state, leaving[index], coming[index])
    return best_group


@njit(cache=True)
def _draw(case, state, leaving, coming, chance):
    """Draw a unit of one group, and units of another that hold as many: how many, or 0 when they do not."""
    one, other = chance.integers(0, case.unit_size.size), chance.integers(0, case.unit_size.size)
    if state.group[one] == state.group[other]:
        return 0
    if case.unit_size[one] < case.unit_size[other]:
        one, other = other, one
    group = state.group[other]
    size = _add_unit(case, one, leaving, 0)
    filled = _add_unit(case, other, coming, 0)
    while filled < size:
        other = state.seated[chance.integers(case.first_seat[group], case.first_seat[group + 1])]
        if filled + case.unit_size[other] > size or other in coming[:filled]:
            return 0
        filled = _add_unit(case, other, coming, filled)
    return size


@njit(cache=True)
def _add_unit(case, person, people, filled):
    """Write the unit of ``person`` after the ``filled`` first of ``people``; returns how many are filled then."""
    for _ in range(case.unit_size[person]):
        people[filled] = person
        person = case.next_of_unit[person]
        filled += 1
    return filled


@njit(cache=True)
def _exchange(case, state, one, other):
    """Exchange two people of two groups; returns what it adds to the cost."""
    here, there = state.group[one], state.group[other]
    change = -_cost_of_pairs(case, state, one) - _cost_of_pairs(case, state, other)
    for trait in range(case.value.shape[1]):
        mine, theirs = case.value[one, trait], case.value[other, trait]
        if mine != theirs:
            change += _count(case, state, here, mine, -1) + _count(case, state, here, theirs, 1)
            change += _count(case, state, there, theirs, -1) + _count(case, state, there, mine, 1)
    state.group[one], state.group[other] = there, here
    change += _cost_of_pairs(case, state, one) + _cost_of_pairs(case, state, other)
    state.seat[one], state.seat[other] = state.seat[other], state.seat[one]
    state.seated[state.seat[one]], state.seated[state.seat[other]] = one, other
    return change


@njit(cache=True)
def _cost_of_pairs(case, state, person):
    cost = 0
    for index in range(case.first_near[person], case.first_near[person + 1]):
        if state.group[case.near[index]] == state.group[person]:
            cost += case.weight[index]
    return cost


@njit(cache=True)
def _count(case, state, group, value, more):
    """Count ``more`` people of this value in the group; returns how many more are misplaced."""
    low, high = case.low[group, value], case.high[group, value]
    before = state.counts[group, value]
    after = state.counts[group, value] = before + more
    return max(0, after - high, low - after) - max(0, before - high, low - before)
