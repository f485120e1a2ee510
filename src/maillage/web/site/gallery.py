"""What the gallery shows: each component in each of its states."""

from django import forms

from maillage.kernel.icons import ICONS
from maillage.kernel.templatetags.components import NOTICE_ICONS, SAMPLES, TAG_KINDS


class GalleryForm(forms.Form):
    title = forms.CharField(
        label="Titre de l’annonce",
        help_text="Quelques mots simples\u00a0: «\u00a0Minibus 9\u00a0places\u00a0».",
        error_messages={"required": "Donnez un titre à votre annonce\u00a0: par exemple «\u00a0Minibus\u00a0»."},
    )
    text = forms.CharField(label="Description", widget=forms.Textarea, required=False)
    radius = forms.ChoiceField(
        label="À moins de",
        choices=[("10", "10\u00a0km"), ("25", "25\u00a0km")],
        error_messages={"required": "Choisissez une distance."},
    )
    moment = forms.ChoiceField(
        label="À quel moment\u202f?",
        choices=[("day", "Journée"), ("morning", "Matin"), ("afternoon", "Après-midi")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un moment de la journée."},
    )
    weekdays = forms.MultipleChoiceField(
        label="Quels jours\u202f?",
        choices=[("5", "Samedi"), ("6", "Dimanche")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    photo = forms.FileField(label="Photo", required=False)
    agreed = forms.BooleanField(
        label="J’ai le droit de publier pour cette association.",
        error_messages={"required": "Cochez cette case si vous avez le droit de publier pour l’association."},
    )


def gallery_context():
    filled = {"title": "Minibus 9 places", "radius": "25", "moment": "day", "weekdays": ["5"]}
    return {
        "samples": SAMPLES,
        "icons": sorted(ICONS),
        "tag_kinds": TAG_KINDS,
        "notice_levels": sorted(NOTICE_ICONS),
        "plain_form": GalleryForm(initial=filled, prefix="plain"),
        "wrong_form": GalleryForm({}, prefix="wrong"),
    }
