"""« Règles de prêt » of one of my offers: when one may ask, for how long, who answers."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render

from maillage.engine.french import count_fr, number_fr
from maillage.kernel.pages import READING_METHODS, page
from maillage.sharing.bookings.lending import said, set_rules
from maillage.sharing.bookings.terms import UNKNOWN_CAPACITY, BookingRefused, is_premises, rules_of
from maillage.sharing.models import Booking
from maillage.web.bookings.owned import lent_by_me
from maillage.web.fields import TextField

MINUTES = (0, 15, 30, 60, 90, 120, 180, 240, 720, 1440)
PRESETS: dict[str, tuple[str, dict]] = {
    "libre": ("En confiance", {"approvals": 0, "notice_days": 0, "longest_days": None, "minutes_after": 0}),
    "materiel": ("Matériel", {"rhythm": "day", "approvals": 1, "notice_days": 2, "longest_days": 4}),
    "vehicule": (
        "Véhicule",
        {"rhythm": "day", "approvals": 1, "notice_days": 3, "longest_days": 2, "most_each": 2, "cancel_days": 1},
    ),
    "salle": (
        "Salle",
        {"rhythm": "hour", "approvals": 1, "notice_days": 3, "longest_days": 2}
        | {"minutes_before": 15, "minutes_after": 30, "cancel_days": 2},
    ),
}


def _days(label, help_text, **options):
    most = options.pop("most")
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=options.pop("least", 0),
        max_value=most,
        error_messages={
            "required": "Écrivez un nombre de jours en chiffres\u00a0: 0 s’il n’en faut pas.",
            "invalid": "Écrivez un nombre de jours en chiffres\u00a0: par exemple 3.",
            "min_value": "C’est trop peu\u00a0: écrivez %(limit_value)s au moins.",
            "max_value": f"C’est trop\u00a0: écrivez {number_fr(most)} au plus.",
        },
        **options,
    )


def _minutes(label, help_text):
    return forms.TypedChoiceField(
        label=label,
        help_text=help_text,
        coerce=int,
        choices=[(minutes, minutes_said(minutes)) for minutes in MINUTES],
        error_messages={
            "required": "Choisissez une durée dans la liste.",
            "invalid_choice": "Choisissez une durée dans la liste.",
        },
    )


def minutes_said(minutes):
    """« aucun », « 45 minutes », « 1 h 30 »."""
    if minutes == 0:
        return "aucun"
    if minutes < 60:
        return count_fr(minutes, "minute")
    hours, rest = divmod(minutes, 60)
    return f"{hours}\u00a0h\u00a0{rest:02}" if rest else count_fr(hours, "heure")


class RulesForm(forms.Form):
    rhythm = forms.ChoiceField(
        label="Comment se prête-t-il\u202f?",
        choices=[
            ("hour", "À l’heure"),
            ("half_day", "À la demi-journée\u00a0: matin, après-midi ou soirée"),
            ("day", "À la journée"),
        ],
        widget=forms.RadioSelect,
        help_text="À la journée pour un véhicule ou du matériel\u00a0; à l’heure pour une salle.",
        error_messages={"required": "Choisissez\u00a0: à l’heure, à la demi-journée ou à la journée."},
    )
    notice_days = _days("Délai pour demander, en jours", "Par exemple\u00a0: 3. Pour le jour même\u00a0: 0.", most=731)
    longest_days = _days(
        "Durée la plus longue, en jours",
        "Par exemple\u00a0: 2. Vide\u00a0: sans limite.",
        least=1,
        most=366,
        required=False,
    )
    horizon_days = _days(
        "Jusqu’à quand peut-on demander, en jours", "366\u00a0: un an à l’avance.", least=1, most=731, initial=366
    )
    minutes_before = _minutes("Temps pour préparer, avant", "Personne d’autre ne peut l’avoir pendant ce temps.")
    minutes_after = _minutes("Temps pour ranger ou nettoyer, après", "Par exemple\u00a0: 30 minutes de ménage.")
    approvals = forms.TypedChoiceField(
        label="Qui répond\u202f?",
        coerce=int,
        choices=[
            (0, "Personne\u00a0: c’est réservé aussitôt si c’est libre"),
            (1, "Une personne de votre association"),
            (2, "Deux personnes de votre association"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez qui répond aux demandes."},
    )
    most_each = _days(
        "Réservations à venir, au plus, par association",
        "Pour que chacun ait son tour. Vide\u00a0: sans limite.",
        least=1,
        most=1000,
        required=False,
    )
    cancel_days = _days(
        "S’annule au plus tard, en jours avant",
        "Après, on vous écrit et vous annulez. 0\u00a0: jusqu’au jour même.",
        most=366,
    )
    most_people = forms.IntegerField(
        label="Effectif maximal, en personnes",
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=f"Sans ce nombre, une demande pour plus de {UNKNOWN_CAPACITY} personnes est refusée.",
        error_messages={
            "invalid": "Écrivez un nombre en chiffres\u00a0: par exemple 80.",
            "min_value": "Écrivez 1 au moins.",
            "max_value": "Écrivez 100\u202f000 au plus.",
        },
    )
    most_people_source = TextField(
        label="D’où vient ce nombre\u202f?",
        longest=200,
        required=False,
        required_when="obligatoire si vous donnez un effectif",
        help_text="Par exemple\u00a0: procès-verbal de la commission de sécurité du 12 mars 2024.",
    )
    word = TextField(
        label="À savoir avant de demander",
        longest=1000,
        rows=4,
        required=False,
        help_text="Par exemple\u00a0: permis B depuis deux ans, plein à refaire, clés à prendre au café.",
    )

    def __init__(self, *args, listing, rules, **options):
        super().__init__(*args, **options)
        if not is_premises(listing):
            del self.fields["most_people"], self.fields["most_people_source"]
        for name in ("minutes_before", "minutes_after"):
            chosen = sorted({*MINUTES, getattr(rules, name)})
            self.fields[name].choices = [(minutes, minutes_said(minutes)) for minutes in chosen]


def initial_of(rules, preset):
    """What the form shows first: the rules, and those of the preset that was chosen."""
    known = {name: getattr(rules, name) for name in RulesForm.base_fields}
    return known | PRESETS[preset][1] if preset in PRESETS else known


@page(methods=("GET", "POST"))
def lending_rules(request, pk):
    listing = lent_by_me(request, pk)
    rules = rules_of(listing)
    preset = request.GET.get("modele", "")
    typed = None if request.method in READING_METHODS else request.POST
    form = RulesForm(typed, listing=listing, rules=rules, initial=initial_of(rules, preset))
    if typed is not None and form.is_valid():
        try:
            set_rules(listing_id=pk, author=request.user, **form.cleaned_data)
        except BookingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Vos règles de prêt sont enregistrées. Elles valent pour les demandes à venir.")
            return redirect(listing)
    context = {
        "listing": listing,
        "form": form,
        "said": said(rules_of(listing)),
        "presets": [(name, label) for name, (label, _) in PRESETS.items()],
        "preset": preset,
        "to_come": Booking.objects.living().filter(listing=listing).count(),
    }
    return render(request, "bookings/rules.html", context, status=422 if form.errors else 200)
