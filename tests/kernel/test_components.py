import pytest
from django import forms
from django.template import TemplateSyntaxError, engines


def render(source, **context):
    return engines["django"].from_string(source).render(context)


class RoomForm(forms.Form):
    title = forms.CharField(
        label="Titre", help_text="Quelques mots.", max_length=5, error_messages={"required": "Donnez un titre."}
    )
    moment = forms.ChoiceField(
        label="Quand",
        choices=[("a", "Matin"), ("b", "Soir")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez matin ou soir."},
    )
    note = forms.CharField(label="Note", required=False)

    def clean(self):
        raise forms.ValidationError("Cette salle n’est plus libre.")


@pytest.mark.parametrize(
    "source",
    [
        '{% icon "no-such-drawing" %}',
        '{% icon "bus" size="huge" %}',
        '{% notice level="terrible" %}x{% endnotice %}',
        '{% tag kind="pink" %}x{% endtag %}',
        '{% swatch "macramé" icon="bus" %}',
        '{% swatch "rooms" icon="bus" direction="sideways" %}',
        '{% section_title "x" level=7 %}',
        '{% empty_state title="x" sample="macramé" %}x{% endempty_state %}',
        '{% stitch "sideways" %}',
    ],
)
def test_a_component_refuses_a_value_it_does_not_know(source):
    with pytest.raises(TemplateSyntaxError):
        render(source)


def test_an_icon_is_silent_unless_it_is_named():
    assert 'aria-hidden="true"' in render('{% icon "bus" %}')
    assert 'role="img" aria-label="Minibus"' in render('{% icon "bus" label="Minibus" %}')


def test_a_component_escapes_what_it_is_given():
    assert "<b>" not in render(
        '{% notice title=value %}{{ value }}{% endnotice %}{% icon "bus" label=value %}', value="<b>"
    )


def test_a_field_ties_its_help_and_errors_to_its_control():
    html = render("{% field form.title %}", form=RoomForm({"title": "trop long"}))
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html
    assert 'value="trop long"' in html


def test_a_group_of_choices_is_a_fieldset():
    html = render("{% field form.moment %}", form=RoomForm({}))
    assert html.count("<fieldset") == 1
    assert "<legend>Quand</legend>" in html
    assert 'aria-describedby="id_moment_error"' in html


def test_only_what_is_not_required_is_marked():
    html = render("{% field form.title %}|{% field form.note %}", form=RoomForm())
    required, optional = html.split("|")
    assert "(facultatif)" not in required
    assert "(facultatif)" in optional


def test_a_field_that_must_be_filled_says_what_to_write():
    class SilentForm(forms.Form):
        title = forms.CharField(label="Titre")

    with pytest.raises(TemplateSyntaxError, match="'title' is required"):
        render("{% field form.title %}", form=SilentForm())


def test_the_error_summary_links_to_each_field():
    html = render("{% error_summary form %}", form=RoomForm({"title": "trop long"}))
    assert html.count('<a href="#id_title">') == 1
    assert '<a href="#id_moment_0">Choisissez matin ou soir.</a>' in html
    assert "Cette salle n’est plus libre." in html
    assert 'tabindex="-1" autofocus' in html


def test_the_error_summary_is_silent_when_all_is_well():
    assert render("{% error_summary form %}", form=RoomForm()) == ""
