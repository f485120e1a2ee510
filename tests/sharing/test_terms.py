"""How long listings are shown: their terms, renewing them, and who sees them once they have expired."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from maillage.opportunities.finding.supply import read_supply
from maillage.sharing import services, terms
from maillage.sharing.matching import matches_for
from maillage.sharing.models import Listing
from maillage.sharing.search.criteria import Criteria
from maillage.sharing.search.newcomers import Newcomers
from maillage.sharing.search.query import search
from tests.at_once import at_once
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory
from tests.factories.sharing import ListingFactory

TODAY = date(2026, 11, 25)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("direction", "last_day", "until"),
    [
        ("offer", None, date(2027, 11, 25)),
        ("offer", date(2026, 12, 5), date(2027, 11, 25)),
        ("need", None, date(2027, 2, 24)),
        ("need", date(2026, 12, 5), date(2026, 12, 5)),
        ("need", date(2027, 6, 1), date(2027, 2, 24)),
    ],
)
def test_the_usual_term_is_a_year_for_an_offer_and_three_months_for_a_need(direction, last_day, until):
    assert terms.usual_until(direction, TODAY, last_day) == until


def today():
    return timezone.localdate()


def renew(*listings, author=None):
    return services.renew_listings(listing_ids=[one.pk for one in listings], author=author or UserFactory())


@pytest.mark.django_db
def test_the_database_shows_no_need_after_its_last_day():
    need = ListingFactory(need=True, last_day=today() + 5 * DAY)
    assert need.valid_until == need.last_day
    with pytest.raises(IntegrityError, match="listing_need_within_its_days"), transaction.atomic():
        Listing.objects.filter(pk=need.pk).update(valid_until=need.last_day + DAY)


def is_shown_somewhere(listing):
    """Where a visitor, or a search for everyone, would find it."""
    now = timezone.now()
    answered = ListingFactory(direction="need" if listing.direction == "offer" else "offer", visibility="everyone")
    supply = read_supply()
    return {
        "published": Listing.objects.published().filter(pk=listing.pk).exists(),
        "public": Listing.objects.public().filter(pk=listing.pk).exists(),
        "visible": Listing.objects.visible_to(AnonymousUser()).filter(pk=listing.pk).exists(),
        "predicate": AnonymousUser().has_perm("sharing.see_listing", listing),
        "is_published": listing.is_published,
        "search": listing in search(Criteria(listing.direction), user=AnonymousUser(), today=today()).listings,
        "matches": listing in [answer.listing for answer in matches_for(answered, UserFactory(is_superuser=True))],
        "news": listing in Newcomers(since=now - DAY, until=now + DAY, today=today()).listings,
        "opportunities": listing.pk in {one.pk for one in (*supply.offers, *supply.needs)},
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "expected"), [(0, True), (1, True), (-1, False)])
@pytest.mark.parametrize("direction", ["offer", "need"])
def test_everything_agrees_on_the_last_day_of_a_listing(direction, days, expected):
    listing = ListingFactory(direction=direction, valid_until=today() + days * DAY)
    assert set(is_shown_somewhere(listing).items()) == {(place, expected) for place in is_shown_somewhere(listing)}


@pytest.mark.django_db
def test_predicate_and_queryset_agree_on_what_is_to_renew():
    for direction, state, until, last in product(
        ("offer", "need"), Listing.State.values, (-40, -1, 0, 29, 30, 80), (None, -1, 0, 29, 60)
    ):
        until_day, last_day = today() + until * DAY, None if last is None else today() + last * DAY
        ListingFactory(
            direction=direction,
            state=state,
            last_day=last_day,
            valid_until=terms.within(direction, until_day, last_day),
        )
    found = set(Listing.objects.to_renew())
    assert found == {listing for listing in Listing.objects.all() if listing.is_to_renew}
    assert 10 < len(found) < Listing.objects.count() / 2


@pytest.mark.django_db
def test_renewing_gives_the_usual_term_from_today_and_keeps_what_was_found():
    listing = ListingFactory(expired=True, lapses=True)
    before = listing.modified_at
    assert renew(listing) == [listing]
    listing.refresh_from_db()
    assert (listing.valid_until, listing.lapses) == (today() + 365 * DAY, False)
    assert (listing.is_published, listing.modified_at) == (True, before)
    assert renew(listing) == []


@pytest.mark.django_db
def test_renewing_never_shortens_nor_goes_beyond_the_days_of_a_need():
    far = ListingFactory(valid_until=today() + 700 * DAY)
    over = ListingFactory(need=True, last_day=today() - DAY)
    need = ListingFactory(need=True, last_day=today() + 40 * DAY, valid_until=today() + DAY)
    assert renew(far, over, need) == [need]
    need.refresh_from_db()
    assert need.valid_until == need.last_day


@pytest.mark.django_db
def test_an_ended_listing_is_not_renewed_and_the_others_stay_as_they_were():
    expired, closed = ListingFactory(expired=True), ListingFactory(closed=True)
    with pytest.raises(services.ListingRefused, match="terminée"):
        renew(expired, closed)
    assert Listing.objects.get(pk=expired.pk).is_expired


@pytest.mark.django_db
def test_resuming_renews_what_expired_meanwhile():
    listing = ListingFactory(paused=True, valid_until=today() - DAY)
    services.resume_listing(listing_id=listing.pk, author=MandateFactory(structure=listing.structure).user)
    assert Listing.objects.get(pk=listing.pk).is_published


@pytest.mark.django_db
def test_services_keep_a_need_within_its_days_and_refuse_a_term_that_is_too_long():
    mandate = MandateFactory()
    facts = {"structure": mandate.structure, "author": mandate.user, "category": "technical.vehicles.van"}
    facts |= {"title": "Un fourgon", "commune": mandate.structure.commune}
    need = services.publish_listing(direction="need", last_day=today() + 9 * DAY, **facts)
    assert need.valid_until == need.last_day
    change = {"listing_id": need.pk, "author": mandate.user, "opened_at": need.modified_at}
    shorter = services.change_listing(last_day=today() + 3 * DAY, **change)
    assert shorter.valid_until == today() + 3 * DAY
    with pytest.raises(services.ListingRefused, match="au plus tard"):
        services.publish_listing(direction="offer", valid_until=today() + 731 * DAY, **facts)


@pytest.mark.django_db
def test_another_term_is_told_again_but_another_title_is_not():
    listing, person = ListingFactory(lapses=True), UserFactory()
    change = {"listing_id": listing.pk, "author": person}
    listing = services.change_listing(title="Fourgon", opened_at=listing.modified_at, **change)
    assert listing.lapses
    listing = services.change_listing(valid_until=today() + 9 * DAY, opened_at=listing.modified_at, **change)
    assert not listing.lapses


@pytest.mark.django_db(transaction=True)
def test_two_people_who_renew_at_once_renew_once():
    listings = ListingFactory.create_batch(3, expired=True)
    first, second = UserFactory.create_batch(2)
    counts = at_once(lambda: renew(*listings, author=first), lambda: renew(*listings[::-1], author=second))
    assert sorted(map(len, counts)) == [0, 3]
