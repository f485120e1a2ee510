"""Circles and chains are the best there are, proven so, whatever the order of the links and the time left."""

import json
import random
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.engine import door
from maillage.engine.circles import enumeration, find
from maillage.engine.documents import Refused
from maillage.engine.topics.circles import EXAMPLE
from tests.engine.circles_brute_force import best_total, position_indexed_total

VALUES = st.sampled_from([0, 1, 1, 2, 3, 0.1, 0.2, 2.5, 0.000001, 999_999.999999, 1_000_000])


@st.composite
def cases(draw, most=8):
    size = draw(st.integers(1, most))
    givers = draw(st.lists(st.integers(0, size - 1), unique=True, max_size=2))
    pairs = [(a, b) for a in range(size) for b in range(size) if a != b and b not in givers]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    links = [(a, b, draw(VALUES)) for a, b in chosen]
    return links, givers, draw(st.integers(2, 5)), draw(st.integers(2, 5))


def random_case(size, degree, values, seed=0):
    chance = random.Random(seed)
    givers = chance.sample(range(size), size // 20)
    asking = sorted(set(range(size)) - set(givers))
    pairs = {(chance.randrange(size), chance.choice(asking)) for _ in range(size * degree)}
    return [(a, b, chance.choice(values)) for a, b in sorted(pairs) if a != b], givers


def check(found, links, givers, max_length=3, max_chain=4):
    """What any answer owes: rows that links allow, each structure once, in order, and an honest sum."""
    value = {(source, target): worth for source, target, worth in links}
    rows = [*found.circles, *found.chains]
    assert len({member for row in rows for member in row}) == sum(map(len, rows))
    assert all(2 <= len(circle) <= max_length and circle[0] == min(circle) for circle in found.circles)
    assert all(2 <= len(chain) <= max_chain and chain[0] in givers for chain in found.chains)
    assert (list(found.circles), list(found.chains)) == (sorted(found.circles), sorted(found.chains))
    steps = [step for row in rows for step in pairwise(row)]
    steps += [(circle[-1], circle[0]) for circle in found.circles]
    assert found.total == pytest.approx(sum(value[step] for step in steps), rel=1e-12)
    assert found.total <= found.upper_bound
    assert found.optimal == (found.total == found.upper_bound)


@settings(max_examples=200, deadline=None)
@given(cases())
def test_find_is_the_best_of_all_plans(case):
    links, givers, max_length, max_chain = case
    found = find(links, givers=givers, max_length=max_length, max_chain=max_chain)
    check(found, *case)
    assert found.optimal
    assert found.total == pytest.approx(best_total(*case), rel=1e-12)


@settings(max_examples=100, deadline=None)
@given(cases(), st.randoms())
def test_find_does_not_depend_on_the_order_of_links(case, chance):
    links, givers, max_length, max_chain = case
    limits = {"max_length": max_length, "max_chain": max_chain}
    shuffled = find(chance.sample(links, len(links)), givers=chance.sample(givers, len(givers)), **limits)
    assert shuffled == find(links, givers=givers, **limits)


@pytest.mark.parametrize(
    ("degree", "values"),
    [(3, [1]), (4, [1, 2, 3]), (6, [1]), (6, [n / 1000 for n in range(300, 1001)]), (8, [1, 2, 3])],
)
def test_find_agrees_with_another_integer_programme(degree, values):
    links, givers = random_case(300, degree, values)
    found = find(links, givers=givers)
    check(found, links, givers)
    assert found.optimal
    assert found.total == pytest.approx(position_indexed_total(links, givers, 3, 4), abs=1e-4)


def test_longer_circles_and_chains_agree_with_another_integer_programme():
    links, givers = random_case(80, 3, [1, 2, 3])
    found = find(links, givers=givers, max_length=5, max_chain=6)
    check(found, links, givers, 5, 6)
    assert found.optimal
    assert found.total == pytest.approx(position_indexed_total(links, givers, 5, 6))


def test_a_proven_answer_does_not_depend_on_the_time_limit_nor_on_what_was_asked_before():
    links, givers = random_case(400, 6, [1])
    first = find(links, givers=givers, time_limit_s=60)
    find(random_case(50, 3, [1])[0])
    assert first.optimal
    assert find(links[::-1], givers=givers[::-1], time_limit_s=600) == first


def test_nothing_to_exchange_is_an_answer():
    nothing = ((), (), 0.0, 0.0, True)
    for links, givers in [([], ()), ([], ["a"]), ([("a", "b", 1)], ()), ([("a", "b", 0), ("b", "a", 0)], ())]:
        found = find(links, givers=givers)
        assert (found.circles, found.chains, found.total, found.upper_bound, found.optimal) == nothing


def test_a_chain_does_not_end_on_a_gift_worth_nothing_but_may_pass_by_one():
    assert find([("g", "a", 1), ("a", "b", 0)], givers=["g"]).chains == (("g", "a"),)
    assert find([("g", "a", 0), ("a", "b", 1)], givers=["g"]).chains == (("g", "a", "b"),)


@pytest.mark.parametrize(
    ("limits", "circles", "total"),
    [({"max_length": 2}, (), 0), ({"max_length": 3}, ((1, 2, 3),), 3), ({"max_length": 10}, ((1, 2, 3),), 3)],
)
def test_circles_are_no_longer_than_asked(limits, circles, total):
    found = find([(1, 2, 1), (2, 3, 1), (3, 1, 1)], **limits)
    assert (found.circles, found.total) == (circles, total)


@pytest.mark.parametrize("longest", [2, 3, 4, 10])
def test_chains_are_no_longer_than_asked_and_count_their_giver(longest):
    path = [(number, number + 1, 1) for number in range(12)]
    assert find(path, givers=[0], max_chain=longest).chains == (tuple(range(longest)),)


def test_ids_are_numbers_before_texts_and_circles_start_at_the_smallest():
    found = find([("b", 10, 1), (10, "b", 1), ("a", 9, 1), (9, "a", 1), ("c", "d", 1), ("d", "c", 1)])
    assert found.circles == ((9, "a"), (10, "b"), ("c", "d"))


def test_between_two_ways_round_worth_the_same_the_first_in_order_is_written():
    both_ways = [(a, b, 1) for a in (1, 2, 3) for b in (1, 2, 3) if a != b]
    assert find(both_ways).circles == ((1, 2, 3),)
    assert find([(a, b, 2 if (a, b) == (1, 3) else 1) for a, b, _ in both_ways]).circles == ((1, 3, 2),)


def test_values_are_counted_in_millionths():
    assert find([(1, 2, 0.1), (2, 1, 0.2)]).total == 0.3
    assert find([(1, 2, 0.0000004), (2, 1, 0.0000004)]).circles == ()


def test_too_many_exchanges_are_thinned_and_the_bound_stays_honest(monkeypatch):
    monkeypatch.setattr(enumeration, "MOST_EXCHANGES", 5_000)
    everybody = [(a, b, 1) for a in range(30) for b in range(30) if a != b]
    found = find(everybody)
    check(found, everybody, [])
    assert (found.total, found.upper_bound, found.optimal) == (30, 30, True)
    links, givers = random_case(200, 8, [1, 2, 3])
    thinned = find(links, givers=givers)
    check(thinned, links, givers)
    monkeypatch.undo()
    best = find(links, givers=givers)
    assert thinned.total <= best.total <= thinned.upper_bound
    assert not thinned.optimal
    assert thinned.total > 0.7 * best.total


def test_walks_without_end_are_cut(monkeypatch):
    monkeypatch.setattr(enumeration, "MOST_STEPS", 1000)
    links = [(a, b, 1) for a in range(12) for b in range(12) if a != b]
    found = find(links, max_length=10)
    check(found, links, [], 10)
    assert found.total > 0


def test_time_limit_is_kept_and_the_gap_is_told():
    links, givers = random_case(1000, 15, [1])
    find([(1, 2, 1), (2, 1, 1)])
    begun = time.process_time()
    found = find(links, givers=givers, time_limit_s=2)
    assert time.process_time() - begun < 4
    check(found, links, givers)
    assert found.total > 0.9 * found.upper_bound


def test_without_time_there_is_a_plan_and_a_bound():
    links, givers = random_case(300, 6, [1])
    found = find(links, givers=givers, time_limit_s=0)
    check(found, links, givers)
    best = find(links, givers=givers).total
    assert 0.8 * best < found.total <= best <= found.upper_bound


def test_without_a_clock_a_hard_case_has_the_same_plan_and_a_true_bound_each_time():
    links, givers = random_case(400, 12, [0.3, 1])
    found = find(links, givers=givers, time_limit_s=None)
    check(found, links, givers)
    assert found == find(links[::-1], givers=givers[::-1], time_limit_s=None)
    timed = find(links, givers=givers, time_limit_s=5)
    assert 0.95 * timed.total < found.total <= timed.upper_bound
    assert timed.total <= found.upper_bound


def answer(**document):
    return door.answer("circles", json.dumps(document).encode())


def test_the_example_of_the_help_works():
    assert door.answer("circles", EXAMPLE.encode()) == {
        "circles": [["foyer", "judo", "harmonie"]],
        "chains": [["mairie", "théâtre", "chorale"]],
        "total": 34.0,
        "upper_bound": 34.0,
        "optimal": True,
    }


def test_members_left_out_have_their_defaults():
    ring = [{"from": number, "to": (number + 1) % 4, "value": 1} for number in range(4)]
    path = [{"from": number, "to": number + 1, "value": 1} for number in range(10, 16)]
    assert answer(links=ring)["circles"] == []
    assert answer(links=ring, max_length=4)["circles"] == [[0, 1, 2, 3]]
    assert answer(links=path)["chains"] == []
    assert answer(links=path, givers=[10])["chains"] == [[10, 11, 12, 13]]


LINK = {"from": "a", "to": "b", "value": 1}


@pytest.mark.parametrize(
    ("document", "sentence", "where"),
    [
        ({}, "Il manque le membre « links ».", "/links"),
        ({"links": [{"from": "a", "to": "b"}]}, "Il manque le membre « value ».", "/links/0/value"),
        (
            {"links": [{**LINK, "cost": 1}]},
            "Le membre « cost » n’est pas connu ici : from, to ou value.",
            "/links/0/cost",
        ),
        ({"links": [{**LINK, "value": -1}]}, "Ce nombre est trop petit : au moins 0.", "/links/0/value"),
        ({"links": [{**LINK, "value": 1e9}]}, "Ce nombre est trop grand : au plus 1 000 000.", "/links/0/value"),
        ({"links": [{**LINK, "value": None}]}, "Un nombre est attendu ici, pas null.", "/links/0/value"),
        ({"links": [{**LINK, "to": "a"}]}, "Une structure ne se donne pas à elle-même.", "/links/0/to"),
        (
            {"links": [LINK, {**LINK, "value": 2}]},
            "Ce lien est déjà dans la liste : gardez-en un seul, avec la valeur qui convient.",
            "/links/1",
        ),
        (
            {"links": [LINK], "givers": ["b"]},
            "Un donneur ne demande rien : ôtez ce lien, ou cette structure de « givers ».",
            "/links/0/to",
        ),
        ({"links": [LINK], "givers": ["a", "c", "a"]}, "Ce donneur est déjà dans la liste.", "/givers/2"),
        (
            {"links": [{**LINK, "from": 7}, {**LINK, "to": "7"}]},
            "Cet identifiant est tantôt un nombre, tantôt un texte : écrivez-le toujours pareil.",
            "/links/1/to",
        ),
        (
            {"links": [{**LINK, "from": 7}], "givers": ["7"]},
            "Cet identifiant est tantôt un nombre, tantôt un texte : écrivez-le toujours pareil.",
            "/givers/0",
        ),
        ({"links": [], "max_length": 1}, "Ce nombre est trop petit : au moins 2.", "/max_length"),
        ({"links": [], "max_length": 11}, "Ce nombre est trop grand : au plus 10.", "/max_length"),
        ({"links": [], "max_chain": 1}, "Ce nombre est trop petit : au moins 2.", "/max_chain"),
        ({"links": [], "max_chain": 11}, "Ce nombre est trop grand : au plus 10.", "/max_chain"),
        ({"links": [], "time_limit_s": -1}, "Ce nombre est trop petit : au moins 0.", "/time_limit_s"),
        ({"links": [], "time_limit_s": 3601}, "Ce nombre est trop grand : au plus 3 600.", "/time_limit_s"),
    ],
)
def test_a_wrong_document_is_refused(document, sentence, where):
    with pytest.raises(Refused) as caught:
        answer(**document)
    assert (caught.value.message.replace("\u00a0", " ").replace("\u202f", " "), caught.value.where) == (sentence, where)


def test_a_value_that_is_no_number_is_refused():
    with pytest.raises(Refused, match="NaN n’est pas un nombre JSON"):
        door.answer("circles", b'{"links": [{"from": 1, "to": 2, "value": NaN}]}')
