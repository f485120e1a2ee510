"""The Shapley value: what each player adds to those who came before, on average over all the orders of arrival."""

from fractions import Fraction
from math import comb, sqrt

import numpy as np

from maillage.engine.split.coalitions import player_count, subset_sums


def shapley(values):
    """The exact share of each player of a game, in O(2^n) sums.

    Returns  list of n Fractions; nothing is rounded when the values are whole and add up to less than 2^53
    Source   Shapley, « A value for n-person games » (1953): what a player adds to the coalitions of s others counts
             1 / (n × number of these coalitions)
    """
    count = player_count(values)
    sizes = subset_sums(np.ones(count, int))
    total_of_size = np.bincount(sizes, weights=values)
    shares = [Fraction(0)] * count
    left = values[None, :]  # row k, column S: the sum over the coalitions of S and k of the players already done
    for player in reversed(range(count)):
        without, joined = left.reshape(len(left), 2, -1).transpose(1, 0, 2)
        joined_sizes = sizes[: 1 << player] + np.arange(1, len(left) + 1)[:, None]
        with_player = np.bincount(joined_sizes.ravel(), weights=joined.ravel(), minlength=count + 1)
        added = with_player[1:] - (total_of_size - with_player)[:-1]
        shares[player] = sum(Fraction(gain) / (count * comb(count - 1, others)) for others, gain in enumerate(added))
        left = np.pad(without, ((0, 1), (0, 0))) + np.pad(joined, ((1, 0), (0, 0)))
    return shares


def sampled_shapley(count, value_of, *, orders=10_000, seed=0):
    """(shares, standard errors), two arrays of n, from orders of arrival drawn by chance.

    value_of  takes an array of k × n booleans, who is in each of k coalitions, and gives their k values
    orders    each second one is the reverse of the one before, which makes the errors smaller
    Source    Castro, Gómez, Tejada (2009); Mitchell et al. (2022) for the reversed orders
    """
    chance = np.random.default_rng(seed)
    drawn = chance.permuted(np.tile(np.arange(count), (orders // 2, 1)), axis=1)
    added = (_added(drawn, value_of) + _added(drawn[:, ::-1], value_of)) / 2
    return added.mean(axis=0), added.std(axis=0, ddof=1) / sqrt(len(added))


def _added(orders, value_of):
    """What each player (column) adds in each order of arrival (row)."""
    rows = np.arange(len(orders))
    members = np.zeros(orders.shape, bool)
    added = np.empty(orders.shape)
    before = np.zeros(len(orders))
    for joining in orders.T:
        members[rows, joining] = True
        after = value_of(members)
        added[rows, joining] = after - before
        before = after
    return added


def airport(costs):
    """The Shapley value of the game in which a coalition costs what its dearest member needs.

    Each stretch of the runway is paid in equal parts by those who need it. An array of n costs in, one of n shares out.
    These shares are always in the core.

    Source  Littlechild & Owen, « A simple expression for the Shapley value in a special case » (1973)
    """
    costs = np.asarray(costs, float)
    order = np.argsort(costs, kind="stable")
    stretches = np.diff(costs[order], prepend=0.0)
    shares = np.empty(len(costs))
    shares[order] = np.cumsum(stretches / np.arange(len(costs), 0, -1))
    return shares
