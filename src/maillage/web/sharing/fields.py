"""Days, hours and prices as people type them; what was typed is shown again as it was."""

import re
from datetime import date, time

from django import forms
from django.utils import timezone

from maillage.engine.french import time_fr
from maillage.kernel.prices import PriceRefused, parse_price
from maillage.sharing.search.days import missing_day, read_day

FURTHEST_YEARS = 5

_HOUR = re.compile(r"([01]?[0-9]|2[0-3])\s*(?:(?:h(?:eures?)?|:)\s*([0-5][0-9])?)?")
_NAMED_HOURS = {"midi": time(12), "minuit": time(0)}


class _TypedField(forms.CharField):
    """A text field whose value is ``read``; empty gives None."""

    def __init__(self, *, max_length=60, **options):
        super().__init__(max_length=max_length, empty_value=None, **options)

    def clean(self, value):
        typed = super().clean(value)
        return None if typed is None else self.read(typed)

    def read(self, typed):
        return typed


class DayField(_TypedField):
    """« 28/11/2026 », « 28.11 », « 2811 », « 28 novembre », « samedi »: a date.

    No ``inputmode``: the keypad of figures of an iPhone has no « / », and a day may be a word.
    """

    def read(self, typed):
        today = timezone.localdate()
        day = read_day(typed, today)
        if day is None:
            if missing := missing_day(typed):
                raise forms.ValidationError(f"Le {missing} n’existe pas. Vérifiez le jour et le mois.")
            raise forms.ValidationError(
                "Nous n’avons pas compris ce jour. Écrivez par exemple 28/11/2026, 28 novembre ou samedi."
            )
        if day.year > today.year + FURTHEST_YEARS:
            raise forms.ValidationError("Ce jour est trop lointain. Vérifiez l’année.")
        return day

    def prepare_value(self, value):
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else value


class HourField(_TypedField):
    """« 9 h », « 18h30 », « 18:30 », « midi »: a time."""

    def read(self, typed):
        plain = typed.lower().strip()
        if plain in _NAMED_HOURS:
            return _NAMED_HOURS[plain]
        match = _HOUR.fullmatch(plain)
        if not match:
            raise forms.ValidationError("Nous n’avons pas compris cette heure. Écrivez par exemple 9 h ou 18 h 30.")
        return time(int(match[1]), int(match[2] or 0))

    def prepare_value(self, value):
        return time_fr(value) if isinstance(value, time) else value


class PriceField(_TypedField):
    """« 12,50 € », « gratuit »: cents."""

    def read(self, typed):
        try:
            return parse_price(typed)
        except PriceRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def prepare_value(self, value):
        return f"{value // 100},{value % 100:02}" if isinstance(value, int) else value


class ChoicesSomeOff(forms.RadioSelect):
    """Choices of which those in ``off`` show, and cannot be made."""

    off: tuple = ()

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        return option | {"attrs": option["attrs"] | {"disabled": value in self.off}}
