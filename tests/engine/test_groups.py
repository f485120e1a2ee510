"""Groups keep every pair or say which one cannot be kept, and mix people as well as the best grouping does."""

import json
import random
import time
from collections import Counter
from fractions import Fraction
from itertools import chain, combinations
from math import ceil, floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.engine.documents import Refused
from maillage.engine.groups import Impossible, form_groups
from maillage.engine.topics import groups as topic

TRAITS = {"canton": st.sampled_from(["Revel", "Muret", "Lanta"]), "role": st.sampled_from(["non précisé", "élue"])}


def everyone(size):
    return st.dictionaries(
        st.integers(0, 20) | st.sampled_from("abcdefgh"), st.fixed_dictionaries({}, optional=TRAITS), max_size=size
    )


@st.composite
def cases(draw):
    people = draw(everyone(6))
    pairs = list(combinations(people, 2))
    some = st.lists(st.sampled_from(pairs), max_size=6) if pairs else st.just([])
    return {
        "people": people,
        "size": draw(st.integers(1, 4)),
        "met": draw(some),
        "apart": draw(some),
        "together": draw(st.lists(st.sampled_from(pairs), max_size=3) if pairs else st.just([])),
    }


def every_grouping(ids, sizes):
    """All the ways to make groups of these sizes, as lists of sets."""
    if not ids:
        yield []
        return
    first, *others = ids
    for size in set(sizes):
        rest = list((Counter(sizes) - Counter([size])).elements())
        for companions in combinations(others, size - 1):
            for groups in every_grouping([one for one in others if one not in companions], rest):
                yield [{first, *companions}, *groups]


def sizes_of(count, size):
    return [len(range(start, count, ceil(count / size))) for start in range(ceil(count / size))]


def is_in(pair, groups):
    return any(set(pair) <= group for group in groups)


def repeated(met, groups):
    return sum(is_in(pair, groups) for pair in {frozenset(pair) for pair in met})


def misplaced(people, groups):
    """{trait: how many people are beyond the fair share of their group, over all the groups}."""
    found = {}
    for trait in set(chain.from_iterable(people.values())):
        value = {person: traits.get(trait, "non précisé") for person, traits in people.items()}
        found[trait] = 0
        for wanted, total in Counter(value.values()).items():
            for group in groups:
                share = Fraction(len(group) * total, len(people))
                count = sum(value[person] == wanted for person in group)
                found[trait] += max(0, count - ceil(share), floor(share) - count)
    return found


def cost(case, groups):
    """A pair that met costs more than what two people exchanged misplace: four in each trait."""
    wrong = misplaced(case["people"], groups)
    return (4 * len(wrong) + 1) * repeated(case["met"], groups) + sum(wrong.values())


def groupings_that_keep(case, together, apart):
    people = case["people"]
    for groups in every_grouping(list(people), sizes_of(len(people), case["size"])):
        if all(is_in(pair, groups) for pair in together) and not any(is_in(pair, groups) for pair in apart):
            yield groups


def first_that_fails(case):
    """The list and the place of the first pair that no grouping keeps with those before it."""
    together, apart = case["together"], case["apart"]
    for count in range(len(together) + len(apart)):
        if (
            next(groupings_that_keep(case, together[: count + 1], apart[: max(0, count + 1 - len(together))]), None)
            is None
        ):
            return ("together", count) if count < len(together) else ("apart", count - len(together))
    return None


def as_texts(groups):
    return sorted(sorted(map(str, group)) for group in groups)


@settings(max_examples=150, deadline=None)
@given(cases())
def test_groups_are_the_best_that_keep_the_pairs_or_the_first_that_cannot_be_kept_is_named(case):
    allowed = list(groupings_that_keep(case, case["together"], case["apart"]))
    if not allowed:
        with pytest.raises(Impossible) as caught:
            form_groups(**case)
        assert (caught.value.rule, caught.value.index) == first_that_fails(case)
        return
    found = form_groups(**case)
    groups = [set(group) for group in found.groups]
    assert as_texts(groups) in list(map(as_texts, allowed))
    assert cost(case, groups) == min(cost(case, one) for one in allowed)
    assert found.repeated_pairs == repeated(case["met"], groups)
    wrong = misplaced(case["people"], groups)
    assert found.imbalance == {trait: pytest.approx(wrong[trait] / len(groups), abs=1e-6) for trait in sorted(wrong)}


