"""What one writes in a conversation."""

from django import forms

from maillage.directory.models import Structure


class MessageForm(forms.Form):
    structure = forms.ModelChoiceField(
        Structure.objects.none(), label="Au nom de quelle association\u202f?", empty_label=None
    )
    text = forms.CharField(
        label="Votre message",
        max_length=4000,
        help_text="Votre nom s’affiche à côté de votre message, pour ces associations seulement.",
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": "Écrivez votre message."},
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
