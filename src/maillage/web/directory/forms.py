"""What one types about structures and registers."""

from django import forms
from django.core.exceptions import ValidationError

from maillage.directory.register import RegisterRefused, layouts, nomenclature
from maillage.directory.register.files import open_register
from maillage.directory.register.records import RecordReader
from maillage.web.territory.fields import CommuneField

LARGEST_UPLOAD = 200 * 2**20


class StructureSearchForm(forms.Form):
    all_optional = True
    nom = forms.CharField(label="Nom", max_length=100, required=False)
    commune = CommuneField(label="Commune", required=False)
    famille = forms.ChoiceField(label="Activité", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["famille"].choices = [("", "Toutes"), *nomenclature.families()]

    def clean(self):
        asked = super().clean() or {}
        return {"text": asked.get("nom", ""), "commune": asked.get("commune"), "family": asked.get("famille", "")}


class NameSearchForm(forms.Form):
    """Which structure? For those who look for the other page of one, or for a network."""

    nom = forms.CharField(
        label="Nom de la structure",
        max_length=100,
        error_messages={"required": "Écrivez le nom d’une structure, ou une partie."},
    )


class MergerForm(forms.Form):
    """Which of two pages stays, and why there were two."""

    REASONS = {
        "same": "C’est la même association, inscrite deux fois",
        "merged": "Ces deux associations ont fusionné",
    }
    kept = forms.TypedChoiceField(
        label="Quelle fiche gardez-vous\u202f?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez la fiche qui reste."},
    )
    reason = forms.ChoiceField(
        label="Pourquoi y en a-t-il deux\u202f?",
        choices=list(REASONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Dites si c’est une double fiche ou une fusion."},
    )

    def __init__(self, *args, pair, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kept"].choices = [(one.pk, f"{one.name} (fiche n°\u00a0{one.pk})") for one in pair]

    @property
    def why(self):
        """What the journal tells."""
        return {"same": "double fiche", "merged": "fusion d’associations"}[self.cleaned_data["reason"]]


class RegisterUploadForm(forms.Form):
    file = forms.FileField(
        label="Fichier",
        help_text="Un CSV, ou une archive zip qui en contient un seul\u00a0; 200\u00a0Mo au plus.",
        widget=forms.FileInput({"accept": ".csv,.txt,.zip,text/csv,application/zip"}),
        error_messages={
            "required": "Choisissez le fichier à importer.",
            "empty": "Le fichier est vide.",
        },
    )
    dry_run = forms.BooleanField(
        label="Faire un essai sans rien écrire",
        help_text="Vous voyez le compte rendu, et vous décidez ensuite, sans renvoyer le fichier.",
        required=False,
        initial=True,
    )

    def clean_file(self):
        """The file, once its first line is known to be that of a table; ``is_rna`` tells which table."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_UPLOAD:
            raise ValidationError("Ce fichier dépasse 200\u00a0Mo. Choisissez celui de votre département.")
        try:
            header = RecordReader(open_register(file).stream).header
            self.is_rna = layouts.looks_like_rna(header)
            if self.is_rna:
                layouts.detect(header)
            elif len(header) < 2:
                raise RegisterRefused("Ligne 1\u00a0: ce fichier n’a qu’une colonne. Ce n’est pas un registre.")
        except RegisterRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        file.seek(0)
        return file


class ColumnsForm(forms.Form):
    """One choice of column per fact that we keep."""

    def __init__(self, *args, header, **kwargs):
        super().__init__(*args, **kwargs)
        columns = [(name, name) for name in dict.fromkeys(header) if name]
        for field, label in layouts.CSV_FIELDS.items():
            required = field == "name"
            self.fields[field] = forms.ChoiceField(
                label=label,
                required=required,
                choices=[("", "Choisissez la colonne" if required else "Le fichier ne le dit pas"), *columns],
                error_messages={"required": "Choisissez la colonne qui contient le nom."},
            )

    def mapping(self):
        return {field: column for field, column in self.cleaned_data.items() if column}
