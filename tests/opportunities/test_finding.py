"""What a search finds, and what it leaves aside: circles, chains, jobs, purchases, equipment."""

from datetime import time

import pytest
from django.utils import timezone

from maillage.engine.crews import Alone
from maillage.opportunities.finding import find_all
from maillage.opportunities.finding.exchanges import find_exchanges
from maillage.opportunities.finding.pools import weekly_days
from maillage.opportunities.finding.supply import read_supply
from maillage.opportunities.models import Refusal
from maillage.sharing.models import Listing, ListingReader
from tests.factories.directory import NetworkMembershipFactory, StructureFactory
from tests.factories.opportunities import THINGS, circle_mandates, make_opportunity, pool_of_needs
from tests.factories.sharing import ListingFactory
from tests.factories.territory import CommuneFactory

pytestmark = pytest.mark.django_db
JOB = {"category": "jobs.office.accountant", "starts_at": time(9), "ends_at": time(17)}


def members(found):
    return [[member.structure for member in one.members] for one in found]


def exchanges(supply):
    return find_exchanges(supply, Alone(), lambda share: None)


def kinds():
    return [one.kind for one in find_all()]


@pytest.mark.parametrize("count", [2, 3])
def test_a_circle_is_found_with_what_each_gives_and_takes(count):
    structures = [mandate.structure for mandate in circle_mandates(count)]
    (found,) = find_all()
    assert found.kind == "circle"
    assert sorted(member.structure for member in found.members) == [one.pk for one in structures]
    listings = Listing.objects.in_bulk()
    for place, member in enumerate(found.members):
        after = found.members[(place + 1) % count]
        assert listings[member.gives].category == listings[after.takes].category
        assert {listings[member.gives].structure_id, listings[member.takes].structure_id} == {member.structure}
    assert found.value == sum(found.figures["scores"])
    assert [member.distance for member in found.members] == [5] * count


def test_a_chain_begins_with_one_that_asks_for_nothing():
    first, second, last = (StructureFactory(commune=CommuneFactory(revel=True)) for _ in range(3))
    gift = ListingFactory(structure=first, category=THINGS[0])
    need = ListingFactory(structure=second, need=True, category=THINGS[0])
    passed_on = ListingFactory(structure=second, category=THINGS[1])
    other_need = ListingFactory(structure=last, need=True, category=THINGS[1])
    (found,) = find_all()
    assert found.kind == "chain"
    assert [(one.structure, one.gives, one.takes) for one in found.members] == [
        (first.pk, gift.pk, None),
        (second.pk, passed_on.pk, need.pk),
        (last.pk, None, other_need.pk),
    ]


def test_a_gift_to_one_alone_is_left_to_the_page_of_the_need():
    ListingFactory()
    ListingFactory(need=True)
    assert find_all() == []


@pytest.mark.parametrize(
    "details",
    [{"radius_km": 5}, {"quantity": 2}, {"weekdays": [5]}, {"conditions": "free"}],
    ids=["too far", "too few", "another day", "too dear"],
)
def test_hard_limits_of_matches_hold_in_circles(details):
    toulouse = CommuneFactory(toulouse=True)
    one, other = circle_mandates(2)
    offer = Listing.objects.offers().get(structure=one.structure)
    need = Listing.objects.needs().get(structure=other.structure)
    Listing.objects.exclude(pk=need.pk).update(conditions="cost_share", price_cents=2000)
    Listing.objects.filter(pk=need.pk).update(conditions="cost_share")
    Listing.objects.filter(pk=offer.pk).update(latitude=toulouse.latitude, longitude=toulouse.longitude, weekdays=[1])
    assert kinds() == ["circle"]
    Listing.objects.filter(pk=need.pk).update(**details)
    assert kinds() == []


@pytest.mark.parametrize(("state", "structure_state"), [("paused", "active"), ("published", "dissolved")])
def test_what_is_not_published_or_no_longer_active_takes_no_part(state, structure_state):
    mandates = circle_mandates(2)
    Listing.objects.filter(structure=mandates[0].structure).update(state=state)
    type(mandates[0].structure).objects.filter(pk=mandates[0].structure_id).update(state=structure_state)
    assert find_all() == []


@pytest.mark.parametrize("visibility", ["network", "chosen"])
def test_a_listing_is_brought_near_those_alone_who_may_see_it(visibility):
    one, other = (mandate.structure for mandate in circle_mandates(2))
    offer = Listing.objects.offers().get(structure=one)
    Listing.objects.filter(pk=offer.pk).update(visibility=visibility)
    assert find_all() == []
    if visibility == "network":
        NetworkMembershipFactory(head=one, member=other)
    else:
        ListingReader.objects.create(listing=offer, structure=other)
    assert kinds() == ["circle"]


