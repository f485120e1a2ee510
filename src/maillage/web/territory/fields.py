"""The commune in forms: one types a name or a postal code, the form gets the commune."""

from django import forms

from maillage.engine.french import join_fr
from maillage.territory.models import Commune
from maillage.territory.queries import CommuneAmbiguous, CommuneNotFound, resolve_commune

SHOWN_CANDIDATES = 5


class CommuneField(forms.CharField):
    """A text field whose clean value is a Commune (None when empty and not required).

    ``js/commune.js`` offers the communes while one types; without it, the name or the postal code is enough.
    """

    default_error_messages = {"required": "Indiquez une commune, par son nom ou son code postal."}

    def __init__(self, *, help_text="Son nom, ou son code postal.", **options):
        super().__init__(help_text=help_text, max_length=100, empty_value=None, **options)

    def clean(self, value):
        text = super().clean(value)
        if text is None:
            return None
        try:
            return resolve_commune(text)
        except CommuneAmbiguous as ambiguous:
            names = [commune.label for commune in ambiguous.candidates[:SHOWN_CANDIDATES]]
            raise forms.ValidationError(f"{ambiguous} Par exemple\u00a0: {join_fr(names, 'ou')}.") from ambiguous
        except CommuneNotFound as unknown:
            raise forms.ValidationError(str(unknown)) from unknown

    def prepare_value(self, value):
        return value.label if isinstance(value, Commune) else value

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)

    def widget_attrs(self, widget):
        return {**super().widget_attrs(widget), "data-commune-autocomplete": True, "autocomplete": "off"}
