"""What one writes to ask for an offer, and to answer."""

from datetime import timedelta
from uuid import uuid4

from django import forms
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from maillage.directory.models import Structure
from maillage.engine.french import NBSP
from maillage.sharing.bookings import moments, terms
from maillage.sharing.models import Booking, LendingRules
from maillage.web.fields import TextField
from maillage.web.sharing.fields import DayField, HourField

LONGEST_AHEAD = timedelta(days=800)


class AskForm(forms.Form):
    """Asks of an offer what its rules ask: days, hours, how many, how many people."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    structure = forms.ModelChoiceField(
        Structure.objects.none(),
        label="Au nom de quelle association\u202f?",
        empty_label=None,
        error_messages={"required": "Choisissez l’association qui emprunte."},
    )
    first_day = DayField(
        label="Du",
        help_text="jj/mm/aaaa, ou «\u00a0samedi\u00a0»",
        error_messages={"required": "Dites quel jour\u00a0: par exemple samedi, ou 28 novembre."},
    )
    last_day = DayField(label="Au", required=False, help_text="Laissez vide pour un seul jour.")
    starts_at = HourField(
        label="De",
        help_text="Par exemple\u00a0: 9\u00a0h",
        error_messages={"required": "Dites à partir de quelle heure\u00a0: par exemple 9\u00a0h."},
    )
    ends_at = HourField(
        label="À",
        help_text="Par exemple\u00a0: 18\u00a0h\u00a030",
        error_messages={"required": "Dites jusqu’à quelle heure\u00a0: par exemple 18\u00a0h\u00a030."},
    )
    moment = forms.ChoiceField(
        label="À quel moment de la journée\u202f?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez le matin, l’après-midi ou la soirée.",
            "invalid_choice": "Ce moment n’est pas proposé. Choisissez parmi ceux de la liste.",
        },
    )
    quantity = forms.IntegerField(
        label="Combien\u202f?",
        min_value=1,
        max_value=100_000,
        initial=1,
        error_messages={
            "required": "Dites combien, en chiffres\u00a0: 1 s’il n’en faut qu’un.",
            "invalid": "Écrivez un nombre en chiffres\u00a0: par exemple 12.",
            "min_value": "Écrivez 1 au moins.",
            "max_value": "Écrivez 100\u202f000 au plus.",
        },
    )
    people = forms.IntegerField(
        label="Combien de personnes viendront\u202f?",
        min_value=1,
        max_value=100_000,
        help_text="À peu près\u00a0: l’effectif maximal du lieu est vérifié.",
        error_messages={
            "required": "Dites combien de personnes viendront, en chiffres\u00a0: par exemple 15.",
            "invalid": "Écrivez un nombre en chiffres\u00a0: par exemple 15.",
            "min_value": "Écrivez 1 au moins.",
            "max_value": "Écrivez 100\u202f000 au plus.",
        },
    )
    purpose = TextField(
        label="Pour quoi faire\u202f?",
        longest=300,
        rows=3,
        help_text="Une phrase suffit\u00a0: ce que vous ferez, et où. L’assurance de celui qui prête en dépend.",
        error_messages={
            "required": "Dites pour quoi faire, en une phrase\u00a0: par exemple, transporter les décors du spectacle."
        },
    )

    def __init__(self, *args, listing, rules, structures, **options):
        super().__init__(*args, **options)
        self.listing, self.rules = listing, rules
        self.fields["structure"].queryset = structures
        if len(structures) == 1:
            self.fields["structure"].required = False
            self.fields["structure"].widget = forms.HiddenInput()
        if rules.rhythm != LendingRules.Rhythm.HOUR:
            del self.fields["starts_at"], self.fields["ends_at"]
        if rules.rhythm != LendingRules.Rhythm.DAY:
            del self.fields["last_day"]
        if rules.rhythm != LendingRules.Rhythm.HALF_DAY:
            del self.fields["moment"]
        else:
            self.moments = moments.moments_of(listing)
            self.fields["moment"].choices = [(name, moments.said(name, hours)) for name, hours in self.moments.items()]
        if listing.quantity == 1:
            del self.fields["quantity"]
        if not terms.is_premises(listing):
            del self.fields["people"]

    def clean_structure(self):
        return self.cleaned_data["structure"] or self.fields["structure"].queryset.first()

    def clean(self):
        """The period, from the days and hours; or that of the near-by button that was pressed."""
        given = super().clean() or {}
        chosen = read_period(self.data.get("near", ""))
        if chosen:
            for name in ("first_day", "last_day", "starts_at", "ends_at", "moment"):
                self.errors.pop(name, None)
            given["period"] = chosen
        elif self.data.get("near"):
            self.add_error("first_day", "Ce jour ne se lit plus\u00a0: écrivez celui que vous voulez.")
        elif not self.errors.keys() & {"first_day", "last_day", "starts_at", "ends_at", "moment"}:
            self._read_period(given)
        return given

    def _read_period(self, given):
        first, last = given["first_day"], given.get("last_day") or given["first_day"]
        try:
            if "last_day" not in self.fields:
                given["period"] = terms.period_between(first, first, *self.hours(given))
            else:
                given["period"] = terms.whole_days(self.listing, first, last)
        except terms.BookingRefused as refusal:
            self.add_error(
                next(name for name in ("ends_at", "moment", "last_day") if name in self.fields), str(refusal)
            )

    def hours(self, given):
        """Those of a loan within one day: typed, or of the moment that was chosen."""
        return self.moments[given["moment"]] if "moment" in given else (given["starts_at"], given["ends_at"])

    def asked(self):
        """For ``services.ask``."""
        given = self.cleaned_data
        same = {name: given[name] for name in ("key", "period", "purpose", "quantity", "people") if name in given}
        return same | {"borrower": given["structure"]}


def written(period):
    """A period as a button carries it."""
    return f"{period.lower.isoformat()}/{period.upper.isoformat()}"


def read_period(text):
    """What ``written`` wrote, or None."""
    try:
        start, end = (timezone.datetime.fromisoformat(part) for part in text.split("/"))
        is_one = start.tzinfo and end.tzinfo and start < end and abs(start - timezone.now()) < LONGEST_AHEAD
        return TimestamptzRange(start, end, "[)") if is_one else None
    except (ValueError, OverflowError):
        return None


def initial_of(query):
    """What the address says already: ?du=2026-11-28&au=…&de=9:00&a=12:00, as it is typed in a form."""
    initial = {}
    for name, parameter in (("first_day", "du"), ("last_day", "au"), ("starts_at", "de"), ("ends_at", "a")):
        if said := query.get(parameter, "")[:20]:
            initial[name] = said
    for name in ("first_day", "last_day"):
        with_dashes = initial.get(name, "").split("-")
        if len(with_dashes) == 3 and all(part.isdecimal() for part in with_dashes):
            initial[name] = "/".join(reversed(with_dashes))
    return initial


class AcceptForm(forms.Form):
    word = TextField(
        label="Un mot pour l’autre association",
        longest=300,
        rows=2,
        required=False,
        help_text="Par exemple\u00a0: où prendre les clés.",
    )


class RefuseForm(forms.Form):
    why = forms.ChoiceField(
        label="Pourquoi\u202f?",
        choices=[(value, label.capitalize()) for value, label in Booking.Why.choices],
        widget=forms.RadioSelect,
        error_messages={"required": "Dites pourquoi\u00a0: cela aide l’autre association à trouver ailleurs."},
    )
    word = TextField(
        label="Dites-le en une phrase",
        longest=300,
        rows=2,
        required=False,
        help_text=f"Par exemple{NBSP}: il part en révision.",
    )


class CancelForm(forms.Form):
    """Whoever lends says why; whoever borrows may."""

    word = TextField(label="Un mot pour l’autre association", longest=300, rows=2, required=False)

    def __init__(self, *args, is_lender, **options):
        super().__init__(*args, **options)
        if is_lender:
            self.fields["word"].required = True
            self.fields["word"].label = "Pourquoi\u202f?"
            self.fields["word"].error_messages["required"] = (
                "Dites pourquoi en une phrase\u00a0: l’autre association compte sur vous."
            )
