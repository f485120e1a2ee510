"""No plan does better than this: Lagrangian bounds, by subgradient descent.

Each structure gets a price. A plan that paid it for each structure used once, and kept what is left of every exchange
that is worth more than its members, would earn at least as much as any real plan: the bound. Prices that bring the
bound down also tell which exchanges matter: what an exchange is worth beyond its members' prices.

Source  Held, Wolfe & Crowder, Validation of subgradient optimization, 1974; steps after Polyak
"""

import numpy as np
from numba import njit

PATIENCE = 8  # iterations without progress before steps shorten
SHORTER = 0.8
PROGRESS = 1e-4  # of the gap


class Relaxation:
    """The prices (n + 1, the filler's last and zero) that bound a pool best, and the bounds (one a part) they give."""

    def __init__(self, pool, prices=None):
        self.pool = pool
        self.ceiling = np.full(pool.parts, np.inf)
        self.prices = np.zeros(pool.home.size + 1)
        self.offer(_fair_prices(pool) if prices is None else prices)

    def offer(self, prices):
        """Keep prices wherever they bound better; returns their bounds and how many exchanges use each structure."""
        pool = self.pool
        bound = np.bincount(pool.home, prices[:-1], pool.parts)
        usage = _add_gains(pool.members, pool.worth, pool.part, prices, bound)
        better = bound < self.ceiling
        self.ceiling[better] = bound[better]
        np.copyto(self.prices[:-1], prices[:-1], where=better[pool.home])
        return bound, usage

    def gains(self):
        """What each exchange is worth beyond the prices of its members; negative for most."""
        return self.pool.worth - self.prices[self.pool.members].sum(axis=1)

    def open(self, floor):
        """Which parts may still hold a better plan than ``floor``."""
        return self.pool.floored(self.ceiling) > floor

    def descend(self, floor, iterations, effort):
        """Lower the bounds towards the totals ``floor`` of a plan, until they meet, the iterations or time are out."""
        home, parts = self.pool.home, self.pool.parts
        prices = self.prices.copy()
        step, waited = np.ones(parts), np.zeros(parts, np.int64)
        for _ in range(iterations):
            if effort.late or not self.open(floor).any():
                break
            before = self.ceiling.copy()
            bound, usage = self.offer(prices)
            waited = np.where(before - bound > PROGRESS * (before - floor), 0, waited + 1)
            tired = waited > PATIENCE
            step[tired] *= SHORTER
            waited[tired] = 0
            slope = 1 - usage[:-1]
            slope[(slope > 0) & (prices[:-1] <= 0)] = 0
            steepness = np.maximum(np.bincount(home, slope * slope, parts), 1)
            pace = step * (bound - floor) / steepness
            prices[:-1] = np.maximum(prices[:-1] - pace[home] * slope, 0)


def _fair_prices(pool):
    """The share of a member in its best exchange: no exchange is worth more than its members."""
    size = pool.home.size
    prices = np.zeros(size + 1)
    share = pool.worth / (pool.members < size).sum(axis=1)
    np.maximum.at(prices, pool.members, share[:, None])
    prices[-1] = 0
    return prices


@njit(cache=True)
def _add_gains(members, worth, part, prices, bound):
    """Add positive gains to the bounds; returns how many exchanges of positive gain each structure is in."""
    usage = np.zeros(prices.size)
    for exchange in range(worth.size):
        gain = float(worth[exchange])
        for member in members[exchange]:
            gain -= prices[member]
        if gain > 0:
            bound[part[exchange]] += gain
            for member in members[exchange]:
                usage[member] += 1
    return usage
