from django.core.management.base import BaseCommand

from maillage.web import assets


class Command(BaseCommand):
    help = "Make the fonts, the icon sheet and the style sheet that pages load (only what changed)."
    requires_system_checks = []

    def handle(self, **options):
        changed = assets.build()
        for path in changed:
            self.stdout.write(f"{path} ({path.stat().st_size:,} bytes)")
        if not changed:
            self.stdout.write("Assets are up to date.")
