"""Writing to the structure of a listing."""

from django.db import transaction

from maillage.conversations.services import MessageRefused, post_message, start_conversation
from maillage.sharing.models import Contact, Listing


def write_about(*, listing, **written):
    """Write to the structure of ``listing``; returns the Message.

    The first message opens a conversation, the next ones go on in it. The caller checks that the author may see the
    listing. written: structure, author, text, key and site, as of ``post_message``. Raises MessageRefused.
    """
    with transaction.atomic():
        # Locked so that two first messages at once open one conversation.
        Listing.objects.select_for_update().get(pk=listing.pk)
        contact = Contact.objects.filter(listing=listing, structure=written["structure"]).first()
        if contact:
            return post_message(conversation_id=contact.conversation_id, **written)
        if not listing.is_published:
            raise MessageRefused("Cette annonce n’est plus publiée.")
        message = start_conversation(to=listing.structure, subject=listing.title, **written)
        Contact.objects.create(listing=listing, structure=written["structure"], conversation_id=message.conversation_id)
    return message
