"""``./maillage cluster``: the two programs of Dask that let several machines search, with safe choices unless told."""

import importlib.util
import os
import sys

from maillage.config.environment import Refusal
from maillage.config.installation import prepare

HELP = """\
Usage: ./maillage cluster scheduler [OPTIONS OF DASK SCHEDULER]
       ./maillage cluster worker tcp://ADDRESS:8786 [OPTIONS OF DASK WORKER]

One scheduler, and a worker on each machine, which takes every processor of it. Each machine needs the same version of
Maillage, and no database. Then: ./maillage opportunities search --scheduler tcp://ADDRESS:8786

Whoever reaches the scheduler or a worker may run programs there. Without --host, it answers to its own machine alone;
give the address of a private network, or certificates (--tls-ca-file, --tls-cert, --tls-key).
"""
PROGRAMS = {
    "scheduler": ("distributed.cli.dask_scheduler", ("--no-dashboard",)),
    "worker": ("distributed.cli.dask_worker", ("--no-dashboard", "--nthreads=1", f"--nworkers={os.cpu_count()}")),
}
PLACE_OPTIONS = ("--host", "--interface")


def main(arguments):
    """Become the program that is asked; returns only for the help."""
    name, *rest = arguments or ["--help"]
    if name not in PROGRAMS:
        print(HELP, end="")
        return 0 if name in ("-h", "--help", "help") else 2
    if importlib.util.find_spec("distributed") is None:
        raise Refusal("The package distributed is missing: pip install 'maillage[distributed]'.")
    prepare()
    module, defaults = PROGRAMS[name]
    is_placed = any(argument.startswith(PLACE_OPTIONS) for argument in rest)
    place = () if is_placed else ("--host=127.0.0.1",)
    return os.execv(sys.executable, [sys.executable, "-m", module, *place, *defaults, *rest])
