"""``./maillage COMMAND``: ours, Django's, PostgreSQL's, each with a database that answers."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from maillage.config import environment
from maillage.config.environment import Refusal

PACKAGE_FOLDER = Path(__file__).resolve().parents[1]
POSTGRES_PROGRAMS = ("psql", "pg_dump", "pg_restore", "vacuumdb")
WITHOUT_DATABASE = ("build_assets", "collectstatic", "check", "version", "territory_build")

HELP = """\
Usage: ./maillage COMMAND

Every day
  up                                  prepare what is missing, start everything, give the address (Ctrl-C stops it)
  test [PYTEST ARGUMENTS]             run the tests, with what they need: database, browser
  help                                this list

Territory and directory
  territory load [31 09 ...]          load the communes of France and draw these départements
  territory build --npm-package FILE  make the files of facts anew from their two packages
  directory import-rna FILE           import the register of associations (--dry-run, --json, --help)
  directory import-csv FILE           import structures from a CSV file, columns named by you (--help)
  directory undo-import [NUMBER]      take back what the last import of a register changed (--dry-run, --help)
  places import FILE                  import places where people meet (--source, --dry-run, --help)
  demonstration load                  add invented structures, people and listings
  demonstration remove                take them away

Engine
  engine TOPIC < case.json            compute without a database (engine --help lists the topics)
  opportunities search                search the territory now (--workers, --scheduler ADDRESS, --dry-run, --help)
  cluster scheduler, cluster worker   have other machines compute (docs/operating.md)

Upkeep
  build_assets                        make the fonts, the icon sheet and the style sheet anew
  digest send                         write the news of the day now (--site ADDRESS)
  digest remind                       write to those whose listings end (--site ADDRESS)
  sharing reindex                     make the search index anew
  procrastinate worker                run background jobs, when the pages are served by something else than « up »
  accounts drop-second-factor ADDRESS let in someone who lost telephone and codes of rescue
  psql, pg_dump, pg_restore, vacuumdb PostgreSQL's programs, pointed at Maillage's database
  migrate, createsuperuser, shell ... any Django command (./maillage django lists them)

MAILLAGE_DATA, MAILLAGE_PORT, DATABASE_URL and other settings: docs/operating.md.
"""


def main(arguments=None):
    arguments = sys.argv[1:] if arguments is None else arguments
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        return _run(arguments)
    except (Refusal, ImproperlyConfigured) as refusal:
        print(f"maillage: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _leave(number, frame):
    """End as after Ctrl-C, so that what was started is stopped."""
    sys.exit(128 + number)


def _run(arguments):
    command, *rest = arguments or ["help"]
    if command in ("help", "-h", "--help"):
        print(HELP, end="")
        return 0
    if command == "engine":
        from maillage.engine import door

        return door.main(rest)
    if command == "cluster":
        from maillage.config import cluster

        return cluster.main(rest)
    if command == "up":
        from maillage.config import server

        return server.up()
    if command == "test":
        from maillage.config import testing

        return testing.run(rest)
    return _run_with_database(management_command(arguments))


def management_command(arguments):
    """The words of Django: ``territory load 31`` is ``territory_load 31``, ``django`` is its list of commands."""
    if arguments[0] == "django":
        return ["help", *arguments[1:]]
    joined = "_".join(arguments[:2]).replace("-", "_")
    if len(arguments) > 1 and _is_ours(joined):
        return [joined, *arguments[2:]]
    return list(arguments)


def _is_ours(command):
    return any(PACKAGE_FOLDER.glob(f"*/management/commands/{command}.py"))


def _run_with_database(arguments):
    from maillage.config.installation import database, prepare

    folder = prepare()
    if arguments[0] in WITHOUT_DATABASE or arguments[0] == "help" or {"-h", "--help"} & set(arguments):
        return _run_django(arguments)
    with database(folder):
        if arguments[0] in POSTGRES_PROGRAMS:
            return _run_program(arguments)
        if _is_ours(arguments[0]):
            _fill(arguments[0])
        return _run_django(arguments)


def _fill(command):
    """On a bare machine, a register can be imported before anything else was done."""
    import django

    from maillage.config import content

    django.setup()
    content.prepare_tables()
    if command != "territory_load":
        content.load_missing_territory()


def _run_django(arguments):
    from django.core.management import execute_from_command_line

    execute_from_command_line(["./maillage", *arguments])
    return 0


def _run_program(arguments):
    """Run a program of PostgreSQL, told of the database by its environment, where no one can read a password."""
    program = shutil.which(arguments[0])
    if program is None:
        raise Refusal(f"{arguments[0]} is not on this machine: install the client programs of PostgreSQL.")
    settings = environment.database(os.environ["DATABASE_URL"])
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    known = {variable: settings[name] for variable, name in names.items() if settings[name]}
    known |= {f"PG{name.upper()}": value for name, value in settings["OPTIONS"].items()}  # sslmode is PGSSLMODE
    return subprocess.run([program, *arguments[1:]], env={**os.environ, **known}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
