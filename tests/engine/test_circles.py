"""Circles and chains are worth most together, each structure once; what is said to be proven is."""

import json
import random
from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from maillage.engine import circles
from maillage.engine.documents import Refused
from maillage.engine.topics import circles as topic

LINK = {"from": "a", "to": "b", "value": 1}


def every_exchange(links, givers, max_length, max_chain):
    """[(members, worth, is_chain)…], by trying every order of members."""
    value = {(source, target): worth for source, target, worth in links}
    ids = sorted({end for source, target, _ in links for end in (source, target)})
    found = []
    for size in range(2, max(max_length, max_chain) + 1):
        for members in permutations(ids, size):
            steps = list(pairwise(members))
            loop = [*steps, (members[-1], members[0])]
            if size <= max_length and members[0] == min(members) and all(step in value for step in loop):
                found.append((members, sum(value[step] for step in loop), False))
            if size <= max_chain and members[0] in givers and all(step in value for step in steps):
                found.append((members, sum(value[step] for step in steps), True))
    return found


def most(exchanges, free):
    """The worth of the best choice among ``exchanges`` of disjoint members of ``free``, by trying them all."""
    best = 0
    for position, (members, worth, _) in enumerate(exchanges):
        if free.issuperset(members):
            best = max(best, worth + most(exchanges[position + 1 :], free - set(members)))
    return best


def worth_of(found, links):
    value = {(source, target): worth for source, target, worth in links}
    steps = [step for circle in found.circles for step in zip(circle, (*circle[1:], circle[0]), strict=True)]
    steps += [step for chain in found.chains for step in pairwise(chain)]
    return sum(value[step] for step in steps)


def cases():
    pairs = st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda pair: pair[0] != pair[1])
    links = st.dictionaries(pairs, st.integers(0, 9), max_size=16)
    return st.tuples(links, st.sets(st.integers(0, 6), max_size=2)).map(
        lambda case: (
            [(source, target, worth) for (source, target), worth in case[0].items() if target not in case[1]],
            case[1],
        )
    )


@settings(max_examples=150, deadline=None)
@given(cases(), st.integers(2, 4), st.integers(2, 4))
def test_what_is_found_is_worth_what_trying_every_choice_gives(case, max_length, max_chain):
    links, givers = case
    found = circles.find(links, givers=givers, max_length=max_length, max_chain=max_chain)
    exchanges = every_exchange(links, givers, max_length, max_chain)
    assert found.optimal
    assert found.total == found.upper_bound == most(exchanges, set(range(7)))
    assert worth_of(found, links) == found.total
    used = [member for exchange in (*found.circles, *found.chains) for member in exchange]
    assert len(used) == len(set(used))
    allowed = {(members, is_chain) for members, _, is_chain in exchanges}
    assert {(circle, False) for circle in found.circles} | {(chain, True) for chain in found.chains} <= allowed


@settings(max_examples=50, deadline=None)
@given(cases(), st.randoms())
def test_the_answer_does_not_depend_on_the_order_of_links(case, chance):
    links, givers = case
    shuffled = chance.sample(links, len(links))
    assert circles.find(shuffled, givers=givers) == circles.find(links, givers=givers)


def drawn(size, degree, seed):
    chance = random.Random(seed)
    givers = set(range(0, size, 20))
    pairs = {(chance.randrange(size), chance.randrange(size)) for _ in range(size * degree)}
    links = [(a, b, chance.randint(1, 1000) / 1000) for a, b in sorted(pairs) if a != b and b not in givers]
    return links, givers


