"""What an agent types about an association that telephoned."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from maillage.directory.models import Assistance
from maillage.web.sharing.fields import DayField

USUAL_LENGTH = timedelta(days=14)


class CallerSearchForm(forms.Form):
    nom = forms.CharField(
        label="Nom de l’association",
        max_length=100,
        error_messages={"required": "Écrivez le nom de l’association, ou une partie."},
    )


class CallForm(forms.Form):
    asked_by = forms.CharField(
        label="Qui l’a demandé\u202f?",
        max_length=120,
        help_text="Par exemple\u00a0: Mme Delmas, trésorière. Le journal et l’association le lisent, personne d’autre.",
        error_messages={"required": "Écrivez le nom de la personne qui vous l’a demandé."},
    )
    how = forms.ChoiceField(
        label="Comment\u202f?",
        choices=[(how, label.capitalize()) for how, label in Assistance.How.choices if how != Assistance.How.ONLINE],
        widget=forms.RadioSelect,
        initial=Assistance.How.PHONE,
        error_messages={"required": "Dites comment l’association vous l’a demandé."},
    )
    asked_on = DayField(
        label="Quel jour\u202f?",
        initial=timezone.localdate,
        error_messages={"required": "Écrivez le jour de la demande\u00a0: par exemple, aujourd’hui."},
    )
    until = DayField(
        label="Vous agissez pour elle jusqu’au",
        initial=lambda: timezone.localdate() + USUAL_LENGTH,
        help_text="Quatre semaines au plus. Vous pouvez arrêter plus tôt.",
        error_messages={"required": "Choisissez le dernier jour\u00a0: quatre semaines au plus."},
    )


class UntilForm(forms.Form):
    until = DayField(
        label="Jusqu’au",
        initial=lambda: timezone.localdate() + timedelta(days=91),
        help_text="Un an au plus. L’association peut arrêter avant.",
        error_messages={"required": "Choisissez le dernier jour\u00a0: un an au plus."},
    )
