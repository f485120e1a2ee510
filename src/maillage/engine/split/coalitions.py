"""Coalitions of n players are whole numbers: player i belongs to coalition S when bit i of S is set.

A game is an array of 2^n floats, the value of each coalition: ``values[0]``, of nobody, is 0; ``values[-1]``, of all,
is what there is to share.
"""

import numpy as np

CORE_TOLERANCE = 1e-9  # of the greatest value of the game: what rounding may add


def player_count(values):
    return len(values).bit_length() - 1


def subset_sums(weights):
    """The sum of the weights of the members of each coalition: an array of n in, one of 2^n out."""
    sums = np.zeros(1 << len(weights), np.asarray(weights).dtype)
    for player, weight in enumerate(weights):
        bit = 1 << player
        sums[bit : 2 * bit] = sums[:bit] + weight
    return sums


def in_core(values, shares, *, cost):
    """Whether the shares add up to the whole and no coalition would do better alone.

    cost  True: a coalition does better alone when its value is below its shares; False (a saving): when it is above
    """
    complaint = values - subset_sums(np.array(shares, float))
    if cost:
        complaint = -complaint
    tolerance = CORE_TOLERANCE * np.abs(values).max()
    return bool(complaint.max() <= tolerance and abs(complaint[-1]) <= tolerance)