def packed(links, givers):
    """The most that an integer programme of HiGHS finds over circles of three and chains of four, listed naively."""
    value = {(source, target): worth for source, target, worth in links}
    after = {}
    for source, target, _ in links:
        after.setdefault(source, []).append(target)
    exchanges = []

    def walk(path, worth):
        for then in after.get(path[-1], ()):
            earned = worth + value[path[-1], then]
            if path[0] in givers and then not in path and len(path) < 4:
                exchanges.append(((*path, then), earned))
                walk((*path, then), earned)
            elif path[0] not in givers and then == path[0]:
                exchanges.append((path, earned))
            elif path[0] not in givers and then > path[0] and then not in path and len(path) < 3:
                walk((*path, then), earned)

    for start in list(after):
        walk((start,), 0)
    rows = [member for members, _ in exchanges for member in members]
    columns = [column for column, (members, _) in enumerate(exchanges) for _ in members]
    once = csr_array((np.ones(len(rows)), (rows, columns)))
    solved = milp(
        [-worth for _, worth in exchanges],
        constraints=LinearConstraint(once, ub=1),
        integrality=1,
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    return -solved.fun


@pytest.mark.parametrize(("degree", "seed"), [(3, 1), (5, 2)])
def test_a_thousand_structures_get_the_optimum_of_an_independent_programme(degree, seed):
    links, givers = drawn(1000, degree, seed)
    found = circles.find(links, givers=givers)
    assert found.optimal
    assert found.total == pytest.approx(packed(links, givers), abs=1e-6)
    assert worth_of(found, links) == pytest.approx(found.total, abs=1e-9)


def test_without_time_there_is_a_plan_and_an_honest_bound():
    links, givers = drawn(400, 8, 3)
    hurried, proven = circles.find(links, givers=givers, time_limit_s=0), circles.find(links, givers=givers)
    assert proven.optimal
    assert hurried.total <= proven.total <= hurried.upper_bound
    assert worth_of(hurried, links) == pytest.approx(hurried.total, abs=1e-9)


def test_nothing_to_give_is_an_answer():
    nothing = {"circles": [], "chains": [], "total": 0, "upper_bound": 0, "optimal": True}
    assert topic.answer({"links": []}) == nothing
    assert topic.answer({"links": [LINK], "givers": ["z"]}) == nothing


def test_the_example_is_answered():
    assert topic.answer(json.loads(topic.EXAMPLE)) == {
        "circles": [["club", "harmonie", "foyer"]],
        "chains": [["mairie", "radio"]],
        "total": 2.7,
        "upper_bound": 2.7,
        "optimal": True,
    }


def test_numbers_come_before_texts_and_stay_what_they_are():
    links = [("a", 2, 1), (2, "a", 1), (10, 9, 1), (9, 10, 1)]
    document = {"links": [{"from": source, "to": target, "value": worth} for source, target, worth in links]}
    assert topic.answer(document)["circles"] == [[2, "a"], [9, 10]]


@pytest.mark.parametrize(
    ("document", "where", "words"),
    [
        ({}, "/links", "Il manque"),
        ({"links": [{**LINK, "to": "a"}]}, "/links/0/to", "se donner à soi-même"),
        ({"links": [{**LINK, "value": -1}]}, "/links/0/value", "au moins 0"),
        ({"links": [LINK, LINK]}, "/links/1", "déjà donné"),
        ({"links": [LINK, {**LINK, "from": 1}, {**LINK, "from": "1"}]}, "/links/2", "déjà donné"),
        ({"links": [LINK], "givers": ["b"]}, "/links/0/to", "sans rien demander"),
        ({"links": [LINK], "givers": ["a", "a"]}, "/givers/1", "déjà dans"),
        ({"links": [LINK], "max_length": 1}, "/max_length", "au moins 2"),
        ({"links": [LINK], "max_chain": 9}, "/max_chain", "au plus 8"),
        ({"links": [LINK], "time_limit_s": -1}, "/time_limit_s", "au moins 0"),
        ({"links": [LINK], "colour": 1}, "/colour", "n’est pas connu"),
    ],
)
def test_a_document_that_does_not_fit_is_refused_where_it_fails(document, where, words):
    with pytest.raises(Refused) as caught:
        topic.answer(document)
    assert caught.value.where == where
    assert words in caught.value.message
