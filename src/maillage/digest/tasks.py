"""Background work of news and reminders: each morning, again for those whom a stop left out; each night, forgetting."""

import logging

from django.conf import settings
from procrastinate.contrib.django import app

from maillage.digest import reminding, services, team

logger = logging.getLogger(__name__)


@app.periodic(cron="30 6-9 * * *")
@app.task(name="digest.tell_news", queueing_lock="digest.tell_news")
def tell_news(timestamp):
    _write("News", services.tell_news)


@app.periodic(cron="40 6-9 * * *")
@app.task(name="digest.tell_team", queueing_lock="digest.tell_team")
def tell_team(timestamp):
    _write("What waits for the team", team.tell_team)


@app.periodic(cron="0 7-10 * * *")
@app.task(name="digest.remind", queueing_lock="digest.remind")
def remind(timestamp):
    _write("Reminders", reminding.remind)


@app.periodic(cron="45 3 * * *")
@app.task(name="digest.forget_reminders", queueing_lock="digest.forget_reminders")
def forget_reminders(timestamp):
    logger.info("%d reminders of terms long gone are removed.", reminding.forget_reminders())


def _write(what, tell):
    if not settings.SITE_URL:
        logger.warning("%s: not sent, MAILLAGE_URL does not say which address of the site letters name.", what)
        return
    logger.info("%s: %s letters.", what, tell(site=settings.SITE_URL))
