"""Writing to a structure for the first time: about one of its listings, or from its own page."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from maillage.conversations.services import MessageRefused, start_conversation
from maillage.directory.models import Structure
from maillage.kernel.pages import page
from maillage.sharing.contacts import write_about
from maillage.web.addresses import LARGEST_ID, site_of
from maillage.web.conversations.forms import FirstMessageForm, SubjectForm
from maillage.web.directory.unread import reading_of
from maillage.web.sharing.views import visible_listing


@page(methods=("GET", "POST"))
def write_about_listing(request, pk):
    listing = visible_listing(request, pk)

    def send(**written):
        return write_about(listing=listing, author=request.user, site=site_of(request), **written)

    return _first_message(request, FirstMessageForm, listing.structure, send, {"listing": listing})


@page(methods=("GET", "POST"))
def write_to_structure(request, pk):
    seen = Structure.objects.seen_by(request.user).select_related("commune")
    to = get_object_or_404(seen, pk=pk) if pk <= LARGEST_ID else None
    if to is None:
        raise Http404

    def send(**written):
        return start_conversation(to=to, author=request.user, site=site_of(request), **written)

    return _first_message(request, SubjectForm, to, send, {})


def _first_message(request, form_class, to, send, context):
    mine = Structure.objects.acted_for_by(request.user).active()
    structures = mine.exclude(pk=to.pk)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = form_class(*given, structures=structures)
    reading = reading_of(to)
    if request.method == "POST" and not (structures and reading["is_read"]):
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        try:
            message = send(**form.cleaned_data)
        except MessageRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Votre message est envoyé. La réponse arrivera ici.")
            return redirect(f"{message.conversation.get_absolute_url()}#message-{message.pk}")
    context |= reading | {
        "to": to,
        "structure": to,
        "form": form,
        "may_write": bool(structures),
        "acts_for_a_structure": mine.exists(),
        "lost_files": bool(request.FILES),
    }
    return render(request, "conversations/first_message.html", context, status=422 if form.errors else 200)
