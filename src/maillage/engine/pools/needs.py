"""Needs, the rules that their pools obey, and both as columns: who may share with whom, which sets make a pool."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np

from maillage.engine.geo import distances_km
from maillage.engine.pools.calendars import Calendars

MILLION = 1_000_000  # quantities are counted in whole millionths: 0.1 + 0.2 is 0.3
NO_LIMIT = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a structure would share.

    id, structure  text or int; ids are unique
    lat, lon       degrees (WGS 84)
    quantity       at least 0.01, counted to a millionth
    windows        tuple of (start, end) datetimes, half-open; all naive or all aware; (): always
    """

    id: str | int
    structure: str | int
    lat: float
    lon: float
    quantity: float
    windows: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What makes a pool: two members or more, of different structures, and the following.

    radius_km    no two members are farther apart
    least, most  bounds of the sum of the members' quantities; None: no upper bound
    max_members  None: no limit
    in_turn      the members use the same thing, one at a time: no window of one meets a window of another
    """

    radius_km: float
    least: float = 0
    most: float | None = None
    max_members: int | None = None
    in_turn: bool = False


class Group(NamedTuple):
    """A set of needs that makes a pool.

    members   positions in the list of rows that was asked
    diameter  the greatest distance between two members, in whole metres
    """

    members: tuple[int, ...]
    diameter: int


class Columns:
    """Needs as columns, in the order of their ids: a *row* is a place in it."""

    def __init__(self, needs, rules):
        self.needs = sorted(needs, key=lambda need: (isinstance(need.id, str), need.id))
        self.radius_km = rules.radius_km
        self.least = round(rules.least * MILLION)
        self.most = NO_LIMIT if rules.most is None else round(rules.most * MILLION)
        self.max_members = min(len(self.needs), rules.max_members or len(self.needs))
        self.lat = np.array([need.lat for need in self.needs], float)
        self.lon = np.array([need.lon for need in self.needs], float)
        self.points = _unit_vectors(self.lat, self.lon)
        self.quantity = np.array([round(need.quantity * MILLION) for need in self.needs], np.int64)
        codes: dict[str | int, int] = {}
        self.structure = np.array([codes.setdefault(need.structure, len(codes)) for need in self.needs], np.int64)
        self.calendars = Calendars([need.windows for need in self.needs]) if rules.in_turn else None
        self.possible = self.quantity <= self.most
        if self.calendars:
            self.possible &= ~self.calendars.always

    def distances(self, row, others):
        """From a row to each of others, in km."""
        return distances_km(self.lat[row], self.lon[row], self.lat[others], self.lon[others])

    def diameter_km(self, rows):
        """The greatest distance between two of the rows."""
        return max(self.distances(row, rows).max() for row in rows)

    def diameter_m(self, rows):
        """``diameter_km`` in whole metres, as pools are compared."""
        return round(1000 * self.diameter_km(rows))

    def may_share(self, row, others, distance):
        """Which of the others, at these distances, may be in a pool with the row."""
        allowed = (distance <= self.radius_km) & (self.structure[others] != self.structure[row])
        if self.calendars:
            allowed[allowed] = ~self.calendars.clash(row, others[allowed])
        return allowed

    def groups(self, rows, limit):
        """Each Group that can be made of rows (an array of n), in the order of their members.

        None when more than ``limit`` sets would have to be looked at.
        """
        metres, partners = self._pairs(rows)
        quantities = self.quantity[rows].tolist()
        found, looked_at = [], 0
        unfinished: list[tuple[tuple[int, ...], int, int, int]] = [((), 0, 0, (1 << len(rows)) - 1)]
        while unfinished:
            members, quantity, diameter, candidates = unfinished.pop()
            for joining in _bits(candidates):
                total = quantity + quantities[joining]
                if total > self.most:
                    continue
                looked_at += 1
                if looked_at > limit:
                    return None
                wider = max([diameter, *(metres[joining][member] for member in members)])
                group = Group((*members, joining), wider)
                if members and total >= self.least:
                    found.append(group)
                followers = candidates & partners[joining]
                reach = total + sum(quantities[follower] for follower in _bits(followers))
                if followers and reach >= self.least and len(group.members) < self.max_members:
                    unfinished.append((group.members, total, wider, followers))
        return sorted(found)

    def _pairs(self, rows):
        """Among n rows: the n × n distances in whole metres; for each row, the bits of the later ones it may join."""
        metres, partners = [], []
        for position, row in enumerate(rows):
            distance = self.distances(row, rows)
            allowed = np.flatnonzero(self.may_share(row, rows, distance))
            metres.append(np.rint(distance * 1000).astype(int).tolist())
            partners.append(sum(1 << int(other) for other in allowed if other > position))
        return metres, partners


def _unit_vectors(lat, lon):
    """n × 3: the places as points of the sphere of radius 1."""
    phi, theta = np.radians(lat), np.radians(lon)
    return np.column_stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)])


def _bits(mask):
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
