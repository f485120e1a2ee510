"""Pools never break a rule; where few needs are about, no others would be better."""

import random
import time
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.engine.geo import distance_km
from maillage.engine.pools import forming
from maillage.engine.pools.calendars import Calendars
from maillage.engine.pools.forming import form_pools
from maillage.engine.pools.needs import Columns, Group, Need, Rules
from maillage.engine.pools.packing import best_by_programme, best_by_subsets

MONDAY = datetime.fromisoformat("2026-11-02T00:00+01:00")


def hours(*pairs):
    return tuple((MONDAY + timedelta(hours=start), MONDAY + timedelta(hours=end)) for start, end in pairs)


WINDOWS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 6)).map(lambda pair: (pair[0], sum(pair))), max_size=2
).map(lambda pairs: hours(*pairs))
NEEDS = st.builds(
    Need,
    id=st.integers(0, 99) | st.sampled_from("abcdef"),
    structure=st.integers(0, 9),
    lat=st.integers(0, 6).map(lambda step: 43 + step / 50),
    lon=st.integers(0, 6).map(lambda step: 1 + step / 40),
    quantity=st.integers(1, 7).map(lambda tenths: tenths / 10),
    windows=WINDOWS,
)
RULES = st.builds(
    Rules,
    radius_km=st.sampled_from([0, 3, 5.5, 9, 50]),
    least=st.sampled_from([0, 0.3, 0.8, 1.1]),
    most=st.sampled_from([None, 1.1, 1.5]),
    max_members=st.sampled_from([None, 2, 3]),
    in_turn=st.booleans(),
)


def lists(most):
    return st.lists(NEEDS, max_size=most, unique_by=lambda need: need.id)


def is_pool(needs, rules):
    total = sum(Fraction(str(need.quantity)) for need in needs)
    return (
        len(needs) >= 2
        and Fraction(str(rules.least)) <= total
        and (rules.most is None or total <= Fraction(str(rules.most)))
        and (rules.max_members is None or len(needs) <= rules.max_members)
        and all(may_share(left, right, rules) for left, right in combinations(needs, 2))
    )


def may_share(left, right, rules):
    meet = any(
        start < other_end and other_start < end
        for start, end in left.windows
        for other_start, other_end in right.windows
    )
    always = not (left.windows and right.windows)
    return (
        left.structure != right.structure
        and distance_km(left.lat, left.lon, right.lat, right.lon) <= rules.radius_km + 1e-9
        and not (rules.in_turn and (meet or always))
    )


def metres(needs):
    return round(
        1000 * max(distance_km(left.lat, left.lon, right.lat, right.lon) for left, right in combinations(needs, 2))
    )


def best_score(needs, rules):
    """(needs served, −sum of diameters) of the best choice, by trying every way to put the first need in a pool."""
    if not needs:
        return (0, 0)
    first, *others = needs
    best = best_score(others, rules)
    for size in range(1, len(others) + 1):
        for company in combinations(others, size):
            pool = [first, *company]
            if is_pool(pool, rules):
                served, narrow = best_score([need for need in others if need not in company], rules)
                best = max(best, (served + len(pool), narrow - metres(pool)))
    return best


def members_of(found, needs):
    by_id = {need.id: need for need in needs}
    return [[by_id[member] for member in pool.members] for pool in found.pools]


def score(pools):
    return (sum(map(len, pools)), -sum(metres(pool) for pool in pools))


def check(found, needs, rules):
    pools = members_of(found, needs)
    assert all(is_pool(pool, rules) for pool in pools)
    served = [need.id for pool in pools for need in pool]
    assert len(served) == len(set(served))
    return pools


@settings(max_examples=120, deadline=None)
@given(lists(8), RULES)
def test_pools_of_few_needs_are_the_best_that_any_choice_gives(needs, rules):
    found = form_pools(needs, rules)
    assert score(check(found, needs, rules)) == best_score(needs, rules)
    assert found.proven


