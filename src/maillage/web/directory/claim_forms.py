"""What one types to act for a structure, and what one answers."""

from typing import ClassVar

from django import forms
from django.core.files.base import ContentFile
from django.core.validators import EmailValidator

from maillage.directory.models import Claim
from maillage.directory.own_site import is_of_host
from maillage.sharing.photos import PhotoRefused, clean_photo
from maillage.web.fields import TextField

MOST_BYTES = 10 * 2**20


class ClaimForm(forms.Form):
    """For a structure that nobody represents; ``host``: its own site, where a letter proves the claim."""

    position = TextField(
        label="Votre fonction dans l’association",
        longest=120,
        help_text="Par exemple\u00a0: présidente, trésorier, salariée chargée de l’accueil.",
        error_messages={"required": "Écrivez votre fonction\u00a0: par exemple, trésorière."},
    )
    may_commit = forms.BooleanField(label="J’ai le droit de signer pour l’association", required=False)
    site_email = forms.EmailField(
        label="Une adresse e\u2011mail du site de l’association", max_length=254, required=False
    )
    document = forms.FileField(
        label="Un justificatif",
        required=False,
        help_text="Le récépissé de déclaration ou un procès-verbal\u00a0: un PDF ou une photo, 10\u00a0Mo au plus.",
        widget=forms.FileInput({"accept": "application/pdf,image/jpeg,image/png,image/webp"}),
        error_messages={"empty": "Ce fichier est vide. Choisissez-en un autre."},
    )
    text = TextField(
        label="Un mot pour l’équipe du territoire",
        longest=1000,
        rows=3,
        required=False,
        help_text="Par exemple\u00a0: depuis quand, et qui d’autre peut le confirmer.",
    )

    def __init__(self, *args, host, **kwargs):
        self.host = host
        super().__init__(*args, **kwargs)
        if not host:
            del self.fields["site_email"]
            return
        field = self.fields["site_email"]
        field.validators = [EmailValidator("Cette adresse n’est pas complète. Il manque une partie.")]
        field.help_text = (
            f"Le plus rapide\u00a0: une adresse qui finit par @{host}. Elle reçoit un lien, et c’est fini."
        )

    def clean_site_email(self):
        email = self.cleaned_data["site_email"].lower()
        if email and not is_of_host(email, self.host):
            raise forms.ValidationError(
                f"Cette adresse n’est pas du site de l’association. Choisissez-en une qui finit par @{self.host}, "
                "ou laissez cette ligne vide et joignez un justificatif."
            )
        return email

    def clean_document(self):
        """A PDF as it is, which no page ever shows, or a picture made again from its pixels alone."""
        upload = self.cleaned_data["document"]
        if not upload:
            return ""
        if upload.size > MOST_BYTES:
            raise forms.ValidationError("Ce fichier dépasse 10\u00a0Mo. Choisissez-en un plus léger.")
        content = upload.read()
        if content.startswith(b"%PDF-"):
            return ContentFile(content, name="document.pdf")
        upload.seek(0)
        try:
            return clean_photo(upload)
        except PhotoRefused as refusal:
            raise forms.ValidationError(
                "Nous ne savons pas lire ce fichier. Choisissez un PDF, ou une photo en JPEG ou en PNG."
            ) from refusal


class JoinForm(forms.Form):
    """For a structure that someone represents."""

    text = TextField(
        label="Votre message à l’association",
        longest=1000,
        rows=4,
        help_text="Dites qui vous êtes et ce que vous ferez. Seules les personnes qui la représentent le lisent.",
        error_messages={"required": "Écrivez un mot\u00a0: par exemple, qui vous êtes dans l’association."},
    )


class MoreForm(forms.Form):
    """What one adds to a claim that waits."""

    answer = TextField(
        label="Votre réponse",
        longest=1000,
        rows=4,
        help_text="Les personnes qui décident la lisent avec votre demande.",
        error_messages={"required": "Écrivez votre réponse\u00a0: un mot suffit."},
    )


class DecisionForm(forms.Form):
    """One form, three buttons: to accept, to ask what is missing, or to refuse and say why.

    acceptances  {decision: what ``accept_claim`` is told besides}
    """

    refusal = TextField(
        label="Votre question, ou la raison d’un refus",
        longest=1000,
        rows=2,
        required=False,
        required_when="obligatoire si vous demandez ou refusez",
        help_text="La personne lira cette phrase, ici et par e\u2011mail.",
    )

    ASK = "asked"
    acceptances: ClassVar[dict[str, dict]] = {Claim.State.ACCEPTED: {"as_first": True}}

    def __init__(self, *args, decision="", **kwargs):
        self.decision = decision
        super().__init__(*args, **kwargs)

    def clean(self):
        given = super().clean() or {}
        if self.decision not in (*self.acceptances, Claim.State.REFUSED, self.ASK):
            raise forms.ValidationError("Pressez l’un des boutons\u00a0: accepter, demander une précision, ou refuser.")
        if self.decision == self.ASK and not given.get("refusal", "").strip():
            self.add_error("refusal", "Écrivez ce qu’il vous faut savoir\u00a0: la personne lira votre question.")
        if self.decision == Claim.State.REFUSED and not given.get("refusal", "").strip():
            self.add_error("refusal", "Dites pourquoi vous refusez\u00a0: la personne saura ce qui manque.")
        return given
