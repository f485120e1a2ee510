"""When one wants news by e-mail."""

from django import forms

from maillage.digest.models import Subscription
from maillage.engine.french import WEEKDAYS


class RhythmForm(forms.Form):
    rhythm = forms.ChoiceField(
        label="Quand voulez-vous des nouvelles\u202f?",
        choices=[(value, label.capitalize()) for value, label in Subscription.Rhythm.choices],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez chaque jour, chaque semaine ou jamais.",
            "invalid_choice": "Choisissez chaque jour, chaque semaine ou jamais.",
        },
    )
    weekday = forms.TypedChoiceField(
        label="Si c’est chaque semaine, quel jour\u202f?",
        choices=[(str(number), name.capitalize()) for number, name in enumerate(WEEKDAYS)],
        coerce=int,
        error_messages={
            "required": "Choisissez un jour\u00a0: mardi, par exemple.",
            "invalid_choice": "Choisissez un jour de la liste.",
        },
    )
