"""Points of a table in SQL: rows with ``latitude`` and ``longitude``, found by an index, measured along the globe."""

from django.db.models import BooleanField, F, FloatField, Func, Q, Value
from django.db.models.functions import ASin, Cos, Least, Power, Radians, Sin, Sqrt

from maillage.engine.geo import EARTH_RADIUS_KM, bounding_box

A_METRE = 0.001  # two computations of one distance may differ by less


def point(longitude="longitude", latitude="latitude"):
    """PostgreSQL's own ``point(x, y)``: a GiST index on it answers « inside this box »; dumps need no extension."""
    return Func(F(longitude), F(latitude), function="point")


def in_box(south, west, north, east):
    """Whether a row is in a box of degrees: a condition for ``filter`` that an index on ``point()`` answers.

    PostgreSQL takes any box for a thousandth of the rows. When most of them may be in it, see ``in_degrees``.
    """
    box = Func(Func(west, south, function="point"), Func(east, north, function="point"), function="box")
    return Func(point(), box, template="%(expressions)s", arg_joiner=" <@ ", output_field=BooleanField())


def in_degrees(south, west, north, east):
    """``in_box`` said plainly: PostgreSQL knows how many rows are in it, and looks for them by another condition."""
    return Q(latitude__range=(south, north), longitude__range=(west, east))


def distance_to(latitude, longitude):
    """The great-circle distance in kilometres of a row to here, as ``engine.geo.distance_km`` computes it."""
    here, there = Radians(Value(float(latitude))), Radians(F("latitude"))
    turned = Radians(Value(float(longitude)) - F("longitude"))
    across = Power(Sin((here - there) / 2), 2) + Cos(here) * Cos(there) * Power(Sin(turned / 2), 2)
    return 2 * EARTH_RADIUS_KM * ASin(Least(Value(1.0), Sqrt(across)), output_field=FloatField())


def within(rows, latitude, longitude, radius_km):
    """The rows no farther than ``radius_km``, with ``distance_km``, nearest first."""
    near = rows.filter(in_box(*bounding_box(latitude, longitude, radius_km)))
    near = near.annotate(distance_km=distance_to(latitude, longitude))
    return near.filter(distance_km__lte=radius_km).order_by("distance_km", "pk")


def nearest(rows, latitude, longitude, count):
    """The ``count`` nearest rows with ``distance_km``, in two queries: the index gives a circle that holds them all."""
    centre = Func(Value(float(longitude)), Value(float(latitude)), function="point")
    in_degrees = Func(point(), centre, template="%(expressions)s", arg_joiner=" <-> ", output_field=FloatField())
    first = rows.annotate(distance_km=distance_to(latitude, longitude)).order_by(in_degrees)
    distances = list(first.values_list("distance_km", flat=True)[:count])
    return list(within(rows, latitude, longitude, max(distances) + A_METRE)[:count]) if distances else []
