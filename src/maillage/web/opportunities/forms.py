"""Why an opportunity is declined."""

from django import forms

from maillage.opportunities.models import Reason


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(
        label="Pourquoi\u202f?",
        help_text="Votre réponse reste entre vous et Maillage. Elle aide à mieux chercher.",
        choices=Reason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une raison.",
            "invalid_choice": "Choisissez une raison de la liste.",
        },
    )
