"""The fields that the questions of documents become."""

import re

from django import forms

from maillage.kernel.prices import PriceRefused, parse_price
from maillage.web.fields import TextField
from maillage.web.sharing.fields import DayField, HourField, PriceField

MOST_LINES = 30
_LINE = re.compile(r"(?P<label>.+?)\s*(?:[:=\t]|\s–\s)\s*(?P<amount>[^:=\t]+)")


class AmountsField(TextField):
    """« Assurance : 40,50 € », one a line: pairs [label, cents]."""

    def clean(self, value):
        typed = super().clean(value)
        lines = [line.strip() for line in typed.splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(f"Il y a plus de {MOST_LINES} lignes\u00a0: regroupez-en quelques-unes.")
        return [self._read(line) for line in lines]

    def _read(self, line):
        if not (match := _LINE.fullmatch(line)):
            raise forms.ValidationError(
                f"«\u00a0{line}\u00a0»\u00a0: écrivez le nom, deux points, puis le montant. "
                "Par exemple\u00a0: Assurance\u00a0: 40,50\u00a0€."
            )
        try:
            return [match["label"], parse_price(match["amount"])]
        except PriceRefused as refusal:
            raise forms.ValidationError(f"«\u00a0{line}\u00a0»\u00a0: {refusal}") from refusal


class WholeField(forms.IntegerField):
    def __init__(self, **options):
        super().__init__(widget=forms.TextInput({"inputmode": "numeric"}), min_value=0, max_value=100_000, **options)


def field_of(question):
    """The field of ``question``; one that is needed says what to write."""
    needed = {"required": question.needed} if question.needed else {}
    options = {
        "label": question.label,
        "help_text": question.help,
        "required": bool(question.needed),
    }
    match question.widget:
        case "choice":
            wrong = {"invalid_choice": "Choisissez une des réponses proposées."}
            field = forms.ChoiceField(
                choices=question.choices, widget=forms.RadioSelect, error_messages=needed | wrong, **options
            )
        case "whole":
            wrong = "Écrivez un nombre entier, sans unité\u00a0: par exemple 40."
            refused = dict.fromkeys(("invalid", "min_value", "max_value"), wrong)
            field = WholeField(error_messages=needed | refused, **options)
        case "yes":
            field = forms.BooleanField(error_messages=needed, **options)
        case "line" | "text" | "amounts":
            rows = 1 if question.widget == "line" else 4
            made = AmountsField if question.widget == "amounts" else TextField
            field = made(longest=question.longest, rows=rows, error_messages=needed, **options)
        case _:
            made = {"day": DayField, "hour": HourField, "amount": PriceField}[question.widget]
            field = made(error_messages=needed, **options)
    if question.optional_word:
        field.required_when = question.optional_word  # type: ignore[attr-defined]
    return field
