"""What one types of a contribution in kind and of a rate: amounts, quantities, sources."""

import re
from decimal import Decimal

from django import forms

from maillage.directory.models import Structure
from maillage.engine.text import fold
from maillage.volunteering.models import InKindContribution
from maillage.web.fields import TextField
from maillage.web.sharing.fields import DayField
from maillage.web.volunteering.hours_forms import PastDayField

_NUMBER = re.compile(r"\d{1,7}(?:[.,]\d{1,2})?")
KINDS = [
    (InKindContribution.Kind.LOAN, "Une salle ou du matériel, prêté gratuitement"),
    (InKindContribution.Kind.SERVICE, "Un service rendu gratuitement"),
    (InKindContribution.Kind.GOODS, "Un don de biens ou de marchandises"),
]
METHODS = [
    (InKindContribution.Method.RENTAL, "Valeur locative\u00a0: ce que coûterait une location"),
    (InKindContribution.Method.REPLACEMENT, "Prix de remplacement\u00a0: ce que vous auriez payé"),
    (InKindContribution.Method.COST, "Coût réel, dit par qui donne"),
]


class NumberField(forms.CharField):
    """« 2 », « 2,5 », « 1 200 »: a Decimal greater than zero; ``unit`` is what may follow it."""

    def __init__(self, *, unit="", **options):
        super().__init__(max_length=20, widget=forms.TextInput({"inputmode": "decimal"}), **options)
        self.unit = unit

    def clean(self, value):
        typed = re.sub(r"\s", "", super().clean(value)).removesuffix(self.unit)
        if not _NUMBER.fullmatch(typed):
            raise forms.ValidationError("Écrivez un nombre, avec deux décimales au plus\u00a0: par exemple, 12,50.")
        number = Decimal(typed.replace(",", "."))
        if number == 0:
            raise forms.ValidationError("Écrivez un nombre plus grand que zéro.")
        return number

    def prepare_value(self, value):
        return str(value).replace(".", ",") if isinstance(value, Decimal) else value


class ContributionForm(forms.Form):
    kind = forms.ChoiceField(
        label="Qu’avez-vous reçu\u202f?",
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce que vous avez reçu."},
    )
    label = TextField(
        label="En quelques mots",
        longest=200,
        help_text="Par exemple\u00a0: salle des fêtes pour l’assemblée générale.",
        error_messages={"required": "Dites ce que c’était\u00a0: par exemple, la salle des fêtes."},
    )
    giver_name = TextField(
        label="Qui l’a donné ou prêté\u202f?",
        longest=200,
        help_text="Le nom d’une association ou d’une commune, comme il est écrit sur sa page.",
        error_messages={"required": "Écrivez qui l’a donné ou prêté\u00a0: par exemple, mairie de Revel."},
    )
    day = PastDayField(
        label="Quel jour\u202f?", error_messages={"required": "Écrivez le jour\u00a0: par exemple, samedi."}
    )
    quantity = NumberField(
        label="Combien\u202f?",
        help_text="Par exemple\u00a0: 2.",
        error_messages={"required": "Écrivez une quantité\u00a0: par exemple, 2."},
    )
    unit = TextField(
        label="De quoi\u202f?",
        longest=40,
        help_text="L’unité\u00a0: jour, heure, carton.",
        error_messages={"required": "Écrivez l’unité\u00a0: par exemple, jour."},
    )
    unit_value = NumberField(
        unit="€",
        label="Valeur d’une unité, en euros",
        help_text="Par exemple\u00a0: 120 ou 12,50.",
        error_messages={"required": "Écrivez la valeur d’une unité\u00a0: par exemple, 120."},
    )
    method = forms.ChoiceField(
        label="Comment la valeur est-elle connue\u202f?",
        choices=METHODS,
        widget=forms.RadioSelect,
        help_text="Gardez la même méthode d’une année sur l’autre.",
        error_messages={"required": "Choisissez la méthode."},
    )
    source = TextField(
        label="D’où vient ce chiffre\u202f?",
        longest=300,
        help_text="Par exemple\u00a0: tarif de location de la mairie, délibération du 3 mars.",
        error_messages={"required": "Dites d’où vient ce chiffre\u00a0: par exemple, le tarif de la mairie."},
    )

    def giver(self):
        """The structure of Maillage that has this name, when one alone has; it then reads its certificate."""
        named = Structure.objects.active().filter(search_name=fold(self.cleaned_data["giver_name"]))[:2]
        return named[0] if len(named) == 1 else None


class RateForm(forms.Form):
    name = TextField(
        label="Nom du taux",
        longest=80,
        help_text="Le même nom d’une année à l’autre. Par exemple\u00a0: SMIC horaire brut.",
        error_messages={"required": "Donnez un nom au taux\u00a0: par exemple, SMIC horaire brut."},
    )
    hour_value = NumberField(
        unit="€",
        label="Valeur d’une heure, en euros",
        error_messages={"required": "Écrivez la valeur d’une heure, recopiée de votre source."},
    )
    coefficient = NumberField(
        label="Coefficient",
        initial="1",
        help_text="Un pour une tâche courante\u00a0; davantage pour une tâche qualifiée.",
        error_messages={"required": "Écrivez le coefficient\u00a0: 1 pour une tâche courante."},
    )
    source = TextField(
        label="Source",
        longest=200,
        help_text="Où vous avez lu ce chiffre, et quand. Maillage n’en invente aucun.",
        error_messages={"required": "Dites où vous avez lu ce chiffre\u00a0: par exemple, le site du ministère."},
    )
    valid_from = DayField(
        label="À partir du",
        error_messages={"required": "Écrivez son premier jour\u00a0: par exemple, 1er janvier."},
    )
    valid_until = DayField(label="Jusqu’au", required=False, help_text="Vide tant qu’aucun autre ne le remplace.")

    def clean(self):
        super().clean()
        first, last = self.cleaned_data.get("valid_from"), self.cleaned_data.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", "La fin est avant le début. Changez l’une des deux dates.")


class ValueHoursForm(forms.Form):
    rate = forms.ChoiceField(
        label="À quel taux\u202f?",
        error_messages={"required": "Choisissez un taux.", "invalid_choice": "Choisissez un taux de la liste."},
    )

    def __init__(self, *args, names, **options):
        super().__init__(*args, **options)
        self.fields["rate"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]
