"""Sending letters one after the other: what fails for one person keeps nobody else from theirs."""

import logging

MOST_FAILURES = 20  # letters that fail one after the other: the server of e-mail is down, or we are

logger = logging.getLogger(__name__)


def send_each(subscriptions, tell, *, post, what):
    """How many letters left; ``tell`` says of one Subscription whether its letter did.

    post  the connection to the server of e-mail that ``tell`` sends through
    what  the letters, for the journal of the server
    """
    sent, failures = 0, 0
    for subscription in subscriptions:
        try:
            sent += tell(subscription)
            failures = 0
        except Exception:
            logger.exception("%s for person %s did not leave; the next run tries again.", what, subscription.user_id)
            post.close()  # the next letter opens another
            failures += 1
            if failures == MOST_FAILURES:
                raise
    return sent
