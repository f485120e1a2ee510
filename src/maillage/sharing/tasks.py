"""Background work of sharing."""

import logging

from procrastinate.contrib.django import app

from maillage.sharing.drafts import remove_forgotten_drafts
from maillage.sharing.indexing import forget_words
from maillage.sharing.inventories.services import remove_forgotten_inventories

logger = logging.getLogger(__name__)


@app.periodic(cron="40 3 * * *")
@app.task(name="sharing.forget_words", queueing_lock="sharing.forget_words")
def forget_words_of_no_listing(timestamp):
    """Every night: the words of a listing made private must not be suggested for ever."""
    forget_words()
    logger.info("Words that no public listing uses any more are forgotten.")


@app.periodic(cron="50 3 * * *")
@app.task(name="sharing.remove_forgotten_drafts", queueing_lock="sharing.remove_forgotten_drafts")
def remove_drafts_that_nobody_touches(timestamp):
    logger.info("%d forgotten drafts are removed.", remove_forgotten_drafts())


@app.periodic(cron="55 3 * * *")
@app.task(name="sharing.remove_forgotten_inventories", queueing_lock="sharing.remove_forgotten_inventories")
def remove_inventories_that_nobody_confirms(timestamp):
    logger.info("%d inventories that nobody confirmed are removed.", remove_forgotten_inventories())
