"""Where a place is: the point that one typed, when it is near its commune, else the centre of the commune."""

import re

from maillage.engine.geo import distance_km

FARTHEST_KM = 30  # from the centre of its commune: the widest of France reach 25
_NUMBER = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{1,12})?")


def read_degrees(text):
    """« 43,4586 » → 43.4586, None when it is no number of degrees."""
    plain = text.strip().removesuffix("°").strip()
    return float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else None


def placed(commune, latitude, longitude):
    """((latitude, longitude), whether it is exact, note or "") of a point that may be missing, wrong or swapped.

    note  "swapped" when latitude and longitude were exchanged, "far" when the point is not in this commune
    """
    if latitude is None or longitude is None:
        return (commune.latitude, commune.longitude), False, ""
    for point, note in (((latitude, longitude), ""), ((longitude, latitude), "swapped")):
        on_earth = abs(point[0]) <= 90 and abs(point[1]) <= 180
        if on_earth and distance_km(*point, commune.latitude, commune.longitude) <= FARTHEST_KM:
            return point, True, note
    return (commune.latitude, commune.longitude), False, "far"
