"""Periods of bookings (aware, half-open) as local days, and in French."""

from datetime import time, timedelta

from django.utils import timezone

from maillage.engine.french import NBSP, date_fr, day_fr, time_fr

A_DAY = timedelta(days=1)


def first_day_of(period):
    return timezone.localtime(period.lower).date()


def last_day_of(period):
    """The local day on which a period ends; midnight belongs to the day before."""
    return timezone.localtime(period.upper - timedelta(microseconds=1)).date()


def days_of(period):
    """The local days that a period touches."""
    first = first_day_of(period)
    return [first + days * A_DAY for days in range((last_day_of(period) - first).days + 1)]


def period_said(period):
    """« samedi 7 novembre 2026, de 8 h à 20 h »; « du samedi 7 novembre, 8 h, au dimanche 8 novembre 2026, 20 h »."""
    start, end = timezone.localtime(period.lower), timezone.localtime(period.upper)
    last = last_day_of(period)
    whole = start.time() == time() and end.time() == time()
    if start.date() == last:
        until = "minuit" if end.time() == time() else time_fr(end)
        return date_fr(start) + ("" if whole else f", de {time_fr(start)} à {until}")
    if whole:
        return f"du {day_fr(start)} au {date_fr(last)}"
    closing = "minuit" if end.time() == time() else time_fr(end)
    return f"du {day_fr(start)}, {time_fr(start)}, au {date_fr(last)}, {closing}"


def at_said(period):
    """« le samedi 7 novembre 2026, de 8 h à 20 h », « du samedi 7 au … »: behind a verb."""
    said = period_said(period)
    return said if said.startswith("du ") else f"le {said}"


def short_said(period):
    """« samedi 7 novembre », « du samedi 7 au dimanche 8 novembre »: for subjects and lists."""
    first, last = first_day_of(period), last_day_of(period)
    if first == last:
        return day_fr(first)
    same_month = (first.year, first.month) == (last.year, last.month)
    begins = day_fr(first).rpartition(NBSP)[0] if same_month else day_fr(first)
    return f"du {begins} au {day_fr(last)}"
