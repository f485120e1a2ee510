"""A Tuesday morning on which everyone is told, and what makes people's news."""

from datetime import timedelta

import pytest
from django.utils import timezone

from maillage.accounts.models import User
from maillage.digest.models import Subscription
from maillage.digest.services import tell_news
from maillage.sharing.models import Listing, SavedSearch
from tests.factories.territory import CommuneFactory

SITE = "https://maillage.example/"
DAY = timedelta(days=1)


@pytest.fixture
def revel():
    return CommuneFactory(revel=True)


def subscribe(person, rhythm="day", **facts):
    """``person`` was told yesterday, and kept their searches before."""
    yesterday = timezone.now() - DAY
    facts = {"told_on": timezone.localdate() - DAY, "told_until": yesterday} | facts
    SavedSearch.objects.filter(user=person).update(kept_at=yesterday - DAY)
    return Subscription.objects.create(user=person, rhythm=rhythm, **facts)


def publish_a_while_ago(*listings, hours=2):
    Listing.objects.filter(pk__in=[one.pk for one in listings]).update(
        published_at=timezone.now() - timedelta(hours=hours)
    )


def tell(**changes):
    return tell_news(**({"site": SITE} | changes))


def join_long_ago():
    User.objects.update(joined_at=timezone.now() - 90 * DAY)
