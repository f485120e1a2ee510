"""Pools of needs: as many needs served as can be, then the least sum of diameters, to the metre.

Needs are looked at by neighbourhood: those that can reach one another by steps within the radius. A small one is solved
exactly; in a large one pools are searched for (``search``), without proof. The rules are never broken.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from maillage.engine.geo import EARTH_RADIUS_KM
from maillage.engine.pools.needs import MILLION, Columns
from maillage.engine.pools.packing import best_by_programme, best_by_subsets
from maillage.engine.pools.search import searched_pools

SMALL = 12  # needs of a neighbourhood that is solved over its subsets
MEDIUM = 500  # needs of a neighbourhood that is solved by an integer programme…
SETS = 2_000  # … when there are no more sets of needs to look at…
SETS_IN_ALL = 20_000  # … and no more in all such neighbourhoods
NODES = 1_000  # of the branch and bound of a programme
CROWD = 40  # neighbours of a need from which its neighbourhood is not solved but searched


@dataclass(frozen=True, slots=True)
class Pool:
    """Needs that may share.

    members   their ids, numbers before texts
    quantity  the sum of theirs, exact to a millionth
    centre    (lat, lon) in degrees, the mean of their places on the sphere
    """

    members: tuple[str | int, ...]
    quantity: float
    diameter_km: float
    centre: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pooling:
    """Disjoint pools, in the order of their first members; ``proven`` when no others would be better."""

    pools: tuple[Pool, ...]
    proven: bool


def form_pools(needs, rules):
    """The Pooling of Needs under Rules; it does not depend on the order of the needs."""
    columns = Columns(needs, rules)
    neighbours, neighbourhoods = _neighbourhoods(columns)
    pools, unsolved, sets_left = [], [], SETS_IN_ALL
    for rows in neighbourhoods:
        small = len(rows) <= SMALL
        chosen = None
        if small:
            chosen = best_by_subsets(columns.groups(rows, 1 << SMALL), len(rows))
        elif len(rows) <= MEDIUM and neighbours[rows].max() < CROWD:
            groups = columns.groups(rows, min(SETS, sets_left))
            sets_left -= SETS if groups is None else len(groups)
            chosen = groups if groups is None else best_by_programme(groups, len(rows), NODES)
        if chosen is None:
            unsolved.append(rows)
        else:
            pools += [rows[list(group.members)].tolist() for group in chosen]
    if unsolved:
        rows = np.sort(np.concatenate(unsolved))
        pools += searched_pools(columns, rows, neighbours[rows])
    pools = sorted(sorted(members) for members in pools)
    return Pooling(tuple(_told(columns, members) for members in pools), proven=not unsolved)


def _neighbourhoods(columns):
    """(how many neighbours each row has, up to CROWD; the neighbourhoods of two rows or more, small ones first).

    A neighbourhood with a row of CROWD neighbours may come in several parts: only so many of its links are looked at.
    """
    rows = np.flatnonzero(columns.possible)
    neighbours = np.zeros(len(columns.needs), int)
    if len(rows) < 2:
        return neighbours, []
    angle = min(math.pi, columns.radius_km / EARTH_RADIUS_KM)
    reach = 2 * math.sin(angle / 2) + 1e-9  # straight through an Earth of radius 1; the rules are checked elsewhere
    points = columns.points[rows]
    distance, nearest = cKDTree(points).query(points, k=min(CROWD + 1, len(rows)), distance_upper_bound=reach)
    linked = np.isfinite(distance)
    neighbours[rows] = linked.sum(axis=1) - 1
    starts = np.repeat(np.arange(len(rows)), linked.sum(axis=1))
    links = coo_array((np.ones(len(starts)), (starts, nearest[linked])), shape=(len(rows), len(rows)))
    count, neighbourhood_of = connected_components(links, directed=False)
    sizes = np.bincount(neighbourhood_of, minlength=count)
    parts = np.split(rows[np.argsort(neighbourhood_of, kind="stable")], np.cumsum(sizes)[:-1])
    return neighbours, sorted((part for part in parts if len(part) > 1), key=len)


def _told(columns, rows):
    x, y, z = columns.points[rows].mean(axis=0)
    lat, lon = math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))
    return Pool(
        members=tuple(columns.needs[row].id for row in rows),
        quantity=int(columns.quantity[rows].sum()) / MILLION,
        diameter_km=round(float(columns.diameter_km(rows)), 3),
        centre=(round(lat, 5) + 0.0, round(lon, 5) + 0.0),
    )
