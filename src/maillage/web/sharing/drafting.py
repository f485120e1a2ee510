"""Writing a draft: four screens, a preview, and publishing. Each screen is saved when one leaves it, right or wrong."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.directory.models import Structure
from maillage.engine.french import date_fr
from maillage.kernel.pages import READING_METHODS, page
from maillage.sharing import drafts, services, taxonomy
from maillage.sharing.drafts import listing_of
from maillage.sharing.models import Draft, Listing
from maillage.sharing.models.drafts import MOST_PICTURES
from maillage.sharing.photos import PhotoRefused, clean_photo
from maillage.sharing.search.spelling import find_categories
from maillage.sharing.usual import usual_conditions
from maillage.web.addresses import LARGEST_ID
from maillage.web.helped import assistance_of
from maillage.web.sharing import screens
from maillage.web.sharing.forms import initial_of_new
from maillage.web.sharing.parts import PICTURE, WhatForm
from maillage.web.sharing.publishing import DIRECTIONS, direction_word, instant, published_text, search_query
from maillage.web.sharing.views import NAMES, facts_of, visible_listing

SUGGESTIONS = 4
STAYS = ("find_readers", "categorie", "monter", "descendre", "retirer")


def _own_draft(view):
    """Give the view the draft of the address; 404 for whoever may not know that it exists.

    Once published it leads to its listing, where the browser's back button would find nothing.
    """

    @wraps(view)
    def shown(request, pk, **place):
        mine = Draft.objects.visible_to(request.user).select_related("structure__commune")
        if pk <= LARGEST_ID and (draft := mine.filter(pk=pk).first()):
            return view(request, draft, **place)
        listing = listing_of(pk) if pk <= LARGEST_ID else None
        if listing is None or not request.user.has_perm("sharing.edit_listing", listing):
            raise Http404
        if request.method not in READING_METHODS:
            messages.info(request, "Ce brouillon est déjà publié\u00a0: voici votre annonce.")
        return redirect(listing)

    return shown


@page(methods=("GET", "POST"))
def begin(request):
    """The first screen of a draft that is not yet: it begins when something is sent."""
    structures = Structure.objects.acted_for_by(request.user).active().select_related("commune")
    helped = assistance_of(request)
    first = (structures.filter(pk=helped.structure_id).first() if helped else None) or structures.first()
    if first is None:
        return redirect("publish")
    direction = DIRECTIONS[direction_word(request)]
    if request.method in READING_METHODS:
        words, category = request.GET.get("quoi", "")[:120], request.GET.get("categorie", "")
        initial = initial_of_new(direction, category=category, words=words, structure=first)
        form = WhatForm(person=request.user, direction=direction, initial=initial)
        return _screen_page(request, form, "quoi", direction=direction)
    form = WhatForm(request.POST, person=request.user, direction=direction)
    if "structure" in form.errors:
        return _screen_page(request, form, "quoi", direction=direction, status=422)
    structure = form.cleaned_data["structure"]
    try:
        searched = screens.typed_in_search(request.GET)
        draft = drafts.start_draft(structure=structure, author=request.user, direction=direction, typed=searched)
    except services.ListingRefused as refusal:
        form.add_error(None, str(refusal))
        return _screen_page(request, form, "quoi", direction=direction, status=422)
    return _save(request, draft, "quoi")


@page()
@_own_draft
def resume(request, draft):
    """Where one left: the first screen that is not finished, else the preview."""
    step = screens.first_unfinished(draft, screens.forms_of(draft, request.user))
    return redirect("draft-screen", draft.pk, step) if step else redirect("preview-draft", draft.pk)


@page(methods=("GET", "POST"))
@_own_draft
def screen(request, draft, step):
    if step not in screens.STEPS:
        raise Http404
    if request.method not in READING_METHODS:
        return _save(request, draft, step)
    form = screens.form_of(draft, step, request.user, judged="verifier" in request.GET)
    return _screen_page(request, form, step, draft=draft, status=422 if form.errors else 200)


@page(methods=("GET", "POST"))
@_own_draft
def preview(request, draft):
    """The page of the listing as it will be; its button publishes."""
    forms = screens.forms_of(draft, request.user)
    if step := screens.first_unfinished(draft, forms):
        return redirect(_address(draft, step, judged=step in draft.typed))
    details = {name: value for form in forms.values() for name, value in form.details().items()}
    descriptions = forms["quoi"].descriptions()
    if request.method in READING_METHODS:
        return _preview_page(request, draft, details, descriptions)
    if not request.user.has_perm("sharing.publish_for", draft.structure):
        raise PermissionDenied
    opened_at = instant(request.POST.get("opened_at", ""))
    try:
        listing = drafts.publish_draft(
            draft_id=draft.pk, author=request.user, opened_at=opened_at, descriptions=descriptions, **details
        )
    except drafts.DraftGone as refusal:
        messages.info(request, str(refusal))
        return redirect("my-listings")
    except services.ListingRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("preview-draft", draft.pk)
    messages.success(request, published_text(listing, request.user))
    return redirect(listing)


@page(methods=("POST",))
def copy(request, pk):
    """A new draft that begins as one of my listings, even an ended one, and whose pictures are its own."""
    listing = visible_listing(request, pk)
    if not request.user.has_perm("sharing.edit_listing", listing):
        raise PermissionDenied
    try:
        draft = drafts.start_draft(
            structure=listing.structure,
            author=request.user,
            direction=listing.direction,
            typed=screens.typed_of(listing, request.user),
            pictures=listing.pictures.all(),
        )
    except services.ListingRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(listing)
    messages.success(request, "Voici une copie de votre annonce. Changez ce qui doit l’être, puis publiez.")
    return redirect("draft-screen", draft.pk, "quoi")


@page(methods=("POST",))
@_own_draft
def remove(request, draft):
    drafts.remove_draft(draft_id=draft.pk)
    messages.success(request, "Le brouillon est effacé.")
    return redirect("my-listings")


@page()
def suggest(request):
    """The categories that a title suggests, as buttons of its form: htmx asks for them while one types."""
    found, _ = find_categories(request.GET.get("title", "")[:120])
    context = {"suggestions": found[:SUGGESTIONS], "chosen": request.GET.get("category", "")}
    return render(request, "sharing/_suggestions.html", context)


def _save(request, draft, step):
    """Save the screen, then go where the button that was pressed leads."""
    sent = screens.answered(request.POST)
    form = screens.form_of(draft, step, request.user, judged=False)
    typed = screens.typed_on(step, form, sent)
    pictures = structure = None
    if step == "quoi":
        structure = _structure_asked(request, draft)
        asked = screens.pictures_asked(draft.pictures.all(), sent, others_stay=True)
        pictures = [picture.pk for picture in asked]
        if "categorie" in sent:
            typed["category"] = [screens.kept(sent["categorie"])]
        if "photo" in request.FILES:
            try:
                added = drafts.add_photo(draft_id=draft.pk, photo=clean_photo(request.FILES["photo"]))
            except PhotoRefused as refusal:
                typed[screens.REFUSED] = [str(refusal)]
            else:
                pictures.append(added.pk)
                typed[f"{PICTURE}{added.pk}"] = typed.pop("photo_description", [""])
    try:
        draft = drafts.save_screen(draft_id=draft.pk, step=step, typed=typed, structure=structure, pictures=pictures)
    except drafts.DraftGone as refusal:
        messages.info(request, str(refusal))
        return redirect("my-listings")
    return redirect(_next_address(request, draft, step))


def _next_address(request, draft, step):
    sent, goal = request.POST, request.POST.get("vers", "")
    if screens.REFUSED in draft.typed[step]:
        return _address(draft, step, judged=True)
    if any(name in sent for name in STAYS) or goal == "rester":
        anchors = {"find_readers": "readers", "categorie": "id_category"}
        place = next((anchor for name, anchor in anchors.items() if name in sent), "photos" if step == "quoi" else "")
        return _address(draft, step) + (f"#{place}" if place else "")
    if goal == "retour" and (previous := screens.before(step)):
        return _address(draft, previous)
    if goal == "plus-tard":
        messages.success(request, f"Votre brouillon est gardé jusqu’au {date_fr(draft.kept_until)}.")
        return reverse("my-listings")
    if not screens.form_of(draft, step, request.user, judged=True).is_valid():
        return _address(draft, step, judged=True)
    following = screens.after(step)
    return _address(draft, following) if following else reverse("preview-draft", args=[draft.pk])


def _address(draft, step, *, judged=False):
    return reverse("draft-screen", args=[draft.pk, step]) + ("?verifier=1" if judged else "")


def _structure_asked(request, draft):
    """The structure that was chosen, when it is one of theirs; else nothing changes."""
    asked = request.POST.get("structure", "")
    mine = Structure.objects.acted_for_by(request.user).active()
    is_number = asked.isascii() and asked.isdecimal() and len(asked) < 19
    return mine.filter(pk=asked).first() if is_number else None


def _screen_page(request, form, step, *, draft=None, direction="", status=200):
    direction = draft.direction if draft else direction
    context = {
        "form": form,
        "draft": draft,
        "direction": direction,
        "name": NAMES[direction],
        "step": step,
        "number": screens.STEPS.index(step) + 1,
        "steps": [(one, screens.NAMES[one], bool(draft and one in draft.typed)) for one in screens.STEPS],
        "previous": screens.before(step),
        "searched": search_query(request),
    }
    if step == "quoi":
        title, chosen = form["title"].value() or "", form["category"].value()
        context["suggestions"] = find_categories(title[:120])[0][:SUGGESTIONS]
        context["chosen"] = chosen
        context["most_pictures"] = MOST_PICTURES
    if step == "conditions":
        context["kind"] = taxonomy.nearest(draft.said("quoi", "category"))
        context["usual"] = usual_conditions(context["kind"].code) if direction == Listing.Direction.OFFER else None
    return render(request, "sharing/screen.html", context, status=status)


def _preview_page(request, draft, details, descriptions):
    commune = details["commune"]
    shown = {name: value for name, value in details.items() if name != "readers"}
    listing = Listing(
        structure=draft.structure,
        direction=draft.direction,
        latitude=commune.latitude,
        longitude=commune.longitude,
        **shown,
    )
    pictures = list(draft.pictures.all())
    for picture in pictures:
        picture.description = descriptions[picture.pk]
    context = facts_of(request, listing, pictures, address="#where")
    return render(request, "sharing/preview.html", context | {"draft": draft, "readers": details["readers"]})
