"""What one types of a mission, and what a volunteer ticks before accepting one."""

from datetime import datetime
from typing import ClassVar

from django import forms

from maillage.directory.models import Structure
from maillage.volunteering.models import MOST_PLACES, Mission
from maillage.web.fields import PhoneField, TextField
from maillage.web.sharing.fields import DayField
from maillage.web.territory.fields import CommuneField

PARTNERS_OFFERED = 30
VISIBILITIES = [
    (Mission.Visibility.EVERYONE, "Tout le monde"),
    (Mission.Visibility.MEMBERS, "Les associations inscrites"),
    (Mission.Visibility.INVITED, "Les personnes invitées seulement"),
]


class MissionForm(forms.Form):
    """A draft asks for a title, a commune and a day; publishing asks for the rest (``missions.publish_mission``)."""

    KEPT_AS_TYPED: ClassVar[tuple[str, ...]] = (
        *("title", "tasks", "commune", "place", "first_day", "last_day", "hours", "places", "insurer", "policy"),
        *("contact_role", "contact_phone", "visibility"),
    )

    title = TextField(
        label="Titre",
        longest=120,
        help_text="Par exemple\u00a0: Tenir la buvette du festival.",
        error_messages={"required": "Donnez un titre à la mission\u00a0: par exemple, tenir la buvette du festival."},
    )
    tasks = TextField(
        label="Tâches",
        longest=3000,
        rows=5,
        required=False,
        help_text="Ce que la personne fera, et ce qu’il faut savoir faire.",
    )
    commune = CommuneField(label="Commune")
    place = TextField(
        label="Lieu de rendez-vous",
        longest=200,
        required=False,
        help_text="Par exemple\u00a0: salle des fêtes, entrée côté parking.",
    )
    first_day = DayField(
        label="Premier jour",
        help_text="Par exemple\u00a0: samedi, ou 28 novembre.",
        error_messages={"required": "Écrivez le jour de la mission\u00a0: par exemple, samedi 28 novembre."},
    )
    last_day = DayField(label="Dernier jour", required=False, help_text="Le même jour si vous laissez vide.")
    hours = TextField(
        label="Horaires",
        longest=200,
        required=False,
        help_text="Par exemple\u00a0: de 14\u00a0h à 18\u00a0h, ou chaque mardi matin.",
    )
    places = forms.IntegerField(
        label="Nombre de bénévoles",
        min_value=1,
        max_value=MOST_PLACES,
        initial=1,
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages={
            "required": "Écrivez combien de bénévoles il vous faut, en chiffres.",
            "invalid": "Écrivez un nombre en chiffres\u00a0: par exemple, 4.",
            "min_value": "Il faut au moins un bénévole.",
            "max_value": f"Cinq cents bénévoles au plus ({MOST_PLACES}).",
        },
    )
    insurer = TextField(
        label="Assureur",
        longest=120,
        required=False,
        help_text="Celui de votre contrat de responsabilité civile. C’est lui qui couvre les bénévoles.",
    )
    policy = TextField(
        label="Numéro du contrat", longest=60, required=False, help_text="Il est sur l’attestation d’assurance."
    )
    contact_role = TextField(
        label="À qui s’adresser sur place",
        longest=120,
        required=False,
        help_text="Une fonction plutôt qu’un nom\u00a0: par exemple, la responsable de la buvette.",
    )
    contact_phone = PhoneField(
        label="Son téléphone", required=False, help_text="Seules les personnes connectées le voient."
    )
    visibility = forms.ChoiceField(
        label="Qui voit cette mission\u202f?",
        choices=VISIBILITIES,
        widget=forms.RadioSelect,
        initial=Mission.Visibility.EVERYONE,
        error_messages={"required": "Choisissez qui voit la mission."},
    )
    partners = forms.ModelMultipleChoiceField(
        Structure.objects.none(),
        label="Associations partenaires",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Elles invitent leurs bénévoles. Votre association reste seule organisatrice, et seule assurée.",
    )

    def __init__(self, *args, structure, mission=None, **options):
        super().__init__(*args, **options)
        known = Structure.objects.active().in_a_network_with([structure.pk]).exclude(pk=structure.pk)
        offered = set(known.order_by("name").values_list("pk", flat=True)[:PARTNERS_OFFERED])
        if mission:
            offered.update(mission.partners.values_list("pk", flat=True))
        partners = Structure.objects.filter(pk__in=offered).order_by("name")
        self.fields["partners"].queryset = partners
        if not partners.exists():
            del self.fields["partners"]

    @classmethod
    def initial_of(cls, mission):
        known = {name: getattr(mission, name) for name in cls.KEPT_AS_TYPED}
        return known | {"partners": list(mission.partners.values_list("pk", flat=True))}

    def clean(self):
        super().clean()
        given = self.cleaned_data
        first, last = given.get("first_day"), given.get("last_day")
        if first and not last and "last_day" not in self.errors:
            given["last_day"] = first
        elif first and last and last < first:
            self.add_error("last_day", "Le dernier jour est avant le premier. Changez l’un des deux.")
        return given


class AcceptForm(forms.Form):
    """``terms_at`` travels with the page: one accepts what one has read, not what was changed meanwhile."""

    has_read = forms.BooleanField(
        label="J’ai lu les tâches, le lieu, les horaires, qui organise et qui assure.",
        error_messages={"required": "Cochez cette case une fois la mission lue."},
    )
    is_of_age = forms.BooleanField(
        label="J’ai 16\u00a0ans ou plus.",
        required=False,
        help_text="Plus jeune, il faut l’accord d’un parent\u00a0: écrivez à l’association.",
    )
    terms_at = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, mission):
        super().__init__(data, initial={"terms_at": mission.terms_at.isoformat()})
        self.mission = mission

    def clean_terms_at(self):
        """The moment; None when what came is none, which is never that of a mission."""
        try:
            return datetime.fromisoformat(self.cleaned_data["terms_at"])
        except ValueError:
            return None


class VolunteerForm(forms.Form):
    email = forms.EmailField(
        label="Adresse e\u2011mail de la personne",
        max_length=254,
        help_text="Elle lit la mission, puis accepte ou décline elle-même.",
        error_messages={
            "required": "Écrivez l’adresse e\u2011mail de la personne à inviter.",
            "invalid": "Cette adresse ne va pas. Écrivez par exemple\u00a0: odile@exemple.fr.",
        },
    )


class CancelForm(forms.Form):
    because = TextField(
        label="Pourquoi\u202f?",
        longest=300,
        rows=3,
        help_text="Les bénévoles qui ont accepté liront cette raison.",
        error_messages={"required": "Dites aux bénévoles pourquoi\u00a0: par exemple, la salle n’est plus libre."},
    )
