"""What one types to say that a structure has ended."""

from django import forms

from maillage.directory.models import Structure
from maillage.directory.queries import find_structures
from maillage.web.fields import TextField
from maillage.web.sharing.fields import DayField

CANDIDATES_SHOWN = 12


class Receiver(forms.ModelChoiceField):
    def label_from_instance(self, structure):
        return f"{structure.name}, {structure.commune.name}" if structure.commune else structure.name


class DissolutionForm(forms.Form):
    day = DayField(
        label="Jour de la dissolution",
        help_text="Celui que l’assemblée a décidé, aujourd’hui au plus tard. Par exemple\u00a0: 14 juin 2026.",
        error_messages={"required": "Écrivez le jour de la dissolution\u00a0: par exemple, 14 juin 2026."},
    )
    receiver_name = forms.CharField(
        label="Structure qui reçoit ce qu’elle avait",
        max_length=100,
        required=False,
        help_text="Son nom, ou une partie. Laissez vide s’il n’y en a pas, ou si elle n’est pas sur Maillage.",
    )
    receiver = Receiver(
        Structure.objects.none(),
        label="Laquelle\u202f?",
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez la structure qui reçoit ce qu’elle avait.",
            "invalid_choice": "Choisissez une structure de la liste.",
        },
    )
    becomes = TextField(
        label="Ce que devient ce qu’elle avait",
        longest=1000,
        rows=3,
        required=False,
        help_text="Matériel, archives, argent\u00a0: une phrase suffit. Tout le monde la lira.",
    )
    understood = forms.BooleanField(
        label="J’ai lu ce qui va se passer",
        error_messages={"required": "Lisez ce qui va se passer, puis cochez la case."},
    )

    def __init__(self, *args, structure, **kwargs):
        super().__init__(*args, **kwargs)
        self.offers_receivers = False
        self.typed_name = str(self.data.get("receiver_name", "")).strip()[:100]
        if self.typed_name:
            found = find_structures(text=self.typed_name).exclude(pk=structure.pk)[:CANDIDATES_SHOWN]
            keys = [one.pk for one in found]
            self.offers_receivers = self.fields["receiver"].required = bool(keys)
            self.fields["receiver"].queryset = Structure.objects.filter(pk__in=keys).select_related("commune")  # type: ignore[attr-defined]

    def clean(self):
        given = super().clean() or {}
        if self.typed_name and not self.offers_receivers:
            self.add_error(
                "receiver_name",
                "Aucune structure active n’a ce nom. Vérifiez-le, ou effacez-le et écrivez-le plus bas.",
            )
        if not self.typed_name and "becomes" not in self.errors and not given.get("becomes", "").strip():
            self.add_error("becomes", "Dites ce que devient ce qu’elle avait, ou quelle structure le reçoit.")
        return given

    def said(self):
        """What ``dissolve`` takes."""
        return {name: self.cleaned_data[name] for name in ("day", "becomes", "receiver")}
