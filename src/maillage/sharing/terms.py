"""How long a listing stays shown: the term of a new one, what renewing gives, when « Renouveler » is offered."""

from datetime import timedelta

USUAL = {"offer": timedelta(days=365), "need": timedelta(days=91)}
LONGEST = {"offer": timedelta(days=730), "need": timedelta(days=366)}
ENDS_SOON = timedelta(days=30)
REMINDED_BEFORE = timedelta(days=14)
TOLD_AFTER = timedelta(days=7)


def usual_until(direction, today, last_day=None):
    """The last day on which a listing published or renewed ``today`` is shown, unless its author chose another."""
    return within(direction, today + USUAL[direction], last_day)


def longest_until(direction, today):
    return today + LONGEST[direction]


def within(direction, until, last_day):
    """``until``, or the last day of a need when that comes before: nobody is asked for what is over."""
    return min(until, last_day) if direction == "need" and last_day else until


def renewed_until(listing, today):
    """Until when ``listing`` would be shown, were it renewed ``today``: never shorter than it is."""
    return max(listing.valid_until, usual_until(listing.direction, today, listing.last_day))


def is_renewable(listing, today):
    """Whether renewing would show it longer; one whose days are over needs other days first."""
    is_over = listing.last_day is not None and listing.last_day < today
    return not is_over and renewed_until(listing, today) > listing.valid_until
