"""Background work of loans: one job for each reader, so that a letter that fails is the only one to be sent again."""

import logging

from django.conf import settings
from procrastinate.contrib.django import app

from maillage.accounts.models import User
from maillage.accounts.services import LETTERS
from maillage.accounts.tasks import AGAIN
from maillage.directory.models import Mandate
from maillage.handovers import reminding
from maillage.handovers.loans import structure_of
from maillage.handovers.post import LETTERS as KINDS
from maillage.kernel.letters import send

logger = logging.getLogger(__name__)


@app.periodic(cron="15 7-19 * * *")
@app.task(name="handovers.remind", queueing_lock="handovers.remind")
def remind(timestamp):
    """Every hour of the day: what ends, what is late, who comes next; the hours after catch up what was missed."""
    if not settings.SITE_URL:
        logger.warning("Loans: nobody is reminded, MAILLAGE_URL does not say which address of the site letters name.")
        return
    logger.info("Loans: %d reminders left.", reminding.remind(site=settings.SITE_URL))


@app.task(name="handovers.tell", queue=LETTERS)
def tell(what, about, site):
    subject = KINDS[what].read(about)
    for side in KINDS[what].sides(subject) if subject else ():
        acting = Mandate.objects.current().filter(structure=structure_of(side, getattr(subject, "booking", subject)))
        for person in User.objects.filter(pk__in=acting.values("user"), is_active=True).order_by("pk"):
            app.configure_task("handovers.write_letter", queue=LETTERS).defer(
                what=what, about=about, person_id=person.pk, site=site
            )


@app.task(name="handovers.write_letter", queue=LETTERS, retry=AGAIN)
def write_letter(what, about, person_id, site):
    subject = KINDS[what].read(about)
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if subject and person:
        send(KINDS[what].compose(subject, person, site), to=person.email, site=site)
