"""The first step of publishing, the file of an inventory, and what the forms of a listing show before anyone types."""

from django import forms
from django.utils import timezone

from maillage.directory.models import Structure
from maillage.engine.reachable import reachable_in
from maillage.sharing import taxonomy, terms
from maillage.sharing.models import Listing
from maillage.sharing.quantities import count_in, counts
from maillage.sharing.services import DEFAULT_VISIBILITY


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


class InventoryForm(forms.Form):
    structure = forms.ModelChoiceField(
        Structure.objects.none(),
        label="Au nom de quelle association\u202f?",
        empty_label=None,
        error_messages={"required": "Choisissez l’association à qui sont ces choses."},
    )
    file = forms.FileField(
        label="Fichier",
        help_text="Un tableau .xlsx, .ods ou .csv\u00a0: 500\u00a0lignes et 5\u00a0Mo au plus.",
        widget=forms.FileInput({"accept": ".xlsx,.ods,.csv,.txt"}),
        error_messages={"required": "Choisissez le fichier à importer.", "empty": "Le fichier est vide."},
    )

    def __init__(self, *args, person, **options):
        super().__init__(*args, **options)
        self.fields["structure"].queryset = Structure.objects.acted_for_by(person).active()


def initial_of(listing):
    """What the form of an existing listing shows; one that has expired is offered another usual term."""
    names = ("category", "title", "text", "quantity", "commune", "radius_km", "first_day", "last_day")
    names += ("weekdays", "starts_at", "ends_at", "conditions", "price_unit", "visibility")
    initial = {name: getattr(listing, name) for name in names}
    readers = list(listing.readers.values_list("pk", flat=True))
    today = timezone.localdate()
    until = listing.valid_until if listing.valid_until >= today else terms.usual_until(listing.direction, today)
    left = " ".join(reachable_in(listing.text))  # whoever published it chose to
    return initial | {"price": listing.price_cents, "readers": readers, "valid_until": until, "shown_to_all": left}


def initial_of_new(direction, *, category="", words="", structure=None):
    """What the form of a new listing shows, from the first step and the usual ways of the category."""
    known = taxonomy.exists(category)
    is_offer = direction == Listing.Direction.OFFER
    return {
        "category": category if known else "",
        "title": words[:1].upper() + words[1:],
        "quantity": count_in(words) if counts(category) else 1,
        "commune": structure.commune if structure else None,
        "structure": structure,
        "radius_km": "" if is_offer else 25,
        "conditions": taxonomy.get(category).conditions if is_offer and known else "free" if is_offer else "cost_share",
        "price_unit": taxonomy.get(category).unit if known else Listing.PriceUnit.TOTAL,
        "visibility": DEFAULT_VISIBILITY[direction],
        "valid_until": terms.usual_until(direction, timezone.localdate()),
    }
