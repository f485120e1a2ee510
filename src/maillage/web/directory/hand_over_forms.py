"""What one types to hand a structure over."""

from django import forms

from maillage.web.accounts.forms import complete_address
from maillage.web.fields import TextField
from maillage.web.sharing.fields import DayField


class Team(forms.ModelMultipleChoiceField):
    def label_from_instance(self, mandate):
        return mandate.user.name or "Une personne sans nom affiché"


class HandOverForm(forms.Form):
    staying = Team(
        None,
        label="Qui représentera l’association ensuite, dans l’équipe actuelle\u202f?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Cette personne n’est plus dans l’équipe. Choisissez de nouveau."},
    )
    first_email = forms.EmailField(
        label="Une personne à inviter",
        required=False,
        max_length=254,
        help_text="Son adresse e\u2011mail. Elle reçoit un lien, qui sert quatorze jours.",
    )
    second_email = forms.EmailField(label="Une autre personne à inviter", required=False, max_length=254)
    may_commit = forms.BooleanField(label="Ces personnes pourront signer pour l’association", required=False)
    day = DayField(
        label="Premier jour de la nouvelle équipe",
        help_text="Par exemple\u00a0: demain, 1er juillet. Les autres mandats finissent la veille.",
        error_messages={
            "required": "Choisissez le premier jour de la nouvelle équipe\u00a0: par exemple, 1er juillet."
        },
    )
    word = TextField(
        label="Un mot pour la suite",
        longest=2000,
        rows=4,
        required=False,
        help_text="Où sont les clés, qui appeler, ce qui est promis.",
    )

    def __init__(self, *args, mandates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["staying"].queryset = mandates  # type: ignore[attr-defined]
        for name in ("first_email", "second_email"):
            self.fields[name].validators = [complete_address]

    def clean(self):
        given = super().clean() or {}
        typed = (given.pop("first_email", ""), given.pop("second_email", ""))
        given["emails"] = list(dict.fromkeys(email.lower() for email in typed if email))
        return given
