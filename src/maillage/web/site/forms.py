from django import forms

from maillage.web.comfort import SWITCHES, TEXT_SIZES


class ComfortForm(forms.Form):
    all_optional = True  # what is left as it is says so by itself
    text_size = forms.ChoiceField(
        label="Taille du texte", choices=list(TEXT_SIZES.items()), widget=forms.RadioSelect, required=False
    )
    switches = forms.MultipleChoiceField(
        label="Affichage", choices=list(SWITCHES.items()), widget=forms.CheckboxSelectMultiple, required=False
    )

    def classes(self):
        return {self.cleaned_data["text_size"], *self.cleaned_data["switches"]} - {""}
