from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from maillage.digest.reminding import remind


class Command(BaseCommand):
    help = "Write to those whose listings end, as each morning does; nobody hears twice of the same end."

    def add_arguments(self, parser):
        parser.add_argument("--site", metavar="ADDRESS", help="address of the site that letters name (MAILLAGE_URL)")

    def handle(self, *, site, **options):
        site = site or settings.SITE_URL
        if not site:
            raise CommandError("Give the address of the site: --site https://maillage.example/, or MAILLAGE_URL.")
        self.stdout.write(f"{remind(site=site)} letters")
