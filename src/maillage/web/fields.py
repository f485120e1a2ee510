"""Fields of every area."""

from django import forms

from maillage.engine.french import count_fr, number_fr


class TextField(forms.CharField):
    """A text of ``rows`` lines that says by how much it is too long.

    The browser is not told the limit: it would cut what is pasted without a word. ``js/counter.js`` counts meanwhile.
    """

    def __init__(self, *, longest, rows=1, **options):
        self.longest, self.rows = longest, rows
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
