"""Needs matched with as many offers, twenty thousand to a million and a half: the engine, beside tuned PostgreSQL.

    python benchmarks/match_at_scale.py [--sizes 20000 200000 1500000] [--sql-needs 400] [--checked 20]

PostgreSQL answers a sample of the needs: its time for all is extrapolated. Its answers, and those of a brute force that
looks at every offer, are compared with the engine's. Each step runs in a process of its own, whose memory is its peak.
"""

import argparse
import pickle
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import match_sql
import numpy as np
from match_brute_force import BruteForce
from match_listings import OCCITANIE, as_listing, invented

from maillage.engine.match import Columns

TOP = 20
ALONE = 1000  # listings asked one by one
TRIES = 3  # of each, the quickest: what else runs on the machine is not counted
SEED = 31


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--sizes", type=int, nargs="+", default=[20_000, 200_000, 1_500_000])
    arguments.add_argument("--sql-needs", type=int, default=400)
    arguments.add_argument("--checked", type=int, default=20)
    asked = arguments.parse_args()
    with TemporaryDirectory() as folder, match_sql.database() as url:
        for size in asked.sizes:
            report(size, Path(folder) / "listings", url, asked.sql_needs, asked.checked)


def report(size, file, url, sql_needs, checked):
    sample = np.random.default_rng(SEED).choice(size, max(sql_needs, checked), replace=False)
    in_a_process(invent, size, file)
    ours, engine_s, figures = in_a_process(measure, file, sample)
    print(f"{size} besoins, {size} offres, les {TOP} meilleures")
    for name, value in figures.items():
        print(f"  {name:52}{value}", flush=True)
    brute = in_a_process(brute_force, file, sample[:checked])
    print(f"  {'identiques à la force brute':52}{agreement(ours, brute)}")
    sql, seconds = in_a_process(ask_sql, file, url, sample[:sql_needs])
    print(f"  {'identiques à PostgreSQL':52}{agreement(ours, sql)}")
    each = seconds / sql_needs
    print(f"  {'PostgreSQL, par besoin':52}{1000 * each:.2f} ms ; extrapolé à tous : {each * size:.0f} s")
    print(f"  {'le moteur, par rapport à PostgreSQL':52}{each * size / engine_s:.0f} fois plus vite", flush=True)


def in_a_process(function, *arguments):
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(function, *arguments).result()


def invent(size, file):
    departements = {20_000: ("31",), 200_000: OCCITANIE}.get(size)
    file.write_bytes(pickle.dumps(invented(size, departements, SEED), pickle.HIGHEST_PROTOCOL))


def measure(file, sample):
    """({need: its [(offer, score)…]} of the sample, seconds for all, {what: its figure})."""
    needs, offers = pickle.loads(file.read_bytes())
    columns_mb = peak_mb()
    started = time.perf_counter()
    from maillage.engine.match.compiled import Index

    Index(offers.take(np.arange(10)), needs=False).best(needs.take(np.arange(10)), TOP)
    ready = time.perf_counter()
    index = Index(offers, needs=False)
    built = time.perf_counter()
    processor = time.process_time()
    rows, scores, _ = index.best(needs, TOP)
    ended = time.perf_counter()
    figures = {
        "Numba prêt (s)": f"{ready - started:.1f}",
        "appariement (s)": f"{ended - ready:.1f}",
        "dont rangement des offres (s)": f"{built - ready:.1f}",
        "temps de processeur par besoin (µs)": f"{1e6 * (time.process_time() - processor) / len(needs):.1f}",
        "mémoire au plus (Mo), dont les colonnes au départ": f"{peak_mb():.0f}, {columns_mb:.0f}",
        "besoins avec une offre, avec vingt": f"{(rows[:, 0] >= 0).mean():.1%}, {(rows[:, -1] >= 0).mean():.1%}",
        "une annonce nouvelle, texte compris (ms)": one_by_one(index, needs, sample),
    }
    ours = {need: pairs(rows[need], scores[need]) for need in sample.tolist()}
    return ours, ended - ready, figures


def pairs(rows, scores):
    return [(row, score) for row, score in zip(rows.tolist(), scores.tolist(), strict=True) if row >= 0]


def one_by_one(index, needs, sample):
    """Quantiles of the time from a listing as a page has it to its best offers."""
    codes, seconds = needs.codes, []
    words, categories = list(codes.stems), list(codes.categories)
    for row in np.resize(sample, ALONE).tolist():
        listing = as_listing(needs, row, words, categories)
        tries = [lambda listing=listing: index.best(Columns.of([listing], codes), TOP)] * TRIES
        seconds.append(min(map(duration, tries)))
    median, p95, most = 1000 * np.quantile(seconds, (0.5, 0.95, 1))
    return f"médiane {median:.2f}, p95 {p95:.2f}, au plus {most:.2f}"


def brute_force(file, sample):
    needs, offers = pickle.loads(file.read_bytes())
    brute = BruteForce(offers)
    return {need: pairs(*brute.best(needs, need, TOP)) for need in sample.tolist()}


def ask_sql(file, url, sample):
    """({need: its [(offer, score)…]}, seconds)."""
    match_sql.load(url, *pickle.loads(file.read_bytes()), sample)
    match_sql.answers(url, sample[:20], TOP)  # what is read for the first time is not counted
    started = time.perf_counter()
    return match_sql.answers(url, sample, TOP), time.perf_counter() - started


def agreement(ours, theirs):
    """How many of their needs have the same offers in the same order; scores may be rounded the other way."""
    same = 0
    for need, found in theirs.items():
        same += len(found) == len(ours[need]) and np.allclose(found, ours[need], rtol=0, atol=1.1e-6)
    return f"{same} besoins sur {len(theirs)}"


def duration(function):
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
