"""Matches are exact, deterministic, and the same for one need as for all; hard limits are never broken."""

import random
import time
from dataclasses import replace
from datetime import UTC, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.engine.geo import distance_km
from maillage.engine.match import (
    Codes,
    Columns,
    Listing,
    answers,
    best_needs,
    best_offers,
    compiled,
    kernel,
    match,
    pairs,
    that_meet,
)
from maillage.engine.match.listing import in_order
from tests.engine import brute_force
from tests.engine.invented_columns import SATURDAY, hours, invented

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
    expected = {
        need.id: [(offer, pytest.approx(score, abs=2e-6)) for offer, score in brute_force.answers(need, offers, top)]
        for need in needs
    }
    found = match(needs, offers, top)
    assert {need: [(one.offer, one.score) for one in matches] for need, matches in found.items()} == expected
    assert compiled_match(needs, offers, top) == expected


def compiled_match(needs, offers, top):
    """{need: its [(offer, score)…]} by way of columns."""
    codes, offers = Codes(), in_order(offers)
    rows, scores, _ = compiled.match_columns(Columns.of(needs, codes), Columns.of(offers, codes), top)
    return {
        need.id: [(offers[row].id, score) for row, score in zip(*line, strict=True) if row >= 0]
        for need, *line in zip(needs, rows, scores, strict=True)
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


@settings(max_examples=50, deadline=None)
@given(lists(20), lists(20))
def test_those_that_meet_a_listing_are_all_its_matches_without_their_reasons(needs, offers):
    for need in needs:
        assert that_meet(need, offers, needs=False) == [found.offer for found in best_offers(need, offers, len(offers))]
    for offer in offers:
        assert that_meet(offer, needs, needs=True) == [found.need for found in best_needs(offer, needs, len(needs))]


def test_match_of_nothing_is_nothing():
    assert (that_meet(NEED, [], needs=False), that_meet(OFFER, [], needs=True)) == ([], [])
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


def test_2000_needs_with_2000_offers_take_seconds():
    chance = random.Random(1)
    subjects = ["camionnette", "réunion", "salle", "été", "concert", "vélo", "jardin", "atelier"]

    def some(number):
        start = SATURDAY + timedelta(days=chance.randrange(7))
        return Listing(
            id=number,
            structure=chance.randrange(300),
            category=f"{chance.choice('abcd')}.{chance.choice('efgh')}",
            lat=43.6 + chance.uniform(-0.6, 0.6),
            lon=1.4 + chance.uniform(-0.7, 0.7),
            text=" ".join(chance.choices(subjects, k=6)),
            radius_km=chance.choice([None, 20, 50]),
            windows=tuple(
                (start + timedelta(days=7 * week), start + timedelta(days=7 * week + 1)) for week in range(20)
            ),
        )

    needs, offers = [some(number) for number in range(2000)], [some(number) for number in range(2000)]
    begun = time.perf_counter()
    found = match(needs, offers)
    assert time.perf_counter() - begun < 15
    assert sum(map(len, found.values())) > 5_000


@pytest.mark.parametrize("needs_wait", [False, True])
@pytest.mark.parametrize("spread", [0, 0.2, 2, 90])
def test_compiled_and_plain_matches_are_the_same_bytes(spread, needs_wait):
    codes = Codes()
    waiting = invented(1, 4000, codes, spread)
    asked = invented(2, 100, codes, spread)
    for top in (1, 20, 5000):
        plain = pairs.Pairs(waiting, needs=needs_wait).best(asked, top)
        fast = compiled.Index(waiting, needs=needs_wait).best(asked, top)
        assert [column.tobytes() for column in fast] == [column.tobytes() for column in plain]
        assert (plain[0][:, 0] >= 0).mean() > 0.5


def test_answers_do_not_depend_on_how_threads_share_the_needs(monkeypatch):
    codes = Codes()
    needs, offers = invented(1, 300, codes, 2), invented(2, 1000, codes, 2)
    together = compiled.match_columns(needs, offers)
    monkeypatch.setattr(compiled, "AT_A_TIME", 7)
    apart = compiled.match_columns(needs, offers)
    assert [column.tobytes() for column in apart] == [column.tobytes() for column in together]


@settings(max_examples=20, deadline=None)
@given(lists(8), lists(30), st.integers(0, 5))
def test_many_listings_are_matched_as_few_are(needs, offers, top):
    few = match(needs, offers, top), [best_needs(offer, needs, top) for offer in offers]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(answers, "FEW_PAIRS", -1)
        assert (match(needs, offers, top), [best_needs(offer, needs, top) for offer in offers]) == few


def test_an_index_answers_listings_that_come_later():
    codes = Codes()
    index = compiled.Index(Columns.of([OFFER], codes), needs=False)
    known = replace(NEED, text="un mot nouveau")
    new = replace(NEED, category="technical.vehicles.van")
    rows, scores, distances = index.best(Columns.of([known, new], codes), 20)
    (found,) = best_offers(known, [OFFER])
    assert rows.tolist() == [[0], [-1]]
    assert (scores[0, 0], round(distances[0, 0], 3)) == (found.score, found.distance_km)


def test_an_index_of_needs_answers_offers_more_precise_than_any():
    codes = Codes()
    index = compiled.Index(Columns.of([NEED], codes), needs=True)
    van = replace(OFFER, category="technical.vehicles.van")
    rows, scores, _ = index.best(Columns.of([van], codes), 20)
    assert (rows.tolist(), scores.tolist()) == ([[0]], [[best_offers(NEED, [van])[0].score]])


def test_columns_may_be_of_any_kind_and_read_only():
    codes = Codes()
    needs, offers = invented(1, 50, codes, 2), invented(2, 200, codes, 2)
    wide = replace(offers, category=offers.category.astype(np.int64), price_cents=offers.price_cents.astype(np.int32))
    for name in ("lat", "radius_km", "structure", "stems"):
        getattr(wide, name).flags.writeable = False
    expected, found = compiled.match_columns(needs, offers), compiled.match_columns(needs, wide)
    assert [column.tobytes() for column in found] == [column.tobytes() for column in expected]
    assert len(compiled._answer.signatures) == 1


def test_columns_of_other_codes_are_refused():
    with pytest.raises(ValueError, match="share their codes"):
        compiled.match_columns(Columns.of([NEED], Codes()), Columns.of([OFFER], Codes()))


@given(*[st.floats(-90, 90), st.floats(-180, 180)] * 2)
def test_distances_are_those_of_the_haversine(lat, lon, other_lat, other_lon):
    sides = [np.radians(place) for place in ((lat, lon), (other_lat, other_lon))]
    vectors = [(np.cos(a) * np.cos(o), np.cos(a) * np.sin(o), np.sin(a)) for a, o in sides]
    straight2 = kernel.chord2(*np.subtract(*vectors))
    expected = distance_km(lat, lon, other_lat, other_lon)
    near_antipodes = expected > 20_000  # there, a metre along the globe is nothing across it
    assert kernel.arc_km(straight2) == pytest.approx(expected, rel=0, abs=1e-3 if near_antipodes else 1e-6)
