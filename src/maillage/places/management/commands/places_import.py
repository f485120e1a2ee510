"""./maillage places import FILE --source "…": places of a table, SCDL or ours; the report in French."""

import sys

from django.core.management.base import BaseCommand

from maillage.engine.french import number_fr
from maillage.places.importing import ImportRefused
from maillage.places.importing.plan import make_plan
from maillage.places.importing.services import LARGEST_FILE, confirm_import, request_import
from maillage.places.models import PlaceImportLine

LINES_SHOWN = 20


class Command(BaseCommand):
    help = "Importe des lieux d’un CSV : SCDL « équipements collectifs », ou notre modèle."

    def add_arguments(self, parser):
        parser.add_argument("file", help="fichier CSV, ou zip d’un seul CSV")
        parser.add_argument("--source", required=True, help="d’où vient ce fichier, par exemple « Ville de Toulouse »")
        parser.add_argument("--dry-run", action="store_true", help="dire ce qui serait fait sans rien écrire")

    def handle(self, *args, file, source, dry_run, **options):
        try:
            with open(file, "rb") as opened:
                plan = make_plan(opened.read(LARGEST_FILE + 1), source)
                opened.seek(0)
                done = None if dry_run else confirm_import(import_id=request_import(file=opened, source=source).pk)
        except OSError as error:
            self._refuse(f"Impossible de lire {file}\u00a0: {error.strerror or error}.")
        except ImportRefused as refusal:
            self._refuse(str(refusal))
        self.stdout.write(f"Import n°\u00a0{done.pk} terminé" if done else "Essai à blanc (rien n’est écrit)")
        labels = dict(PlaceImportLine.Outcome.choices)
        for outcome, count in plan.counts.items():
            self.stdout.write(f"  {labels[outcome]:<15}{number_fr(count):>8}")
        for line in plan.to_tell[:LINES_SHOWN]:
            said = [line.reason] if line.reason else line.notes
            if said:
                self.stdout.write(
                    f"  ligne {line.row.line_number}, {line.row.name or 'sans nom'}\u00a0: {', '.join(said)}"
                )

    def _refuse(self, sentence):
        self.stderr.write(f"{sentence}\nRien n’a été écrit.")
        sys.exit(2)
