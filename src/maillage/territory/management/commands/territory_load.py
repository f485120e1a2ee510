from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from maillage.territory.services import UnknownDepartement, load_territory
from maillage.territory.sources import SourceMissing


class Command(BaseCommand):
    help = "Loads the communes of France, and the contours of the départements named (default: those of the settings)."

    def add_arguments(self, parser):
        parser.add_argument("departements", nargs="*", metavar="CODE", help="codes of départements, for example 31 09")

    def handle(self, *, departements, **options):
        try:
            report = load_territory(departements=departements or settings.TERRITORY)
        except (UnknownDepartement, SourceMissing) as error:
            raise CommandError(error) from error
        for code, count in report.contours.items():
            self.stdout.write(f"Département {code} : contours de {count} communes.")
        if report.changed:
            self.stdout.write(", ".join(f"{kind} : {count}" for kind, count in report.written.items() if count))
        else:
            self.stdout.write("Rien n’a changé.")
