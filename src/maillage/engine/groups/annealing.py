"""People who change places until few had met and every trait is mixed: seeded simulated annealing, compiled."""

from math import exp
from typing import NamedTuple

import numpy as np
from numba import njit

STEPS_PER_PERSON, FEWEST_STEPS = 1_500, 20_000
COLDEST = 0.15  # at the end, a move that misplaces one more person is taken once in 800 times


class _Case(NamedTuple):
    """What does not change, as arrays by person, unless said."""

    near: np.ndarray  # whom each has met or is kept apart from, one after the other
    weight: np.ndarray  # what each such pair costs
    first_near: np.ndarray  # where those of each person start
    next_of_unit: np.ndarray  # who follows in the unit; after the last, the first
    unit_size: np.ndarray
    first_seat: np.ndarray  # by group: its first seat
    value: np.ndarray  # and two more from Traits
    low: np.ndarray
    high: np.ndarray


class _State(NamedTuple):
    """Each person's group and seat, each seat's person, and the ``counts`` of Traits."""

    group: np.ndarray
    seat: np.ndarray
    seated: np.ndarray
    counts: np.ndarray


def annealed(group, units, traits, met, apart, chance):
    """The groups after the exchanges that leave fewest pairs who had met, then mix the traits best."""
    cost_of_met = 4 * len(traits.names) + 1  # two people exchanged misplace at most four more in each trait
    cost = cost_of_met * repeated(met, group) + int(traits.misplaced(group).sum())
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


def repeated(pairs, group):
    return sum(bool(group[one] == group[other]) for one, other in pairs)
