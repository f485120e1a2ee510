"""Exchange circles and chains on random graphs: how long to the proof, beside two other programmes; then 100,000 nodes.

    python benchmarks/circles.py [--seconds 60] [--large] [--kep-python /tmp/kep/bin/python]

The first other programme is the position-indexed one of the tests, given whole to HiGHS. The second is kep-solver
(PyPI, MIT), which models kidney exchanges for CBC; it is no dependency of ours, so it lives in a place of its own:

    python -m venv /tmp/kep && /tmp/kep/bin/pip install "kep-solver>=4,<5"
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

ROOT = Path(__file__).resolve().parents[1]
SEED = 31
GIVERS = 0.05  # of the structures
KEP_SOLVER = """
import json, sys, time
from kep_solver.entities import Donor, Instance, Recipient, Transplant
from kep_solver.model import PICEF, CycleAndChainModel, Objective, Sense

given = json.load(sys.stdin)

class Value(Objective):
    is_integral = False
    sense = Sense.MAX
    def __init__(self):
        pass
    def edgeValue(self, graph, edge, position=None):
        return 0 if edge.end.index == -1 else edge.getProperty("weight")
    def describe(self):
        return "value"

def instance():
    made = Instance()
    donors = [Donor(str(number)) for number in range(given["size"])]
    for giver in given["givers"]:
        donors[giver].NDD = True
        made.addDonor(donors[giver])
    for donor in donors:
        if not donor.NDD:
            donor.recipient = Recipient(donor.id)
            donor.recipient.addDonor(donor)
            made.addRecipient(donor.recipient)
    for source, target, value in given["links"]:
        made.addTransplant(Transplant(donors[source], donors[target].recipient, value))
    return made

for formulation in (PICEF, CycleAndChainModel):
    began = time.perf_counter()
    model = formulation(instance(), [Value()], maxCycleLength=3, maxChainLength=4)
    model.solve()
    print(json.dumps([formulation.__name__, model.objective_values[0], time.perf_counter() - began]), flush=True)
"""


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seconds", type=float, default=60, help="time limit of each answer")
    arguments.add_argument("--large", action="store_true", help="also 10,000 and 100,000 structures")
    arguments.add_argument("--kep-python", default=sys.executable, help="the Python that has kep-solver")
    asked = arguments.parse_args()
    sys.path.insert(0, str(ROOT))
    compare(asked.seconds)
    compare_with_kep_solver(asked.kep_python, asked.seconds)
    for size in (1_000, 10_000, 100_000) if asked.large else (1_000,):
        for degree in (3, 5, 10) if size < 100_000 else (3, 5):
            gap(size, degree, asked.seconds)


def compare(seconds):
    from tests.engine.circles_brute_force import position_indexed_total

    print("1,000 structures anywhere, proof against the position-indexed programme in HiGHS")
    for degree in (3, 5, 8, 10):
        for name, round_to in (("all worth 1", 0), ("0.3 to 1", 3)):
            links, givers = anywhere(1_000, degree, round_to)
            found, ours = answered(links, givers, seconds)
            theirs, other = timed(position_indexed_total, links, set(givers), 3, 4)
            agree = "same total" if found.optimal and abs(found.total - theirs) < 1e-4 else "DIFFERENT"
            print(
                f"{degree:3} links each, {name:11} {found.total:9.3f}  {ours:6.2f} s  HiGHS {other:6.2f} s  "
                f"ratio {other / ours:5.1f}  {agree}"
            )


def compare_with_kep_solver(python, seconds):
    links, givers = anywhere(1_000, 8, 3)
    document = json.dumps({"size": 1_000, "links": links, "givers": givers})
    command = [python, "-c", KEP_SOLVER]
    done = subprocess.run(command, input=document, capture_output=True, check=False, text=True)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["?"])[-1]
        print(f"kep-solver: not measured ({reason}); to install it, see the top of this file")
        return
    found, ours = answered(links, givers, seconds)
    print(f"1,000 structures, 8 links each, 0.3 to 1: {found.total:.3f} in {ours:.2f} s")
    for name, total, other in map(json.loads, done.stdout.splitlines()):
        print(f"    kep-solver {name:20} {total:.3f} in {other:6.2f} s, ratio {other / ours:5.1f}")


def gap(size, degree, seconds):
    for name, graph in (("anywhere", anywhere), ("near by", near_by)):
        links, givers = graph(size, degree, 3)
        found, ours = answered(links, givers, seconds)
        proven = "proven best" if found.optimal else f"gap {1 - found.total / found.upper_bound:.3%}"
        print(
            f"{size:7} structures {name:8} {degree:2} links each  {len(found.circles):6} circles "
            f"{len(found.chains):5} chains  {found.total:10.3f}  {proven:12} {ours:6.1f} s"
        )


def answered(links, givers, seconds):
    from maillage.engine.circles import find

    find([(0, 1, 1)])  # compiled
    return timed(find, links, givers=givers, time_limit_s=seconds)


def timed(function, *arguments, **options):
    began = time.perf_counter()
    return function(*arguments, **options), time.perf_counter() - began


def anywhere(size, degree, round_to):
    """Links between any two, as in the literature: circles are rare and far apart."""
    chance = np.random.default_rng(SEED)
    ends = chance.integers(0, size, (2, size * degree))
    return linked(chance, size, ends, round_to)


def near_by(size, degree, round_to):
    """Links between neighbours of towns and villages, as associations give: circles are many and overlap."""
    chance = np.random.default_rng(SEED)
    towns, weight = chance.uniform(0, 1000, (max(5, size // 300), 2)), chance.pareto(1.2, max(5, size // 300)) + 0.1
    town = chance.choice(len(towns), size, p=weight / weight.sum())
    places = towns[town] + chance.normal(0, 6, (size, 2))
    near = cKDTree(places).query(places, 8 * degree + 1)[1][:, 1:]
    target = np.take_along_axis(near, np.argsort(chance.random(near.shape), axis=1)[:, :degree], axis=1)
    return linked(chance, size, np.stack([np.repeat(np.arange(size), degree), target.ravel()]), round_to)


def linked(chance, size, ends, round_to):
    """(links, givers): each pair once, nobody to himself nor to a giver; values from 0.3 to 1, rounded."""
    givers = chance.choice(size, int(GIVERS * size), replace=False)
    keep = (ends[0] != ends[1]) & ~np.isin(ends[1], givers)
    source, target = np.unique(ends[:, keep], axis=1)
    value = chance.uniform(0.3, 1, source.size).round(round_to) if round_to else np.ones(source.size)
    return list(zip(source.tolist(), target.tolist(), value.tolist(), strict=True)), givers.tolist()


if __name__ == "__main__":
    main()
