"""What a database must hold before pages or commands use it: tables, and the communes that everything stands on.

Django is set up before these functions are called.
"""

import sys

from maillage.config.environment import Refusal


def prepare_tables():
    """Migrate when there is something to migrate."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Preparing the tables")
        call_command("migrate", interactive=False, verbosity=0)


def load_missing_territory():
    """Load the départements of the settings that are not there."""
    from django.conf import settings

    from maillage.territory.models import Departement
    from maillage.territory.services import UnknownDepartement, load_territory
    from maillage.territory.sources import SourceMissing

    if set(settings.TERRITORY) - set(Departement.objects.loaded().values_list("code", flat=True)):
        say(f"Loading the territory ({', '.join(settings.TERRITORY)})")
        try:
            load_territory(departements=settings.TERRITORY)
        except (UnknownDepartement, SourceMissing) as refusal:
            raise Refusal(f"MAILLAGE_TERRITORY: {refusal}") from None


def say(what):
    print(f"{what}...", file=sys.stderr, flush=True)
