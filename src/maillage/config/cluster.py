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
give the address of a private network, or certificates (docs/operating.md).
"""
PROGRAMS = {
    "scheduler": ("distributed.cli.dask_scheduler", ()),
    "worker": ("distributed.cli.dask_worker", ("--nthreads=1", f"--nworkers={os.cpu_count()}")),
}
WITHOUT_PAGES = ("--no-dashboard", "--dashboard-address=127.0.0.1:0")  # of Dask, which would listen everywhere
SECRETS = ("MAILLAGE_SECRET_KEY", "DATABASE_URL")  # whoever reaches a worker may read its environment
PLACE_OPTIONS = ("--host", "--interface")


def main(arguments):
    """Become the program that is asked; returns only for the help."""
    name, *rest = arguments or ["--help"]
    if name not in PROGRAMS:
        print(HELP, end="")
        return 0 if name in ("-h", "--help", "help") else 2
    if importlib.util.find_spec("distributed") is None:
        raise Refusal("The package distributed is missing: start Maillage by ./maillage, which installs it.")
    prepare()
    module, defaults = PROGRAMS[name]
    is_placed = any(argument.startswith(PLACE_OPTIONS) for argument in rest)
    place = () if is_placed else ("--host=127.0.0.1",)
    environment = {name: value for name, value in os.environ.items() if name not in SECRETS}
    command = [sys.executable, "-P", "-m", module, *place, *WITHOUT_PAGES, *defaults, *rest]
    return os.execve(sys.executable, command, environment)
