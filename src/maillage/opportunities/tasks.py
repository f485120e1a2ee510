"""Background work of opportunities: a search on demand, and one each night."""

import logging

from django.conf import settings
from procrastinate.contrib.django import app

from maillage.accounts.models import User
from maillage.accounts.services import LETTERS
from maillage.accounts.tasks import AGAIN
from maillage.directory.models import Dissolution, Structure
from maillage.engine.crews import crew
from maillage.kernel.letters import send
from maillage.opportunities import dissolving, services
from maillage.opportunities.letters import dissolution_taken_back, structure_dissolved
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


@app.periodic(cron="35 * * * *")
@app.task(name="opportunities.follow_register", queueing_lock="opportunities.follow_register")
def follow_register(timestamp):
    """Every hour: what an import of the register dissolved must not stay open."""
    ended, living = dissolving.follow_register(site=settings.SITE_URL)
    logger.info("Structures that the register dissolved: %d closed, %d open again.", ended, living)


@app.task(name="opportunities.write_dissolution", queue=LETTERS, retry=AGAIN)
def write_dissolution(dissolution_id, person_id, reasons, site):
    dissolution = Dissolution.objects.standing().select_related("structure").filter(pk=dissolution_id).first()
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if dissolution and person:
        send(structure_dissolved(dissolution, person, reasons, site), to=person.email, site=site)


@app.task(name="opportunities.write_taken_back", queue=LETTERS, retry=AGAIN)
def write_taken_back(dissolution_id, person_id, back, site):
    over = Dissolution.objects.exclude(taken_back_at=None).filter(structure__in=Structure.objects.active())
    dissolution = over.select_related("structure").filter(pk=dissolution_id).first()
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if dissolution and person:
        send(dissolution_taken_back(dissolution, person, back, site), to=person.email, site=site)


@app.periodic(cron="0 3 * * *")
@app.task(name="opportunities.search_nightly", queueing_lock="opportunities.search_nightly")
def search_nightly(timestamp):
    services.ask_search()
