"""What a structure writes on its page, section by section."""

from django import forms
from django.core.exceptions import ValidationError
from stdnum.fr import siret as siret_numbers

from maillage.directory.register import values
from maillage.sharing.photos import PhotoRefused, clean_photo, smaller
from maillage.web.accounts.forms import complete_address
from maillage.web.fields import PhoneField, TextField

SMALL_SIDE = 720  # pixels: a column of the page on a telephone


class SectionForm(forms.Form):
    """A part of the page; its fields are those of Structure, ``done`` is said once they are kept."""

    title: str
    done: str


class PresentationForm(SectionForm):
    title = "Nom et présentation"
    done = "Votre présentation est à jour."

    name = TextField(
        label="Nom affiché",
        help_text="Celui que tout le monde emploie, par exemple\u00a0: Foyer rural de Revel.",
        longest=255,
        error_messages={"required": "Donnez un nom à votre structure."},
    )
    summary = TextField(
        label="En deux phrases",
        help_text="Ce que l’on lit en premier, et sur l’affiche. Par exemple\u00a0: Nous jouons de la musique de tous "
        "les pays. On peut nous rejoindre dès dix ans, sans connaître le solfège.",
        longest=240,
        rows=3,
        required=False,
    )
    presentation = TextField(
        label="Présentation",
        help_text="Ce que vous faites, pour qui, quand, et ce que l’on peut vous demander. "
        "Laissez une ligne vide entre deux paragraphes.",
        longest=4000,
        rows=12,
        required=False,
    )


class ContactsForm(SectionForm):
    title = "Comment vous trouver"
    done = "Vos contacts sont à jour."

    website = forms.CharField(
        label="Site internet",
        help_text="Par exemple\u00a0: www.exemple.fr",
        required=False,
        max_length=300,
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "url"}),
    )
    phone = PhoneField(
        label="Téléphone",
        help_text="Tout le monde le verra. Écrivez-le seulement si c’est celui de l’association.",
        required=False,
    )
    whereabouts = TextField(
        label="Où et quand vous trouver",
        help_text="Par exemple\u00a0: salle Claude-Nougaro, 2 place Philippe-VI, le mardi de 18\u00a0h à 20\u00a0h.",
        longest=300,
        rows=3,
        required=False,
    )

    def clean_website(self):
        address, refusal = values.website(self.cleaned_data["website"])
        if refusal:
            raise ValidationError(
                "Cette adresse de site n’est pas complète. Écrivez-la comme dans la barre du navigateur, "
                "par exemple www.exemple.fr."
            )
        return address


class SiretForm(SectionForm):
    title = "SIRET"
    done = "Votre SIRET est à jour."

    siret = forms.CharField(
        label="SIRET",
        help_text="Quatorze chiffres, si votre structure en a un. Beaucoup d’associations n’en ont pas.",
        required=False,
        max_length=30,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_siret(self):
        number = siret_numbers.compact(self.cleaned_data["siret"].replace("\u00a0", "").replace("\u202f", ""))
        if not number:
            return ""
        if not number.isascii() or not number.isdigit():
            raise ValidationError("Un SIRET ne contient que des chiffres.")
        if len(number) == 9:
            raise ValidationError(
                "C’est un SIREN (9\u00a0chiffres). Le SIRET en a 14\u00a0: le SIREN suivi de 5\u00a0chiffres, "
                "écrits sur l’avis de situation de l’Insee."
            )
        if len(number) != 14:
            raise ValidationError(f"Un SIRET a 14\u00a0chiffres\u00a0; vous en avez écrit {len(number)}.")
        if not siret_numbers.is_valid(number):
            raise ValidationError(
                "Ce SIRET n’existe pas\u00a0: un chiffre est sans doute faux. "
                "Comparez-le à l’avis de situation de l’Insee."
            )
        return number


SECTIONS: dict[str, type[SectionForm]] = {
    "presentation": PresentationForm,
    "contacts": ContactsForm,
    "siret": SiretForm,
}


def initial_of(structure, form_class):
    initial = {field: getattr(structure, field) or "" for field in form_class.base_fields}
    return initial | ({"website": structure.shown_website} if "website" in initial else {})


class PictureForm(forms.Form):
    file = forms.FileField(
        label="Photo à ajouter",
        help_text="JPEG, PNG, WebP ou HEIC (iPhone), 12\u00a0Mo au plus. Le lieu de la prise de vue est effacé.",
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp,.heic,.heif"}),
        error_messages={
            "required": "Choisissez une photo sur votre téléphone ou votre ordinateur.",
            "empty": "Ce fichier est vide. Choisissez une autre photo.",
        },
    )

    def clean_file(self):
        """{file, small_file}, of our own making."""
        try:
            photo = clean_photo(self.cleaned_data["file"])
        except PhotoRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        return {"file": photo, "small_file": smaller(photo, SMALL_SIDE)}


class DescriptionForm(forms.Form):
    description = TextField(
        label="Que voit-on sur cette photo\u202f?",
        help_text="Dites-le comme au téléphone, en une phrase. "
        "Par exemple\u00a0: douze musiciens jouent sur la place du marché.",
        longest=200,
        rows=3,
        error_messages={
            "required": "Dites ce que l’on voit, en quelques mots\u00a0: "
            "des personnes ne voient pas la photo et vous lisent."
        },
    )


class AddressForm(forms.Form):
    slug = TextField(
        label="Fin de l’adresse",
        help_text="Courte, facile à dire au téléphone. Les accents, les espaces et les majuscules s’arrangent seuls.",
        longest=100,
        error_messages={"required": "Écrivez la fin de l’adresse, par exemple le nom de votre association."},
    )


class LetterForm(forms.Form):
    name = TextField(
        label="Votre nom", longest=80, error_messages={"required": "Écrivez votre nom, pour que l’on sache qui parle."}
    )
    email = forms.EmailField(
        label="Votre adresse e\u2011mail",
        help_text="L’association vous répondra à cette adresse.",
        max_length=254,
        error_messages={"required": "Écrivez votre adresse e\u2011mail\u00a0: l’association vous y répondra."},
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    text = TextField(
        label="Votre message",
        help_text="Par exemple\u00a0: Je voudrais m’inscrire à l’atelier du mardi. Reste-t-il une place\u202f?",
        longest=2000,
        rows=8,
        error_messages={"required": "Écrivez votre message\u00a0: une ou deux phrases suffisent."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["email"].validators = [complete_address]

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())
