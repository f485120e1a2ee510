"""The nearest places: the same as measuring them all, by the index, at the size of a département."""

import numpy as np
import pytest
from django.db import connection

from maillage.engine.geo import distance_km, distances_km
from maillage.places.models import Place
from maillage.places.queries import find_places, nearby
from maillage.territory.models import Commune
from maillage.territory.points import nearest, within
from tests.factories.places import PlaceFactory

pytestmark = pytest.mark.django_db

REVEL = (43.4586, 2.0041)
MANY = 3000


@pytest.fixture
def many():
    rng = np.random.default_rng(31)
    commune = Commune.objects.get(code="31451")
    made = Place.objects.bulk_create(
        PlaceFactory.build(commune=commune, latitude=latitude, longitude=longitude, support=number % 100 == 0)
        for number, (latitude, longitude) in enumerate(rng.uniform((42.7, 0.5), (43.9, 2.1), (MANY, 2)))
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE places_place")
    return made


def test_nearest_are_those_that_measuring_them_all_gives(many):
    distances = distances_km(*REVEL, [place.latitude for place in many], [place.longitude for place in many])
    expected = [many[index].pk for index in np.argsort(distances)[:20]]
    found = nearest(Place.objects.all(), *REVEL, 20)
    assert [place.pk for place in found] == expected
    assert found[0].distance_km == pytest.approx(distances.min(), abs=1e-6)


def test_within_keeps_exactly_what_is_near(many):
    expected = {place.pk for place in many if distance_km(*REVEL, place.latitude, place.longitude) <= 10}
    assert {place.pk for place in within(Place.objects.all(), *REVEL, 10)} == expected


def test_nearest_first_uses_the_index(many):
    plan = find_places(around=Commune.objects.get(code="31451"), radius_km=10).explain()
    assert "place_point" in plan


@pytest.mark.parametrize("present", [0, 1, 5])
def test_nearby_gives_the_nearest_help_and_three_others(present):
    PlaceFactory.create_batch(present)
    help_ = PlaceFactory(support=True)
    PlaceFactory(support=True, hidden=True)
    found = nearby(*REVEL)
    assert found.support == help_
    assert len(found.places) == min(present, 3)
    assert help_ not in found.places


def test_nearby_of_nothing_is_nothing():
    assert (nearby(*REVEL).support, nearby(*REVEL).places) == (None, [])
