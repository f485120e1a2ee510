"""Conversations between structures: the list, and one thread with its form."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render

from maillage.conversations import services
from maillage.conversations.models import Attachment, Block, Conversation, Report
from maillage.directory.models import Structure
from maillage.kernel.pages import page
from maillage.sharing.models import Listing
from maillage.web.addresses import LARGEST_ID, site_of
from maillage.web.conversations.forms import MessageForm

CONVERSATIONS_PER_PAGE = 20
MESSAGES_PER_PAGE = 50
MEDIA_TYPES = {
    "webp": "image/webp",
    "pdf": "application/pdf",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "txt": "text/plain",
    "csv": "text/csv",
}


@page()
def conversation_list(request):
    mine = Conversation.objects.read_by(request.user).with_unread(request.user).latest_first()
    shown = Paginator(mine.prefetch_related("participants__structure"), CONVERSATIONS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "conversations/conversation_list.html", {"page": shown})


@page(methods=("GET", "POST"))
def conversation_page(request, pk):
    conversation = conversation_or_404(request, pk)
    structures = own_structures(request, conversation)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = MessageForm(*sent, structures=structures)
    if request.method == "POST" and form.is_valid():
        try:
            message = services.post_message(
                conversation_id=pk, author=request.user, site=site_of(request), **form.cleaned_data
            )
        except services.MessageRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Votre message est envoyé.")
            return redirect(f"{conversation.get_absolute_url()}#message-{message.pk}")
    context = _thread_of(request, conversation, structures) | {"form": form, "lost_files": bool(request.FILES)}
    return render(request, "conversations/conversation.html", context, status=422 if form.errors else 200)


def _thread_of(request, conversation, structures):
    thread = Paginator(
        conversation.messages.select_related("structure", "author").prefetch_related("attachments"), MESSAGES_PER_PAGE
    )
    shown = thread.get_page(request.GET.get("page") or thread.num_pages)
    unread = set(conversation.messages.unread_by(request.user).values_list("pk", flat=True))
    participants = list(conversation.participants.select_related("structure__commune"))
    own = {structure.pk for structure in structures}
    others = [one.structure for one in participants if one.structure_id not in own]
    ended = [one.structure for one in participants if one.structure.state != Structure.State.ACTIVE]
    between = Q(structure__in=own, blocked__in=others) | Q(structure__in=others, blocked__in=own)
    blocking = set(Block.objects.filter(between).values_list("structure", flat=True))
    listing = Listing.objects.filter(contacts__conversation=conversation).select_related("structure").first()
    return {
        "conversation": conversation,
        "participants": participants,
        "page": shown,
        "own": own,
        "unread": unread,
        "first_unread": min(unread, default=None),
        "latest": shown[-1] if shown and not shown.has_next() else None,
        "may_block": len(participants) == 2 and len(others) == 1,
        "may_leave": structures if len(participants) >= services.FEWEST_TO_LEAVE else (),
        "partner": others[0] if len(others) == 1 and own else None,
        "ended": ended,
        "is_over": len(participants) - len(ended) < 2 or {one.pk for one in ended} >= own > set(),
        "is_blocked": not own.isdisjoint(blocking),
        "is_refused": len(participants) == 2 and not blocking.isdisjoint(one.pk for one in others),
        "reported": set(Report.objects.filter(message__in=shown, structure__in=own).values_list("message", flat=True)),
        "listing": listing if listing and request.user.has_perm("sharing.see_listing", listing) else None,
    }


@page()
def attachment(request, pk):
    """Always saved, never shown in the site: what a stranger wrote must not run there."""
    related = Attachment.objects.select_related("message__conversation")
    found = related.filter(pk=pk).first() if pk <= LARGEST_ID else None
    if found is None or not request.user.has_perm("conversations.read_attachment", found):
        raise Http404
    if not found.file.name or not found.file.storage.exists(found.file.name):
        raise Http404
    served = MEDIA_TYPES[found.kind]
    answer = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name, content_type=served)
    answer["Cache-Control"] = "private, no-store"
    return answer


@page(methods=("POST",))
def mark_as_read(request, pk):
    """The button of a page without scripts; with them, the page presses it by itself."""
    conversation = conversation_or_404(request, pk)
    number = request.POST.get("message", "")
    last = conversation.messages.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    if last:
        services.mark_as_read(user=request.user, message=last)
    return HttpResponse() if request.htmx else redirect(conversation)


def own_structures(request, conversation):
    """Those of the conversation that the person acts for."""
    return Structure.objects.acted_for_by(request.user).filter(conversations=conversation)


def conversation_or_404(request, pk):
    """The conversation, or 404 for whoever does not take part."""
    found = Conversation.objects.filter(pk=pk).first() if pk <= LARGEST_ID else None
    if found is None or not request.user.has_perm("conversations.read_conversation", found):
        raise Http404
    return found
