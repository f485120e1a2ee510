"""The four parts of a listing: what, where, when, on which conditions. A screen shows one, a page shows them all."""

from django import forms
from django.db.models import Q
from django.utils import timezone

from maillage.directory.models import Structure
from maillage.engine.french import NBSP, WEEKDAYS, date_fr
from maillage.engine.reachable import reachable_in
from maillage.engine.text import fold
from maillage.sharing import taxonomy, terms
from maillage.sharing.models import Listing
from maillage.sharing.photos import PhotoRefused, clean_photo
from maillage.sharing.services import NO_NETWORK
from maillage.web.fields import TextField
from maillage.web.sharing.fields import ChoicesSomeOff, DayField, HourField, PriceField
from maillage.web.territory.fields import CommuneField

RADII = (5, 10, 15, 25, 50, 100)
READERS_SHOWN = 8
PICTURE = "picture_"  # before the id of a picture, the name of the field that says what it shows


class PartForm(forms.Form):
    """person    who writes
    direction  of the listing
    listing    the one that is changed, None for a new one
    owner      the structure of a draft; that of the listing without
    pictures   those that the form shows, in order
    """

    def __init__(self, *args, person, direction, listing=None, owner=None, pictures=(), **options):
        super().__init__(*args, **options)
        self.person = person
        self.direction = direction
        self.listing = listing
        self.owner = listing.structure if listing else owner
        self.pictures = pictures
        self.prepare()

    def prepare(self):
        """Make the fields that depend on who writes and on what."""

    def details(self):
        """The fields of the listing, for the services."""
        return {}

    def _typed(self, name, *, many=False):
        if not self.is_bound:
            return self.initial.get(name)
        return self.data.getlist(name) if many else self.data.get(name)


class WhatForm(PartForm):
    structure = forms.ModelChoiceField(
        Structure.objects.none(),
        label="Au nom de quelle association ?",
        empty_label=None,
        error_messages={"required": "Choisissez l’association qui publie cette annonce."},
    )
    title = TextField(
        label="Titre",
        longest=120,
        help_text="Par exemple : Camionnette 12 m³ avec hayon",
        error_messages={
            "required": "Donnez un titre à votre annonce\u00a0: par exemple "
            "«\u00a0Prêt d’une camionnette le samedi\u00a0»."
        },
    )
    category = forms.ChoiceField(
        label="Catégorie",
        error_messages={"required": "Choisissez dans la liste la catégorie qui ressemble le plus."},
    )
    text = TextField(
        label="Description",
        longest=4000,
        rows=5,
        required=False,
        help_text="Ce qu’il faut savoir : état, accès, permis, assurance. Pas de téléphone : il serait public.",
    )
    shown_to_all = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)
    quantity = forms.IntegerField(
        label="Combien ?",
        min_value=1,
        max_value=100_000,
        initial=1,
        error_messages={
            "required": "Dites combien, en chiffres\u00a0: 1 s’il n’y en a qu’un.",
            "invalid": "Écrivez un nombre en chiffres\u00a0: par exemple 12.",
            "min_value": "Écrivez 1 au moins.",
            "max_value": "Écrivez 100\u00a0000 au plus.",
        },
    )
    photo = forms.FileField(
        label="Photo",
        required=False,
        help_text="JPEG, PNG, WebP ou HEIC (iPhone), 12\u00a0Mo au plus. Le lieu de la prise de vue est effacé.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,.heic,.heif"}),
    )
    photo_description = TextField(
        label="Ce que montre la photo",
        longest=200,
        required=False,
        required_when="obligatoire si vous ajoutez une photo",
        help_text="Pour les personnes qui ne la voient pas : une phrase suffit.",
    )

    def prepare(self):
        super().prepare()
        self.fields["category"].choices = category_choices()
        self.fields["title"].widget.attrs["autocomplete"] = "off"
        for place, picture in enumerate(self.pictures, start=1):
            self.fields[f"{PICTURE}{picture.pk}"] = picture_field(place)
            self.initial.setdefault(f"{PICTURE}{picture.pk}", picture.description)
        if self.listing:
            del self.fields["structure"]
            return
        self.fields["structure"].queryset = Structure.objects.acted_for_by(self.person).active()

    @property
    def picture_rows(self):
        """[(picture, the field that says what it shows)…] in order."""
        return [(picture, self[f"{PICTURE}{picture.pk}"]) for picture in self.pictures]

    def clean_photo(self):
        upload = self.cleaned_data["photo"]
        if not upload:
            return None
        try:
            return clean_photo(upload)
        except PhotoRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean(self):
        super().clean()
        given = self.cleaned_data
        self.to_confirm = reachable_in(given.get("text", ""))
        if self.to_confirm and given.get("shown_to_all", "") == said_to_all(self.to_confirm):
            self.to_confirm = []
        if self.to_confirm:
            self.add_error("text", to_all(self.to_confirm))
        if given.get("photo") and not given.get("photo_description") and "photo_description" not in self.errors:
            self.add_error("photo_description", SAY_WHAT_IT_SHOWS)
        return given

    def details(self):
        same = ("category", "title", "text", "quantity")
        return super().details() | {name: self.cleaned_data[name] for name in same}

    def descriptions(self):
        """{id of a picture: what it shows}"""
        return {picture.pk: self.cleaned_data[f"{PICTURE}{picture.pk}"] for picture in self.pictures}


