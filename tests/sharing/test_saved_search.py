"""What the database refuses of saved searches, whatever the way in."""

from functools import partial

import pytest
from django.db import IntegrityError, transaction

from maillage.sharing import alerts
from maillage.sharing.models import SavedSearch
from maillage.sharing.search.criteria import Criteria
from tests.at_once import at_once
from tests.factories.accounts import UserFactory
from tests.factories.territory import CommuneFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({}, "saved_search_unique"),
        ({"radius_km": 10}, "saved_search_radius_around_a_place"),
        ({"place": True}, "saved_search_radius_around_a_place"),
        ({"place": True, "radius_km": 301}, "saved_search_radius_around_a_place"),
        ({"day": "2026-11-28", "weekday": 5}, "saved_search_one_kind_of_day"),
        ({"weekday": 7}, "saved_search_one_kind_of_day"),
    ],
)
def test_the_database_refuses(facts, constraint):
    person = UserFactory()
    SavedSearch.objects.create(user=person, direction="offer")
    if facts.get("place"):
        facts = facts | {"place": CommuneFactory(revel=True)}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        SavedSearch.objects.create(user=person, direction="offer", **facts)


def test_words_that_are_longer_in_small_letters_are_cut():
    saved, _ = alerts.keep_search(person=UserFactory(), criteria=Criteria(direction="offer", words="İ" * 150))
    assert len(saved.words) == 200


@pytest.mark.django_db(transaction=True)
def test_searches_kept_at_once_stop_at_the_number():
    person = UserFactory()

    def keep(number):
        try:
            alerts.keep_search(person=person, criteria=Criteria(words=f"table {number}"))
        except alerts.AlertRefused:
            return "refused"
        return "kept"

    answers = at_once(*[partial(keep, number) for number in range(alerts.MOST_KEPT + 4)])
    assert answers.count("refused") == 4
    assert person.saved_searches.count() == alerts.MOST_KEPT
