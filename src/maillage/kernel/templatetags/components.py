"""The parts that pages are made of. Each refuses a value it does not know; ``/composants/`` shows them all."""

from django import template
from django.forms import CheckboxInput, CheckboxSelectMultiple, Field, RadioSelect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from maillage.kernel.icons import ICONS

register = template.Library()

NOTICE_ICONS = {"info": "info", "success": "circle-check", "warning": "triangle-alert", "danger": "circle-alert"}
TAG_KINDS = ("neutral", "offer", "need", "success", "warning", "workshop")
SAMPLES = (
    "vehicles",
    "rooms",
    "equipment",
    "skills",
    "volunteers",
    "jobs",
    "purchases",
    "trainings",
    "information",
    "services",
    "audiences",
    "reflection",
)
DIRECTIONS = ("offer", "need")
DIRECTION_LABELS = {"offer": "Offre", "need": "Besoin"}
STITCHES = {  # an offer is a knit stitch, a need a purl stitch: told apart without colour
    "offer": '<svg class="stitch" viewBox="0 0 20 20" aria-hidden="true"><path d="M4.5 4.5 8.6 15.5M15.5 4.5 11.4 15.5"'
    ' stroke="currentColor" stroke-width="5.4" stroke-linecap="round" fill="none"/></svg>',
    "need": '<svg class="stitch" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="6.6"'
    ' stroke="currentColor" stroke-width="3.2" fill="none"/></svg>',
}


_SAYS_NOTHING = Field.default_error_messages["required"]


class UnknownValue(template.TemplateSyntaxError):
    pass


class MissingWords(template.TemplateSyntaxError):
    pass


def _known(value, values, what):
    if value not in values:
        raise UnknownValue(f"{what} {value!r} is not one of: {', '.join(sorted(map(str, values)))}.")
    return value


@register.simple_tag
def icon(name, *, size="normal", label=""):
    """A drawing beside a word; ``label`` names it in the rare place where it stands alone."""
    return _icon(name, size=size, label=label)


def _icon(name, *, size="normal", label=""):
    _known(name, ICONS, "Icon")
    _known(size, ("normal", "large"), "Icon size")
    css = "icon icon--large" if size == "large" else "icon"
    told = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="{}" {} focusable="false"><use href="{}#{}"/></svg>', css, told, static("icons.svg"), name
    )


@register.simple_tag
def stitch(direction):
    """The mark of an offer (knit stitch) or of a need (purl stitch)."""
    return mark_safe(STITCHES[_known(direction, DIRECTIONS, "Direction")])  # noqa: S308


@register.simple_block_tag
def notice(content, *, level="info", title=""):
    _known(level, NOTICE_ICONS, "Notice level")
    return render_to_string(
        "components/notice.html",
        {"content": content, "level": level, "title": title, "icon_name": NOTICE_ICONS[level]},
    )


@register.simple_block_tag
def tag(content, *, kind="neutral", icon=""):
    _known(kind, TAG_KINDS, "Tag kind")
    mark = _icon(icon) if icon else mark_safe(STITCHES.get(kind, ""))  # noqa: S308
    return format_html('<span class="tag tag--{}">{}{}</span>', kind, mark, content.strip())


@register.simple_tag
def swatch(sample, *, icon, direction=""):
    """A knitted sample: what stands for a photo, recognised by its stitch, colour and drawing together."""
    _known(sample, SAMPLES, "Sample")
    told = ""
    if direction:
        _known(direction, DIRECTIONS, "Direction")
        told = tag(DIRECTION_LABELS[direction], kind=direction)
    return format_html(
        '<span class="swatch swatch--{}">{}<span class="swatch__disc">{}</span></span>',
        sample,
        told,
        _icon(icon),
    )


@register.simple_tag
def section_title(title, *, lead="", url="", link="", id="", level=2):
    _known(level, (1, 2, 3), "Heading level")
    return render_to_string(
        "components/section_title.html",
        {"title": title, "lead": lead, "url": url, "link": link, "id": id, "heading": f"h{level}"},
    )


@register.simple_block_tag
def empty_state(content, *, title, sample="information"):
    _known(sample, SAMPLES, "Sample")
    return render_to_string("components/empty_state.html", {"content": content, "title": title, "sample": sample})


@register.simple_tag
def field(bound_field, *, hide_label=False):
    """A field whole: label, help, errors, control, tied together for those who listen.

    A field that must be filled says what to write in it: Django’s own « Ce champ est obligatoire. » is refused.
    """
    if bound_field.field.required and bound_field.field.error_messages["required"] == _SAYS_NOTHING:
        raise MissingWords(f"{bound_field.name!r} is required and does not say what to write: error_messages.")
    widget = bound_field.field.widget
    if isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
        shape = "choices"
    elif isinstance(widget, CheckboxInput):
        shape = "checkbox"
    else:
        shape = "plain"
    return render_to_string(
        f"components/field_{shape}.html",
        {
            "field": bound_field,
            "help_id": f"{bound_field.auto_id}_helptext",
            "error_id": f"{bound_field.auto_id}_error",
            "hide_label": hide_label,
            "is_optional": not bound_field.field.required and not getattr(bound_field.form, "all_optional", False),
        },
    )


@register.simple_tag
def error_summary(form):
    """What is wrong, first on the page, with a link into each field; nothing when all is well."""
    if not form.errors:
        return ""
    lines = [(None, message) for message in form.non_field_errors()]
    for bound_field in form:
        lines += [(_first_control(bound_field), message) for message in bound_field.errors]
    return render_to_string("components/error_summary.html", {"lines": lines})


def _first_control(bound_field):
    """The ``id`` that takes the focus: that of the first choice in a group."""
    return bound_field.id_for_label or f"{bound_field.auto_id}_0"
