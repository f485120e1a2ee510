"""What people do with conversations: open one, write in it."""

from django.core.exceptions import ValidationError
from django.db import transaction

from maillage.conversations.models import Conversation, Message, Participant
from maillage.directory.models import Structure
from maillage.kernel import events


class MessageRefused(Exception):
    """Its text is shown to the person."""


def open_conversation(*, subject, structures, text=""):
    """Open a conversation between two ``structures`` or more; ``text`` is what Maillage says first, if anything.

    Raises MessageRefused.
    """
    if len(structures) < 2:
        raise MessageRefused("Une conversation réunit au moins deux structures.")
    with transaction.atomic():
        conversation = Conversation.objects.create(subject=subject)
        Participant.objects.bulk_create(Participant(conversation=conversation, structure=one) for one in structures)
        if text:
            Message.objects.create(conversation=conversation, text=text)
        _tell(conversation.pk, "conversation.opened")
    return conversation


def post_message(*, conversation_id, structure, author, text):
    """Write in the name of ``structure``; raises MessageRefused."""
    with transaction.atomic():
        # Locked so that messages follow one another in the order in which they are sent.
        conversation = Conversation.objects.select_for_update().filter(pk=conversation_id).first()
        if conversation is None or not conversation.participants.filter(structure=structure).exists():
            raise MessageRefused("Cette conversation n’est pas ouverte à cette structure.")
        if not Structure.objects.acted_for_by(author).filter(pk=structure.pk).exists():
            raise MessageRefused("Vous n’écrivez pas au nom de cette structure.")
        message = Message(conversation=conversation, structure=structure, author=author, text=text.strip())
        try:
            message.full_clean()
        except ValidationError as error:
            raise MessageRefused(" ".join(error.messages)) from error
        message.save()
        _tell(conversation.pk, "message.posted", message=message.pk)
    return message


def _tell(pk, name, **payload):
    events.publish_on_commit(f"conversation:{pk}", name, {"conversation": pk, **payload})
