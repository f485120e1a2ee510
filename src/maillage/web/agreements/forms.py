"""What one answers to write an agreement, to begin one, to sign it, to end it."""

from django import forms
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from maillage.agreements.documents import KINDS
from maillage.agreements.models import Side
from maillage.directory.models import Structure
from maillage.web.agreements.fields import field_of
from maillage.web.fields import TextField

LONGEST_TYPED = 4000


class AnswersForm(forms.Form):
    """The questions of one document; what its blockers refuse is said beside the answer."""

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind
        for question in kind.questions:
            self.fields[question.name] = field_of(question)

    def clean(self):
        facts = super().clean() or {}
        for name, said in self.kind.refusals(facts, timezone.localtime().replace(tzinfo=None)):
            if name not in self.errors:
                self.add_error(name, said)
        return facts

    @property
    def groups(self):
        return [(group.title, [self[one.name] for one in group.questions]) for group in self.kind.groups]

    @property
    def typed(self):
        """What was typed, as it was, for the draft."""
        return {
            name: [one[:LONGEST_TYPED].replace("\x00", "") for one in self.data.getlist(name)]
            for name in self.fields
            if self.data.getlist(name)
        }


def answers_of(agreement):
    """The form of what is kept of ``agreement``, to be shown again."""
    initial = {name: values[0] for name, values in agreement.typed.items() if values}
    return AnswersForm(kind=KINDS[agreement.nature], initial=initial)


def checked_answers_of(agreement):
    """The form of what is kept of ``agreement``, as if it were sent now."""
    return AnswersForm(MultiValueDict(agreement.typed), kind=KINDS[agreement.nature])


class BeginForm(forms.Form):
    structure = forms.ModelChoiceField(
        Structure.objects.none(),
        label="Votre association",
        empty_label=None,
        error_messages={"required": "Choisissez l’association pour laquelle vous écrivez."},
    )
    side = forms.ChoiceField(
        label="Dans cet accord, elle est celle",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez le rôle de votre association."},
    )
    partner = forms.ModelChoiceField(
        Structure.objects.none(),
        label="L’autre association",
        empty_label="Choisissez…",
        help_text="Celles avec qui vous avez une conversation.",
        error_messages={"required": "Choisissez l’autre association."},
    )

    def __init__(self, *args, kind, structures, partners, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["structure"].queryset = structures
        self.fields["partner"].queryset = partners
        self.fields["side"].choices = list(zip(Side.values, kind.roles, strict=True))

    def clean(self):
        given = super().clean() or {}
        if given.get("structure") and given.get("structure") == given.get("partner"):
            self.add_error("partner", "Choisissez une autre association que la vôtre.")
        return given


class SignForm(forms.Form):
    capacity = TextField(
        label="Vous signez en qualité de",
        longest=80,
        help_text="Par exemple\u00a0: présidente, trésorier.",
        error_messages={"required": "Écrivez votre qualité dans l’association\u00a0: par exemple, présidente."},
    )
    may_sign = forms.BooleanField(
        label="J’ai lu cet accord, et j’ai le droit de signer pour cette association.",
        error_messages={"required": "Cochez cette case pour signer. Sans ce droit, demandez à une autre personne."},
    )


class TerminateForm(forms.Form):
    reason = TextField(
        label="Pourquoi cet accord s’arrête\u2011t\u2011il\u202f?",
        longest=300,
        rows=3,
        help_text="L’autre association lira cette raison.",
        error_messages={"required": "Dites en une phrase pourquoi l’accord s’arrête."},
    )


class VerifyForm(forms.Form):
    document = forms.FileField(
        label="Le document, en PDF",
        required=False,
        widget=forms.FileInput({"accept": ".pdf"}),
        help_text="Il n’est pas gardé\u00a0: nous calculons seulement son empreinte.",
    )
    digest = TextField(
        label="Ou son empreinte",
        longest=100,
        required=False,
        help_text="Les soixante-quatre signes au bas de chaque page.",
    )
    document.required_when = digest.required_when = "l’un ou l’autre"
    LARGEST = 5_000_000

    def clean_document(self):
        document = self.cleaned_data["document"]
        if document and document.size > self.LARGEST:
            raise forms.ValidationError("Ce fichier dépasse 5\u00a0Mo\u00a0: ce n’est pas un accord de Maillage.")
        return document

    def clean_digest(self):
        digest = "".join(self.cleaned_data["digest"].lower().split())
        if digest and (len(digest) != 64 or set(digest) - set("0123456789abcdef")):
            raise forms.ValidationError(
                "Une empreinte a soixante-quatre signes\u00a0: des chiffres et des lettres de a à f."
            )
        return digest

    def clean(self):
        given = super().clean() or {}
        if not (given.get("document") or given.get("digest") or self.errors):
            self.add_error("document", "Choisissez un document, ou recopiez son empreinte.")
        return given
