"""Shares follow their definitions, and amounts add up to the cent."""

import math
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.engine.split.cents import split_cents
from maillage.engine.split.coalitions import in_core, subset_sums
from maillage.engine.split.nucleolus import nucleolus
from maillage.engine.split.shapley import airport, sampled_shapley, shapley

WHOLE = st.integers(-20, 20)


@st.composite
def games(draw, most=5, values=WHOLE):
    count = draw(st.integers(1, most))
    drawn = draw(st.lists(values, min_size=2**count - 1, max_size=2**count - 1))
    return np.array([0.0, *drawn])


def shapley_by_orders(values):
    """The definition: what each player adds, over each order of arrival."""
    count = int(math.log2(len(values)))
    shares = [Fraction(0)] * count
    for order in permutations(range(count)):
        there = 0
        for player in order:
            after = there | 1 << player
            shares[player] += Fraction(values[after]) - Fraction(values[there])
            there = after
    return [share / math.factorial(count) for share in shares]


@settings(max_examples=150, deadline=None)
@given(games())
def test_shapley_is_the_average_over_all_orders_exactly(values):
    assert shapley(values) == shapley_by_orders(values)


@settings(max_examples=50, deadline=None)
@given(games(values=st.floats(-1e6, 1e6)))
def test_shapley_of_floats_adds_up_to_the_whole(values):
    assert float(sum(shapley(values))) == pytest.approx(values[-1], abs=1e-6)


@settings(max_examples=50, deadline=None)
@given(games(), st.data())
def test_shapley_gives_a_null_player_nothing_and_adds_games_up(values, data):
    other = np.array([0.0, *data.draw(st.lists(WHOLE, min_size=len(values) - 1, max_size=len(values) - 1))])
    both = [mine + theirs for mine, theirs in zip(shapley(values), shapley(other), strict=True)]
    assert shapley(values + other) == both
    assert shapley(np.concatenate([values, values])) == [*shapley(values), 0]


def renumbered(values, places):
    """The same game when player i becomes player ``places[i]``."""
    members = range(len(places))
    new = [sum(1 << places[player] for player in members if old >> player & 1) for old in range(len(values))]
    renamed = np.empty(len(values))
    renamed[new] = values
    return renamed


@settings(max_examples=50, deadline=None)
@given(games(), st.randoms())
def test_shares_do_not_depend_on_the_order_of_the_players(values, chance):
    count = len(values).bit_length() - 1
    places = chance.sample(range(count), count)
    renamed = renumbered(values, places)
    assert [shapley(renamed)[place] for place in places] == shapley(values)
    assert nucleolus(renamed)[places] == pytest.approx(nucleolus(values), abs=1e-8)


def test_shapley_of_20_players_is_exact():
    weights = np.arange(1, 21) * 1_000_003.0
    shares = shapley(subset_sums(weights))
    assert shares == list(weights)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 1000), min_size=1, max_size=7))
def test_airport_is_the_shapley_value_of_its_game_and_in_its_core(costs):
    game = airport_game(costs)
    assert airport(costs) == pytest.approx([float(share) for share in shapley(game)], abs=1e-9)
    assert in_core(game, airport(costs), cost=True)


def airport_game(costs):
    game = np.zeros(1 << len(costs))
    for player, cost in enumerate(costs):
        bit = 1 << player
        game[bit : 2 * bit] = np.maximum(game[:bit], cost)
    return game


def test_sampled_shapley_is_as_near_as_its_errors_say_and_follows_the_seed():
    costs = np.arange(1.0, 31.0)

    def value_of(members):
        return (members * costs).max(axis=1)

    shares, errors = sampled_shapley(30, value_of, seed=1)
    assert shares.sum() == pytest.approx(30)
    assert (np.abs(shares - airport(costs)) < 5 * errors).all()
    assert 0 < errors.max() < 0.06
    again, _ = sampled_shapley(30, value_of, seed=1)
    other, _ = sampled_shapley(30, value_of, seed=2)
    assert (shares == again).all()
    assert (shares != other).any()


@settings(max_examples=150, deadline=None)
@given(games(values=st.integers(0, 3)), st.data(), st.booleans())
def test_core_holds_when_no_coalition_does_better_alone(values, data, cost):
    count = len(values).bit_length() - 1
    shares = data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    sums = [
        sum(share for player, share in enumerate(shares) if coalition >> player & 1) for coalition in range(2**count)
    ]
    better = [value < mine if cost else value > mine for value, mine in zip(values, sums, strict=True)]
    assert in_core(values, shares, cost=cost) is bool(not any(better) and sums[-1] == values[-1])


def nucleolus_by_grid(values):
    """The least sorted excesses among the splits of 3 players' whole in twelfths, which hold the nucleolus."""
    values = [int(value) * 12 for value in values]
    first, second = np.meshgrid(np.arange(-96, 145), np.arange(-96, 145))
    shares = np.stack([first.ravel(), second.ravel(), values[7] - first.ravel() - second.ravel()], axis=1)
    alone = [values[1], values[2], values[4]]
    if sum(alone) <= values[7]:
        shares = shares[(shares >= alone).all(axis=1)]
    members = np.array([[coalition >> player & 1 for player in range(3)] for coalition in range(1, 7)])
    excesses = np.sort(np.array(values[1:7]) - shares @ members.T, axis=1)
    return shares[np.lexsort(excesses.T)[0]] / 12


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=7, max_size=7))
def test_nucleolus_of_3_players_is_the_least_of_the_sorted_complaints(drawn):
    values = np.array([0.0, *drawn])
    assert nucleolus(values) == pytest.approx(nucleolus_by_grid(values), abs=1e-9)
    assert nucleolus(-values, cost=True) == pytest.approx(-nucleolus(values), abs=1e-9)


