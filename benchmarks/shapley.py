"""Exact Shapley values of games of 15 to 20 players, beside the textbook loop in Python and two packages of PyPI.

    python benchmarks/shapley.py [--least 15] [--most 20] [--naive-most 18]

The packages are measured when they are installed: pip install coopgt coopgame-py
"""

import argparse
import random
import time
from itertools import combinations
from math import factorial

import numpy as np

from maillage.engine.split.coalitions import subset_sums
from maillage.engine.split.shapley import shapley

SEED = 31
TRIES = 3  # the quickest is kept: what else runs on the machine is not counted
COOPGT_MOST = 8  # it goes through all the orders of arrival


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--least", type=int, default=15)
    arguments.add_argument("--most", type=int, default=20)
    arguments.add_argument("--naive-most", type=int, default=18)
    asked = arguments.parse_args()
    print(f"{'':10}{'le moteur':>14}{'boucle Python':>16}{'coopgame':>14}{'écart au plus':>16}")
    for count in range(asked.least, asked.most + 1):
        report(count, naive=count <= asked.naive_most)
    report_coopgt()


def report(count, *, naive):
    game = purchase_game(count)
    ours, seconds = timed(shapley, game)
    cells, others = [f"{1000 * seconds:.1f} ms"], []
    for method, wanted in ((naive_shapley, naive), (coopgame_shapley, True)):
        found = timed(method, game.tolist(), tries=1) if wanted else (None, 0)
        cells.append("—" if found[0] is None else f"{1000 * found[1]:.1f} ms")
        if found[0] is not None:
            others.append(found[0])
    gap = max((np.abs(np.array(ours, float) - other).max() for other in others), default=0)
    print(f"{count:2} membres{cells[0]:>14}{cells[1]:>16}{cells[2]:>14}{gap:>16.1e}")


def purchase_game(count):
    """What a purchase in common costs: a delivery, a price that falls with the quantity, the dearest size asked."""
    chance = random.Random(SEED)
    quantities = subset_sums(np.array([chance.uniform(1, 20) for _ in range(count)]))
    sizes = np.zeros(1 << count)
    for player in range(count):
        bit = 1 << player
        sizes[bit : 2 * bit] = np.maximum(sizes[:bit], chance.uniform(1, 50))
    game = 60 + 12 * quantities**0.8 + sizes
    game[0] = 0
    return game


def naive_shapley(values):
    """The formula as it is written, one marginal gain after the other."""
    count = len(values).bit_length() - 1
    shares = [0.0] * count
    for player in range(count):
        others = [1 << other for other in range(count) if other != player]
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for coalition in map(sum, combinations(others, size)):
                shares[player] += weight * (values[coalition | 1 << player] - values[coalition])
    return np.array(shares)


def coopgame_shapley(values):
    try:
        import coopgame
    except ImportError:
        return None
    return np.array(coopgame.shapley(coopgame.Game(values[1:])))


def report_coopgt():
    try:
        from coopgt.shapley_value import calculate
    except ImportError:
        print("coopgt et coopgame : absents ; pip install coopgt coopgame-py")
        return
    game = purchase_game(COOPGT_MOST)
    players = range(COOPGT_MOST)
    values = {
        group: game[sum(1 << player - 1 for player in group)]
        for size in range(COOPGT_MOST + 1)
        for group in combinations(range(1, COOPGT_MOST + 1), size)
    }
    theirs, seconds = timed(calculate, values, tries=1)
    ours, our_seconds = timed(shapley, game)
    gap = max(abs(float(ours[player]) - theirs[player]) for player in players)
    print(
        f"coopgt, {COOPGT_MOST} membres : {seconds:.1f} s ; le moteur : {1000 * our_seconds:.1f} ms ; écart {gap:.1e}"
    )


def timed(function, argument, tries=TRIES):
    """(its answer, its quickest time in seconds)."""
    durations = []
    for _ in range(tries):
        started = time.perf_counter()
        answer = function(argument)
        durations.append(time.perf_counter() - started)
    return answer, min(durations)


if __name__ == "__main__":
    main()
