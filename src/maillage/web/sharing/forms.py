"""The form of a listing: what, where, when, on which conditions, who sees it."""

from django import forms
from django.db.models import Q
from django.utils import timezone

from maillage.directory.models import Structure
from maillage.engine.french import WEEKDAYS, date_fr
from maillage.engine.text import fold
from maillage.sharing import taxonomy
from maillage.sharing.models import Listing
from maillage.sharing.photos import PhotoRefused, clean_photo
from maillage.sharing.services import DEFAULT_VISIBILITY
from maillage.web.fields import TextField
from maillage.web.sharing.fields import DayField, HourField, PriceField
from maillage.web.territory.fields import CommuneField

RADII = (5, 10, 15, 25, 50, 100)
READERS_SHOWN = 8


class StartForm(forms.Form):
    """The first step: propose or look for, and a few words."""

    sens = forms.ChoiceField(
        label="Que voulez-vous faire ?",
        choices=[("offre", "Je propose"), ("besoin", "Je cherche")],
        widget=forms.RadioSelect,
        initial="offre",
        error_messages={"required": "Choisissez «\u00a0Je propose\u00a0» ou «\u00a0Je cherche\u00a0»."},
    )
    quoi = forms.CharField(
        label="Quoi ?",
        max_length=120,
        help_text="En quelques mots : une camionnette, une salle, deux bénévoles, une heure de comptabilité…",
        error_messages={
            "required": "Dites-le en quelques mots\u00a0: par exemple «\u00a0une camionnette\u00a0» ou "
            "«\u00a0deux bénévoles\u00a0»."
        },
    )


class ListingForm(forms.Form):
    structure = forms.ModelChoiceField(
        Structure.objects.none(),
        label="Au nom de quelle association ?",
        empty_label=None,
        error_messages={"required": "Choisissez l’association qui publie cette annonce."},
    )
    category = forms.ChoiceField(
        label="Catégorie",
        error_messages={"required": "Choisissez dans la liste la catégorie qui ressemble le plus."},
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
    text = TextField(
        label="Description",
        longest=4000,
        rows=5,
        required=False,
        help_text="Ce qu’il faut savoir : état, accès, permis, assurance. Pas de téléphone : il serait public.",
    )
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
        help_text="JPEG, PNG ou WebP, 12 Mo au plus. Le lieu de la prise de vue est effacé.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    photo_description = TextField(
        label="Ce que montre la photo",
        longest=200,
        required=False,
        help_text="Pour les personnes qui ne la voient pas : une phrase suffit.",
    )
    remove_photo = forms.BooleanField(label="Retirer la photo actuelle", required=False)

    commune = CommuneField(label="Commune")
    radius_km = forms.TypedChoiceField(label="Jusqu’où ?", required=False, coerce=int, empty_value=None)

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
    ends_at = HourField(label="À", required=False, help_text="Par exemple : 18 h 30")

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
        label="Qui verra cette annonce ?",
        widget=forms.RadioSelect,
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

    def __init__(self, *args, person, direction, listing=None, **options):
        super().__init__(*args, **options)
        self.listing = listing
        self.direction = direction
        self.fields["category"].choices = category_choices()
        self.fields["conditions"].choices = CONDITIONS[direction]
        self.fields["visibility"].choices = VISIBILITIES
        self.fields["radius_km"].choices = radius_choices(listing)
        self.fields["readers"].queryset = self._offered_readers()
        self.fields["title"].widget.attrs["autocomplete"] = "off"
        if listing:
            del self.fields["structure"]
            return
        del self.fields["remove_photo"]
        self.fields["structure"].queryset = Structure.objects.acted_for_by(person).active()

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

    def _typed(self, name, *, many=False):
        if not self.is_bound:
            return self.initial.get(name)
        return self.data.getlist(name) if many else self.data.get(name)

    def clean_photo(self):
        upload = self.cleaned_data["photo"]
        if not upload:
            return None
        try:
            return clean_photo(upload)
        except PhotoRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean_last_day(self):
        day = self.cleaned_data["last_day"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(f"Le dernier jour ({date_fr(day)}) est déjà passé.")
        return day

    def clean(self):
        given = self.cleaned_data
        self._check_days(given.get("first_day"), given.get("last_day"))
        self._check_hours(given.get("starts_at"), given.get("ends_at"))
        self._check_price(given.get("conditions"), given.get("price"))
        if given.get("visibility") == Listing.Visibility.CHOSEN and not given.get("readers"):
            self.add_error(
                "reader_query", "Cherchez puis cochez au moins une structure, ou choisissez un autre public."
            )
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
        """The fields of the listing, for the services; an amount of zero is « gratuit »."""
        given = self.cleaned_data
        same = ("category", "title", "text", "quantity", "commune", "radius_km", "first_day", "last_day")
        details = {name: given[name] for name in (*same, "starts_at", "ends_at", "visibility", "readers")}
        free = given["conditions"] == Listing.Conditions.FREE or given["price"] == 0
        details |= {
            "weekdays": sorted(given["weekdays"]),
            "conditions": Listing.Conditions.FREE if free else given["conditions"],
            "price_cents": None if free else given["price"],
            "price_unit": given["price_unit"] or Listing.PriceUnit.TOTAL,
            "photo_description": given["photo_description"],
        }
        if given["photo"] or given.get("remove_photo"):
            details["photo"] = given["photo"] or ""
        return details


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


def initial_of(listing):
    """What the form of an existing listing shows."""
    names = ("category", "title", "text", "quantity", "photo_description", "commune", "radius_km", "first_day")
    names += ("last_day", "weekdays", "starts_at", "ends_at", "conditions", "price_unit", "visibility")
    initial = {name: getattr(listing, name) for name in names}
    return initial | {"price": listing.price_cents, "readers": list(listing.readers.values_list("pk", flat=True))}


def initial_of_new(direction, *, category="", words="", structure=None):
    """What the form of a new listing shows, from the first step and the usual ways of the category."""
    known = taxonomy.exists(category)
    is_offer = direction == Listing.Direction.OFFER
    return {
        "category": category if known else "",
        "title": words[:1].upper() + words[1:],
        "quantity": 1,
        "commune": structure.commune if structure else None,
        "structure": structure,
        "radius_km": "" if is_offer else 25,
        "conditions": taxonomy.get(category).conditions if is_offer and known else "free" if is_offer else "cost_share",
        "price_unit": taxonomy.get(category).unit if known else Listing.PriceUnit.TOTAL,
        "visibility": DEFAULT_VISIBILITY[direction],
    }
