"""Fields of every area."""

import re

from django import forms

from maillage.engine.french import NBSP, count_fr, number_fr, phone_fr

LONGEST_PHONE = 15  # figures, by ITU-T E.164


class TextField(forms.CharField):
    """A text of ``rows`` lines that says by how much it is too long.

    The browser is not told the limit: it would cut what is pasted without a word. ``js/counter.js`` counts meanwhile.
    ``required_when`` says when a form asks for it after all: « obligatoire si vous ajoutez une photo ».
    """

    def __init__(self, *, longest, rows=1, required_when="", **options):
        self.longest, self.rows, self.required_when = longest, rows, required_when
        attributes = {"data-longest": longest}
        widget = forms.TextInput(attributes) if rows == 1 else forms.Textarea(attributes | {"rows": rows})
        super().__init__(widget=widget, **options)

    def to_python(self, value):
        """A line ends with one sign, as in the count that people see; browsers send two. One line stays one."""
        text = (super().to_python(value) or "").replace("\r\n", "\n")
        return text if self.rows > 1 else " ".join(text.splitlines())

    def validate(self, value):
        super().validate(value)
        if len(value) > self.longest:
            raise forms.ValidationError(
                f"Ce texte est trop long\u00a0: il dépasse de {count_fr(len(value) - self.longest, 'signe')}. "
                f"Raccourcissez-le à {number_fr(self.longest)}\u00a0signes au plus."
            )


class PhoneField(forms.CharField):
    """A number that one may dial, kept by pairs of figures: « 05 36 49 12 34 »."""

    def __init__(self, **options):
        widget = forms.TextInput({"inputmode": "tel", "autocomplete": "off"})
        super().__init__(max_length=30, widget=widget, **options)

    def clean(self, value):
        typed = super().clean(value)
        figures = re.sub(r"\D", "", typed)
        if typed and (re.search(r"[^\d\s+().-]", typed) or not 10 <= len(figures) <= LONGEST_PHONE):
            raise forms.ValidationError("Ce numéro ne va pas. Écrivez dix chiffres, par exemple\u00a0: 05 36 49 12 34.")
        return phone_fr(typed).replace(NBSP, " ")[:20]
