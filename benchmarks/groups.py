"""Groups of 1,200 people over successive workshops, beside shuffling again and again and filling groups greedily.

    python benchmarks/groups.py [--people 1200] [--size 6] [--rounds 3]

Each way has met its own groups of the rounds before; shuffling has the time that the engine took.
"""

import argparse
import random
import time
from collections import Counter
from itertools import combinations

from maillage.engine.groups import form_groups

SEED = 31
TRAITS = {"thème": 9, "canton": 40, "taille": 4}  # how many values each has, the first ones far more often


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--people", type=int, default=1200)
    arguments.add_argument("--size", type=int, default=6)
    arguments.add_argument("--rounds", type=int, default=3)
    asked = arguments.parse_args()
    people = invented_people(random.Random(SEED), asked.people)
    form_groups(dict(list(people.items())[:20]), asked.size)  # compiles
    report(people, asked.size, asked.rounds)


def invented_people(chance, count):
    weights = {trait: [1 / (rank + 1) ** 0.7 for rank in range(values)] for trait, values in TRAITS.items()}
    return {
        person: {trait: str(chance.choices(range(len(odds)), odds)[0]) for trait, odds in weights.items()}
        for person in range(count)
    }


def report(people, size, rounds):
    ways = {"le moteur": engine, "au hasard, le meilleur": shuffled, "glouton": greedy}
    met = {name: set(acquaintances(random.Random(SEED), len(people))) for name in ways}
    print(f"{'tour':6}{'façon':26}{'secondes':>10}{'paires revues':>15}{'déséquilibre':>15}")
    for number in range(1, rounds + 1):
        allowed = None
        for name, way in ways.items():
            begun = time.process_time()
            groups = way(people, size, met[name], allowed)
            seconds = time.process_time() - begun
            allowed = allowed or seconds
            repeated, misplaced = measured(people, groups, met[name])
            print(f"{number:<6}{name:26}{seconds:>10.2f}{repeated:>15}{misplaced / len(groups):>15.3f}")
            met[name].update(pair for group in groups for pair in combinations(sorted(group), 2))


def acquaintances(chance, count):
    """Five a person."""
    return (tuple(sorted(chance.sample(range(count), 2))) for _ in range(5 * count))


def engine(people, size, met, _):
    return form_groups(people, size, met=met).groups


def shuffled(people, size, met, seconds):
    """The best of as many random arrangements as the time allows."""
    chance, begun, best = random.Random(SEED), time.process_time(), None
    count = -(-len(people) // size)
    while best is None or time.process_time() - begun < seconds:
        order = chance.sample(list(people), len(people))
        groups = [order[start::count] for start in range(count)]
        score = measured(people, groups, met)
        if best is None or score < best[0]:
            best = score, groups
    return best[1]


def greedy(people, size, met, _):
    """Each in turn to the group where fewest have met or share a value."""
    groups = [[] for _ in range(-(-len(people) // size))]
    for person in random.Random(SEED).sample(list(people), len(people)):
        open_groups = [group for group in groups if len(group) < size]
        best = min(open_groups, key=lambda group: likeness(people, person, group, met))
        best.append(person)
    return groups


def likeness(people, person, group, met):
    known = sum((min(person, other), max(person, other)) in met for other in group)
    return known, sum(people[person][trait] == people[other][trait] for other in group for trait in TRAITS)


def measured(people, groups, met):
    """How many pairs have met, and how many people are beyond the fair share of their group, over all traits."""
    repeated = sum(pair in met for group in groups for pair in combinations(sorted(group), 2))
    misplaced = 0
    for trait in TRAITS:
        totals = Counter(traits[trait] for traits in people.values())
        for group in groups:
            counts = Counter(people[person][trait] for person in group)
            for value, total in totals.items():
                low, high = len(group) * total // len(people), -(-len(group) * total // len(people))
                misplaced += max(0, counts[value] - high, low - counts[value])
    return repeated, misplaced


if __name__ == "__main__":
    main()
