"""Distances against known ones, and the properties a distance must have."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.engine.geo import bounding_box, distance_km, distances_km

TOULOUSE, REVEL, PARIS = (43.6045, 1.4440), (43.4589, 2.0047), (48.8566, 2.3522)
NEW_YORK, NORTH, SOUTH = (40.7128, -74.0060), (90.0, 0.0), (-90.0, 0.0)
EARTH_HALFWAY_KM = 20015.115
PLACES = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("here", "there", "km"),
    [
        (TOULOUSE, REVEL, 48.0),
        (TOULOUSE, PARIS, 588.2),
        (PARIS, NEW_YORK, 5837.2),
        (NORTH, SOUTH, EARTH_HALFWAY_KM),
        ((0.0, 0.0), (0.0, 180.0), EARTH_HALFWAY_KM),
        ((0.0, 179.5), (0.0, -179.5), 111.195),
        (REVEL, REVEL, 0.0),
    ],
)
def test_distance_is_the_known_one(here, there, km):
    assert distance_km(*here, *there) == pytest.approx(km, abs=0.2)


@given(PLACES, PLACES)
def test_distance_is_the_same_both_ways_and_on_the_globe(here, there):
    assert distance_km(*here, *there) == pytest.approx(distance_km(*there, *here), abs=1e-6)
    assert 0 <= distance_km(*here, *there) <= EARTH_HALFWAY_KM + 0.001


@given(PLACES, st.lists(PLACES, max_size=5))
def test_distances_of_many_are_those_of_each(here, places):
    lats, lons = np.array(places, float).reshape(-1, 2).T
    one_by_one = [distance_km(*here, *place) for place in places]
    assert distances_km(*here, lats, lons).tolist() == pytest.approx(one_by_one, abs=1e-6)


@given(PLACES, PLACES, st.floats(0, 25_000))
def test_bounding_box_holds_all_that_is_near(here, there, radius_km):
    south, west, north, east = bounding_box(*here, radius_km + 1e-3)
    inside = south <= there[0] <= north and west <= there[1] <= east
    assert inside or distance_km(*here, *there) > radius_km


def test_bounding_box_is_tight():
    south, west, north, east = bounding_box(*TOULOUSE, 25)
    assert distance_km(*TOULOUSE, north, TOULOUSE[1]) == pytest.approx(25)
    assert distance_km(*TOULOUSE, south, TOULOUSE[1]) == pytest.approx(25)
    assert 25 < distance_km(*TOULOUSE, TOULOUSE[0], east) < 25.01
    assert TOULOUSE[1] - west == pytest.approx(east - TOULOUSE[1])
