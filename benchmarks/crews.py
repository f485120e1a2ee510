"""The same needs and offers matched whole, then in pieces: by one process, by several, by a cluster of this machine.

    python benchmarks/crews.py [--size 200000] [--workers 2]

The answers are compared to the last bit. A cluster of one machine shows what the way there and back costs, no more.
"""

import argparse
import os
import time

import numpy as np
from distributed import LocalCluster
from match_listings import OCCITANIE, invented

from maillage.engine.crews import Alone, Cluster, Processes
from maillage.engine.match.compiled import match_columns
from maillage.engine.match.pieces import Cut, match_piece

TOP = 20
FEW = np.arange(10)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--size", type=int, default=200_000)
    arguments.add_argument("--workers", type=int, default=os.cpu_count())
    asked = arguments.parse_args()
    needs, offers = invented(asked.size, OCCITANIE if asked.size <= 200_000 else None)
    match_columns(needs.take(FEW), offers.take(FEW))  # compiled
    began = time.perf_counter()
    whole = match_columns(needs, offers, TOP)
    reference = time.perf_counter() - began
    print(f"{asked.size} besoins, {asked.size} offres, {len(Cut(needs, offers))} morceaux")
    print(f"  {'en entier, tous les processeurs':44}{reference:6.1f} s")
    report("un processus, un processeur", Alone(), needs, offers, whole, reference)
    report(f"processus : {asked.workers}", Processes(asked.workers), needs, offers, whole, reference)
    with LocalCluster(n_workers=asked.workers, threads_per_worker=1, dashboard_address=":0") as cluster:
        crew = Cluster(cluster.scheduler_address)
        report(f"grappe Dask : {asked.workers} processus", crew, needs, offers, whole, reference)


def report(name, crew, needs, offers, whole, reference):
    with crew:
        list(crew.results(match_piece, ((piece, TOP) for piece in Cut(needs.take(FEW), offers.take(FEW)))))  # ready
        began = time.perf_counter()
        found = [np.full_like(whole[0], -1), np.zeros_like(whole[1]), np.zeros_like(whole[2])]
        for one in crew.results(match_piece, ((piece, TOP) for piece in Cut(needs, offers))):
            place = one.need_rows, slice(one.offer_rows.shape[1])
            for column, part in zip(found, (one.offer_rows, one.scores, one.distances), strict=True):
                column[place] = part
        seconds = time.perf_counter() - began
    same = all(column.tobytes() == expected.tobytes() for column, expected in zip(found, whole, strict=True))
    print(
        f"  {name:44}{seconds:6.1f} s  {reference / seconds:4.2f}  {'identique' if same else 'DIFFÉRENT'}", flush=True
    )


if __name__ == "__main__":
    main()
