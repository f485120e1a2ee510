"""Instants as the door writes them: ISO 8601, to the minute when that says it all."""

from datetime import UTC


def local_text(moment, zone):
    """ISO 8601, local to ``zone``: the door reads it back as the same instant.

    The second of two equal hours, and it alone, carries its offset.
    """
    local = moment.astimezone(zone)
    return (local if local.fold else local.replace(tzinfo=None)).isoformat(timespec=_precision(local))


def utc_text(moment):
    """ISO 8601, in UTC: « 2026-11-07T17:30Z »."""
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec=_precision(utc))}Z"


def _precision(moment):
    return "auto" if moment.second or moment.microsecond else "minutes"
