"""What one says of an incident, and what its lender decides."""

from django import forms

from maillage.handovers.models import Incident
from maillage.web.fields import TextField
from maillage.web.sharing.fields import DayField, PriceField

ENDS = [
    (Incident.State.SETTLED, "Réglé entre nous"),
    (Incident.State.REPAIRED, "Réparé ou remplacé"),
    (Incident.State.DROPPED, "Sans suite"),
]


class ReportIncidentForm(forms.Form):
    what = TextField(
        label="Ce qui s’est passé",
        longest=1000,
        rows=4,
        error_messages={"required": "Dites ce qui s’est passé\u00a0: quand, où, ce qui est abîmé ou perdu."},
    )


class SayForm(forms.Form):
    text = TextField(
        label="Votre réponse",
        longest=1000,
        rows=3,
        error_messages={"required": "Écrivez votre réponse\u00a0: ce que vous savez, ce que vous proposez."},
    )
    proposes = forms.ChoiceField(
        label="Proposer une issue",
        choices=[("", "Pas encore"), *ENDS],
        widget=forms.RadioSelect,
        required=False,
        help_text="L’autre association l’accepte d’une pression, et c’est terminé.",
    )


class EndForm(forms.Form):
    outcome = forms.ChoiceField(
        label="Comment cela se termine\u2011t\u2011il\u202f?",
        choices=ENDS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez comment l’incident se termine."},
    )


class AssessForm(forms.Form):
    bears = forms.ChoiceField(
        label="D’après votre accord, qui en répond\u202f?",
        choices=[(value, label.capitalize()) for value, label in Incident.Bears.choices],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez qui en répond, ou «\u00a0à voir ensemble\u00a0»."},
    )
    value_cents = PriceField(label="Valeur estimée", required=False, help_text="Par exemple\u00a0: 40 €.")


class OutOfServiceForm(forms.Form):
    until = DayField(
        label="Hors service jusqu’au",
        help_text="Par exemple\u00a0: 28 novembre. Personne ne peut le réserver d’ici là.",
        error_messages={"required": "Écrivez le dernier jour, par exemple\u00a0: 28 novembre."},
    )
