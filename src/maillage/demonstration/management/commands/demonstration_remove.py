"""./maillage demonstration remove: take away all that the demonstration brought."""

from django.core.management.base import BaseCommand

from maillage.demonstration import services


class Command(BaseCommand):
    help = "Retire les structures, les personnes et les annonces inventées de la démonstration."

    def handle(self, *args, **options):
        removed = services.remove_demonstration()
        self.stdout.write(
            f"Démonstration retirée : {removed.structures} structures, {removed.people} personnes, "
            f"{removed.listings} annonces."
        )
