"""Publishing a listing in two steps, changing it, pausing it, resuming it, closing it."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.html import format_html

from maillage.directory.models import Structure
from maillage.engine.french import count_fr
from maillage.kernel.pages import READING_METHODS, page
from maillage.sharing import services, taxonomy
from maillage.sharing.matching import count_answers
from maillage.sharing.models import Listing
from maillage.sharing.search.spelling import find_categories
from maillage.web.sharing.forms import ListingForm, StartForm, initial_of, initial_of_new
from maillage.web.sharing.neighbours import answers_nearby
from maillage.web.sharing.views import NAMES, visible_listing

DIRECTIONS = {"offre": Listing.Direction.OFFER, "besoin": Listing.Direction.NEED}
SUGGESTIONS = 6
DONE = {
    Listing.State.PAUSED: "Votre annonce est en pause. Personne ne la voit jusqu’à ce que vous la repreniez.",
    Listing.State.PUBLISHED: "Votre annonce est de nouveau en ligne.",
    Listing.State.CLOSED: "Votre annonce est terminée. Merci d’avoir partagé.",
}


@page()
def start(request):
    """First step: propose or look for, a few words, and the categories that these words suggest."""
    asked = "quoi" in request.GET
    form = StartForm(request.GET) if asked else StartForm(initial={"sens": _direction_word(request)})
    words = form.cleaned_data["quoi"] if asked and form.is_valid() else ""
    suggestions, mends = find_categories(words)
    context = {
        "form": form,
        "words": words,
        "direction_word": _direction_word(request),
        "suggestions": suggestions[:SUGGESTIONS],
        "mends": mends,
        "families": taxonomy.families() if words else (),
        "acts_for_a_structure": Structure.objects.acted_for_by(request.user).active().exists(),
    }
    return render(request, "sharing/start.html", context, status=422 if form.errors else 200)


@page(methods=("GET", "POST"))
def publish(request):
    """Second step: one page in four parts."""
    structures = Structure.objects.acted_for_by(request.user).active().select_related("commune")
    first = structures.first()
    if first is None:
        return redirect("publish")
    word = _direction_word(request)
    direction = DIRECTIONS[word]
    if request.method in READING_METHODS:
        words, category = request.GET.get("quoi", "")[:120], request.GET.get("categorie", "")
        initial = initial_of_new(direction, category=category, words=words, structure=first)
        form = ListingForm(person=request.user, direction=direction, initial=initial)
        return _form_page(request, form, direction)
    if "find_readers" in request.POST:
        return _form_page(request, _searching_readers(request, direction), direction)
    form = ListingForm(request.POST, request.FILES, person=request.user, direction=direction)
    if form.is_valid():
        structure = form.cleaned_data["structure"]
        try:
            listing = services.publish_listing(
                structure=structure, author=request.user, direction=direction, **form.details()
            )
        except services.ListingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _published_text(listing, request.user))
            return redirect(listing)
    return _form_page(request, form, direction, status=422)


@page(methods=("GET", "POST"))
def edit(request, pk):
    listing = _editable_listing(request, pk)
    direction, opened_at = listing.direction, listing.modified_at.isoformat()
    if request.method in READING_METHODS:
        if listing.state == Listing.State.CLOSED:
            return redirect(listing)  # whose page says that it is over
        form = ListingForm(person=request.user, direction=direction, listing=listing, initial=initial_of(listing))
        return _form_page(request, form, direction, opened_at=opened_at)
    posted_opened_at = request.POST.get("opened_at", "")
    if "find_readers" in request.POST:
        form = _searching_readers(request, direction, listing)
        return _form_page(request, form, direction, opened_at=posted_opened_at)
    form = ListingForm(request.POST, request.FILES, person=request.user, direction=direction, listing=listing)
    if form.is_valid():
        try:
            services.change_listing(
                listing_id=pk, author=request.user, opened_at=_instant(posted_opened_at), **form.details()
            )
        except services.ListingRefused as refusal:
            form.add_error(None, str(refusal))
            if not isinstance(refusal, services.ListingChangedMeanwhile):
                opened_at = posted_opened_at
        else:
            messages.success(request, "Votre annonce est à jour.")
            return redirect(listing)
    else:
        opened_at = posted_opened_at
    return _form_page(request, form, direction, status=422, opened_at=opened_at)


@page(methods=("POST",))
def pause(request, pk):
    return _move(request, pk, services.pause_listing)


@page(methods=("POST",))
def resume(request, pk):
    return _move(request, pk, services.resume_listing)


@page(methods=("POST",))
def close(request, pk):
    return _move(request, pk, services.close_listing)


def _move(request, pk, change):
    listing = _editable_listing(request, pk)
    try:
        messages.success(request, DONE[change(listing_id=pk, author=request.user).state])
    except services.ListingRefused as refusal:
        messages.error(request, str(refusal))
    return redirect(listing)


def _editable_listing(request, pk):
    listing = visible_listing(request, pk)
    if not request.user.has_perm("sharing.edit_listing", listing):
        raise PermissionDenied
    return listing


def _searching_readers(request, direction, listing=None):
    """The form as it was typed, not judged yet, with the structures found under « Chercher une structure »."""
    lists = ("weekdays", "readers")
    typed = {name: request.POST.getlist(name) if name in lists else value for name, value in request.POST.items()}
    return ListingForm(person=request.user, direction=direction, listing=listing, initial=typed)


def _form_page(request, form, direction, *, status=200, opened_at=""):
    context = {
        "form": form,
        "listing": form.listing,
        "direction": direction,
        "name": NAMES[direction],
        "opened_at": opened_at,
        "lost_photo": bool(form.is_bound and request.FILES),
    }
    return render(request, "sharing/listing_form.html", context, status=status)


def _direction_word(request):
    word = request.GET.get("sens", "")
    return word if word in DIRECTIONS else "offre"


def _instant(text):
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _published_text(listing, author):
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
