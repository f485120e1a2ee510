"""Plane geometry of contours in degrees: small areas, where a degree is as good as a metre."""

from itertools import pairwise


def contains(polygons, point):
    """Whether ``point`` (longitude, latitude) is inside: an odd number of borders lies on its left."""
    x, y = point
    crossings = 0
    for polygon in polygons:
        for ring in polygon:
            for (x1, y1), (x2, y2) in pairwise(ring):
                if (y1 > y) != (y2 > y) and x1 + (y - y1) * (x2 - x1) / (y2 - y1) < x:
                    crossings += 1
    return crossings % 2 == 1


def centre(polygons):
    """A point inside the contour: its centroid or, when a bend leaves that outside, the middle of the widest chord."""
    largest = max(polygons, key=lambda polygon: abs(_area(polygon[0])))
    centroid = _centroid(largest[0])
    return centroid if contains(polygons, centroid) else _middle_of_widest_chord(largest, centroid[1])


def _area(ring):
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


def _centroid(ring):
    x0, y0 = ring[0]  # near the ring: keeps the sums small, hence exact
    moved = [(x - x0, y - y0) for x, y in ring]
    x_sum = y_sum = 0
    for (x1, y1), (x2, y2) in pairwise(moved):
        cross = x1 * y2 - x2 * y1
        x_sum += (x1 + x2) * cross
        y_sum += (y1 + y2) * cross
    area = _area(moved)
    return x0 + x_sum / (6 * area), y0 + y_sum / (6 * area)


def _middle_of_widest_chord(polygon, y):
    crossings = sorted(
        x1 + (y - y1) * (x2 - x1) / (y2 - y1)
        for ring in polygon
        for (x1, y1), (x2, y2) in pairwise(ring)
        if (y1 > y) != (y2 > y)
    )
    west, east = max(zip(crossings[::2], crossings[1::2], strict=True), key=lambda chord: chord[1] - chord[0])
    return (west + east) / 2, y
