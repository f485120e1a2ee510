"""The way into publishing; changing a listing, pausing it, resuming it, closing it."""

from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html

from maillage.directory.models import Structure
from maillage.engine.french import count_fr
from maillage.kernel.pages import READING_METHODS, page
from maillage.sharing import services, taxonomy
from maillage.sharing.matching import count_answers
from maillage.sharing.models import Draft, Listing
from maillage.sharing.models.drafts import MOST_PICTURES
from maillage.sharing.search.spelling import find_categories
from maillage.web.addresses import site_of
from maillage.web.sharing.forms import StartForm, initial_of
from maillage.web.sharing.neighbours import answers_nearby
from maillage.web.sharing.parts import ListingForm
from maillage.web.sharing.screens import LISTS, LONGEST_SEARCHED, SEARCH_PARAMETERS, answered, pictures_asked
from maillage.web.sharing.views import NAMES, visible_listing

DIRECTIONS = {"offre": Listing.Direction.OFFER, "besoin": Listing.Direction.NEED}
SUGGESTIONS = 6
DRAFTS_SHOWN = 3
STAYS = ("find_readers", "monter", "descendre", "retirer")  # buttons that show the form again
DONE = {
    Listing.State.PAUSED: "Votre annonce est en pause. Personne ne la voit jusqu’à ce que vous la repreniez.",
    Listing.State.PUBLISHED: "Votre annonce est de nouveau en ligne.",
    Listing.State.CLOSED: "Votre annonce est terminée. Merci d’avoir partagé.",
}


@page()
def start(request):
    """First step: propose or look for, a few words, and the categories that these words suggest."""
    asked = "quoi" in request.GET
    form = StartForm(request.GET) if asked else StartForm(initial={"sens": direction_word(request)})
    words = form.cleaned_data["quoi"] if asked and form.is_valid() else ""
    suggestions, mends = find_categories(words)
    acts = Structure.objects.acted_for_by(request.user).active().exists()
    if acts and len(suggestions) == 1 and not mends:
        known = {"sens": direction_word(request), "quoi": words, "categorie": suggestions[0].code}
        return redirect(f"{reverse('publish-listing')}?{urlencode(known)}{search_query(request)}")
    context = {
        "form": form,
        "words": words,
        "direction_word": direction_word(request),
        "searched": search_query(request),
        "searched_fields": searched(request).items(),
        "suggestions": suggestions[:SUGGESTIONS],
        "mends": mends,
        "families": taxonomy.families() if words else (),
        "acts_for_a_structure": acts,
        "drafts": () if words else Draft.objects.visible_to(request.user)[:DRAFTS_SHOWN],
    }
    return render(request, "sharing/start.html", context, status=422 if form.errors else 200)


@page(methods=("GET", "POST"))
def edit(request, pk):
    """All of a listing on one page, in the same four parts as the screens of a draft."""
    listing = editable_listing(request, pk)
    direction, opened_at = listing.direction, listing.modified_at.isoformat()
    known = {"person": request.user, "direction": direction, "listing": listing}
    if request.method in READING_METHODS:
        if listing.state == Listing.State.CLOSED:
            return redirect(listing)  # whose page says that it is over
        initial = initial_of(listing)
        form = ListingForm(**known, pictures=listing.pictures.all(), initial=initial)
        return _form_page(request, form, opened_at=opened_at, opened_until=initial["valid_until"].isoformat())
    known["pictures"] = pictures_asked(listing.pictures.all(), request.POST)
    posted_opened_at = request.POST.get("opened_at", "")
    if any(button in request.POST for button in STAYS):
        return _form_page(request, ListingForm(**known, initial=_typed(request)), opened_at=posted_opened_at)
    form = ListingForm(answered(request.POST), request.FILES, **known)
    if form.is_valid():
        try:
            services.change_listing(
                listing_id=pk,
                author=request.user,
                opened_at=instant(posted_opened_at),
                keeps_later_term=form.details()["valid_until"].isoformat() == request.POST.get("opened_until"),
                **_changes(form),
            )
        except services.ListingRefused as refusal:
            form.add_error(None, str(refusal))
            if not isinstance(refusal, services.ListingChangedMeanwhile):
                opened_at = posted_opened_at
        else:
            messages.success(request, "Votre annonce est à jour.")
            if "encore" in request.POST:
                return redirect(reverse("edit-listing", args=[pk]) + "#photos")
            return redirect(listing)
    else:
        opened_at = posted_opened_at
    return _form_page(request, form, status=422, opened_at=opened_at)


@page(methods=("POST",))
def pause(request, pk):
    return _move(request, pk, services.pause_listing)


@page(methods=("POST",))
def resume(request, pk):
    return _move(request, pk, services.resume_listing)


@page(methods=("POST",))
def close(request, pk):
    return _move(request, pk, partial(services.close_listing, site=site_of(request)))


def _move(request, pk, change):
    listing = editable_listing(request, pk)
    try:
        messages.success(request, DONE[change(listing_id=pk, author=request.user).state])
    except services.ListingRefused as refusal:
        messages.error(request, str(refusal))
    return redirect(listing)


def editable_listing(request, pk):
    listing = visible_listing(request, pk)
    if not request.user.has_perm("sharing.edit_listing", listing):
        raise PermissionDenied
    return listing


def _typed(request):
    """The form as it was typed, not judged yet."""
    return {name: request.POST.getlist(name) if name in LISTS else value for name, value in request.POST.items()}


def _changes(form):
    photo = form.cleaned_data["photo"]
    added = (photo, form.cleaned_data["photo_description"]) if photo else None
    return form.details() | {"pictures": form.descriptions(), "photo": added}


def _form_page(request, form, *, status=200, opened_at="", opened_until=""):
    context = {
        "form": form,
        "listing": form.listing,
        "direction": form.direction,
        "name": NAMES[form.direction],
        "opened_at": opened_at,
        "opened_until": opened_until or request.POST.get("opened_until", ""),
        "lost_photo": bool(request.FILES),
        "most_pictures": MOST_PICTURES,
    }
    return render(request, "sharing/listing_form.html", context, status=status)


def direction_word(request):
    word = request.GET.get("sens", "")
    return word if word in DIRECTIONS else "offre"


def searched(request):
    """{parameter: value} of what a search said, carried from one step to the next."""
    return {name: request.GET[name][:LONGEST_SEARCHED] for name in SEARCH_PARAMETERS if request.GET.get(name)}


def search_query(request):
    """« &ou=Revel&quand=07/11/2026 », or ""."""
    said = searched(request)
    return f"&{urlencode(said)}" if said else ""


def instant(text):
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def published_text(listing, author):
    """What is true now, and where to look next: what answers is further down on the page."""
    answers = count_answers([listing], author)[listing.pk]
    is_need = listing.direction == Listing.Direction.NEED
    said = "Votre besoin est publié." if is_need else "Votre offre est publiée."
    if answers and is_need:
        counted = count_fr(answers, "offre y répond", "offres y répondent")
        return f"{said} {counted} déjà\u00a0: voyez plus bas."
    if answers:
        return f"{said} Elle répond déjà à {count_fr(answers, 'besoin')}\u00a0: voyez plus bas."
    return format_html(
        '{} {} {} <a href="{}">{}</a>.',
        said,
        "Aucune offre n’y répond encore." if is_need else "Aucun besoin n’y correspond encore.",
        "Le jour où cela change, vous le verrez sur cette page. En attendant\u00a0:",
        answers_nearby(listing),
        "voir les offres voisines" if is_need else "voir ce que cherchent vos voisins",
    )
