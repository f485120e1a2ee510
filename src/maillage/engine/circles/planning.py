"""The best plan, and how far from the best it can be: better plans and lower bounds until they meet."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from maillage.engine.circles.annealing import anneal
from maillage.engine.circles.pool import Plan, Pool
from maillage.engine.circles.programmes import pack, shadow_prices
from maillage.engine.circles.relaxation import Relaxation

FIRST_TRIES, TRIES = 10, 500  # of the annealing, for each exchange
ITERATIONS = 300  # of the relaxation
NEAR = 0.05  # an exchange is in the core when its members' prices exceed its worth by this share at most
MOST_IN_CORE = 100_000
GOOD_ENOUGH = 0.002  # the gap left open in a core
MOST_PRICINGS = 20  # linear programmes of a part


class BestPlan(NamedTuple):
    """The exchanges chosen, in order; their worth and a bound on any plan's, exact: it is the best when they meet."""

    chosen: np.ndarray
    total: int
    upper_bound: int


@dataclass(frozen=True, slots=True)
class Part:
    """A part on its own; ``exchanges``: where its exchanges stand in the whole pool."""

    exchanges: np.ndarray
    plan: Plan
    relaxation: Relaxation

    @property
    def open(self):
        return self.relaxation.open(self.plan.floor)[0]


def best_plan(members, worth, size, effort):
    """The ``BestPlan`` found with so much ``effort`` among exchanges between ``size`` structures.

    All parts together at first, with compiled loops. Then each of those still open, the smallest first: an integer
    programme of its core, lower bounds, an integer programme of all that a better plan could use.
    """
    if not worth.size:
        return BestPlan(worth, 0, 0)
    pool = Pool.of(members, worth, size)
    plan, relaxation = Plan(pool), Relaxation(pool)
    anneal(plan, np.arange(worth.size), FIRST_TRIES, effort)
    relaxation.descend(plan.floor, ITERATIONS, effort)
    core = _core(relaxation)
    anneal(plan, core[relaxation.open(plan.floor)[pool.part[core]]], TRIES, effort)

    upper_bound = pool.floored(relaxation.ceiling)
    parts = {
        label: _alone(plan, relaxation.prices, structures, exchanges)
        for label, structures, exchanges in pool.split(relaxation.open(plan.floor))
    }
    for step in (_pack_core, _descend, _price, _pack_rest):
        for part in parts.values():
            if part.open and not effort.late:
                step(part, effort)
    for label, part in parts.items():
        plan.take(part.exchanges[part.plan.chosen])
        upper_bound[label] = part.plan.pool.floored(part.relaxation.ceiling)[0]
    return BestPlan(plan.chosen, sum(plan.floor.tolist()), sum(np.maximum(upper_bound, plan.floor).tolist()))


def _alone(plan, prices, structures, exchanges):
    """The ``Part`` that starts from what the whole plan and its prices are there."""
    pool = plan.pool.alone(structures, exchanges)
    part = Part(exchanges, Plan(pool), Relaxation(pool, np.append(prices[structures], 0)))
    held = plan.holder[structures]
    part.plan.take(np.searchsorted(exchanges, np.unique(held[held >= 0])))
    return part


def _core(relaxation):
    """The exchanges that the best plans are mostly made of: one at least."""
    share = relaxation.gains() / relaxation.pool.worth
    best_first = np.argsort(-share, kind="stable")[:MOST_IN_CORE]
    return np.sort(best_first[share[best_first] >= min(-NEAR, share.max())])


def _pack_core(part, effort):
    core = _core(part.relaxation)
    if core.size <= effort.most_packed:
        _pack(part, core, effort, gap=GOOD_ENOUGH)


def _pack_rest(part, effort):
    """Choose from all the exchanges that a plan better than the one at hand could use: the proof, if time allows."""
    plan, relaxation = part.plan, part.relaxation
    reachable = plan.pool.floored(relaxation.ceiling + np.minimum(relaxation.gains(), 0))
    left = np.flatnonzero(reachable > plan.floor)
    if left.size <= effort.most_packed:
        found = _pack(part, left, effort)
        relaxation.ceiling[0] = min(relaxation.ceiling[0], 0 if found.proven else found.bound)


def _pack(part, kept, effort, gap=0):
    pool = part.plan.pool
    found = pack(pool.members[kept], pool.worth[kept], pool.home.size, pool.grain, effort, gap)
    part.plan.take(kept[found.chosen])
    return found


def _descend(part, effort):
    part.relaxation.descend(part.plan.floor, ITERATIONS, effort)


def _price(part, effort):
    """Lower the bound with the exact prices of the core, to which exchanges that gain by them are added.

    Source  column generation, among exchanges that are all listed already
    """
    relaxation, pool = part.relaxation, part.plan.pool
    priced = np.zeros(pool.worth.size, bool)
    priced[_core(relaxation)] = True
    for _ in range(min(MOST_PRICINGS, effort.most_priced // priced.sum())):
        prices = shadow_prices(pool.members[priced], pool.worth[priced], pool.home.size, effort.left)
        if prices is None:
            return
        prices = np.append(prices, 0)
        relaxation.offer(prices)
        missed = ~priced & (pool.worth > prices[pool.members].sum(axis=1) + 1e-6 * pool.worth)
        if effort.late or not part.open or not missed.any():
            return
        priced |= missed