def test_a_job_is_between_half_and_full_time():
    assert pool_of_needs(1, weekdays=[0, 1], **JOB)
    assert kinds() == []
    pool_of_needs(1, weekdays=[2], **JOB)
    (found,) = find_all()
    assert (found.kind, found.figures, len(found.members)) == ("job", {"days": 3}, 2)
    pool_of_needs(1, weekdays=[], **JOB)
    assert [one.figures for one in find_all()] == [{"days": 3}]


def test_a_job_is_near_and_of_one_trade():
    pool_of_needs(1, weekdays=[0, 1], **JOB)
    pool_of_needs(1, commune=CommuneFactory(toulouse=True), weekdays=[2, 3], **JOB)
    pool_of_needs(1, weekdays=[2, 3], **JOB | {"category": "jobs.office.secretary"})
    assert find_all() == []


@pytest.mark.parametrize(("hours", "days"), [((time(9), time(17)), 2), ((time(9), time(12)), 1), ((None, None), 2)])
def test_half_a_day_counts_for_half(hours, days):
    assert weekly_days(Listing(weekdays=[0, 1], starts_at=hours[0], ends_at=hours[1])) == days


def test_a_purchase_takes_three_and_tells_the_budget_when_each_said_one():
    budget = {"conditions": "cost_share", "price_cents": 30_000}
    pool_of_needs(2, category="purchasing.goods.clothing", quantity=40, **budget)
    assert kinds() == []
    pool_of_needs(1, category="purchasing.goods.clothing", quantity=20, **budget)
    (found,) = find_all()
    assert (found.kind, found.figures) == ("purchase", {"quantity": 100, "cents": 90_000})
    pool_of_needs(1, category="purchasing.goods.clothing")
    assert [one.figures for one in find_all()] == [{"quantity": 101}]


def test_equipment_is_owned_together_when_calendars_never_clash():
    trailer = {"category": "technical.vehicles.trailer"}
    pool_of_needs(1, weekdays=[2], **trailer)
    pool_of_needs(1, weekdays=[2, 5], **trailer)
    assert kinds() == []
    pool_of_needs(1, weekdays=[5], **trailer)
    assert [(one.kind, len(one.members)) for one in find_all()] == [("equipment", 2)]


def test_equipment_for_one_day_is_borrowed():
    today = timezone.localdate()
    pool_of_needs(1, category="technical.vehicles.trailer", weekdays=[2])
    pool_of_needs(1, category="technical.vehicles.trailer", starts_at=time(9), ends_at=time(12), last_day=today)
    assert kinds() == []


def test_no_structure_is_in_two_exchanges():
    circle_mandates(2)
    circle_mandates(3)
    circle_mandates(2)
    used = [structure for structures in members(exchanges(read_supply())) for structure in structures]
    assert len(used) == len(set(used)) == 7


def test_the_same_listings_give_the_same_opportunities_in_the_same_order():
    circle_mandates(3)
    pool_of_needs(3, weekdays=[0], **JOB)
    assert find_all() == find_all()
    assert len({one.fingerprint for one in find_all()}) == 2


def test_a_pool_goes_on_without_the_one_who_refused_another():
    needs = pool_of_needs(4, category="purchasing.contracts.insurance")
    Refusal.objects.create(listing=needs[0], partner=needs[1].structure, reason="other")
    (found,) = find_all()
    assert [member.takes for member in found.members] == [need.pk for need in needs[1:]]


@pytest.mark.parametrize(("distance_km", "found"), [(1, ["circle"]), (0, [])])
def test_a_listing_refused_for_its_distance_is_still_brought_near_those_who_are_closer(distance_km, found):
    mandates = circle_mandates(2)
    need = Listing.objects.needs().get(structure=mandates[0].structure)
    Refusal.objects.create(listing=need, reason="too_far", distance_km=distance_km)
    assert kinds() == found


def test_what_people_are_answering_or_agreed_upon_is_left_aside():
    mandates = circle_mandates(2)
    pairs = [
        (mandate.structure.listings.offers().get(), mandate.structure.listings.needs().get()) for mandate in mandates
    ]
    opportunity = make_opportunity(*pairs)
    assert kinds() == ["circle"]
    opportunity.parties.filter(position=0).update(answer="interested", answered_at=timezone.now())
    assert kinds() == []
    opportunity.parties.update(answer="interested", answered_at=timezone.now())
    type(opportunity).objects.update(state="agreed")
    assert kinds() == []
    pairs[0][0].save()
    assert kinds() == []
    pairs[1][1].save()
    assert kinds() == ["circle"]


def test_progress_goes_from_nothing_to_the_whole():
    circle_mandates(2)
    pool_of_needs(3, weekdays=[0], **JOB)
    told = []
    find_all(on_progress=told.append)
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.1, pytest.approx(1))


@pytest.mark.parametrize("count", [1, 4])
def test_cost_of_reading_does_not_grow_with_listings(count, django_assert_num_queries):
    for _ in range(count):
        circle_mandates(3)
    with django_assert_num_queries(5):
        supply = read_supply()
    assert len(supply.offers) == len(supply.needs) == 3 * count
    with django_assert_num_queries(0):
        assert len(exchanges(supply)) == count
