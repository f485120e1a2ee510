"""What one writes in a conversation, and what one reports of it."""

from uuid import uuid4

from django import forms

from maillage.conversations.files import MOST_FILES, FileRefused, clean_file
from maillage.conversations.models import Attachment, Report
from maillage.directory.models import Structure
from maillage.web.fields import TextField


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else ()


class FilesField(forms.FileField):
    """The CleanFiles of what was chosen, none or a few."""

    def __init__(self, **options):
        accepted = ",".join(f".{kind}" for kind in ("jpg", "jpeg", "png", "heic", *Attachment.Kind.values))
        super().__init__(required=False, widget=ManyFiles({"accept": accepted}), **options)

    def clean(self, value, initial=None):
        uploads = [upload for upload in value or () if upload]
        if len(uploads) > MOST_FILES:
            raise forms.ValidationError(
                f"Vous avez choisi {len(uploads)} fichiers\u00a0: choisissez-en {MOST_FILES} au plus."
            )
        try:
            return [clean_file(upload) for upload in uploads]
        except FileRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class MessageForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    structure = forms.ModelChoiceField(
        Structure.objects.none(),
        label="Au nom de quelle association\u202f?",
        empty_label=None,
        error_messages={"required": "Choisissez l’association qui écrit ce message."},
    )
    text = TextField(
        label="Votre message",
        longest=4000,
        rows=5,
        required=False,
        required_when="obligatoire sans fichier",
        help_text="Votre nom s’affiche à côté de votre message, pour ces associations seulement.",
    )
    files = FilesField(
        label="Joindre des fichiers",
        help_text="Trois au plus, de 10\u00a0Mo chacun\u00a0: photos, PDF, documents ou tableaux.",
    )

    def __init__(self, *args, structures, **kwargs):
        """structures: those of the conversation that the person acts for; the field is asked when there are several."""
        super().__init__(*args, **kwargs)
        self.fields["structure"].queryset = structures
        if len(structures) == 1:
            self.fields["structure"].required = False
            self.fields["structure"].widget = forms.HiddenInput()

    def clean_structure(self):
        return self.cleaned_data["structure"] or self.fields["structure"].queryset.first()

    def clean(self):
        given = super().clean() or {}
        if not given.get("text") and not given.get("files") and not self.errors.keys() & {"text", "files"}:
            self.add_error("text", "Écrivez votre message\u00a0: par exemple, le moment qui vous conviendrait.")
        return given


class FirstMessageForm(MessageForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        text = self.fields["text"]
        text.help_text = (
            "Dites ce qu’il vous faut, quand et pour quoi faire. Votre nom s’affiche, votre adresse reste cachée."
        )


class SubjectForm(FirstMessageForm):
    subject = forms.CharField(
        label="Sujet",
        max_length=160,
        help_text="Par exemple\u00a0: une fête de village en juin.",
        error_messages={"required": "Donnez un sujet à votre message\u00a0: quelques mots suffisent."},
    )
    field_order = ("key", "structure", "subject", "text", "files")


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        label="Qu’est-ce qui ne va pas\u202f?",
        choices=[(value, label.capitalize()) for value, label in Report.Reason.choices],
        widget=forms.RadioSelect,
        error_messages={"required": "Dites ce qui ne va pas dans ce message."},
    )
