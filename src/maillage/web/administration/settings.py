"""« Régler le territoire »: what pages and letters say of who manages the site and how to reach them."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render

from maillage.kernel.models import TerritorySettings, environment_says
from maillage.kernel.pages import page
from maillage.kernel.territory_settings import FIELDS, change_settings
from maillage.web.fields import PhoneField, TextField

WRONG_ADDRESS = "Cette adresse ne va pas. Écrivez-la en entier, par exemple\u00a0: associations@exemple.fr."

WRONG_DAYS = "Écrivez un nombre de jours, de 1 à 60."


class AddressField(forms.EmailField):
    def __init__(self, **options):
        widget = forms.EmailInput({"autocomplete": "off"})
        messages_of_errors = {"invalid": WRONG_ADDRESS, "max_length": WRONG_ADDRESS}
        super().__init__(required=False, max_length=254, widget=widget, error_messages=messages_of_errors, **options)


class TerritorySettingsForm(forms.Form):
    host = TextField(
        label="Qui gère ce site\u202f?",
        longest=160,
        help_text="Avec son article\u00a0: «\u00a0le Département de la Haute-Garonne\u00a0». "
        "Au bas des pages et des e\u2011mails.",
        required=False,
    )
    email = AddressField(
        label="Adresse e\u2011mail de l’équipe",
        help_text="Tout le monde la verra. Préférez celle d’un service à celle d’une personne.",
    )
    phone = PhoneField(
        label="Téléphone de l’équipe",
        help_text="Tout le monde le verra, au bas de chaque page et de chaque e\u2011mail.",
        required=False,
    )
    phone_hours = TextField(
        label="Quand peut-on appeler\u202f?",
        longest=160,
        help_text="Par exemple\u00a0: du lundi au vendredi, de 9\u00a0h à 12\u00a0h\u00a030.",
        required=False,
    )
    data_officer = AddressField(
        label="Adresse pour les données personnelles",
        help_text="Celle du délégué à la protection des données (DPO).",
    )
    legal_notice = TextField(
        label="Qui publie ce site\u202f?",
        longest=1000,
        rows=5,
        help_text="Pour les mentions légales\u00a0: nom, adresse, responsable de la publication, hébergeur.",
        required=False,
    )
    welcome = TextField(
        label="Phrase d’accueil",
        longest=160,
        help_text="Sous le titre de la première page. Par exemple\u00a0: l’entraide des associations de Haute-Garonne.",
        required=False,
    )

    answered_within = forms.IntegerField(
        label="En combien de jours répond-on à qui demande d’agir pour une association\u202f?",
        help_text="En général, de 1 à 60. Sans réponse ici, Maillage ne promet rien.",
        required=False,
        min_value=1,
        max_value=60,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), WRONG_DAYS),
    )

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        for name, value in environment_says().items():
            if value:
                self.fields[name].help_text += f" Sans réponse ici\u00a0: {value}."

    def clean(self):
        given = super().clean() or {}
        if given.get("phone_hours") and not (given.get("phone") or environment_says()["phone"]):
            self.add_error("phone", "Vous dites quand appeler\u00a0: écrivez aussi le numéro.")
        return given


@page(permission="accounts.set_territory", methods=("GET", "POST"))
def territory_settings(request):
    row = TerritorySettings.objects.first() or TerritorySettings()
    initial = {name: getattr(row, name) for name in FIELDS}
    form = TerritorySettingsForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        change_settings(**{name: form.cleaned_data[name] for name in form.changed_data})
        messages.success(request, "Les réglages sont enregistrés. Les pages et les e\u2011mails les montrent déjà.")
        return redirect("territory-settings")
    return render(request, "administration/settings.html", {"form": form}, status=422 if form.errors else 200)
