"""The sign-in and password forms of django-allauth, with our words."""

from allauth.account.forms import LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from django.core.validators import EmailValidator


class SignInForm(LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _say(self.fields["login"], "Votre adresse e-mail", "Écrivez votre adresse e-mail.")
        _say(self.fields["password"], "Votre mot de passe", "Écrivez votre mot de passe.")
        self.fields["remember"].label = "Rester connecté sur cet appareil"
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = ""


class AskNewPasswordForm(ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _say(self.fields["email"], "Votre adresse e-mail", "Écrivez votre adresse e-mail.")
        example = "Cette adresse e-mail n’est pas complète. En voici une qui l’est\u00a0: nom@exemple.fr"
        self.fields["email"].validators = [EmailValidator(example)]


class ChooseNewPasswordForm(ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _say(self.fields["password1"], "Nouveau mot de passe", "Choisissez un mot de passe.")
        _say(self.fields["password2"], "Le même, une deuxième fois", "Écrivez le mot de passe une deuxième fois.")
        self.fields["password1"].help_text = "Au moins 10 signes, et pas seulement des chiffres."


def _say(field, label, missing):
    field.label = label
    field.error_messages["required"] = missing
    field.widget.attrs.pop("placeholder", None)
