"""Background work of opportunities: a search on demand, and one each night."""

import logging

from django.conf import settings
from procrastinate.contrib.django import app

from maillage.engine.crews import crew
from maillage.opportunities import services
from maillage.opportunities.models import Run

logger = logging.getLogger(__name__)


@app.task(name="opportunities.search", lock="opportunities.search")
def search(run_id):
    run = Run.objects.filter(pk=run_id).first()
    if run is None:
        return
    try:
        services.run_asked_search(
            run=run, crew=crew(workers=settings.SEARCH_WORKERS, scheduler=settings.SEARCH_SCHEDULER)
        )
    except services.SearchUnderWay:
        logger.info("Search of opportunities %s is done by another process.", run_id)
    else:
        logger.info("Search of opportunities %s ended.", run_id)


@app.periodic(cron="0 3 * * *")
@app.task(name="opportunities.search_nightly", queueing_lock="opportunities.search_nightly")
def search_nightly(timestamp):
    services.ask_search()
