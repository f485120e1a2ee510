from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from maillage.digest.services import tell_news


class Command(BaseCommand):
    help = "Write the news to all those whose day has come, as each morning does; those already told are left in peace."

    def add_arguments(self, parser):
        parser.add_argument("--site", metavar="ADDRESS", help="address of the site that letters name (MAILLAGE_URL)")

    def handle(self, *, site, **options):
        site = site or settings.SITE_URL
        if not site:
            raise CommandError("Give the address of the site: --site https://maillage.example/, or MAILLAGE_URL.")
        self.stdout.write(f"{tell_news(site=site)} letters")
