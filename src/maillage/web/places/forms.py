"""What one types about places: a search, the facts of a place, an error that one has seen."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from maillage.directory.register.values import website
from maillage.engine import hours
from maillage.engine.french import WEEKDAYS, phone_fr
from maillage.places import kinds, positions
from maillage.places.models import Place, PlaceReport, stored_hours
from maillage.territory.queries import CommuneAmbiguous, CommuneNotFound, resolve_commune
from maillage.web.accounts.forms import EXAMPLE
from maillage.web.fields import TextField
from maillage.web.sharing.fields import DayField
from maillage.web.territory.fields import CommuneField

RADII_KM = (10, 25, 50)
USUAL_RADIUS_KM = 25
DAYS = dict(enumerate(WEEKDAYS))


class PlaceSearchForm(forms.Form):
    """Reads any address: its fields are the parameters, so that a search can be shared and kept."""

    sorte = forms.ChoiceField(
        label="Sorte de lieu",
        required=False,
        choices=[("", "Toutes"), *kinds.CHOICES],
        error_messages={"invalid_choice": "Cette sorte de lieu n’existe pas. Choisissez-en une dans la liste."},
    )
    ou = forms.CharField(
        label="Près de",
        max_length=120,
        required=False,
        help_text="Une commune, ou son code postal.",
        widget=forms.TextInput({"autocomplete": "off", "data-commune-autocomplete": True}),
    )
    rayon = forms.ChoiceField(
        label="À moins de",
        required=False,
        choices=[*((str(radius), f"{radius}\u00a0km") for radius in RADII_KM), ("", "Tout le territoire")],
        error_messages={"invalid_choice": "Choisissez 10, 25 ou 50\u00a0km, ou tout le territoire."},
    )
    jour = forms.ChoiceField(
        label="Ouvert le",
        required=False,
        choices=[("", "N’importe quel jour"), *((day, day) for day in WEEKDAYS)],
        error_messages={"invalid_choice": "Choisissez un jour de la semaine, de lundi à dimanche."},
    )

    all_optional = True

    def __init__(self, parameters, **options):
        typed = {name: parameters[name] for name in self.base_fields if name in parameters}
        typed.setdefault("rayon", str(USUAL_RADIUS_KM))
        super().__init__(typed, auto_id="%s", **options)
        self.candidates = []

    def clean_ou(self):
        if not self.cleaned_data["ou"]:
            return None
        try:
            return resolve_commune(self.cleaned_data["ou"])
        except CommuneAmbiguous as doubt:
            self.candidates = doubt.candidates
            raise ValidationError(str(doubt)) from doubt
        except CommuneNotFound as refusal:
            raise ValidationError(str(refusal)) from refusal

    def criteria(self):
        said = self.cleaned_data
        return {
            "kind": said["sorte"],
            "around": said["ou"],
            "radius_km": int(said["rayon"]) if said["rayon"] else None,
            "day": WEEKDAYS.index(said["jour"]) if said["jour"] else None,
        }


class HoursField(forms.CharField):
    """« 9 h - 12 h, 14 h - 18 h 30 »: [(540, 720), (840, 1110)]."""

    def __init__(self, **options):
        super().__init__(required=False, max_length=hours.LONGEST, **options)

    def clean(self, value):
        try:
            return hours.read_day(super().clean(value))
        except hours.HoursNotRead as refusal:
            raise ValidationError(str(refusal)) from refusal


class PlaceForm(forms.Form):
    kind = forms.ChoiceField(
        label="Sorte de lieu",
        choices=[("", "Choisir dans la liste"), *kinds.CHOICES],
        error_messages={"required": "Choisissez la sorte de lieu qui ressemble le plus."},
    )
    name = TextField(label="Nom", longest=160, error_messages={"required": "Donnez le nom que les gens connaissent."})
    commune = CommuneField(label="Commune")
    address = TextField(label="Adresse", longest=200, required=False, help_text="Numéro et rue, sans la commune.")
    position = forms.CharField(
        label="Position exacte",
        required=False,
        max_length=60,
        help_text="Latitude puis longitude, par exemple\u00a0: 43.4586 2.0041. Vide\u00a0: le centre de la commune.",
    )
    phone = forms.CharField(
        label="Téléphone", required=False, max_length=20, widget=forms.TextInput({"inputmode": "tel"})
    )
    email = forms.CharField(
        label="Adresse e\u2011mail", required=False, max_length=254, widget=forms.TextInput({"inputmode": "email"})
    )
    website = forms.CharField(
        label="Site internet",
        required=False,
        max_length=300,
        help_text="Par exemple\u00a0: www.exemple.fr",
        widget=forms.TextInput({"inputmode": "url"}),
    )
    hours_note = TextField(
        label="Précision sur les horaires",
        longest=400,
        required=False,
        help_text="Par exemple\u00a0: fermé en août, sur rendez-vous le mercredi.",
    )
    contact_role = TextField(
        label="Qui demander\u202f?",
        longest=120,
        required=False,
        help_text="La fonction plutôt que le nom\u00a0: «\u00a0l’animatrice de la vie associative\u00a0».",
    )
    contact_name = TextField(
        label="Nom de la personne",
        longest=120,
        required=False,
        help_text="Seulement si elle est d’accord pour que son nom soit public.",
    )
    contact_agreed_on = DayField(
        label="Elle a donné son accord le", required=False, help_text="jj/mm/aaaa. Sans accord, pas de nom."
    )
    accessibility = TextField(
        label="Accessibilité",
        longest=400,
        required=False,
        help_text="Par exemple\u00a0: entrée de plain-pied, boucle magnétique à l’accueil.",
    )
    source = TextField(
        label="D’où vient cette information\u202f?",
        longest=160,
        help_text="Par exemple\u00a0: appel à la mairie, site du lieu.",
        error_messages={"required": "Dites d’où vient cette information\u00a0: «\u00a0appel à la mairie\u00a0»."},
    )
    is_verified = forms.BooleanField(label="Je viens de vérifier que tout est juste", required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for day, name in DAYS.items():
            self.fields[f"day_{day}"] = HoursField(label=name.capitalize())

    @property
    def days(self):
        return [self[f"day_{day}"] for day in DAYS]

    @staticmethod
    def initial_of(place):
        names = ("kind", "name", "commune", "address", "email", "website", "hours_note", "contact_role")
        names += ("contact_name", "contact_agreed_on", "accessibility", "source")
        initial = {name: getattr(place, name) for name in names}
        initial |= {f"day_{day}": hours.day_typed(place.spans, day) for day in DAYS}
        position = f"{place.latitude} {place.longitude}" if place.is_exact else ""
        return initial | {"phone": phone_fr(place.phone), "position": position}

    def clean_phone(self):
        typed = phone_fr(self.cleaned_data["phone"]).replace("\u00a0", " ")
        digits = sum(sign.isdigit() for sign in typed)
        if typed and (digits < 2 or any(sign.isalpha() for sign in typed)):
            raise ValidationError("Écrivez un numéro de téléphone en chiffres, par exemple 05 61 00 00 00.")
        return typed

    def clean_email(self):
        typed = self.cleaned_data["email"]
        if typed:
            try:
                validate_email(typed)
            except ValidationError as error:
                raise ValidationError(EXAMPLE) from error
        return typed

    def clean_website(self):
        address, refusal = website(self.cleaned_data["website"])
        if refusal:
            raise ValidationError("Cette adresse de site n’est pas complète. Écrivez par exemple www.exemple.fr.")
        return address

    def clean_position(self):
        typed = self.cleaned_data["position"].replace(";", " ").replace(", ", " ")
        numbers = [positions.read_degrees(part) for part in typed.split()]
        if not numbers:
            return None
        if len(numbers) != 2 or None in numbers:
            raise ValidationError("Écrivez deux nombres, la latitude puis la longitude\u00a0: 43.4586 2.0041.")
        return tuple(numbers)

    def clean_contact_agreed_on(self):
        day = self.cleaned_data["contact_agreed_on"]
        if day and day > timezone.localdate():
            raise ValidationError("Cet accord n’est pas encore donné\u00a0: écrivez un jour passé.")
        return day

    def clean(self):
        given = super().clean() or {}
        if bool(given.get("contact_name")) != bool(given.get("contact_agreed_on")):
            missing = "contact_agreed_on" if given.get("contact_name") else "contact_name"
            if missing not in self.errors:
                self.add_error(missing, "Donnez le nom et la date de l’accord, ou ni l’un ni l’autre.")
        commune, position = given.get("commune"), given.get("position")
        if commune and position and positions.placed(commune, *position)[2]:
            self.add_error(
                "position",
                f"Ce point n’est pas à {commune.name}. Vérifiez la commune, ou l’ordre\u00a0: latitude puis longitude.",
            )
        return given

    def facts(self):
        """The fields of Place, for the services."""
        given = dict(self.cleaned_data)
        spans = [(day, *span) for day in DAYS for span in given.pop(f"day_{day}")]
        (latitude, longitude), is_exact, _ = positions.placed(
            given["commune"], *(given.pop("position") or (None, None))
        )
        if given.pop("is_verified"):
            given["verified_on"] = timezone.localdate()
        point = {"latitude": latitude, "longitude": longitude, "is_exact": is_exact}
        return given | point | {"hours": stored_hours(spans)}


class PlaceReportForm(forms.Form):
    subject = forms.ChoiceField(
        label="Qu’est-ce qui est faux\u202f?",
        choices=[(value, label.capitalize()) for value, label in PlaceReport.Subject.choices],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce qui est faux sur cette page."},
    )
    text = TextField(
        label="Précisez",
        longest=600,
        rows=4,
        required=False,
        help_text="Ce qu’il faudrait lire. Pas de nom ni de numéro d’une personne.",
    )

    def clean(self):
        given = super().clean() or {}
        if given.get("subject") == PlaceReport.Subject.OTHER and not given.get("text"):
            self.add_error("text", "Dites en quelques mots ce qui est faux.")
        return given


class ManagedPlacesForm(forms.Form):
    """The list of agents: by name, and those that need care."""

    nom = forms.CharField(label="Nom", max_length=100, required=False)
    etat = forms.ChoiceField(
        label="Montrer",
        required=False,
        choices=[("", "Tous"), ("a-verifier", "À vérifier"), ("caches", "Non publiés")],
    )

    all_optional = True

    def places(self):
        found = Place.objects.select_related("commune").order_by("commune__search_name", "name", "pk")
        if not self.is_valid():
            return found
        if self.cleaned_data["nom"]:
            found = found.filter(name__icontains=self.cleaned_data["nom"])
        if self.cleaned_data["etat"] == "a-verifier":
            found = found.to_verify()
        if self.cleaned_data["etat"] == "caches":
            found = found.filter(is_published=False)
        return found
