"""Good plans quickly: simulated annealing, seeded.

A move puts one exchange in the plan and takes out those it collides with. It is made when it earns, and sometimes when
it costs, less and less often as the search cools.
"""

import numpy as np
from numba import njit

ROUNDS = 20
MOST_MOVES = 20_000_000
WARM, COLD = 0.15, 0.02  # a loss of that share of the exchange put in is accepted one time in e


def anneal(plan, candidates, moves_each, effort):
    """Better the plan with the exchanges ``candidates``, trying each about ``moves_each`` times."""
    if not candidates.size:
        return
    pool = plan.pool
    holder = np.full_like(plan.holder, -1)
    moves = min(moves_each * candidates.size, MOST_MOVES) // ROUNDS + 1
    for turn in range(ROUNDS):
        warmth = WARM * (COLD / WARM) ** (turn / (ROUNDS - 1))
        _move(pool.members, pool.worth, candidates, holder, moves, warmth, turn)
        plan.take(np.unique(holder[holder >= 0]))
        if effort.late:
            break


@njit(cache=True)
def _move(members, worth, candidates, holder, moves, warmth, seed):
    """Make moves in ``holder`` (as in ``Plan``), with exchanges taken at random among the candidates."""
    np.random.seed(seed)
    for _ in range(moves):
        exchange = candidates[np.random.randint(candidates.size)]
        row = members[exchange]
        if holder[row[0]] == exchange:
            continue
        lost = 0
        for place in range(row.size):
            other = holder[row[place]]
            if other >= 0:
                counted = False
                for member in row[:place]:
                    counted |= holder[member] == other
                if not counted:
                    lost += worth[other]
        change = (worth[exchange] - lost) / worth[exchange]
        if change < 0 and np.random.random() >= np.exp(change / warmth):
            continue
        for place in range(row.size):
            other = holder[row[place]]
            if other >= 0:
                for member in members[other]:
                    holder[member] = -1
        for member in row:
            holder[member] = exchange
        holder[-1] = -1
