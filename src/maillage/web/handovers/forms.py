"""What one writes of a thing that changes hands, and what the other side answers."""

from uuid import uuid4

from django import forms

from maillage.engine.french import count_fr
from maillage.handovers.models import ConditionReport
from maillage.handovers.services import MOST_PHOTOS
from maillage.sharing.photos import PhotoRefused, clean_photo
from maillage.web.fields import TextField

PICTURES = ".jpg,.jpeg,.png,.webp,.heic,image/*"
CONDITIONS = [
    ("new", "Comme neuf"),
    ("good", "Bon état"),
    ("worn", "Usure normale\u00a0: des traces, tout marche"),
    ("damaged", "Abîmé"),
    ("broken", "Ne marche pas"),
]


class ManyPhotos(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else ()


class PhotosField(forms.FileField):
    """The clean photos of what was chosen, none or a few."""

    def __init__(self, *, camera=False, **options):
        attributes = {"accept": PICTURES} | ({"capture": "environment"} if camera else {})
        widget = forms.FileInput(attributes) if camera else ManyPhotos(attributes)
        super().__init__(required=False, widget=widget, **options)

    def clean(self, value, initial=None):
        uploads = [one for one in (value if isinstance(value, list | tuple) else [value]) if one]
        if len(uploads) > MOST_PHOTOS:
            raise forms.ValidationError(
                f"Vous avez choisi {count_fr(len(uploads), 'photo')}\u00a0: choisissez-en {MOST_PHOTOS} au plus."
            )
        try:
            return [clean_photo(upload) for upload in uploads]
        except PhotoRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class PhotosForm(forms.Form):
    """A camera that opens at once, and pictures that the telephone has already."""

    camera = PhotosField(camera=True, label="Prendre une photo")
    gallery = PhotosField(label="Choisir des photos", help_text="Six au plus. Le lieu de la prise de vue est effacé.")

    @property
    def photos(self):
        return [*self.cleaned_data["camera"], *self.cleaned_data["gallery"]]


class MorePhotosForm(PhotosForm):
    def clean(self):
        given = super().clean() or {}
        if not self.errors and not self.photos:
            self.add_error("camera", "Prenez ou choisissez une photo à ajouter.")
        return given


class ReportForm(PhotosForm):
    """What both forms ask: the state of the thing, how many, and who was there."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    condition = forms.ChoiceField(
        label="Dans quel état est-il\u202f?",
        choices=CONDITIONS,
        widget=forms.RadioSelect,
        help_text="L’usure d’un usage normal n’est pas un dommage.",
        error_messages={"required": "Choisissez l’état du bien dans la liste."},
    )
    words = TextField(
        label="Ce que l’on voit",
        longest=1000,
        rows=3,
        required=False,
        required_when="obligatoire s’il est abîmé ou ne marche pas",
    )
    quantity = forms.IntegerField(label="Combien\u202f?", min_value=0)
    gave = forms.CharField(
        label="Qui l’a donné\u202f?", max_length=120, error_messages={"required": "Écrivez le nom de qui l’a donné."}
    )
    received = forms.CharField(
        label="Qui l’a reçu\u202f?", max_length=120, error_messages={"required": "Écrivez le nom de qui l’a reçu."}
    )

    def __init__(self, *args, most, **kwargs):
        """most: how many may change hands; asked when there are several."""
        super().__init__(*args, **kwargs)
        number = self.fields["quantity"]
        number.initial, number.max_value = most, most
        number.error_messages["required"] = f"Écrivez combien, de 1 à {most}."
        if most == 1:
            del self.fields["quantity"]

    def clean(self):
        given = super().clean() or {}
        if given.get("condition") in ConditionReport.DAMAGE and not given.get("words") and "words" not in self.errors:
            self.add_error("words", "Dites ce qui est abîmé ou ne marche pas\u00a0: par exemple, un phare cassé.")
        return given

    @property
    def seen(self):
        """The arguments of the service, photos aside."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("camera", "gallery")}


class HandOverForm(ReportForm):
    known_defects = TextField(
        label="Défauts connus",
        longest=1000,
        rows=3,
        required=False,
        help_text="Ce que l’association qui prête sait, surtout ce qui peut blesser.",
    )
    defects_shown = forms.BooleanField(label="Ces défauts ont été montrés à la personne qui emprunte.", required=False)
    field_order = (
        "key", "known_defects", "defects_shown", "condition", "words", "camera", "gallery", "quantity", "gave",
        "received",
    )  # fmt: skip

    def clean(self):
        given = super().clean()
        if given.get("known_defects") and not given.get("defects_shown"):
            self.add_error("defects_shown", "Montrez ces défauts avant la remise, puis cochez la case.")
        if given.get("quantity") == 0:
            self.add_error("quantity", self.fields["quantity"].error_messages["required"])
        return given


class TakeBackForm(ReportForm):
    missing = forms.IntegerField(
        label="Combien ne reviendront pas\u202f?",
        min_value=0,
        initial=0,
        required=False,
        help_text="Perdus, volés ou hors d’usage. Zéro si tout revient, même plus tard.",
    )
    field_order = ("key", "condition", "words", "camera", "gallery", "quantity", "missing", "gave", "received")

    def __init__(self, *args, most, **kwargs):
        super().__init__(*args, most=most, **kwargs)
        if most == 1:
            self.fields["missing"] = forms.BooleanField(
                label="Il est perdu ou volé\u00a0: il ne reviendra pas.", required=False
            )

    def clean(self):
        given = super().clean()
        missing = int(given.get("missing") or 0)
        if missing and not self.data.get("condition"):  # nobody sees the state of what is lost
            self.errors.pop("condition", None)
            given["condition"] = ConditionReport.Condition.BROKEN
        if missing and not given.get("words") and "words" not in self.errors:
            self.add_error("words", "Dites ce qui s’est passé\u00a0: quand, où, ce qui a été fait.")
        if "quantity" in self.fields and given.get("quantity") == 0 and not missing and "missing" not in self.errors:
            self.add_error("quantity", "Écrivez combien reviennent, au moins 1.")
        return given | {"missing": missing}


class AnswerForm(forms.Form):
    words = TextField(
        label="Ce qui n’est pas juste",
        longest=1000,
        rows=3,
        error_messages={"required": "Dites ce qui n’est pas juste\u00a0: par exemple, la rayure y était déjà."},
    )
