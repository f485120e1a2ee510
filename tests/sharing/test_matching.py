"""Matches keep every hard limit, go both ways, come best first, and never show what one may not see."""

from datetime import date, time, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from maillage.sharing.matching import count_answers, matches_for
from maillage.sharing.models import Listing
from tests.factories.directory import MandateFactory, NetworkMembershipFactory
from tests.factories.sharing import ListingFactory
from tests.factories.territory import CommuneFactory

pytestmark = pytest.mark.django_db

VAN, VEHICLES, MINIBUS = "technical.vehicles.van", "technical.vehicles", "technical.vehicles.minibus"


@pytest.fixture
def member():
    return MandateFactory().user


def found(listing, viewer):
    return [answer.listing for answer in matches_for(listing, viewer)]


def both_ways(need, offer, viewer):
    """Whether the pair is found, asked from the need and from the offer: they must agree."""
    from_need, from_offer = found(need, viewer) == [offer], found(offer, viewer) == [need]
    assert from_need == from_offer
    return from_need


@pytest.mark.parametrize(
    ("need_category", "offer_category", "expected"),
    [
        (VAN, VAN, True),
        (VEHICLES, VAN, True),
        (VAN, VEHICLES, True),
        ("technical.equipment.events.tent", "technical.equipment", True),
        ("technical.equipment", "technical.equipment.events.tent", True),
        (VAN, MINIBUS, False),
        (VAN, "technical", True),
        (VAN, "jobs", False),
    ],
)
def test_category_or_parent_answers(member, need_category, offer_category, expected):
    need = ListingFactory(need=True, category=need_category)
    offer = ListingFactory(category=offer_category)
    assert both_ways(need, offer, member) is expected


def test_exact_category_comes_before_the_wider_one(member):
    need = ListingFactory(need=True, category=VAN, title="Besoin", text="")
    wide = ListingFactory(category=VEHICLES, title="A")
    exact = ListingFactory(category=VAN, title="B")
    assert found(need, member) == [exact, wide]
    reasons = {answer.listing: answer.reasons for answer in matches_for(need, member)}
    assert "exactement la catégorie demandée" in reasons[exact]
    assert "exactement la catégorie demandée" not in reasons[wide]


def test_distance_is_at_most_the_radius_of_each(member):
    toulouse, revel = CommuneFactory(toulouse=True), CommuneFactory(revel=True)  # 48 km apart
    need = ListingFactory(need=True, structure__commune=toulouse, radius_km=60)
    offer = ListingFactory(structure__commune=revel)
    assert both_ways(need, offer, member)
    offer.radius_km = 40
    offer.save()
    assert not both_ways(need, offer, member)
    need.radius_km, offer.radius_km = 40, None
    need.save()
    offer.save()
    assert not both_ways(need, offer, member)


@pytest.mark.parametrize(
    ("offered", "wanted", "conditions", "expected"),
    [
        (None, None, ("free", "free"), True),
        (3000, 3000, ("price", "price"), True),
        (3000, 2999, ("price", "price"), False),
        (3000, None, ("price", "cost_share"), True),
        (3000, None, ("price", "free"), False),
        (None, 1000, ("free", "price"), True),
        (None, 1000, ("cost_share", "price"), True),
        (None, None, ("cost_share", "cost_share"), True),
        (None, None, ("cost_share", "free"), False),
    ],
)
def test_price_is_at_most_what_the_need_can_pay(member, offered, wanted, conditions, expected):
    offer = ListingFactory(price_cents=offered, conditions=conditions[0], price_unit="day")
    need = ListingFactory(need=True, price_cents=wanted, conditions=conditions[1], price_unit="day")
    assert both_ways(need, offer, member) is expected


def test_an_amount_to_agree_is_counted_for_those_who_can_pay_and_said_as_it_is(member):
    offer = ListingFactory(conditions="cost_share", price_unit="day")
    paying = ListingFactory(need=True, conditions="price", price_unit="day")
    saving = ListingFactory(need=True, conditions="free")
    assert count_answers([paying, saving], member) == {paying.pk: 1, saving.pk: 0}
    [answer] = matches_for(paying, member)
    assert "prix\u00a0: participation aux frais à convenir" in answer.reasons
    assert not any("0,01" in reason for one in (paying, offer) for reason in reasons_of(one, member))


def reasons_of(listing, viewer):
    return [reason for answer in matches_for(listing, viewer) for reason in answer.reasons]


def test_prices_in_other_units_are_left_open(member):
    offer = ListingFactory(price_cents=5000, conditions="price", price_unit="day")
    need = ListingFactory(need=True, price_cents=100, conditions="price", price_unit="km")
    assert both_ways(need, offer, member)


@pytest.mark.parametrize(("has", "asks", "expected"), [(50, 50, True), (49, 50, False), (100, 1, True)])
def test_quantity_is_enough(member, has, asks, expected):
    offer = ListingFactory(quantity=has)
    need = ListingFactory(need=True, quantity=asks)
    assert both_ways(need, offer, member) is expected


