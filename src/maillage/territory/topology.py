"""Contours that share their borders: a TopoJSON topology of communes, and what one reads from it. Pure computing.

A border between two communes is one arc, stored once: shapes drawn from it leave no gap, and the outline of a group of
communes is the arcs that the group uses only once. Coordinates are whole numbers on one grid for the whole of France,
so that the topologies of two départements meet exactly.
"""

from collections import defaultdict
from functools import cached_property
from itertools import accumulate, pairwise

GRID = 1e-5  # degrees: about one metre


def build(outlines, kept):
    """The TopoJSON topology of the communes ``kept``, cut where three communes meet.

    outlines  {code: [polygon, …]}, a polygon being rings of (longitude, latitude), in degrees, closed. Give the
              communes around ``kept`` too: the border of a département is then cut at the same points from both sides
    kept      codes of the communes to write
    """
    on_grid = {
        code: [[_on_grid(ring) for ring in polygon] for polygon in polygons] for code, polygons in outlines.items()
    }
    rings = [ring for polygons in on_grid.values() for polygon in polygons for ring in polygon]
    junctions = _junctions(rings)
    numbers: dict[tuple, int] = {}
    arcs: list[tuple] = []

    def number(arc):
        """The number of ``arc``, or its complement (~n) when it is stored the other way round."""
        for points, sign in ((arc, 0), (arc[::-1], -1)):
            if points in numbers:
                return numbers[points] ^ sign
        numbers[arc] = len(arcs)
        arcs.append(arc)
        return numbers[arc]

    geometries = []
    for code in sorted(kept):
        parts = [
            [[number(arc) for arc in _cut(ring, junctions)] for ring in polygon] for polygon in on_grid[code] if polygon
        ]
        shape = {"type": "Polygon", "arcs": parts[0]} if len(parts) == 1 else {"type": "MultiPolygon", "arcs": parts}
        geometries.append({"id": code, **shape})
    return {
        "type": "Topology",
        "transform": {"scale": [GRID, GRID], "translate": [0, 0]},
        "arcs": [_differences(arc) for arc in arcs],
        "objects": {"communes": {"type": "GeometryCollection", "geometries": geometries}},
    }


def _on_grid(ring):
    """The ring on the grid, without the closing point nor repeated points."""
    points = [(round(longitude / GRID), round(latitude / GRID)) for longitude, latitude in ring]
    return [point for point, following in pairwise([*points[:-1], points[0]]) if point != following]


def _junctions(rings):
    """Points where borders part: they have other neighbours in one ring than in another."""
    around: dict[tuple, frozenset] = {}
    junctions = set()
    for ring in rings:
        for position, point in enumerate(ring):
            sides = frozenset((ring[position - 1], ring[(position + 1) % len(ring)]))
            if around.setdefault(point, sides) != sides:
                junctions.add(point)
    return junctions


def _cut(ring, junctions):
    """The arcs of a ring, from junction to junction; a ring that meets nothing is one arc from its smallest point."""
    cuts = [position for position, point in enumerate(ring) if point in junctions] or [ring.index(min(ring))]
    ring = [*ring[cuts[0] :], *ring[: cuts[0] + 1]]
    cuts = [position - cuts[0] for position in cuts] + [len(ring) - 1]
    return [tuple(ring[start : end + 1]) for start, end in pairwise(cuts)]


def _differences(arc):
    return [list(arc[0]), *([x2 - x1, y2 - y1] for (x1, y1), (x2, y2) in pairwise(arc))]


class Contours:
    """The contours of one or several topologies of ``build``, joined along the borders that they share.

    arcs   list of lists of (longitude, latitude)
    shapes {code: [polygon, …]}, a polygon being rings of arc numbers, ~n for an arc taken backwards
    """

    def __init__(self, topologies):
        self.arcs, self.shapes = [], {}
        numbers: dict[tuple, int] = {}
        for topology in topologies:
            translation = [self._add(arc, numbers) for arc in topology["arcs"]]
            for geometry in topology["objects"]["communes"]["geometries"]:
                polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
                self.shapes[geometry["id"]] = [
                    [[translation[n] if n >= 0 else ~translation[~n] for n in ring] for ring in polygon]
                    for polygon in polygons
                ]

    def _add(self, differences, numbers):
        points = tuple(accumulate(map(tuple, differences), lambda a, b: (a[0] + b[0], a[1] + b[1])))
        if points in numbers:
            return numbers[points]
        if points[::-1] in numbers:
            return ~numbers[points[::-1]]
        numbers[points] = len(self.arcs)
        self.arcs.append([(x * GRID, y * GRID) for x, y in points])
        return numbers[points]

    @cached_property
    def owners(self):
        """{arc number: codes of the communes on its sides (one or two)}."""
        owners = defaultdict(set)
        for code, polygons in self.shapes.items():
            for number in _numbers(polygons):
                owners[number].add(code)
        return owners

    def neighbours(self, code):
        """Codes of the communes that share a border with ``code``."""
        return set().union(*(codes for codes in self.owners.values() if code in codes)) - {code}

    def borders(self, group_of):
        """Arcs between communes of two groups, ``group_of`` being {code: group}; the outer border is left out."""
        return [
            self.arcs[number]
            for number, codes in self.owners.items()
            if len(codes) == 2 and len({group_of.get(code) for code in codes}) == 2
        ]

    def polygons(self, code):
        """The contour of a commune: polygons of closed rings of (longitude, latitude)."""
        return [[self.points(ring) for ring in polygon] for polygon in self.shapes[code]]

    def points(self, ring):
        """The closed line that follows arc numbers one after the other."""
        line: list[tuple] = []
        for number in ring:
            arc = self.arcs[number] if number >= 0 else self.arcs[~number][::-1]
            line += arc[1:] if line else arc
        return line

    def outline(self, codes):
        """Rings around the union of the communes ``codes``, holes included."""
        codes = set(codes)
        uses = defaultdict(list)
        for code in codes & self.shapes.keys():
            for polygon in self.shapes[code]:
                for ring in polygon:
                    for number in ring:
                        uses[max(number, ~number)].append(number)
        starting = defaultdict(list)
        for directed in (numbers[0] for numbers in uses.values() if len(numbers) == 1):
            starting[self._end(directed, 0)].append(directed)
        rings = []
        while starting:
            rings.append(self.points(self._follow(starting)))
        return rings

    def _end(self, number, end):
        arc = self.arcs[max(number, ~number)]
        return arc[end if number >= 0 else ~end]

    def _follow(self, starting):
        """Take arcs out of ``starting`` ({point: arcs that leave it}) until the ring closes."""
        first = point = next(iter(starting))
        ring = []
        while True:
            number = starting[point].pop()
            if not starting[point]:
                del starting[point]
            ring.append(number)
            point = self._end(number, -1)
            if point == first:
                return ring


def _numbers(polygons):
    return {max(number, ~number) for polygon in polygons for ring in polygon for number in ring}
