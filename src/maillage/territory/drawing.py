"""The territory on paper: contours projected once per process, and written as SVG paths.

The projection keeps distances true around the middle of the territory (equirectangular, shrunk by the cosine of the
latitude). One unit is a hundred metres: small whole numbers make short paths, and a kilometre is ten units.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from math import cos, radians

from maillage.territory.models import Commune, DepartementContours
from maillage.territory.topology import Contours

UNITS_PER_DEGREE = 1113.2
UNITS_PER_KM = 10


@dataclass(frozen=True)
class Projection:
    west: float
    north: float
    shrink: float

    def __call__(self, longitude, latitude):
        x = (longitude - self.west) * self.shrink * UNITS_PER_DEGREE
        return round(x, 1), round((self.north - latitude) * UNITS_PER_DEGREE, 1)


@dataclass(frozen=True)
class Town:
    code: str
    name: str
    epci: str | None
    population: int
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """What maps of the territory have in common; ``box`` is (left, top, width, height) in units."""

    contours: Contours
    project: Projection
    towns: dict  # {code: Town}, most populated first
    outline: str
    epci_borders: str
    box: tuple

    def shape(self, code):
        """The SVG path of a commune."""
        rings = [ring for polygon in self.contours.polygons(code) for ring in polygon]
        return self._closed(rings)

    def outline_of(self, codes):
        """The SVG path around the union of communes."""
        return self._closed(self.contours.outline(codes))

    def box_of(self, codes):
        """(left, top, width, height) around communes."""
        return box_around(
            self.project(*point)
            for code in codes
            for polygon in self.contours.polygons(code)
            for ring in polygon
            for point in ring
        )

    def commune_borders(self, box):
        """Borders between communes that pass in ``box``, as one path."""
        left, top, width, height = box
        right, bottom = left + width, top + height
        return "".join(
            path for line, path in self._borders if any(left <= x <= right and top <= y <= bottom for x, y in line)
        )

    @cached_property
    def _borders(self):
        """[(its points, its path)…] of each piece of border between communes."""
        lines = [[self.project(*point) for point in arc] for arc in self.contours.arcs]
        return [(line, open_path(line)) for line in lines]

    def _closed(self, rings):
        return "".join(closed_path([self.project(*point) for point in ring]) for ring in rings)


def current_drawing():
    """The drawing of the loaded départements; made again when one of them changes, else kept by the process."""
    return _drawing(tuple(DepartementContours.objects.order_by("departement").values_list("departement", "digest")))


@lru_cache(maxsize=2)
def _drawing(versions):
    departements = [code for code, _ in versions]
    stored = DepartementContours.objects.filter(departement__in=departements).order_by("departement")
    contours = Contours(stored.values_list("topology", flat=True))
    rows = Commune.objects.filter(code__in=list(contours.shapes)).order_by("-population", "code")
    communes = list(rows.values_list("code", "name", "epci_id", "population", "longitude", "latitude"))
    project = _projection(point for arc in contours.arcs for point in arc)
    towns = {
        code: Town(code, name, epci, population, *project(longitude, latitude))
        for code, name, epci, population, longitude, latitude in communes
    }
    borders = contours.borders({code: town.epci for code, town in towns.items()})
    outline = [[project(*point) for point in ring] for ring in contours.outline(contours.shapes)]
    return Drawing(
        contours=contours,
        project=project,
        towns=towns,
        outline="".join(map(closed_path, outline)),
        epci_borders="".join(open_path([project(*point) for point in line]) for line in borders),
        box=box_around(point for ring in outline for point in ring),
    )


def _projection(points):
    longitudes, latitudes = zip(*points, strict=True) if (points := list(points)) else ((0,), (0,))
    middle = (min(latitudes) + max(latitudes)) / 2
    return Projection(min(longitudes), max(latitudes), cos(radians(middle)))


def box_around(points):
    xs, ys = zip(*points, strict=True) if (points := list(points)) else ((0, 1), (0, 1))
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


def closed_path(points):
    return open_path(points[:-1]) + "z"


def open_path(points):
    """« M12 30l4-5 » : whole units, each point told from the one before, repeated points left out."""
    rounded = [(round(x), round(y)) for x, y in points]
    steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(rounded)]
    told = "".join(_number(dx) + _number(dy) for dx, dy in steps if dx or dy)
    return f"M{rounded[0][0]} {rounded[0][1]}" + (f"l{told.strip()}" if told else "")


def _number(value):
    """A minus sign separates as well as a space."""
    return str(value) if value < 0 else f" {value}"
