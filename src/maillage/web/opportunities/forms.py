"""What is said of an opportunity: why it is declined, questions and answers of the team."""

from django import forms

from maillage.opportunities.models import Reason
from maillage.web.fields import TextField


class QuestionForm(forms.Form):
    text = TextField(
        label="Votre question à l’équipe du territoire",
        longest=2000,
        rows=4,
        help_text="L’équipe verra le nom de votre association et vos annonces. Les autres ne sauront rien.",
        error_messages={"required": "Écrivez votre question\u00a0: par exemple, qui assure le matériel prêté."},
    )


class AnswerForm(forms.Form):
    text = TextField(
        label="Votre réponse",
        longest=4000,
        rows=3,
        error_messages={"required": "Écrivez votre réponse\u00a0: elle s’affichera sur la page de l’occasion."},
    )


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
