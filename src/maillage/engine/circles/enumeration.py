"""Every circle and chain of a directed graph, as rows of an array.

Source  depth-first search from the smallest member of each circle and from the giver of each chain, cut where the root
        can no longer be reached in time
"""

from typing import NamedTuple

import numpy as np
from numba import njit

MOST_EXCHANGES = 3_000_000
MOST_STEPS = 50_000_000  # links walked, for graphs where most walks end nowhere
DEGREES_WHEN_TOO_MANY = (64, 48, 32, 24, 16, 12, 8, 6, 4, 3, 2, 1)
SHORT = 3  # members: exchanges no longer than that are the last to be left out
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
    return Graph(*_by_row(size, source, target, value), *_by_row(size, target, source, value))


def _by_row(size, row, other, value):
    order = np.lexsort((other, row))
    return np.searchsorted(row[order], np.arange(size + 1)), other[order], value[order]


def enumerate_exchanges(source, target, value, is_giver, max_length, max_chain):
    """The ``Exchanges`` of links given as arrays; nobody gives to a giver.

    When there are too many, the longest are left out, then the links that each structure would rather not use.
    """
    size, rank = is_giver.size, _rank_among_gifts(is_giver.size, source, target, value)
    longest = max(max_length, max_chain)
    shorter = [(length, source.size) for length in range(longest, SHORT, -1)]
    thinner = [(SHORT, degree) for degree in (source.size, *DEGREES_WHEN_TOO_MANY)]
    for length, degree in shorter + thinner:
        kept = rank < degree
        graph = graph_of(size, source[kept], target[kept], value[kept])
        found = _enumerate(graph, is_giver, min(max_length, length), min(max_chain, length))
        if found:
            break
    members, worth = found
    return Exchanges(members, worth, complete=length >= longest and bool(kept.all()))


def _rank_among_gifts(size, source, target, value):
    """The rank of each link among those of its giver: the most valuable first, counting what comes straight back.

    Between equals, the nearest in the order of structures, either way: neighbours then keep circles among them.
    """
    there, back = source * size + target, target * size + source
    order = np.argsort(there)
    at = np.minimum(np.searchsorted(there[order], back), max(order.size - 1, 0))
    returned = np.where(there[order][at] == back, value[order][at], 0)
    apart = np.abs(source - target)
    best_first = np.lexsort((target, np.minimum(apart, size - apart), -(value + returned), source))
    rank = np.empty(order.size, np.int64)
    givers = source[best_first]
    rank[best_first] = np.arange(order.size) - np.searchsorted(givers, givers)
    return rank


def _enumerate(graph, is_giver, max_length, max_chain):
    """(members, worth), or None when there are too many."""
    width = max(max_length, max_chain)
    nothing = np.empty((0, width), np.int32), np.empty(0, np.int64)
    most = max(MOST_EXCHANGES, is_giver.size * width)  # so that one link each is never too many
    count = _write(graph, is_giver, max_length, max_chain, *nothing, most, MOST_STEPS)
    if count < 0:
        return None
    members, worth = np.full((count, width), is_giver.size, np.int32), np.empty(count, np.int64)
    _write(graph, is_giver, max_length, max_chain, members, worth, most, MOST_STEPS)
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
    """Fill ``links_back``: how many links from each structure after ``root`` to it; ``closing``: the value of the last.

    Returns how many structures were reached, the root included; ``queue`` names them.
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
