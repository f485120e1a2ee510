"""Conversations between structures: the list, and one thread with its form."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render

from maillage.conversations import services
from maillage.conversations.models import Conversation
from maillage.directory.models import Structure
from maillage.kernel.pages import page
from maillage.web.conversations.forms import MessageForm

LARGEST_ID = 2**63 - 1
CONVERSATIONS_PER_PAGE = 20
MESSAGES_PER_PAGE = 50


@page()
def conversation_list(request):
    mine = Conversation.objects.read_by(request.user).latest_first().prefetch_related("participants__structure")
    shown = Paginator(mine, CONVERSATIONS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "conversations/conversation_list.html", {"page": shown})


@page(methods=("GET", "POST"))
def conversation_page(request, pk):
    conversation = _conversation(request, pk)
    structures = Structure.objects.acted_for_by(request.user).filter(conversations=conversation)
    form = MessageForm(request.POST if request.method == "POST" else None, structures=structures)
    if request.method == "POST" and form.is_valid():
        try:
            services.post_message(conversation_id=pk, author=request.user, **form.cleaned_data)
        except services.MessageRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Votre message est envoyé.")
            return redirect(conversation)
    thread = Paginator(conversation.messages.select_related("structure", "author"), MESSAGES_PER_PAGE)
    context = {
        "conversation": conversation,
        "participants": conversation.participants.select_related("structure__commune"),
        "page": thread.get_page(request.GET.get("page") or thread.num_pages),
        "own": {structure.pk for structure in structures},
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "conversations/conversation.html", context, status=status)


def _conversation(request, pk):
    """The conversation, or 404 for whoever does not take part."""
    found = Conversation.objects.filter(pk=pk).first() if pk <= LARGEST_ID else None
    if found is None or not request.user.has_perm("conversations.read_conversation", found):
        raise Http404
    return found
