"""./maillage demonstration load: fill the territory with invented structures, people and listings."""

from django.core.management.base import BaseCommand, CommandError

from maillage.demonstration import services
from maillage.demonstration.people import personas


class Command(BaseCommand):
    help = "Charge les structures, les personnes et les annonces inventées de la démonstration."

    def add_arguments(self, parser):
        parser.add_argument("--seed", type=int, default=services.SEED, help="graine : la même donne les mêmes données")
        parser.add_argument("--structures", type=int, default=services.STRUCTURES, help="nombre de structures")
        parser.add_argument("--force", action="store_true", help="charge même à côté de vraies structures")

    def handle(self, *args, seed, structures, force, **options):
        try:
            loaded = services.load_demonstration(seed=seed, structures=structures, force=force)
        except services.DemonstrationRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        state = "Démonstration chargée" if loaded.is_new else "La démonstration est déjà là"
        self.stdout.write(
            f"{state} : {loaded.structures} structures, {loaded.people} personnes, {loaded.listings} annonces."
        )
        for email, _, persona in personas():
            self.stdout.write(f"  {email} : {persona}")
        self.stdout.write(f"  mot de passe : {services.PASSWORD}")
