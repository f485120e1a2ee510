"""Every circle and chain of a directed graph, as rows of an array.

Source  depth-first search from the smallest member of each circle and from the giver of each chain, cut where the root
        can no longer be reached in time
"""

from typing import NamedTuple

import numpy as np
from numba import njit

MOST_EXCHANGES = 3_000_000
MOST_STEPS = 100_000_000  # links walked, for graphs where most walks end nowhere
DEGREES_WHEN_TOO_MANY = (64, 32, 16, 8, 4, 2, 1)
FAR = 1_000  # links: farther than any circle is long


class Graph(NamedTuple):
    """Links between structures 0…n-1, by who gives, then by who receives (compressed rows)."""

    first: np.ndarray  # (n + 1,) where the links of each giver start
    target: np.ndarray
    value: np.ndarray  # int64
    first_in: np.ndarray  # (n + 1,) where the links of each receiver start
    source_in: np.ndarray
    value_in: np.ndarray


class Exchanges(NamedTuple):
    """Circles and chains, in the order of their members.

    members   (m, width) int32: each one gives to the next; a circle starts at its smallest; filled up with n
    worth     (m,) int64: the sum of the values of the links used, always positive
    complete  False when there were too many: some are missing
    """

    members: np.ndarray
    worth: np.ndarray
    complete: bool


def graph_of(size, source, target, value):
    """The ``Graph`` of links given as arrays, in any order."""
    out, back = np.lexsort((target, source)), np.lexsort((source, target))
    starts = np.arange(size + 1)
    return Graph(
        np.searchsorted(source[out], starts), target[out], value[out],
        np.searchsorted(target[back], starts), source[back], value[back],
    )  # fmt: skip


def exchanges(source, target, value, is_giver, max_length, max_chain):
    """The ``Exchanges`` of links given as arrays; nobody gives to a giver.

    When there are more than ``MOST_EXCHANGES``, each structure only gives along its best links.
    """
    size = is_giver.size
    found = _found(graph_of(size, source, target, value), is_giver, max_length, max_chain)
    if found:
        return Exchanges(found[0], found[1], complete=True)
    rank = _rank_among_gifts(size, source, target, value)
    for degree in DEGREES_WHEN_TOO_MANY:
        kept = rank < degree
        found = _found(graph_of(size, source[kept], target[kept], value[kept]), is_giver, max_length, max_chain)
        if found:
            break
    return Exchanges(found[0], found[1], complete=False)


def _rank_among_gifts(size, source, target, value):
    """The rank of each link among those of its giver: the most valuable first, counting what comes straight back.

    Between equals, the nearest in the order of structures, either way: neighbours then keep circles among them.
    """
    there, back = source * size + target, target * size + source
    order = np.argsort(there)
    at = np.minimum(np.searchsorted(there[order], back), order.size - 1)
    returned = np.where(there[order][at] == back, value[order][at], 0)
    apart = np.abs(source - target)
    best_first = np.lexsort((target, np.minimum(apart, size - apart), -(value + returned), source))
    rank = np.empty(order.size, np.int64)
    givers = source[best_first]
    rank[best_first] = np.arange(order.size) - np.searchsorted(givers, givers)
    return rank


def _found(graph, is_giver, max_length, max_chain):
    """(members, worth), or None when there are too many."""
    width = max(max_length, max_chain)
    nothing = np.empty((0, width), np.int32), np.empty(0, np.int64)
    count = _write(graph, is_giver, max_length, max_chain, *nothing, MOST_EXCHANGES, MOST_STEPS)
    if count < 0:
        return None
    members, worth = np.full((count, width), is_giver.size, np.int32), np.empty(count, np.int64)
    _write(graph, is_giver, max_length, max_chain, members, worth, MOST_EXCHANGES, MOST_STEPS)
    return members[worth > 0], worth[worth > 0]


@njit(cache=True)
def _write(graph, is_giver, max_length, max_chain, members, worth, most, most_steps):
    """Write exchanges into ``members`` and ``worth`` while there is room; how many there are, -1 when too many."""
    size, width = is_giver.size, members.shape[1]
    links_back, closing = np.full(size, FAR), np.zeros(size, np.int64)
    queue, on_path = np.empty(size, np.int64), np.zeros(size, np.bool_)
    path, cursor, earned = np.zeros(width, np.int64), np.zeros(width, np.int64), np.zeros(width, np.int64)
    count = steps = 0
    for root in range(size):
        chain = is_giver[root]
        longest = max_chain if chain else max_length
        reached = 0 if chain else _look_back(graph, root, max_length, links_back, closing, queue)
        path[0], cursor[0], on_path[root] = root, graph.first[root], True
        depth = 0 if chain or reached > 1 else -1  # how many links lead to the last of the path
        while depth >= 0:
            last = path[depth]
            if cursor[depth] == graph.first[last + 1]:
                on_path[last] = False
                depth -= 1
                continue
            link = cursor[depth]
            cursor[depth] += 1
            steps += 1
            then = graph.target[link]
            if on_path[then] or not (chain or depth + 1 + links_back[then] <= max_length):
                continue
            gained = earned[depth] + graph.value[link]
            if (chain and graph.value[link] > 0) or links_back[then] == 1:
                if count < worth.size:
                    members[count, : depth + 1] = path[: depth + 1]
                    members[count, depth + 1] = then
                    worth[count] = gained if chain else gained + closing[then]
                count += 1
            if depth + 2 < longest:
                depth += 1
                path[depth], cursor[depth], earned[depth], on_path[then] = then, graph.first[then], gained, True
            if count > most or steps > most_steps:
                return -1
        on_path[root] = False
        links_back[queue[:reached]] = FAR
    return count


@njit(cache=True)
def _look_back(graph, root, max_length, links_back, closing, queue):
    """Fill ``links_back``: the links from a structure after ``root`` to it, and ``closing``: the value of the only one.

    Returns how many structures ``queue`` then names: all those that were reached, the root first.
    """
    links_back[root], queue[0] = 0, root
    reached, at = 1, 0
    while at < reached and links_back[queue[at]] < max_length - 1:
        near = queue[at]
        for link in range(graph.first_in[near], graph.first_in[near + 1]):
            source = graph.source_in[link]
            if source > root and links_back[source] == FAR:
                links_back[source] = links_back[near] + 1
                closing[source] = graph.value_in[link]
                queue[reached] = source
                reached += 1
        at += 1
    return reached