def next_weekday(weekday, weeks=1):
    today = timezone.localdate()
    return today + timedelta(days=(weekday - today.weekday()) % 7 + 7 * weeks)


def test_dates_meet(member):
    saturday = next_weekday(5)
    need = ListingFactory(need=True, first_day=saturday, last_day=saturday)
    on_mondays = ListingFactory(weekdays=[0])
    assert not both_ways(need, on_mondays, member)
    on_mondays.weekdays = [0, 5]
    on_mondays.save()
    assert both_ways(need, on_mondays, member)


def test_hours_meet(member):
    need = ListingFactory(need=True, weekdays=[1], starts_at=time(9), ends_at=time(12))
    offer = ListingFactory(weekdays=[1], starts_at=time(12), ends_at=time(18))
    assert not both_ways(need, offer, member)
    offer.starts_at = time(11, 30)
    offer.save()
    assert both_ways(need, offer, member)


def test_a_listing_that_is_over_answers_nothing(member):
    past = timezone.localdate() - timedelta(days=1)
    need = ListingFactory(need=True)
    offer = ListingFactory(last_day=past)
    assert not both_ways(need, offer, member)


def test_a_week_end_only_period_without_its_days_is_never_free(member):
    monday = next_weekday(0)
    need = ListingFactory(need=True, first_day=monday, last_day=monday + timedelta(days=2), weekdays=[5])
    ListingFactory()
    assert found(need, member) == []


def test_one_s_own_offer_is_no_answer(member):
    offer = ListingFactory()
    need = ListingFactory(need=True, structure=offer.structure)
    assert not both_ways(need, offer, member)


@pytest.mark.parametrize("state", ["paused", "closed"])
def test_only_published_listings_answer(member, state):
    need = ListingFactory(need=True)
    ListingFactory(state=state)
    assert found(need, member) == []


def test_a_change_of_the_listing_changes_its_matches_at_once(member):
    need = ListingFactory(need=True)
    offer = ListingFactory(category=MINIBUS)
    assert found(need, member) == []
    offer.category = VAN
    offer.save()
    assert found(need, member) == [offer]


def test_visitors_see_no_hidden_need():
    offer = ListingFactory()
    ListingFactory(need=True)
    assert found(offer, AnonymousUser()) == []


def test_network_only_offers_answer_the_network_only(member):
    need = ListingFactory(need=True)
    offer = ListingFactory(visibility=Listing.Visibility.NETWORK)
    assert found(need, member) == []
    NetworkMembershipFactory(head=offer.structure, member=member.mandates.get().structure)
    assert found(need, member) == [offer]


def test_nearest_comes_first_and_reasons_are_french(member):
    need = ListingFactory(need=True, structure__commune=CommuneFactory(revel=True), title="Une camionnette", text="")
    far = ListingFactory(structure__commune=CommuneFactory(toulouse=True), title="Camionnette")
    near = ListingFactory(structure__commune=need.commune, title="Camionnette")
    answers = matches_for(need, member)
    assert [answer.listing for answer in answers] == [near, far]
    assert answers[0].reasons[0] == "à moins de 1\u00a0km"
    assert "gratuit" in answers[0].reasons
    assert answers[0].distance_km == 0


def test_matches_read_a_constant_number_of_queries(member, django_assert_num_queries):
    need = ListingFactory(need=True)
    ListingFactory.create_batch(5)
    with django_assert_num_queries(3):
        assert len(matches_for(need, member)) == 5


@pytest.mark.parametrize("count", [1, 4])
def test_answers_are_counted_in_as_many_queries_whatever_there_is(member, count, django_assert_num_queries):
    needs = ListingFactory.create_batch(count, need=True, radius_km=20)
    ListingFactory.create_batch(count + 1)
    with django_assert_num_queries(2):
        assert set(count_answers(needs, member).values()) == {count + 1}


@pytest.mark.parametrize("radius_km", [5, 30, 31, None])
def test_as_many_answers_are_counted_as_are_shown(member, radius_km):
    asked = ListingFactory(need=True, radius_km=radius_km, structure__commune=CommuneFactory(revel=True))
    for commune in (CommuneFactory(revel=True), CommuneFactory(toulouse=True)):
        ListingFactory(structure__commune=commune, title="Camionnette", radius_km=100)
        ListingFactory(structure__commune=commune, visibility="chosen")
        ListingFactory(structure__commune=commune, weekdays=[5, 6], text="")
    assert count_answers([asked], member) == {asked.pk: len(matches_for(asked, member))}


def test_a_need_of_a_far_day_looks_at_that_day(member):
    day = date(timezone.localdate().year + 2, 7, 14)
    need = ListingFactory(need=True, first_day=day, last_day=day)
    offer = ListingFactory(last_day=day)
    assert found(need, member) == [offer]