@st.composite
def hidden_groupings(draw):
    """A case of up to 60 people whose pairs all come from one grouping."""
    count, size = draw(st.integers(1, 60)), draw(st.integers(1, 8))
    chance = draw(st.randoms(use_true_random=False))
    order = chance.sample(range(count), count)
    group_of = {person: place % ceil(count / size) for place, person in enumerate(order)}
    pairs = chance.sample(list(combinations(range(count), 2)), min(120, count * (count - 1) // 2))
    together = [pair for pair in pairs if group_of[pair[0]] == group_of[pair[1]]]
    apart = [pair for pair in pairs if group_of[pair[0]] != group_of[pair[1]]]
    people = {person: {"canton": chance.choice("abcd")} for person in range(count)}
    return {"people": people, "size": size, "apart": apart, "together": together, "met": pairs[:20]}


@settings(max_examples=60, deadline=None)
@given(hidden_groupings())
def test_pairs_that_can_be_kept_are_kept(case):
    groups = [set(group) for group in form_groups(**case).groups]
    assert all(is_in(pair, groups) for pair in case["together"])
    assert not any(is_in(pair, groups) for pair in case["apart"])
    assert sorted(map(len, groups)) == sorted(sizes_of(len(case["people"]), case["size"]))
    assert sorted(chain.from_iterable(groups)) == sorted(case["people"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from("abcde"), min_size=1, max_size=60), st.integers(1, 12))
def test_one_trait_alone_is_mixed_perfectly(values, size):
    people = {number: {"canton": value} for number, value in enumerate(values)}
    assert form_groups(people, size).imbalance == {"canton": 0}


@settings(max_examples=30, deadline=None)
@given(hidden_groupings(), st.randoms(use_true_random=False))
def test_groups_do_not_depend_on_the_order_of_what_is_given(case, chance):
    def shuffled(pairs):
        return [pair[::-1] for pair in chance.sample(pairs, len(pairs))]

    people = dict(chance.sample(list(case["people"].items()), len(case["people"])))
    other = {name: shuffled(case[name]) for name in ("met", "apart", "together")}
    assert form_groups(people, case["size"], **other) == form_groups(**case)


def test_another_seed_gives_other_groups_as_good():
    people = {number: {"canton": "abc"[number % 3]} for number in range(30)}
    first, again, other = (form_groups(people, 5, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first.groups != other.groups
    assert first.imbalance == other.imbalance == {"canton": 0}


@pytest.mark.parametrize(
    ("count", "size", "sizes"),
    [(0, 6, []), (1, 6, [1]), (6, 6, [6]), (7, 6, [4, 3]), (12, 6, [6, 6]), (13, 6, [5, 4, 4]), (3, 1, [1, 1, 1])],
)
def test_there_are_as_few_groups_as_size_allows_even_to_one_person(count, size, sizes):
    groups = form_groups({number: {} for number in range(count)}, size).groups
    assert sorted(map(len, groups), reverse=True) == sizes


def test_groups_and_the_people_in_them_come_in_order_numbers_first():
    groups = form_groups({person: {} for person in ("b", 10, "a", 9)}, 2, together=[("b", 9), ("a", 10)]).groups
    assert groups == ((9, "b"), (10, "a"))


def test_people_meet_new_people_round_after_round():
    people, met = {number: {} for number in range(40)}, []
    for _ in range(5):
        found = form_groups(people, 5, met=met)
        assert found.repeated_pairs == 0
        met += [pair for group in found.groups for pair in combinations(group, 2)]


def test_meeting_again_is_avoided_before_a_better_mix():
    people = {"a1": {"canton": "a"}, "a2": {"canton": "a"}, "b1": {"canton": "b"}, "b2": {"canton": "b"}}
    met = [("a1", "b1"), ("a1", "b2")]
    found = form_groups(people, 2, met=met)
    assert (found.groups, found.repeated_pairs, found.imbalance) == ((("a1", "a2"), ("b1", "b2")), 0, {"canton": 2})


def clusters(*sizes):
    """Pairs that put together the first people, then the next ones."""
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    return [(start, start + more) for start, size in zip(starts, sizes, strict=True) for more in range(1, size)]


def test_what_a_greedy_filling_misses_is_found():
    sizes = (2, 2, 3, 3, 3, 3, 5, 6)  # 2 + 2 + 5, 3 + 6 and 3 + 3 + 3
    groups = form_groups({number: {} for number in range(27)}, 9, together=clusters(*sizes)).groups
    assert all(is_in(pair, map(set, groups)) for pair in clusters(*sizes))
    assert list(map(len, groups)) == [9, 9, 9]


@pytest.mark.parametrize(
    ("count", "size", "pairs", "rule", "index", "reason", "people"),
    [
        (12, 6, {"together": clusters(7)}, "together", 5, "crowded", tuple(range(7))),
        (7, 6, {"together": clusters(5)}, "together", 3, "crowded", tuple(range(5))),
        (9, 3, {"together": [(0, 1), (1, 2)], "apart": [(3, 4), (2, 0)]}, "apart", 1, "both", (0, 2)),
        (12, 6, {"together": clusters(4, 4, 4)}, "together", 7, "no room", (8, 10)),
        (15, 5, {"together": clusters(*[2] * 7)}, "together", 6, "no room", (12, 13)),
        (600, 6, {"together": clusters(*[4] * 150)}, "together", 301, "no room", (400, 402)),
        (12, 4, {"apart": list(combinations(range(4), 2))}, "apart", 5, "no room", (2, 3)),
        (9, 3, {"apart": [(0, other) for other in range(1, 9)]}, "apart", 6, "no room", (0, 7)),
        (2, 9, {"apart": [(1, 0)]}, "apart", 0, "no room", (0, 1)),
    ],
)
def test_the_first_pair_that_cannot_be_kept_is_named_with_its_reason(count, size, pairs, rule, index, reason, people):
    with pytest.raises(Impossible) as caught:
        form_groups({number: {} for number in range(count)}, size, **pairs)
    refusal = caught.value
    assert (refusal.rule, refusal.index, refusal.reason, refusal.people) == (rule, index, reason, people)


def test_1200_people_take_seconds():
    chance = random.Random(1)
    people = {
        number: {"canton": str(chance.randrange(40)), "role": chance.choice("abcd"), "theme": chance.choice("abcdefgh")}
        for number in range(1200)
    }
    met, apart = ([tuple(chance.sample(range(600), 2)) for _ in range(count)] for count in (6000, 300))
    together = [(number, number + 1) for number in range(600, 700, 2)]
    form_groups({1: {}, 2: {}}, 1)
    begun = time.perf_counter()
    found = form_groups(people, 6, met=met, apart=apart, together=together)
    assert time.perf_counter() - begun < 15
    assert found.repeated_pairs == 0
    assert max(found.imbalance.values()) < 0.1
    assert not any(is_in(pair, map(set, found.groups)) for pair in apart)


# The topic


def answer(people, size=2, **members):
    return topic.answer({"people": people, "size": size, **members})


THREE = [{"id": "Awa"}, {"id": 2}, {"id": "Chloé"}]


def test_the_example_is_answered():
    assert topic.answer(json.loads(topic.EXAMPLE)) == {
        "groups": [["Awa", "Chloé", "Farid", "Gaëlle"], ["Bruno", "Driss", "Élise"]],
        "repeated_pairs": 0,
        "imbalance": {"canton": 0, "salariée": 0},
    }


def test_nobody_makes_no_group():
    assert answer([]) == {"groups": [], "repeated_pairs": 0, "imbalance": {}}


def test_ids_are_compared_as_texts_and_come_back_as_they_came():
    assert answer(THREE, together=[["2", "Awa"]], met=[[2, "Awa"], ["Awa", 2]]) == {
        "groups": [[2, "Awa"], ["Chloé"]],
        "repeated_pairs": 1,
        "imbalance": {},
    }


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a", "a", True),
        ("a", "b", False),
        (1, 1.0, True),
        (1, "1", True),
        (1, True, False),
        (0.1, 0.2, False),
        (True, "true", True),
        (True, False, False),
        (None, "non précisé", True),
    ],
)
def test_values_of_traits_are_compared_as_texts(one, other, same):
    people = [{"id": number, "traits": {"trait": value}} for number, value in enumerate((one, one, other, other))]
    kept = {"together": [[0, 1], [2, 3]]}
    assert answer(people, **kept)["imbalance"]["trait"] == (0 if same else 2)


@pytest.mark.parametrize(
    ("members", "where", "words"),
    [
        ({"size": 0}, "/size", "au moins 1"),
        ({"size": None}, "/size", "entier"),
        ({"seed": -1}, "/seed", "au moins 0"),
        ({"people": [{"id": 1}, {"id": "1"}]}, "/people/1/id", "déjà pris"),
        ({"people": [{"id": 1, "traits": []}]}, "/people/0/traits", "objet"),
        ({"people": [{"id": 1, "traits": {"a/b": []}}]}, "/people/0/traits/a~1b", "Un texte, un nombre"),
        ({"people": [{"id": 1, "traits": {"a": 1e16}}]}, "/people/0/traits/a", "trop grand"),
        ({"people": [{"id": 1, "traits": {"a" * 201: 1}}]}, f"/people/0/traits/{'a' * 201}", "trop long"),
        ({"people": [{"id": number} for number in range(10_001)]}, "/people", "10\u202f000\u00a0personnes au plus"),
        ({"people": [{"id": n, "traits": {"a": n}} for n in range(5000)], "size": 2}, "/people", "trop de valeurs"),
        ({"met": [["Awa", 3]]}, "/met/0/1", "«\u00a03\u00a0» n’est pas dans «\u00a0people\u00a0»."),
        ({"apart": [["Awa", 2], ["Bo", 2]]}, "/apart/1/0", "«\u00a0Bo\u00a0» n’est pas"),
        ({"together": [["Awa", "Awa"]]}, "/together/0", "deux fois"),
        ({"met": [[2, "2"]]}, "/met/0", "deux fois"),
        ({"met": [["Awa"]]}, "/met/0", "paire [id, id]"),
        ({"met": [["Awa", 2, "Chloé"]]}, "/met/0", "paire [id, id]"),
        ({"met": [["Awa", 2.5]]}, "/met/0/1", "entier"),
        ({"rounds": 2}, "/rounds", "pas connu"),
        (
            {"together": [["Awa", 2], [2, "Chloé"]]},
            "/together/1",
            "«\u00a02\u00a0», «\u00a0Awa\u00a0» et «\u00a0Chloé\u00a0» vont ensemble, mais aucun groupe",
        ),
        (
            {"together": [["Awa", 2]], "apart": [["Chloé", 2], [2, "Awa"]]},
            "/apart/1",
            "«\u00a02\u00a0» et «\u00a0Awa\u00a0» sont à la fois à séparer et à réunir",
        ),
        (
            {"apart": [["Awa", 2], ["Awa", "Chloé"], [2, "Chloé"]]},
            "/apart/2",
            "Impossible de séparer «\u00a02\u00a0» et «\u00a0Chloé\u00a0» en plus des paires qui précèdent",
        ),
        (
            {"people": [{"id": n} for n in range(12)], "size": 6, "together": clusters(4, 4, 4)},
            "/together/7",
            "Impossible de réunir «\u00a08\u00a0» et «\u00a010\u00a0» en plus",
        ),
        (
            {"people": [{"id": n} for n in range(12)], "size": 6, "together": clusters(9)},
            "/together/5",
            "«\u00a04\u00a0» et 2\u00a0autres vont ensemble",
        ),
    ],
)
def test_a_document_that_does_not_fit_is_refused_where_it_fails(members, where, words):
    document = json.loads(json.dumps({"people": THREE, "size": 2, **members}))
    with pytest.raises(Refused) as caught:
        topic.answer(document)
    assert caught.value.where == where
    assert words in caught.value.message


def test_a_question_too_large_to_settle_is_said_to_be_so():
    chance = random.Random(0)
    apart = [pair for pair in combinations(range(100), 2) if chance.random() < 0.62]
    with pytest.raises(Refused) as caught:
        answer([{"id": number} for number in range(100)], 5, apart=[list(pair) for pair in apart])
    assert caught.value.where == "/apart"
    assert "sans preuve" in caught.value.message
