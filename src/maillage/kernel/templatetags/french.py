"""The functions of ``engine.french`` as template filters; nothing (``None``, ``""``) stays nothing."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

from maillage.engine import french

register = template.Library()


def _filter(function):
    """Register ``function`` under its own name; aware datetimes are shown in local time."""

    def on_values(value, *arguments):
        if value is None or value == "":
            return ""
        if isinstance(value, Promise):
            value = str(value)
        if isinstance(value, datetime) and timezone.is_aware(value):
            value = timezone.localtime(value)
        return function(value, *arguments)

    register.filter(function.__name__, on_values)


for _function in (
    french.day_fr,
    french.date_fr,
    french.short_day_fr,
    french.time_fr,
    french.duration_fr,
    french.number_fr,
    french.euros_fr,
    french.km_fr,
    french.phone_fr,
    french.phone_uri,
    french.typo,
    french.join_fr,
    french.of_fr,
    french.rank_fr,
    french.initials,
):
    _filter(_function)


@register.filter
def count_fr(number, words):
    """``{{ total|count_fr:"offre" }}``, ``{{ total|count_fr:"travail,travaux" }}``."""
    return french.count_fr(number, *words.split(","))


@register.filter
def date_iso(day):
    """For ``<time datetime="…">``."""
    return day.isoformat() if isinstance(day, date) else ""


@register.filter
def raised(text):
    """« 1er » with its letters raised; for text, never inside an attribute."""
    return mark_safe(conditional_escape(text).replace("1er", "1<sup>er</sup>"))  # noqa: S308
