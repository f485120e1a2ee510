"""``./maillage accounts drop-second-factor ADDRESS``: for someone who lost both telephone and codes of rescue."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from maillage.accounts import protection
from maillage.accounts.models import User


class Command(BaseCommand):
    help = "Ne demande plus de deuxième étape à une personne, qui en est prévenue. Vérifiez d’abord que c’est elle."

    def add_arguments(self, parser):
        parser.add_argument("address", help="l’adresse e-mail du compte")

    def handle(self, *args, address, **options):
        person = User.objects.with_address(address)
        if person is None or not protection.has_second_factor(person):
            raise CommandError(f"Aucun compte avec une deuxième étape n’a l’adresse {address}.")
        protection.turn_off(person=person, site=settings.SITE_URL or f"https://{settings.ALLOWED_HOSTS[0]}/")
        self.stdout.write(f"{address} se connecte désormais sans deuxième étape.")
