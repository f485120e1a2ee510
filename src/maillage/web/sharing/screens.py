"""The four screens of a draft: which form each shows, what is saved of what was typed, where each leads."""

from django.utils.datastructures import MultiValueDict

from maillage.engine.reachable import reachable_in, without_reachable
from maillage.web.sharing.forms import initial_of, initial_of_new
from maillage.web.sharing.parts import PICTURE, RADII, HowForm, WhatForm, WhenForm, WhereForm, said_to_all

FORMS = {"quoi": WhatForm, "ou": WhereForm, "quand": WhenForm, "conditions": HowForm}
STEPS = tuple(FORMS)
NAMES = {"quoi": "quoi", "ou": "où", "quand": "quand", "conditions": "à quelles conditions"}
SEARCH_PARAMETERS = ("ou", "quand")
LONGEST_SEARCHED = 120
LISTS = ("weekdays", "readers")
SEARCHED = "searched"  # what a search that found nothing said, shown on the screens not yet seen
REFUSED = "refused"  # what was said of a photo that could not be kept
LONGEST_TYPED = 20_000
MOST_VALUES = 60


def form_of(draft, step, person, *, judged):
    """The form of a screen with what was typed on it, or with what is usual; ``judged`` tells what is wrong."""
    options = {"person": person, "direction": draft.direction, "owner": draft.structure}
    if step == "quoi":
        options["pictures"] = list(draft.pictures.all())
    typed = draft.typed.get(step)
    if judged:
        return _judged(FORMS[step](_as_sent(typed or {}, options.get("pictures", ())), **options), typed or {})
    if typed is None:
        category = draft.said("quoi", "category")
        usual = initial_of_new(draft.direction, category=category, structure=draft.structure)
        searched = {name: values[0] for name, values in draft.typed.get(SEARCHED, {}).items()}
        return FORMS[step](initial=usual | searched, **options)
    initial = {name: values if name in LISTS else next(iter(values), "") for name, values in typed.items()}
    return FORMS[step](initial=initial, **options)


def typed_in_search(parameters):
    """What a draft begins with when one comes from a search: its place and its day."""
    place, day = (kept(parameters.get(name, "")[:LONGEST_SEARCHED]) for name in SEARCH_PARAMETERS)
    said = {"commune": place, "first_day": day, "last_day": day}
    searched = {name: [value] for name, value in said.items() if value}
    return {SEARCHED: searched} if searched else {}


def forms_of(draft, person):
    """{step: its judged form} of the whole draft."""
    return {step: form_of(draft, step, person, judged=True) for step in STEPS}


def first_unfinished(draft, forms):
    """The first screen that was not seen or is not right; None when all are."""
    return next((step for step in STEPS if step not in draft.typed or not forms[step].is_valid()), None)


def typed_on(step, form, sent):
    """What is kept of a POST: the fields of the screen, right or wrong, without the files."""
    names = [name for name in form.fields if name != "photo"]
    return {name: [kept(value) for value in sent.getlist(name)[:MOST_VALUES]] for name in names if name in sent}


def typed_of(listing, person):
    """What one would have typed to write ``listing``: what a draft that copies it begins with."""
    initial = initial_of(listing) | {"structure": listing.structure_id, "valid_until": None}
    if listing.radius_km:  # an old listing may have a radius that the screen does not offer
        initial["radius_km"] = next((radius for radius in RADII if radius >= listing.radius_km), RADII[-1])
    options = {"person": person, "direction": listing.direction, "initial": initial}
    return {step: _typed_in(form(**options)) for step, form in FORMS.items()}


def _typed_in(form):
    values = {field.name: field.value() for field in form}
    lists = {name: value if isinstance(value, list) else [value] for name, value in values.items()}
    return {name: [str(one) for one in value] for name, value in lists.items() if value != [None]}


def pictures_asked(pictures, sent, *, others_stay=False):
    """The pictures in the order that was posted, after the button « monter », « descendre » or « retirer » if any.

    others_stay  keeps those that the page did not know of, which someone else added
    """
    by_pk = {str(picture.pk): picture for picture in pictures}
    order = [pk for pk in dict.fromkeys(sent.getlist("picture")) if pk in by_pk]
    if others_stay:
        order += [pk for pk in by_pk if pk not in order]
    for button, shift in (("monter", -1), ("descendre", 1)):
        if (pk := sent.get(button)) in order:
            place = order.index(pk)
            other = min(max(place + shift, 0), len(order) - 1)
            order[place], order[other] = order[other], order[place]
    if (pk := sent.get("retirer")) in order:
        order.remove(pk)
    return [by_pk[pk] for pk in order]


def after(step):
    """The next screen, None after the last."""
    return next(iter(STEPS[STEPS.index(step) + 1 :]), None)


def before(step):
    """The screen before, None before the first."""
    return next(iter(STEPS[: STEPS.index(step)][::-1]), None)


def _as_sent(typed, pictures):
    shown = {f"{PICTURE}{picture.pk}": [picture.description] for picture in pictures}
    return MultiValueDict(shown | typed)


def _judged(form, typed):
    for said in typed.get(REFUSED, ()):
        form.add_error("photo", said)
    return form


def kept(value):
    """PostgreSQL keeps no null sign in JSON."""
    return value[:LONGEST_TYPED].replace("\x00", "\ufffd")


def answered(sent):
    """The fields that were sent, after « Le retirer » or « Le laisser » about the numbers and addresses of the text."""
    if "a_tous" not in sent:
        return sent
    fields = sent.copy()
    text = fields.get("text", "")
    if sent["a_tous"] == "retirer":
        fields["text"] = without_reachable(text)
    else:
        fields["shown_to_all"] = said_to_all(reachable_in(text))
    return fields
