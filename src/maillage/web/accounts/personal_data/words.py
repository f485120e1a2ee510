"""Moments and days as the file says them."""

from django.utils import timezone

from maillage.engine.french import date_fr, time_fr

YES_OR_NO = {True: "oui", False: "non"}


def at_moment(moment):
    if moment is None:
        return None
    local = timezone.localtime(moment)
    return f"{date_fr(local)} à {time_fr(local)}"


def on_day(day):
    return date_fr(day) if day else None
