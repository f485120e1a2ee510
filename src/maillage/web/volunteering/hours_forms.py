"""What one types of hours: « 2 h 30 », « 1,5 h », « 45 min »."""

import re
from datetime import timedelta

from django import forms
from django.utils import timezone

from maillage.accounts.models import User
from maillage.directory.models import Structure
from maillage.engine.french import duration_fr
from maillage.volunteering.models import LEAST_MINUTES, MOST_MINUTES
from maillage.web.fields import TextField
from maillage.web.sharing.fields import DayField

DAYS_AGO = {"hier": 1, "avant-hier": 2}
_HOURS = re.compile(r"(\d{1,2})(?:[.,](\d{1,2}))?\s*(?:h(?:eures?)?)?")
_BOTH = re.compile(r"(\d{1,2})\s*(?:h(?:eures?)?|:)\s*([0-5]\d)(?:\s*min(?:utes?)?)?")
_MINUTES = re.compile(r"(\d{1,4})\s*(?:min(?:utes?)?|mn)")


def read_duration(typed):
    """The minutes of a duration typed in French, None when it is not understood: « 2 h 30 » → 150, « 1,5 h » → 90."""
    plain = " ".join(typed.lower().split())
    if match := _MINUTES.fullmatch(plain):
        return int(match[1])
    if match := _BOTH.fullmatch(plain):
        return int(match[1]) * 60 + int(match[2])
    if match := _HOURS.fullmatch(plain):
        return int(match[1]) * 60 + round(int((match[2] or "0").ljust(2, "0")) * 60 / 100)
    return None


class DurationField(forms.CharField):
    """A text field whose value is a number of minutes."""

    def __init__(self, **options):
        super().__init__(max_length=30, **options)

    def clean(self, value):
        typed = super().clean(value)
        minutes = read_duration(typed)
        if minutes is None:
            raise forms.ValidationError("Nous n’avons pas compris cette durée. Écrivez par exemple 2 h 30 ou 45 min.")
        if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
            raise forms.ValidationError("Une durée va de cinq minutes à vingt-quatre heures. Vérifiez-la.")
        return minutes

    def prepare_value(self, value):
        return duration_fr(value) if isinstance(value, int) else value


class PastDayField(DayField):
    """A day that has come: « samedi » is the last one, « 14 novembre » that of this year or of the year before."""

    def read(self, typed):
        today, said = timezone.localdate(), typed.lower().strip()
        if said in DAYS_AGO:
            return today - timedelta(days=DAYS_AGO[said])
        day = super().read(typed)
        if day <= today or re.search(r"\d{4}", said):
            return day
        if not re.search(r"\d", said):
            return day - timedelta(days=7)
        try:
            return day.replace(year=day.year - 1)
        except ValueError:  # 29 February
            return day


class OfferedField(forms.ModelChoiceField):
    """A choice in a list that is known when the form is made."""

    def label_from_instance(self, thing):
        return getattr(thing, "name", "") or "Une personne sans nom affiché"


class DoneForm(forms.Form):
    day = PastDayField(
        label="Quel jour\u202f?",
        initial=timezone.localdate,
        help_text="Par exemple\u00a0: hier, samedi, 14 novembre.",
        error_messages={"required": "Écrivez le jour\u00a0: par exemple, samedi."},
    )
    minutes = DurationField(
        label="Combien de temps\u202f?",
        help_text="Par exemple\u00a0: 2\u00a0h\u00a030, ou 45\u00a0min.",
        error_messages={"required": "Écrivez la durée\u00a0: par exemple, 2\u00a0h\u00a030."},
    )


class OwnHoursForm(DoneForm):
    """A volunteer's own hours, for an association that they are linked to."""

    structure = OfferedField(
        Structure.objects.none(),
        label="Pour quelle association\u202f?",
        empty_label=None,
        error_messages={"required": "Choisissez l’association.", "invalid_choice": "Choisissez l’association."},
    )
    task = TextField(
        label="Qu’avez-vous fait\u202f?",
        longest=200,
        help_text="En quelques mots\u00a0: la buvette, la paie, l’entraînement des jeunes.",
        error_messages={"required": "Dites ce que vous avez fait\u00a0: par exemple, tenir la buvette."},
    )
    field_order = ("structure", "task", "day", "minutes")

    def __init__(self, *args, structures, **options):
        super().__init__(*args, **options)
        self.fields["structure"].queryset = structures  # type: ignore[attr-defined]


class HoursForForm(DoneForm):
    """Hours that the association writes for one of its volunteers."""

    volunteer = OfferedField(
        User.objects.none(),
        label="Qui\u202f?",
        empty_label=None,
        help_text="Les personnes qui agissent pour l’association, et celles qui ont accepté une de ses missions.",
        error_messages={
            "required": "Choisissez la personne.",
            "invalid_choice": "Choisissez une personne de la liste.",
        },
    )
    task = TextField(
        label="Qu’a fait cette personne\u202f?",
        longest=200,
        error_messages={"required": "Dites ce qui a été fait\u00a0: par exemple, tenir la buvette."},
    )
    field_order = ("volunteer", "task", "day", "minutes")

    def __init__(self, *args, volunteers, **options):
        super().__init__(*args, **options)
        self.fields["volunteer"].queryset = volunteers  # type: ignore[attr-defined]


class CorrectionForm(DoneForm):
    reason = TextField(
        label="Pourquoi\u202f?",
        longest=200,
        help_text="L’autre personne le lira, puis validera.",
        error_messages={"required": "Dites pourquoi vous corrigez\u00a0: par exemple, la fête a fini plus tôt."},
    )
