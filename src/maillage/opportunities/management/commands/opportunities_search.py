import dataclasses
import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from maillage.engine.crews import CrewUnavailable, crew
from maillage.opportunities.finding import find_all
from maillage.opportunities.services import SearchUnderWay, search_now


class Command(BaseCommand):
    help = "Search the whole territory for opportunities: circles, chains, jobs, purchases, equipment."

    def add_arguments(self, parser):
        parser.add_argument(
            "--workers",
            type=int,
            nargs="?",
            const=0,
            metavar="COUNT",
            help="processes that compute; without a number, one for each processor",
        )
        parser.add_argument(
            "--scheduler",
            metavar="ADDRESS",
            help="Dask cluster that computes, for example tcp://10.0.0.1:8786 (see ./maillage cluster)",
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="write what is found on the output, a line of JSON for each, and keep nothing",
        )

    def handle(self, *, workers, scheduler, dry_run, **options):
        if workers is None and scheduler is None:
            workers, scheduler = settings.SEARCH_WORKERS, settings.SEARCH_SCHEDULER
        try:
            computing = crew(workers=1 if workers is None else workers, scheduler=scheduler)
            with tqdm(total=1, disable=None, bar_format="{l_bar}{bar}| {elapsed}") as bar:
                self._search(computing, lambda share: bar.update(share - bar.n), dry_run)
        except CrewUnavailable as refusal:
            raise CommandError(str(refusal)) from None
        except SearchUnderWay:
            raise CommandError("Another search is under way: wait until it ends.") from None

    def _search(self, computing, on_progress, dry_run):
        if not dry_run:
            self.stdout.write(json.dumps(search_now(crew=computing, on_progress=on_progress)))
            return
        with computing:
            for one in find_all(computing, on_progress):
                self.stdout.write(json.dumps(dataclasses.asdict(one), sort_keys=True))