@settings(max_examples=60, deadline=None)
@given(lists(16), RULES, st.randoms())
def test_searched_pools_obey_the_rules_and_leave_no_two_who_could_share(needs, rules, chance):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forming, "SMALL", 0)
        patch.setattr(forming, "MEDIUM", 0)
        found = form_pools(needs, rules)
        assert form_pools(chance.sample(needs, len(needs)), rules) == found
    pools = check(found, needs, rules)
    left = [need for need in needs if not any(need in pool for pool in pools)]
    assert not any(is_pool(pair, rules) for pair in combinations(left, 2))
    assert not any(is_pool([*pool, need], rules) for pool in pools for need in left)
    whole = form_pools(needs, rules)
    if whole.proven:
        assert score(pools) <= score(members_of(whole, needs))


GROUPS = st.lists(
    st.builds(
        lambda members, diameter: Group(tuple(sorted(members)), diameter),
        st.sets(st.integers(0, 8), min_size=2, max_size=4),
        st.integers(0, 5),
    ),
    max_size=30,
).map(sorted)


@settings(max_examples=100, deadline=None)
@given(GROUPS)
def test_programmes_and_subsets_choose_as_well(groups):
    by_subsets, by_programme = best_by_subsets(groups, 9), best_by_programme(groups, 9, nodes=1000)
    for chosen in (by_subsets, by_programme):
        members = [member for group in chosen for member in group.members]
        assert len(members) == len(set(members))
    assert worth(by_subsets) == worth(by_programme)


def worth(groups):
    return sum(len(group.members) for group in groups), -sum(group.diameter for group in groups)


def test_a_programme_that_is_not_proven_says_nothing():
    chance = random.Random(1)
    groups = [Group(tuple(sorted(chance.sample(range(60), 3))), chance.randrange(1000)) for _ in range(400)]
    assert best_by_programme(groups, 60, nodes=0) is None


def test_equal_choices_serve_the_first_needs():
    groups = sorted(Group(pair, 1) for pair in combinations(range(5), 2))
    assert best_by_subsets(groups, 5) == [Group((0, 1), 1), Group((2, 3), 1)]


@settings(max_examples=150, deadline=None)
@given(st.lists(WINDOWS, min_size=1, max_size=6))
def test_calendars_clash_when_some_hour_is_in_both(windows):
    calendars = Calendars(windows)
    everyone = list(range(len(windows)))
    taken = [
        {
            (start - MONDAY + timedelta(hours=hour)) // timedelta(hours=1)
            for start, end in each
            for hour in range(30)
            if start + timedelta(hours=hour) < end
        }
        if each
        else set(range(60))
        for each in windows
    ]
    for row in everyone:
        assert calendars.clash(row, everyone).tolist() == [bool(taken[row] & other) for other in taken]


def need(name, **changes):
    return Need(**{"id": name, "structure": name, "lat": 43.5, "lon": 1.5, "quantity": 0.5} | changes)


def ids(needs, **rules):
    found = form_pools(needs, Rules(**{"radius_km": 10} | rules))
    return [list(pool.members) for pool in found.pools]


@pytest.mark.parametrize(
    ("changes", "rules", "pooled"),
    [
        ({}, {"least": 1, "most": 1}, True),
        ({}, {"least": 1.01}, False),
        ({}, {"least": 0.5, "most": 0.99}, False),
        ({"quantity": 0.6}, {"least": 0.5, "most": 0.5}, False),
        ({"structure": "a"}, {}, False),
        ({"lat": 43.58}, {}, True),
        ({"lat": 43.6}, {}, False),
        ({"lat": 43.5000001}, {"radius_km": 0}, False),
        ({}, {"radius_km": 0}, True),
        ({}, {"max_members": 2}, True),
        ({}, {"in_turn": True}, False),
        ({"windows": hours((8, 9))}, {"in_turn": True}, False),
        ({"windows": hours((8, 9))}, {}, True),
    ],
)
def test_rules_hold_at_their_edge(changes, rules, pooled):
    assert ids([need("a"), need("b", **changes)], **rules) == ([["a", "b"]] if pooled else [])


