"""When one wants news: the page of the choice, and the way out of letters."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.accounts import links
from maillage.digest.models import Subscription
from tests.factories.accounts import UserFactory
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    person = UserFactory()
    sign_in(client, person)
    return person


def chosen(person):
    return Subscription.objects.values_list("rhythm", "weekday").get(user=person)


def test_the_page_shows_what_one_receives_without_having_chosen(client, person):
    form = client.get(reverse("digest")).context["form"]
    assert (form["rhythm"].value(), form["weekday"].value()) == ("week", "1")
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(("rhythm", "weekday"), [("day", 1), ("week", 4), ("never", 1)])
def test_a_choice_is_kept_and_shown(client, person, rhythm, weekday):
    assert client.post(reverse("digest"), {"rhythm": rhythm, "weekday": weekday}).status_code == 302
    assert chosen(person) == (rhythm, weekday)
    assert client.get(reverse("digest")).context["form"]["rhythm"].value() == rhythm


@pytest.mark.parametrize("wrong", [{"rhythm": "hour"}, {"weekday": "7"}, {"rhythm": ""}])
def test_a_wrong_choice_is_refused_in_words(client, person, wrong):
    response = client.post(reverse("digest"), {"rhythm": "day", "weekday": "1"} | wrong)
    assert response.status_code == 422
    assert "Choisissez" in response.content.decode()
    assert not Subscription.objects.exists()


def test_what_came_while_one_wanted_no_news_is_not_told(client, person):
    client.post(reverse("digest"), {"rhythm": "never", "weekday": 1})
    Subscription.objects.update(told_until=timezone.now() - timedelta(days=60))
    client.post(reverse("digest"), {"rhythm": "day", "weekday": 1})
    assert timezone.now() - Subscription.objects.get().told_until < timedelta(minutes=1)


def test_the_way_out_of_a_letter_asks_before_it_serves(client):
    person = UserFactory()
    address = reverse("leave-digest", args=[links.sign("leave-digest", person=person.pk)])
    assert "Voulez" in client.get(address).content.decode()
    assert not Subscription.objects.exists()
    assert "C’est fait" in client.post(address).content.decode()
    assert chosen(person) == ("never", 1)


def test_the_way_out_of_messages_is_not_that_of_news(client):
    token = links.sign("leave", person=UserFactory().pk)
    assert client.post(reverse("leave-digest", args=[token])).status_code == 410
