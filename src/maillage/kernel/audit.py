"""Who did it, and why, for what happens outside of a page: commands, jobs. Pages are told apart by a middleware.

PostgreSQL triggers (django-pghistory) write an event at each change of a tracked table, raw SQL included; ``acting``
gives these events the same context as a page would.
"""

import pghistory


def acting(user=None, *, reason=""):
    """A context manager: events written inside bear ``user`` and ``reason``; an inner context adds to the outer."""
    metadata = {"user": user.pk} if user else {}
    if reason:
        metadata["reason"] = reason
    return pghistory.context(**metadata)


def note(**facts):
    """Add to what the events to come bear, inside ``acting`` or a page; without effect elsewhere."""
    pghistory.context(**facts)