@pytest.mark.parametrize(
    ("first", "second", "pooled"),
    [
        ([(8, 10)], [(10, 12)], True),
        ([(8, 10)], [(9, 12)], False),
        ([(8, 10), (14, 16)], [(10, 14), (16, 20)], True),
        ([(8, 10), (14, 16)], [(11, 15)], False),
        ([(8, 20)], [(9, 10)], False),
        ([(8, 10)], [], False),
    ],
)
def test_equipment_goes_to_calendars_that_never_meet(first, second, pooled):
    needs = [need("a", windows=hours(*first)), need("b", windows=hours(*second))]
    assert ids(needs, in_turn=True) == ([["a", "b"]] if pooled else [])


def test_tenths_add_up_exactly():
    needs = [need(number, quantity=quantity) for number, quantity in enumerate([0.1, 0.2, 0.7])]
    (pool,) = form_pools(needs, Rules(radius_km=1, least=1, most=1)).pools
    assert (pool.members, pool.quantity) == ((0, 1, 2), 1.0)


def test_more_needs_served_go_before_narrower_pools():
    needs = [need("a"), need("b"), need("c", lat=43.55), need("d", lat=43.45)]
    assert ids(needs, most=1) == [["a", "c"], ["b", "d"]]
    assert ids(needs[:3], most=1) == [["a", "b"]]


def test_pools_come_in_the_order_of_their_ids_numbers_first():
    needs = [need(name, lat=40 + index // 2) for index, name in enumerate(["b", "a", 10, 9])]
    assert ids(needs) == [[9, 10], ["a", "b"]]


def test_pools_of_nothing_are_nothing():
    assert form_pools([], Rules(radius_km=10)) == forming.Pooling((), True)
    assert ids([need("a")]) == []
    assert ids([need("a"), need("b", quantity=9)], most=8) == []


def test_a_pool_tells_where_it_is_across_the_180th_meridian():
    (pool,) = form_pools([need(1, lat=0, lon=179.95), need(2, lat=0, lon=-179.93)], Rules(radius_km=20)).pools
    assert (pool.diameter_km, pool.centre) == (13.343, (0.0, -179.99))


def test_naive_and_aware_windows_are_not_mixed():
    naive = tuple((start.replace(tzinfo=None), end.replace(tzinfo=None)) for start, end in hours((8, 9)))
    with pytest.raises(TypeError, match="naive"):
        ids([need("a", windows=naive), need("b", windows=hours((10, 11)))], in_turn=True)


def invented(count, seed, width):
    chance = random.Random(seed)
    return [
        need(
            number,
            structure=chance.randrange(count),
            lat=43.6 + chance.uniform(-width, width),
            lon=1.4 + chance.uniform(-width, width),
            quantity=chance.randrange(1, 7) / 10,
            windows=hours(*((start, start + 3) for start in (chance.randrange(168), chance.randrange(168)))),
        )
        for number in range(count)
    ]


def test_medium_neighbourhoods_are_proven_by_programmes():
    needs, rules = invented(60, 3, 0.25), Rules(radius_km=8, least=0.8, most=1)
    found = form_pools(needs, rules)
    columns = Columns(needs, rules)
    groups = columns.groups(range(60), 10_000)
    assert found.proven
    assert score(check(found, needs, rules)) == worth(best_by_programme(groups, 60, nodes=10_000))


@pytest.mark.parametrize(
    "rules",
    [
        Rules(radius_km=20, least=0.8, most=1),
        Rules(radius_km=2, least=0.8, most=1),
        Rules(radius_km=30, least=10),
        Rules(radius_km=20, least=1, max_members=4, in_turn=True),
    ],
    ids=["dense", "sparse", "large pools", "equipment"],
)
def test_600_needs_take_seconds_and_break_no_rule(rules):
    needs = invented(600, 1, 0.3)
    begun = time.process_time()
    found = form_pools(needs, rules)
    assert time.process_time() - begun < 20
    served = sum(map(len, check(found, needs, rules)))
    assert served > (250 if rules.radius_km == 2 else 570)
