"""Background work of news and reminders: each morning, and again for those whom a stop left out."""

import logging

from django.conf import settings
from procrastinate.contrib.django import app

from maillage.digest import reminding, services, team

logger = logging.getLogger(__name__)


@app.periodic(cron="30 6-9 * * *")
@app.task(name="digest.tell_news", queueing_lock="digest.tell_news")
def tell_news(timestamp):
    if not settings.SITE_URL:
        logger.warning("News are not sent: MAILLAGE_URL does not say which address of the site letters name.")
        return
    logger.info("News: %s letters.", services.tell_news(site=settings.SITE_URL))


@app.periodic(cron="40 6-9 * * *")
@app.task(name="digest.tell_team", queueing_lock="digest.tell_team")
def tell_team(timestamp):
    if not settings.SITE_URL:
        logger.warning("Agents are not told what waits: MAILLAGE_URL does not say which address letters name.")
        return
    logger.info("What waits for the team: %s letters.", team.tell_team(site=settings.SITE_URL))


@app.periodic(cron="0 7-10 * * *")
@app.task(name="digest.remind", queueing_lock="digest.remind")
def remind(timestamp):
    if not settings.SITE_URL:
        logger.warning("Reminders are not sent: MAILLAGE_URL does not say which address of the site letters name.")
        return
    logger.info("Reminders: %s letters.", reminding.remind(site=settings.SITE_URL))
