"""Forms of accounts, in our words."""

import re

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.validators import EmailValidator

from maillage.accounts import protection
from maillage.accounts.models import User

EXAMPLE = "Cette adresse e\u2011mail n’est pas complète. En voici une qui l’est\u00a0: nom@exemple.fr"
GOOD_PASSWORD = "Au moins 10 signes, et pas seulement des chiffres. Une courte phrase est facile à retenir."  # noqa: S105
TOO_SIMILAR = "Choisissez autre chose que votre nom ou votre adresse."


def complete_address(email):
    """Refuse what is not an address, and say what mends the mistake that is made most."""
    check = EmailValidator(EXAMPLE)
    try:
        check(email)
    except forms.ValidationError:
        mended = re.sub(r"[,.]+", ".", email)
        if "," not in email or not _is_complete(check, mended):
            raise
        raise forms.ValidationError(f"Il y a une virgule dans cette adresse\u00a0: {mended}\u202f?") from None


def _is_complete(check, email):
    try:
        check(email)
    except forms.ValidationError:
        return False
    return True


class SignInForm(LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _say(self.fields["login"], "Votre adresse e\u2011mail", "Écrivez votre adresse e\u2011mail.")
        _say(self.fields["password"], "Votre mot de passe", "Écrivez votre mot de passe.")
        self.fields["remember"].label = "Rester connecté sur cet appareil"
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = ""


class AddressForm(forms.Form):
    email = forms.EmailField(
        label="Votre adresse e\u2011mail",
        max_length=254,
        error_messages={"required": "Écrivez votre adresse e\u2011mail."},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].validators = [complete_address]


class ColleagueForm(AddressForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Adresse e\u2011mail de cette personne"
        self.fields["email"].help_text = "Celle avec laquelle elle se connecte à Maillage."
        self.fields["email"].error_messages["required"] = "Écrivez l’adresse e\u2011mail de cette personne."
        self.fields["email"].widget.attrs["autocomplete"] = "off"


def figures(code):
    """« 381.791 » → "381791": how people part the figures of a code does not matter."""
    return re.sub(r"\D", "", code)


class CodeForm(forms.Form):
    """``is_right``: gives the person whom a code of six figures proves, or None."""

    code = forms.CharField(
        label="Le code du message",
        max_length=20,
        help_text="Six chiffres.",
        error_messages={"required": "Recopiez le code."},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *args, is_right, **kwargs):
        self.is_right, self.person = is_right, None
        super().__init__(*args, **kwargs)

    def clean_code(self):
        code = figures(self.cleaned_data["code"])
        self.person = self.is_right(code)
        if self.person is None:
            raise forms.ValidationError("Ce n’est pas le bon code. Vérifiez les six chiffres du dernier message reçu.")
        return code


class ApplicationCodeForm(forms.Form):
    code = forms.CharField(
        label="Le code de l’application",
        max_length=20,
        help_text="Six chiffres, qui changent toutes les trente secondes.",
        error_messages={"required": "Recopiez le code de l’application."},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_code(self):
        return figures(self.cleaned_data["code"])


class SecondFactorForm(ApplicationCodeForm):
    """``person``: who signs in."""

    def __init__(self, *args, person, **kwargs):
        self.person = person
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "Six chiffres. Un code de secours, de huit chiffres, convient aussi."

    def clean_code(self):
        code = super().clean_code()
        if not protection.use_code(person=self.person, code=code):
            raise forms.ValidationError("Ce n’est pas le bon code. Attendez le code suivant, puis essayez encore.")
        return code


class PasskeyForm(forms.Form):
    name = forms.CharField(
        label="Nom de la clé",
        max_length=60,
        initial="Mon appareil",
        help_text="Pour la reconnaître\u00a0: «\u00a0Mon téléphone\u00a0», «\u00a0Le poste du bureau\u00a0».",
        error_messages={"required": "Donnez un nom à cette clé."},
    )
    credential = forms.CharField(widget=forms.HiddenInput, max_length=20_000, required=False)

    def clean_credential(self):
        if not self.cleaned_data["credential"]:
            raise forms.ValidationError("Votre appareil n’a pas fait de clé. Il faut JavaScript pour cela.")
        return self.cleaned_data["credential"]


class NewPasswordForm(forms.Form):
    """``person``: whom the password is for, so that it is not their name or address; may be unsaved."""

    password = forms.CharField(
        label="Nouveau mot de passe",
        strip=False,
        max_length=200,
        help_text=GOOD_PASSWORD,
        error_messages={"required": "Choisissez un mot de passe."},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, person, **kwargs):
        self.person = person
        super().__init__(*args, **kwargs)

    def clean_password(self):
        try:
            validate_password(self.cleaned_data["password"], self.person)
        except forms.ValidationError as refusal:
            wrong = [TOO_SIMILAR if one.code == "password_too_similar" else one for one in refusal.error_list]
            raise forms.ValidationError(wrong) from None
        return self.cleaned_data["password"]


class ConfirmForm(forms.Form):
    """``person``: whose password is asked again."""

    password = forms.CharField(
        label="Votre mot de passe",
        strip=False,
        max_length=200,
        error_messages={"required": "Écrivez votre mot de passe."},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args, person, **kwargs):
        self.person = person
        super().__init__(*args, **kwargs)

    def clean_password(self):
        password = self.cleaned_data["password"]
        if not self.person.check_password(password):
            raise forms.ValidationError("Ce n’est pas le mot de passe de ce compte. Essayez encore.")
        return password


class NameForm(forms.Form):
    name = forms.CharField(
        label="Votre nom",
        max_length=120,
        help_text="Il s’affiche à côté de vos messages.",
        error_messages={"required": "Écrivez votre nom."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class EraseForm(forms.Form):
    understood = forms.BooleanField(
        label="J’ai compris que rien ne permet de revenir en arrière",
        error_messages={"required": "Cochez la case pour confirmer."},
    )


class JoinForm(NewPasswordForm):
    name = forms.CharField(
        label="Votre nom",
        max_length=120,
        help_text="Il s’affiche à côté de vos messages. Votre adresse e\u2011mail ne s’affiche jamais.",
        error_messages={"required": "Écrivez votre nom."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "password"]

    def __init__(self, *args, email, **kwargs):
        super().__init__(*args, person=User(email=email), **kwargs)
        self.fields["password"].label = "Votre mot de passe"

    def clean_password(self):
        self.person.name = self.cleaned_data.get("name", "")
        return super().clean_password()


def _say(field, label, missing):
    field.label = label
    field.error_messages["required"] = missing
    field.widget.attrs.pop("placeholder", None)
