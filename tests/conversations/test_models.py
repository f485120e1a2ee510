"""What the database refuses of a conversation, whatever the way in."""

import pytest
from django.db import IntegrityError, transaction

from maillage.conversations.models import Conversation, Message, Participant
from tests.factories.accounts import UserFactory
from tests.factories.conversations import ConversationFactory

pytestmark = pytest.mark.django_db


def refused(constraint):
    return pytest.raises(IntegrityError, match=constraint)


@pytest.mark.parametrize("text", ["", "  \n\t"])
def test_a_subject_and_a_message_say_something(text):
    conversation = ConversationFactory()
    with transaction.atomic(), refused("conversation_has_subject"):
        Conversation.objects.create(subject=text)
    with refused("message_has_text"):
        Message.objects.create(conversation=conversation, text=text)


def test_a_structure_takes_part_once():
    conversation = ConversationFactory()
    with refused("participant_unique"):
        Participant.objects.create(conversation=conversation, structure=conversation.structures.first())


def test_a_person_writes_in_the_name_of_a_structure():
    with refused("message_author_has_structure"):
        Message.objects.create(conversation=ConversationFactory(), author=UserFactory(), text="Bonjour")
