"""The engine's circles, written two other ways: every plan there is, and a programme on positions in chains."""

from functools import cache
from itertools import pairwise, permutations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array


def best_total(links, givers, max_length, max_chain):
    """The total of the best plan: the smallest structure left is in no exchange, or in one of those that name it."""
    value = {(source, target): worth for source, target, worth in links}
    everybody = frozenset(end for link in links for end in link[:2]) | frozenset(givers)
    worth_of = {}  # the best exchange between the same structures
    for length in range(2, max(max_length, max_chain) + 1):
        for row in permutations(everybody, length):
            steps = list(pairwise(row))
            if row[0] not in givers:
                steps.append((row[-1], row[0]))
            if length <= (max_chain if row[0] in givers else max_length) and all(step in value for step in steps):
                worth_of[frozenset(row)] = max(worth_of.get(frozenset(row), 0), sum(value[step] for step in steps))

    @cache
    def best(left):
        if not left:
            return 0
        first = min(left)
        inside = [exchange for exchange in worth_of if first in exchange and exchange <= left]
        return max([best(left - {first}), *(worth_of[exchange] + best(left - exchange) for exchange in inside)])

    return best(everybody)


def position_indexed_total(links, givers, max_length, max_chain):
    """The total that HiGHS proves for a model without chains: a variable for each circle, and each link and position.

    Source  Dickerson et al., Position-indexed formulations for kidney exchange, 2016 (PICEF)
    """
    value = {(source, target): worth for source, target, worth in links}
    columns = []  # (worth, {row: coefficient}); a row is at most 0 when it is a flow, at most 1 otherwise
    for circle in _circles(value, max_length):
        worth = sum(value[step] for step in zip(circle, circle[1:] + circle[:1], strict=True))
        columns.append((worth, {("receives", member): 1 for member in circle}))
    for (source, target), worth in value.items():
        for position in [1] if source in givers else range(2, max_chain):
            before = ("gives", source) if source in givers else ("flow", source, position - 1)
            columns.append((worth, {("receives", target): 1, before: 1, ("flow", target, position): -1}))
    if not columns:
        return 0
    rows = {row: index for index, row in enumerate({row: None for _, uses in columns for row in uses})}
    entries = [(rows[row], column, number) for column, (_, uses) in enumerate(columns) for row, number in uses.items()]
    at, column, number = zip(*entries, strict=True)
    result = milp(
        [-worth for worth, _ in columns],
        constraints=LinearConstraint(
            csr_array((number, (at, column)), shape=(len(rows), len(columns))),
            ub=np.array([row[0] != "flow" for row in rows], float),
        ),
        integrality=1,
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    return -result.fun


def _circles(value, max_length):
    after = {}
    for source, target in value:
        after.setdefault(source, []).append(target)
    paths = [(source,) for source in after]
    for _ in range(max_length - 1):
        paths = [
            (*path, then) for path in paths for then in after.get(path[-1], ()) if then > path[0] and then not in path
        ]
        yield from (path for path in paths if (path[-1], path[0]) in value)