def talmud(estate, claims):
    """What the Talmud gives each creditor, by halves of claims (Aumann & Maschler, 1985)."""

    def equal_gains(amount, limits):
        given = [0.0] * len(limits)
        for rank, index in enumerate(sorted(range(len(limits)), key=limits.__getitem__)):
            given[index] = min(limits[index], (amount - sum(given)) / (len(limits) - rank))
        return given

    halves = [claim / 2 for claim in claims]
    if estate <= sum(halves):
        return equal_gains(estate, halves)
    lost = equal_gains(sum(claims) - estate, halves)
    return [claim - loss for claim, loss in zip(claims, lost, strict=True)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 300), min_size=1, max_size=7), st.floats(0, 1))
def test_nucleolus_of_a_bankruptcy_is_what_the_talmud_gives(claims, share):
    estate = math.floor(share * sum(claims))
    owed = subset_sums(np.array(claims, float))
    values = np.maximum(0, estate - (owed[-1] - owed))
    assert nucleolus(values) == pytest.approx(talmud(estate, claims), abs=1e-7)


@pytest.mark.parametrize(("estate", "given"), [(100, [100 / 3] * 3), (200, [50, 75, 75]), (300, [50, 100, 150])])
def test_talmud_gives_what_the_mishna_says(estate, given):
    assert talmud(estate, [100, 200, 300]) == pytest.approx(given)


def airport_nucleolus(costs):
    """Littlechild's recursion (1974), on costs in increasing order."""
    shares, paid = [], 0.0
    while len(shares) < len(costs):
        done = len(shares)
        steps = [
            (costs[last] - paid) / (last - done + (2 if last < len(costs) - 1 else 1))
            for last in range(done, len(costs))
        ]
        least = min(steps)
        count = max(index for index, step in enumerate(steps) if step <= least + 1e-12) + 1
        shares += [least] * count
        paid += least * count
    return shares


@pytest.mark.parametrize("count", [1, 2, 5, 9, 14])
def test_nucleolus_of_an_airport_follows_its_recursion(count):
    costs = sorted(np.random.default_rng(count).integers(1, 100, count).tolist())
    assert nucleolus(airport_game(costs), cost=True) == pytest.approx(airport_nucleolus(costs), abs=1e-7)


@pytest.mark.parametrize("scale", [1e-6, 1, 1e12])
def test_nucleolus_sees_small_gains_beside_great_costs(scale):
    alone = subset_sums(np.array([1.0, 2.0, 4.0]) * 1e4)
    gains = np.array([0, 0, 0, 2, 0, 1, 0, 3.0])
    shares = nucleolus((alone + gains) * scale) - alone[[1, 2, 4]] * scale
    assert shares == pytest.approx(nucleolus(gains) * scale, rel=1e-6, abs=1e-9 * scale)


def test_nucleolus_of_a_game_without_gains_is_what_each_has_alone():
    assert list(nucleolus(subset_sums(np.array([3.0, 5.0])))) == [3, 5]
    assert list(nucleolus(np.zeros(8))) == [0, 0, 0]


AMOUNTS = st.integers(-(10**12), 10**12) | st.floats(-1e9, 1e9) | st.fractions(max_denominator=1000)


@settings(max_examples=150, deadline=None)
@given(st.integers(-(10**15), 10**15), st.lists(AMOUNTS, min_size=1, max_size=12))
def test_cents_add_up_and_are_within_a_cent_of_their_share(total, parts):
    whole = sum(map(Fraction, parts))
    if whole == 0:
        return
    cents = split_cents(total, parts)
    assert sum(cents) == total
    for given_cents, part in zip(cents, parts, strict=True):
        assert abs(given_cents - total * Fraction(part) / whole) <= 1


@pytest.mark.parametrize(
    ("total", "parts", "cents"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (-100, [1, 1, 1], [-33, -33, -34]),
        (100, [0.1, 0.1, 0.1], [34, 33, 33]),
        (100, [3, 2, -1], [75, 50, -25]),
        (10, [1, 2, -1 / 3], [4, 7, -1]),
        (3, [5, 0, 5], [2, 0, 1]),
        (10**15 + 1, [1, 1], [500_000_000_000_001, 500_000_000_000_000]),
        (0, [1, -1], [0, 0]),
        (0, [], []),
    ],
)
def test_cents_left_over_go_to_the_largest_remainders_then_to_the_earlier(total, parts, cents):
    assert split_cents(total, parts) == cents


def test_cents_are_not_shared_between_parts_of_nothing():
    with pytest.raises(ValueError, match="add up to 0"):
        split_cents(1, [1, -1])
