"""The search form: its fields are the parameters of the address, so that a search can be shared."""

import re

from django import forms
from django.utils import timezone

from maillage.engine.french import WEEKDAYS, date_fr, day_fr
from maillage.sharing import taxonomy
from maillage.sharing.models import Listing
from maillage.sharing.search.criteria import DISTANCE, RELEVANCE, USUAL_RADIUS_KM, Criteria
from maillage.territory.queries import CommuneAmbiguous, CommuneNotFound, resolve_commune
from maillage.web.sharing.fields import DayField, PriceField

DIRECTIONS = {"offre": Listing.Direction.OFFER, "besoin": Listing.Direction.NEED}
SORTS = {"pertinence": RELEVANCE, "distance": DISTANCE}
VIEWS = {"cartes": "Vignettes", "liste": "Liste", "carte": "Carte"}
RADII_KM = (10, 25, 50)
WIDEST_KM = 300
LONGEST_TEXT = 200
OTHER_DAY = "autre"  # « Quand ? Autre », on the home page: a day is written beside it
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


class SearchForm(forms.Form):
    """Reads any address: ``criteria`` once it is valid, ``candidates`` when several communes answer.

    ``is_day_missing`` when another day was announced and not written: every day is then searched, and it is said.
    """

    sens = forms.ChoiceField(
        choices=[("offre", "Je cherche"), ("besoin", "Je veux aider")],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choisissez «\u00a0Je cherche\u00a0» ou «\u00a0Je veux aider\u00a0»."},
    )
    quoi = forms.CharField(
        label="Quoi\u202f?",
        max_length=LONGEST_TEXT,
        required=False,
        help_text="par exemple\u00a0: barnum, salle",
        error_messages={"max_length": f"Écrivez moins de {LONGEST_TEXT} signes dans «\u00a0Quoi\u202f?\u00a0»."},
    )
    ou = forms.CharField(label="Autour de", max_length=120, required=False)
    rayon = forms.CharField(label="À moins de", max_length=10, required=False, widget=forms.Select)
    quand = DayField(label="Quand\u202f?", required=False, help_text="par exemple\u00a0: samedi, ou jj/mm/aaaa")
    famille = forms.CharField(label="Famille", max_length=80, required=False, widget=forms.Select)
    prix_max = PriceField(label="Prix au plus", required=False, help_text="0 pour ce qui est gratuit")
    tri = forms.ChoiceField(
        label="Trier par",
        required=False,
        choices=[("pertinence", "pertinence"), ("distance", "distance")],
        error_messages={"invalid_choice": "Choisissez un tri\u00a0: pertinence ou distance."},
    )
    vue = forms.ChoiceField(
        choices=list(VIEWS.items()),
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "Choisissez une vue\u00a0: vignettes, liste ou carte."},
    )

    all_optional = True

    def __init__(self, parameters, **options):
        typed = {name: parameters[name] for name in self.base_fields if name in parameters}
        typed.setdefault("sens", "offre")
        typed.setdefault("vue", "cartes")
        typed.setdefault("rayon", str(USUAL_RADIUS_KM))
        is_around = typed.get("ou", "").strip() and not typed.get("quoi", "").strip()
        typed["tri"] = typed.get("tri") or ("distance" if is_around else "pertinence")
        self.is_day_missing = typed.get("quand") == OTHER_DAY
        if self.is_day_missing:
            typed["quand"] = ""
        if when := _ISO_DAY.fullmatch(typed.get("quand", "")):
            typed["quand"] = "{2}/{1}/{0}".format(*when.groups())
        super().__init__(typed, auto_id="%s", **options)
        self.candidates = []
        self.fields["rayon"].widget.choices = _radius_choices(typed["rayon"])
        self.fields["famille"].widget.choices = _family_choices(typed.get("famille", ""))
        self.fields["quoi"].widget.attrs |= {"autocomplete": "off"}
        self.fields["ou"].widget.attrs |= {"autocomplete": "off", "data-commune-autocomplete": True}
        self.fields["prix_max"].widget.attrs |= {"inputmode": "decimal"}

    def clean_ou(self):
        if not self.cleaned_data["ou"]:
            return None
        try:
            return resolve_commune(self.cleaned_data["ou"])
        except CommuneAmbiguous as doubt:
            self.candidates = doubt.candidates
            raise forms.ValidationError(str(doubt)) from doubt
        except CommuneNotFound as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean_rayon(self):
        typed = self.cleaned_data["rayon"]
        if not typed:
            return None
        if not (typed.isascii() and typed.isdigit() and 1 <= int(typed) <= WIDEST_KM):
            raise forms.ValidationError(f"Choisissez un rayon entre 1 et {WIDEST_KM}\u00a0km.")
        return int(typed)

    def clean_quand(self):
        day = self.cleaned_data["quand"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(f"Le {date_fr(day)} est passé. Choisissez un jour à venir.")
        return day

    def clean_famille(self):
        code = self.cleaned_data["famille"]
        if code and not taxonomy.exists(code):
            raise forms.ValidationError("Cette famille n’existe pas. Choisissez-en une dans la liste.")
        return code

    @property
    def criteria(self):
        said = self.cleaned_data
        return Criteria(
            direction=DIRECTIONS[said["sens"]],
            words=said["quoi"],
            category=said["famille"],
            place=said["ou"],
            radius_km=said["rayon"],
            day=said["quand"],
            max_price_cents=said["prix_max"],
            sort=SORTS[said["tri"]],
        )


class DayForm(forms.Form):
    """When a search names a day: that day alone, each week, or any."""

    when = forms.ChoiceField(
        label="Quel jour vous intéresse\u202f?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un jour.", "invalid_choice": "Choisissez un jour de la liste."},
    )

    def __init__(self, data, *, day):
        super().__init__(data, initial={"when": "day"})
        self.fields["when"].choices = [
            ("day", f"Seulement le {day_fr(day)}"),
            ("weekday", f"Tous les {WEEKDAYS[day.weekday()]}s"),
            ("any", "N’importe quel jour"),
        ]


def _radius_choices(chosen):
    """The usual radii and the one asked, be it wrong: what was typed is kept."""
    radii = [(str(radius), f"{radius}\u00a0km") for radius in RADII_KM]
    if chosen and chosen not in dict(radii):
        radii.append((chosen, f"{chosen}\u00a0km" if chosen.isdecimal() else chosen))
    return [*radii, ("", "Tout le territoire")]


def _family_choices(chosen):
    """The families with their kinds, and a finer category when it is the one asked."""
    groups: list[tuple] = [("", "Toutes")]
    for family in taxonomy.families():
        entries = [(family.code, f"{family.label}\u00a0: tout")]
        entries += [(entry.code, entry.label) for entry in family.children]
        if taxonomy.exists(chosen) and taxonomy.is_under(chosen, family.code) and chosen not in dict(entries):
            entries.append((chosen, taxonomy.get(chosen).label))
        groups.append((family.label, entries))
    return groups
