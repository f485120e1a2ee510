"""What the two import commands share: progress on a terminal, the report in French, refusals with exit code 2."""

import json
import sys
from contextlib import contextmanager

from django.core.management.base import BaseCommand
from tqdm import tqdm

from maillage.directory.models import RegisterImport
from maillage.directory.register import RegisterRefused, reasons
from maillage.directory.services import import_register, refuse_import

NARROW_SPACE = "\u202f"


class RegisterCommand(BaseCommand):
    """A command that reads a register file; ``mapping`` tells how, None for the RNA."""

    def add_arguments(self, parser):
        parser.add_argument("file", help="fichier CSV, ou zip d’un seul CSV")
        parser.add_argument("--dry-run", action="store_true", help="donner le compte rendu sans rien écrire")
        parser.add_argument("--json", action="store_true", help="finir par une ligne JSON")

    def mapping(self, options):
        return None

    def handle(self, *args, **options):
        path = options["file"]
        kept = None
        try:
            mapping = self.mapping(options)
            with open(path, "rb") as file, _progress_bar() as progress:
                if not options["dry_run"]:
                    kept = RegisterImport.objects.create(
                        file_name=str(path).rsplit("/", 1)[-1][:255],
                        column_mapping=mapping or {},
                        state=RegisterImport.State.RUNNING,
                    )
                report = import_register(
                    file=file, mapping=mapping, dry_run=options["dry_run"], register_import=kept, on_progress=progress
                )
        except OSError as error:
            self._refuse(f"Impossible de lire {path}\u00a0: {error.strerror or error}.")
        except RegisterRefused as refusal:
            if kept:
                refuse_import(register_import=kept, refusal=refusal)
            self._refuse(str(refusal))
        self._print(report, dry_run=options["dry_run"])
        if options["json"]:
            self.stdout.write(json.dumps(report.summary(), ensure_ascii=False))

    def _refuse(self, sentence):
        self.stderr.write(f"{sentence}\nRien n’a été écrit.")
        sys.exit(2)

    def _print(self, report, *, dry_run):
        title = "Essai à blanc (rien n’est écrit)" if dry_run else "Import terminé"
        self.stdout.write(f"{title}\u00a0: {report.layout}")
        counts = [
            ("lues", report.read),
            ("créées", report.created),
            ("mises à jour", report.updated),
            ("inchangées", report.unchanged),
            ("ignorées", report.skipped),
        ]
        for label, count in counts:
            self.stdout.write(f"  {label:<13}{_number(count):>10}")
        for title, kind in (
            ("Lignes ignorées", report.skipped_reasons),
            ("Lignes reprises avec une remarque", report.noted_reasons),
        ):
            if kind:
                self.stdout.write(f"{title}\u00a0:")
            for reason, count in kind.items():
                lines = ", ".join(map(str, report.first_lines[reason]))
                noun = "ligne" if count == 1 else "lignes"
                more = "…" if count > len(report.first_lines[reason]) else ""
                self.stdout.write(f"  {_number(count)} × {reasons.label(reason)} ({noun} {lines}{more})")


def _number(count):
    return f"{count:,}".replace(",", NARROW_SPACE)


@contextmanager
def _progress_bar():
    """Yields ``progress(done, total)``, drawn on a terminal only."""
    with tqdm(unit="o", unit_scale=True, desc="Import", disable=not sys.stderr.isatty(), file=sys.stderr) as bar:

        def progress(done, total):
            bar.total = total
            bar.update(done - bar.n)

        yield progress
