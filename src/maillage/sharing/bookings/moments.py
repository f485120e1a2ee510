"""The parts of a day at which an offer is lent « à la demi-journée », within its own hours."""

from datetime import time

from maillage.engine.french import time_fr

MOMENTS = {
    "morning": ("Matin", time(8), time(13)),
    "afternoon": ("Après-midi", time(13), time(18)),
    "evening": ("Soirée", time(18), time(23)),
    "day": ("Matin et après-midi", time(8), time(18)),
}


def moments_of(listing):
    """{name: (first hour, last hour)} of those that its hours leave; the whole day only when both halves are there."""
    opens, closes = listing.starts_at or time.min, listing.ends_at or time.max
    found = {name: (max(start, opens), min(end, closes)) for name, (_, start, end) in MOMENTS.items()}
    left = {name: hours for name, hours in found.items() if hours[0] < hours[1]}
    if not {"morning", "afternoon"} <= left.keys():
        left.pop("day", None)
    return left


def said(name, hours):
    """« Matin, de 8 h à 13 h »."""
    return f"{MOMENTS[name][0]}, de {time_fr(hours[0])} à {time_fr(hours[1])}"
