"""./maillage directory undo-import [NUMBER]: takes back what an import of the register changed."""

import sys

from django.core.management.base import BaseCommand

from maillage.directory import undoing
from maillage.directory.models import RegisterImport
from maillage.directory.register import RegisterRefused, changes
from maillage.engine.french import number_fr

SHOWN = 10


class Command(BaseCommand):
    help = "Défait un import du registre\u00a0: le dernier, ou celui dont on donne le numéro."

    def add_arguments(self, parser):
        parser.add_argument("number", nargs="?", type=int, help="numéro de l’import ; le dernier, sinon")
        parser.add_argument("--dry-run", action="store_true", help="dire ce qui serait défait sans rien écrire")

    def handle(self, *args, number, dry_run, **options):
        try:
            register_import = self._wanted(number)
            kept = changes.kept(register_import, SHOWN)
            counts = self._undo(register_import, dry_run)
        except RegisterRefused as refusal:
            self.stderr.write(f"{refusal}\nRien n’a été défait.")
            sys.exit(2)
        title = "Essai à blanc (rien n’est écrit)" if dry_run else "Import défait"
        self.stdout.write(f"{title}\u00a0: n°\u00a0{register_import.pk}, {register_import.file_name}")
        for name, label in (("removed", "retirées"), ("restored", "remises"), ("kept", "gardées")):
            self.stdout.write(f"  {label:<13}{number_fr(counts[name]):>10}")
        if counts["changed"]:
            self.stdout.write(f"  dont {number_fr(counts['changed'])} remises sauf ce qui a changé depuis")
        for key, name in kept:
            self.stdout.write(f"  gardée, car elle sert\u00a0: {name} (n°\u00a0{key})")

    def _wanted(self, number):
        register_import = RegisterImport.objects.filter(pk=number).first() if number else undoing.latest()
        if register_import is None:
            raise RegisterRefused("Cet import n’existe pas." if number else "Il n’y a aucun import à défaire.")
        return register_import

    def _undo(self, register_import, dry_run):
        if not dry_run:
            return undoing.undo_import(register_import_id=register_import.pk)
        if why_not := undoing.why_not(register_import):
            raise RegisterRefused(why_not)
        return changes.count(register_import)
