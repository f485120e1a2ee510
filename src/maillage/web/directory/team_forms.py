"""What one types about those who act for a structure."""

from typing import ClassVar

from django import forms

from maillage.directory.models import Mandate
from maillage.web.accounts.forms import complete_address
from maillage.web.directory.claim_forms import DecisionForm
from maillage.web.sharing.fields import DayField

ROLES = [
    (Mandate.Role.REPRESENTATIVE, "Représente l’association, et décide qui agit pour elle"),
    (Mandate.Role.CONTRIBUTOR, "Contribue\u00a0: publie et répond en son nom"),
]
COMMITS_AS_REPRESENTATIVE = (
    "Seule une personne qui représente l’association peut l’engager. Changez son rôle, ou décochez cette case."
)


class JoiningDecisionForm(DecisionForm):
    """One form, three buttons: each accepts in a role, or refuses and says why."""

    acceptances: ClassVar[dict[str, dict]] = {role: {"role": role} for role in dict(Mandate.TEAM_ROLES)}


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        label="Rôle",
        choices=ROLES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un rôle."},
    )
    may_commit = forms.BooleanField(
        label="Peut engager l’association",
        required=False,
        help_text="Le droit de signer en son nom\u00a0; seulement pour qui la représente.",
    )


class InvitationForm(RoleForm):
    email = forms.EmailField(
        label="Adresse e\u2011mail de la personne",
        max_length=254,
        help_text="Elle reçoit un lien, qui sert quatorze jours.",
        error_messages={"required": "Écrivez l’adresse e\u2011mail de la personne à inviter."},
    )
    field_order = ("email", "role", "may_commit")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].validators = [complete_address]

    def clean(self):
        given = super().clean() or {}
        if given.get("may_commit") and given.get("role") == Mandate.Role.CONTRIBUTOR:
            self.add_error("may_commit", COMMITS_AS_REPRESENTATIVE)
        return given


class MandateForm(RoleForm):
    ends_on = DayField(
        label="Dernier jour du mandat",
        required=False,
        help_text="Par exemple\u00a0: 30 juin. Laissez vide s’il n’a pas de fin prévue.",
    )
