"""Matches are exact, deterministic, and the same for one need as for all; hard limits are never broken."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.engine.match import Listing, best_needs, best_offers, match
from tests.engine import brute_force

SATURDAY = datetime.fromisoformat("2026-11-07")
NEED = Listing(id="need", structure="harmony", category="technical.vehicles", lat=43.4589, lon=2.0047)
OFFER = Listing(id="offer", structure="foyer", category="technical.vehicles", lat=43.449, lon=1.894)

CATEGORIES = st.sampled_from(["a", "a.b", "a.b.c", "a.b.d", "a.bc", "e", "e.b"])
WORDS = st.lists(st.sampled_from(["camionnette", "camionnettes", "réunion", "salle", "été", "pour", "les"]), max_size=5)
WINDOWS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 30)).map(
        lambda pair: (SATURDAY + timedelta(hours=pair[0]), SATURDAY + timedelta(hours=sum(pair)))
    ),
    max_size=3,
).map(tuple)


def listings(ids):
    return st.builds(
        Listing,
        id=ids,
        structure=st.sampled_from(["a", "b", 1, 2]),
        category=CATEGORIES,
        lat=st.integers(430, 440).map(lambda tenths: tenths / 10),
        lon=st.integers(10, 20).map(lambda tenths: tenths / 10),
        text=WORDS.map(" ".join),
        quantity=st.integers(1, 3),
        radius_km=st.none() | st.integers(0, 120),
        windows=WINDOWS,
        price_cents=st.none() | st.sampled_from([0, 1000, 3000]),
    )


def lists(size):
    ids = st.integers(0, 99) | st.sampled_from([f"listing {number}" for number in range(99)])
    return st.lists(listings(ids), max_size=size, unique_by=lambda listing: listing.id)


@settings(max_examples=200, deadline=None)
@given(lists(8), lists(30), st.integers(1, 12))
def test_match_is_what_comparing_every_pair_gives(needs, offers, top):
    found = match(needs, offers, top)
    assert {need.id: [(one.offer, pytest.approx(one.score, abs=2e-6)) for one in found[need.id]] for need in needs} == {
        need.id: brute_force.answers(need, offers, top) for need in needs
    }


@settings(max_examples=50, deadline=None)
@given(lists(5), lists(20), st.randoms())
def test_match_does_not_depend_on_order_nor_company(needs, offers, chance):
    found = match(needs, offers)
    shuffled = chance.sample(offers, len(offers))
    assert {need.id: best_offers(need, shuffled) for need in needs} == found
    for need in needs:
        for one in found[need.id]:
            alone = next(offer for offer in offers if offer.id == one.offer)
            assert match([need], [alone]) == {need.id: (one,)}


@settings(max_examples=50, deadline=None)
@given(lists(20), lists(1), st.integers(1, 5))
def test_best_needs_of_an_offer_are_its_matches_best_first(needs, offers, top):
    for offer in offers:
        answered = [found for matches in match(needs, [offer]).values() for found in matches]
        answered.sort(key=lambda found: (-found.score, isinstance(found.need, str), found.need))
        assert best_needs(offer, needs, top) == tuple(answered[:top])


def test_match_of_nothing_is_nothing():
    assert match([], [OFFER]) == {}
    assert match([NEED], []) == {"need": ()}


@pytest.mark.parametrize(
    ("need", "offer", "matched"),
    [
        ({}, {}, True),
        ({"category": "technical"}, {}, True),
        ({"category": "technical.vehicles.van"}, {}, False),
        ({"category": "technical.vehicle"}, {}, False),
        ({"structure": "foyer"}, {}, False),
        ({"radius_km": 9}, {}, False),
        ({"radius_km": 9.1}, {}, True),
        ({}, {"radius_km": 9}, False),
        ({"radius_km": 0}, {"lat": NEED.lat, "lon": NEED.lon}, True),
        ({"quantity": 2}, {}, False),
        ({"quantity": 2}, {"quantity": 2}, True),
        ({"price_cents": 2999}, {"price_cents": 3000}, False),
        ({"price_cents": 3000}, {"price_cents": 3000}, True),
        ({"price_cents": 0}, {"price_cents": None}, True),
        ({"price_cents": 0}, {"price_cents": 0}, True),
        ({"price_cents": None}, {"price_cents": 10**12}, True),
    ],
)
def test_hard_limits_hold_at_their_edge(need, offer, matched):
    assert bool(best_offers(replace(NEED, **need), [replace(OFFER, **offer)])) is matched


def hours(*pairs):
    return tuple((SATURDAY + timedelta(hours=start), SATURDAY + timedelta(hours=end)) for start, end in pairs)


@pytest.mark.parametrize(
    ("needed", "offered", "share"),
    [
        ([], [], 1),
        ([(8, 20)], [], 1),
        ([], [(8, 20)], 1),
        ([(8, 20)], [(20, 24)], 0),
        ([(8, 20)], [(0, 8)], 0),
        ([(8, 20)], [(0, 24)], 1),
        ([(8, 20)], [(14, 24)], 0.5),
        ([(8, 12), (14, 18)], [(12, 14)], 0),
        ([(8, 12), (14, 18)], [(10, 16)], 0.5),
        ([(8, 12), (10, 16)], [(8, 10), (9, 12)], 0.5),
    ],
)
def test_windows_are_half_open_and_overlaps_count_once(needed, offered, share):
    found = best_offers(replace(NEED, windows=hours(*needed)), [replace(OFFER, windows=hours(*offered))])
    whole = best_offers(NEED, [OFFER])[0].score
    assert [one.score for one in found] == ([pytest.approx(whole - 0.1 * (1 - share))] if share else [])


def test_an_overlap_of_a_microsecond_in_a_year_is_an_overlap():
    year = ((SATURDAY, SATURDAY + timedelta(days=365)),)
    instant = ((year[0][1] - timedelta(microseconds=1), year[0][1] + timedelta(hours=1)),)
    assert len(best_offers(replace(NEED, windows=year), [replace(OFFER, windows=instant)])) == 1


def test_aware_windows_are_compared_as_instants():
    paris = timezone(timedelta(hours=1))
    need = replace(NEED, windows=((SATURDAY.replace(hour=8, tzinfo=paris), SATURDAY.replace(hour=9, tzinfo=paris)),))
    offer = replace(OFFER, windows=((SATURDAY.replace(hour=8, tzinfo=UTC), SATURDAY.replace(hour=9, tzinfo=UTC)),))
    assert best_offers(need, [offer]) == ()


def test_naive_and_aware_windows_are_not_mixed():
    aware = tuple((start.replace(tzinfo=UTC), end.replace(tzinfo=UTC)) for start, end in hours((8, 9)))
    with pytest.raises(TypeError, match="naive"):
        match([replace(NEED, windows=hours((8, 9)))], [replace(OFFER, windows=aware)])


def test_better_offers_come_first():
    need = replace(NEED, text="Camionnette pour déménager", windows=hours((8, 20)))
    offers = [
        replace(OFFER, id="far", lat=43.7),
        replace(OFFER, id="named", text="Camionnettes"),
        replace(OFFER, id="part of the day", windows=hours((8, 10))),
        replace(OFFER, id="plain"),
        replace(OFFER, id="precise", category="technical.vehicles.van"),
    ]
    assert [one.offer for one in best_offers(need, offers)] == ["named", "plain", "far", "part of the day", "precise"]


def test_a_tie_goes_to_the_smaller_id_numbers_first():
    offers = [replace(OFFER, id=number) for number in ("b", 10, "a", 9)]
    assert [one.offer for one in best_offers(NEED, offers, top=3)] == [9, 10, "a"]


def test_a_match_tells_distance_and_score():
    (found,) = best_offers(NEED, [OFFER])
    assert (found.need, found.offer, found.distance_km) == ("need", "offer", 9.003)
    assert found.score == pytest.approx(0.4 + 0.25 / (1 + 9.003 / 20) + 0.1, abs=1e-5)