class WhereForm(PartForm):
    commune = CommuneField(label="Commune")
    radius_km = forms.TypedChoiceField(label="Jusqu’où ?", required=False, coerce=int, empty_value=None)

    def prepare(self):
        super().prepare()
        self.fields["radius_km"].choices = radius_choices(self.listing)

    def details(self):
        return super().details() | {name: self.cleaned_data[name] for name in ("commune", "radius_km")}


class WhenForm(PartForm):
    first_day = DayField(label="Du", required=False, help_text="jj/mm/aaaa, ou « samedi »")
    last_day = DayField(label="Au", required=False, help_text="jj/mm/aaaa")
    weekdays = forms.TypedMultipleChoiceField(
        label="Quels jours ?",
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ne cochez rien si tous les jours conviennent.",
    )
    starts_at = HourField(label="De", required=False, help_text="Par exemple : 9 h")
    ends_at = HourField(label="À", required=False, help_text="Par exemple\u00a0: 18\u00a0h\u00a030")
    valid_until = DayField(label="Montrer l’annonce jusqu’au", required=False)

    def prepare(self):
        super().prepare()
        self.fields["valid_until"].help_text = TERMS[self.direction]

    def clean_last_day(self):
        day = self.cleaned_data["last_day"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(f"Le dernier jour ({date_fr(day)}) est déjà passé.")
        return day

    def clean_valid_until(self):
        """Empty is the usual term."""
        day, today = self.cleaned_data["valid_until"], timezone.localdate()
        if day is None:
            return terms.usual_until(self.direction, today)
        if day < today:
            raise forms.ValidationError(f"Cette date ({date_fr(day)}) est déjà passée. Choisissez un jour à venir.")
        furthest = terms.longest_until(self.direction, today)
        if day > furthest:
            raise forms.ValidationError(f"C’est trop loin\u00a0: le {date_fr(furthest)} au plus tard.")
        return day

    def clean(self):
        super().clean()
        given = self.cleaned_data
        self._check_days(given.get("first_day"), given.get("last_day"))
        self._check_hours(given.get("starts_at"), given.get("ends_at"))
        return given

    def _check_days(self, first, last):
        if first and last and last < first:
            self.add_error(
                "last_day",
                f"La date de fin ({date_fr(last)}) est avant la date de début ({date_fr(first)}). "
                "Changez l’une des deux.",
            )

    def _check_hours(self, starts_at, ends_at):
        if {"starts_at", "ends_at"} & self.errors.keys():
            return
        if (starts_at is None) != (ends_at is None):
            missing = "starts_at" if starts_at is None else "ends_at"
            self.add_error(missing, "Donnez les deux heures, ou aucune.")
        elif starts_at and ends_at <= starts_at:
            self.add_error("ends_at", "L’heure de fin est avant l’heure de début. Changez l’une des deux.")

    def details(self):
        given = self.cleaned_data
        same = {name: given[name] for name in ("first_day", "last_day", "starts_at", "ends_at")}
        until = terms.within(self.direction, given["valid_until"], given["last_day"])
        return super().details() | same | {"weekdays": sorted(given["weekdays"]), "valid_until": until}


class HowForm(PartForm):
    conditions = forms.ChoiceField(
        label="À quelles conditions ?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez vos conditions\u00a0: «\u00a0Gratuit\u00a0», par exemple."},
    )
    price = PriceField(
        label="Montant",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text="Par exemple : 12,50 €. Laissez vide si la participation aux frais est à convenir.",
    )
    price_unit = forms.ChoiceField(label="Pour", choices=Listing.PriceUnit.choices, required=False)
    visibility = forms.ChoiceField(
        label="Qui verra cette annonce\u202f?",
        widget=ChoicesSomeOff,
        error_messages={"required": "Choisissez qui verra cette annonce."},
    )
    reader_query = forms.CharField(
        label="Chercher une structure à choisir", max_length=120, required=False, help_text="Une partie de son nom"
    )
    readers = forms.ModelMultipleChoiceField(
        Structure.objects.none(),
        label="Structures choisies",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def prepare(self):
        super().prepare()
        self.fields["conditions"].choices = CONDITIONS[self.direction]
        self.fields["visibility"].choices = VISIBILITIES
        self.is_alone = self.owner is not None and not self.owner.is_in_a_network
        if self.is_alone:
            self.fields["visibility"].widget.off = (Listing.Visibility.NETWORK,)
        self.fields["readers"].queryset = self._offered_readers()

    def _offered_readers(self):
        """The structures already chosen, and those whose name has the words searched; active, unless chosen before."""
        chosen, words = self._typed("readers", many=True), fold(self._typed("reader_query") or "")
        found = Structure.objects.none()
        if chosen:
            open_ones = Q(state=Structure.State.ACTIVE)
            if self.listing:
                open_ones |= Q(pk__in=self.listing.readers.values("pk"))
            found |= Structure.objects.filter(open_ones, pk__in=[pk for pk in chosen if str(pk).isdecimal()])
        if words:
            named = Structure.objects.active().filter(search_name__contains=words)
            found |= Structure.objects.filter(pk__in=list(named.values_list("pk", flat=True)[:READERS_SHOWN]))
        return found

    def clean(self):
        super().clean()
        given = self.cleaned_data
        self._check_price(given.get("conditions"), given.get("price"))
        if given.get("visibility") == Listing.Visibility.NETWORK and self.is_alone:
            self.add_error("visibility", NO_NETWORK)
        if given.get("visibility") == Listing.Visibility.CHOSEN and not given.get("readers"):
            self.add_error(
                "reader_query", "Cherchez puis cochez au moins une structure, ou choisissez un autre public."
            )
        return given

    def _check_price(self, conditions, price):
        if conditions == Listing.Conditions.FREE and price:
            self.add_error("price", "Vous avez choisi « gratuit » et écrit un montant. Gardez l’un des deux.")
        needs_price = self.direction == "offer" and conditions == Listing.Conditions.PRICE
        if needs_price and price is None and "price" not in self.errors:
            self.add_error(
                "price",
                "Écrivez un montant. S’il est à convenir, choisissez « Participation aux frais ».",
            )

    def details(self):
        """An amount of zero is « gratuit »."""
        given = self.cleaned_data
        free = given["conditions"] == Listing.Conditions.FREE or given["price"] == 0
        return super().details() | {
            "conditions": Listing.Conditions.FREE if free else given["conditions"],
            "price_cents": None if free else given["price"],
            "price_unit": given["price_unit"] or Listing.PriceUnit.TOTAL,
            "visibility": given["visibility"],
            "readers": given["readers"],
        }


class ListingForm(HowForm, WhenForm, WhereForm, WhatForm):
    """The four parts on one page, in the order in which they are read."""


TERMS = {
    "offer": "Un an si vous laissez vide, deux ans au plus. Nous vous écrivons avant la fin.",
    "need": "Trois mois si vous laissez vide, un an au plus, jamais après le dernier jour. "
    "Nous vous écrivons avant la fin.",
}
CONDITIONS = {
    "offer": [("free", "Gratuit"), ("cost_share", "Participation aux frais"), ("price", "Prix")],
    "need": [
        ("free", "Gratuit seulement"),
        ("cost_share", "Nous pouvons participer aux frais"),
        ("price", "Nous pouvons payer"),
    ],
}
VISIBILITIES = [
    ("everyone", "Tout le monde"),
    ("members", "Les associations inscrites"),
    ("network", "Mon réseau"),
    ("chosen", "Des structures choisies"),
]


def category_choices():
    """Kinds and sub-kinds, grouped under what they are part of."""
    groups: list[tuple] = [("", "Choisir dans la liste")]
    for entry in taxonomy.all_categories():
        if not entry.children:
            continue
        own = [] if not entry.parent else [(entry.code, f"{entry.label} (sans préciser)")]
        leaves = [(child.code, child.label) for child in entry.children if not child.children]
        if own or leaves:
            groups.append((" › ".join(str(step) for step in entry.path), own + leaves))
    return groups


def radius_choices(listing):
    radii = sorted({*RADII, listing.radius_km} if listing and listing.radius_km else RADII)
    return [("", "Tout le territoire"), *((radius, f"{radius} km autour") for radius in radii)]


def said_to_all(reachable):
    """What the form remembers of numbers and addresses that one chose to leave."""
    return " ".join(reachable)


def to_all(reachable):
    numbers, addresses = [one for one in reachable if "@" not in one], [one for one in reachable if "@" in one]
    if numbers and addresses:
        said = "Ce numéro et cette adresse seront lus par tous"
    elif numbers:
        said = "Ce numéro sera lu par tous" if len(numbers) == 1 else "Ces numéros seront lus par tous"
    else:
        said = "Cette adresse sera lue par tous" if len(addresses) == 1 else "Ces adresses seront lues par tous"
    return f"{said}\u00a0: {', '.join(one.replace(' ', NBSP) for one in reachable)}."


SAY_WHAT_IT_SHOWS = "Dites en une phrase ce que montre cette photo, pour les personnes qui ne la voient pas."


def picture_field(place):
    return TextField(
        label=f"Ce que montre la photo {place}", longest=200, error_messages={"required": SAY_WHAT_IT_SHOWS}
    )
