"""Exchange circles and chains: who gives to whom, each structure at most once, so that what is given is worth most.

A circle is a loop of structures, each giving to the next. A chain starts at a giver, who asks for nothing, and goes on
from receiver to receiver. This is the kidney-exchange problem; it is NP-hard, so the answer carries the proven bound.

Source  Abraham, Blum & Sandholm, Clearing algorithms for barter exchange markets, 2007 (the cycle formulation)
"""

import functools
from dataclasses import dataclass

import numpy as np

from maillage.engine.circles.effort import Clock, Measure
from maillage.engine.circles.enumeration import enumerate_exchanges
from maillage.engine.circles.planning import best_plan

STEPS_OF_VALUE = 10**6  # values are counted in millionths, so that totals are exact


@dataclass(frozen=True, slots=True)
class Found:
    """Circles start at their smallest id, chains at their giver; both are in the order of ids, numbers before texts.

    total        the sum of the values of the links used
    upper_bound  no plan is worth more
    optimal      total and upper_bound are the same
    """

    circles: tuple[tuple[str | int, ...], ...]
    chains: tuple[tuple[str | int, ...], ...]
    total: float
    upper_bound: float
    optimal: bool


def find(links, *, givers=(), max_length=3, max_chain=4, time_limit_s=60):
    """The circles and chains that are worth most together, as ``Found``.

    links         list of (from, to, value): what ``from`` can give to ``to``, worth at least 0, counted in millionths;
                  no pair twice, nothing to oneself, nothing to a giver
    givers        ids of those who ask for nothing, each once
    max_length    members of a circle at most, 2 or more
    max_chain     members of a chain at most, the giver included, 2 or more
    time_limit_s  then the best plan so far is returned, with its bound; None: the work is measured and not the time, so
                  that the same links give the same plan on any machine, whether it is proven or not
    """
    _compile()
    effort = Measure() if time_limit_s is None else Clock(time_limit_s)
    givers = frozenset(givers)
    ids = sorted({end for source, target, _ in links for end in (source, target)} | givers, key=_order)
    number = {identity: index for index, identity in enumerate(ids)}
    source = np.array([number[source] for source, _, _ in links], np.int64)
    target = np.array([number[target] for _, target, _ in links], np.int64)
    value = np.rint(np.array([value for _, _, value in links], float) * STEPS_OF_VALUE).astype(np.int64)
    is_giver = np.array([identity in givers for identity in ids], bool)

    members, total, upper_bound = _best(source, target, value, is_giver, max_length, max_chain, effort)
    written = [tuple(ids[member] for member in row if member < len(ids)) for row in members]
    return Found(
        tuple(row for row in written if row[0] not in givers),
        tuple(row for row in written if row[0] in givers),
        total / STEPS_OF_VALUE,
        upper_bound / STEPS_OF_VALUE,
        total == upper_bound,
    )


def _order(identity):
    return isinstance(identity, str), identity


def _best(source, target, value, is_giver, max_length, max_chain, effort):
    """(rows of members, total, upper bound) on numbered structures, in millionths."""
    size = is_giver.size
    members, worth, complete = enumerate_exchanges(source, target, value, is_giver, max_length, max_chain)
    chosen, total, upper_bound = best_plan(members, worth, size, effort)
    if not complete:
        upper_bound = max(total, min(_at_most(source, value, size), _at_most(target, value, size)))
    return members[_tidied(members, worth, chosen, size)], total, upper_bound


def _at_most(end, value, size):
    """What links are worth at most when each structure is the ``end`` of one at most."""
    best = np.zeros(size, np.int64)
    np.maximum.at(best, end, value)
    return sum(best.tolist())


def _tidied(members, worth, chosen, size):
    """Exchanges worth the same between the same structures: of those, the first in order."""
    holder = np.full(size + 1, -1)
    holder[members[chosen]] = chosen[:, None]
    holder[-1] = -2
    held = holder[members]
    of = held[:, 0]
    same = (of >= 0) & ((held == of[:, None]) | (held == -2)).all(axis=1)
    same &= (members < size).sum(axis=1) == (members[of] < size).sum(axis=1)
    same &= worth == worth[of]
    alike = np.flatnonzero(same)
    _, first = np.unique(of[alike], return_index=True)
    return np.sort(alike[first])


@functools.cache
def _compile():
    """Have the loops compiled, by the smallest of circles, before the first clock starts."""
    both, one = np.arange(2), np.ones(2, np.int64)
    _best(both, both[::-1].copy(), one, np.zeros(2, bool), 2, 2, Clock(60))
