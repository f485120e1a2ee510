from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from maillage.territory.building import build_facts, write_contours
from maillage.territory.sources import SourceMissing


class Command(BaseCommand):
    help = "Rebuilds the files of facts that Maillage ships: communes of France, and contours of some départements."

    def add_arguments(self, parser):
        parser.add_argument("--npm-package", type=Path, required=True, help="@etalab/decoupage-administratif .tgz file")
        parser.add_argument("--contours", nargs="*", default=["31"], metavar="CODE", help="départements (default: 31)")

    def handle(self, *, npm_package, contours, **options):
        try:
            for name, count in build_facts(npm_package).items():
                self.stdout.write(f"{name} : {count} lignes")
            for departement in contours:
                self.stdout.write(f"contours {departement} : {write_contours(departement)} communes")
        except SourceMissing as error:
            raise CommandError(error) from error
