"""``sharing_reindex``: after a change of the taxonomy or of the rules of French text."""

from django.core.management.base import BaseCommand
from django.db import transaction
from tqdm import tqdm

from maillage.sharing.indexing import reindex
from maillage.sharing.models import Listing


class Command(BaseCommand):
    help = "Refait l’index de recherche de toutes les annonces."

    def handle(self, **options):
        with tqdm(total=Listing.objects.count(), unit=" annonces", disable=None) as bar, transaction.atomic():
            count = reindex(progress=bar.update)
        self.stdout.write(f"{count} annonces indexées.")
