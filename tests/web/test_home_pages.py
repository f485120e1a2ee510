from datetime import date, timedelta

import pytest
from django.urls import reverse

from maillage.web.home.search import next_saturday
from tests.factories.directory import MandateFactory
from tests.factories.sharing import ListingFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("today", [date(2026, 11, 23) + timedelta(days=number) for number in range(14)])
def test_next_saturday_comes_within_a_week_and_is_never_today(today):
    saturday = next_saturday(today)
    assert saturday.weekday() == 5
    assert 1 <= (saturday - today).days <= 7


@pytest.mark.parametrize("count", [1, 8])
def test_the_home_page_costs_the_same_whatever_there_is(client, count, django_assert_num_queries):
    ListingFactory.create_batch(count)
    client.get(reverse("home"))  # the drawing of the territory is made once for the process
    with django_assert_num_queries(8):  # the transaction takes 4; listings, counts, contours, demonstration
        client.get(reverse("home"))


@pytest.mark.parametrize("count", [1, 4])
def test_a_member_s_home_page_costs_the_same_whatever_there_is(client, count, django_assert_num_queries):
    mandate = MandateFactory(structure__commune__revel=True)
    ListingFactory.create_batch(count, structure__commune=mandate.structure.commune)
    client.force_login(mandate.user)
    client.get(reverse("home"))  # the drawing of the territory is made once for the process
    with django_assert_num_queries(13):
        assert len(client.get(reverse("home")).context["cards"]) == count


def test_families_count_what_the_visitor_can_see(client):
    ListingFactory(category="technical.vehicles.van")
    ListingFactory(category="technical.premises.meeting_room")
    ListingFactory(category="training", paused=True)
    ListingFactory(category="jobs", need=True)
    response = client.get(reverse("home"))
    assert {family.code: count for family, count in response.context["families"] if count} == {"technical": 2}


def test_cards_are_varied(client):
    vans = ListingFactory.create_batch(4, category="technical.vehicles.van")
    job = ListingFactory(category="jobs")
    response = client.get(reverse("home"))
    assert set(response.context["cards"]) == {job, *vans[1:]}


def test_a_member_sees_what_is_around_the_nearest_first(client):
    mandate = MandateFactory(structure__commune__toulouse=True)
    near = ListingFactory(structure__commune__toulouse=True)
    far = ListingFactory(structure__commune__toulouse=True, latitude=42.79, longitude=0.59)
    aside = ListingFactory(structure__commune__toulouse=True, latitude=near.latitude + 0.1)
    client.force_login(mandate.user)
    response = client.get(reverse("home"))
    assert response.context["cards"] == [near, aside]
    assert far not in response.context["cards"]
    assert "Autour de Toulouse" in response.content.decode()


def test_an_empty_site_says_how_to_begin(client):
    assert "Rien ici pour l’instant" in client.get(reverse("home")).content.decode()
