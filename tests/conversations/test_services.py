"""Opening a conversation and writing in it."""

from functools import partial
from uuid import uuid4

import pytest

from maillage.conversations import services
from maillage.conversations.models import Conversation, Message
from tests.at_once import at_once
from tests.factories.conversations import ConversationFactory
from tests.factories.directory import MandateFactory, StructureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def mandate():
    return MandateFactory()


@pytest.fixture
def conversation(mandate):
    return ConversationFactory(structures=[mandate.structure, StructureFactory()])


def test_a_conversation_opens_with_its_structures_and_what_maillage_says():
    structures = [StructureFactory(), StructureFactory()]
    conversation = services.open_conversation(subject="Barnums", structures=structures, text="Bonjour à toutes")
    assert list(conversation.participants.values_list("structure", flat=True)) == [one.pk for one in structures]
    assert list(conversation.messages.values_list("structure", "author", "text")) == [(None, None, "Bonjour à toutes")]


def test_a_conversation_is_between_two_at_least():
    with pytest.raises(services.MessageRefused, match="au moins deux"):
        services.open_conversation(subject="Seule", structures=[StructureFactory()])
    assert not Conversation.objects.exists()


def test_a_message_is_signed_and_without_spaces_around(conversation, mandate):
    sent = services.post_message(
        conversation_id=conversation.pk, structure=mandate.structure, author=mandate.user, text="  Bonjour\n"
    )
    assert (sent.structure, sent.author, sent.text) == (mandate.structure, mandate.user, "Bonjour")


@pytest.mark.parametrize(("text", "part"), [("", "vide"), ("   ", "vide"), ("x" * 4001, "4000")])
def test_a_message_that_says_nothing_or_too_much_is_refused(conversation, mandate, text, part):
    with pytest.raises(services.MessageRefused, match=part):
        services.post_message(
            conversation_id=conversation.pk, structure=mandate.structure, author=mandate.user, text=text
        )
    assert not Message.objects.exists()


def test_only_a_participant_writes_and_only_through_those_who_act_for_it(conversation, mandate):
    outsider, former = MandateFactory(), MandateFactory(structure=mandate.structure, ended=True)
    given = {"conversation_id": conversation.pk, "text": "Bonjour"}
    with pytest.raises(services.MessageRefused, match="pas ouverte"):
        services.post_message(structure=outsider.structure, author=outsider.user, **given)
    for author in (outsider.user, former.user):
        with pytest.raises(services.MessageRefused, match="au nom de cette structure"):
            services.post_message(structure=mandate.structure, author=author, **given)
    with pytest.raises(services.MessageRefused, match="pas ouverte"):
        services.post_message(conversation_id=404_404, structure=mandate.structure, author=mandate.user, text="Bonjour")
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_once_are_both_heard(conversation, mandate):
    given = {"conversation_id": conversation.pk, "structure": mandate.structure, "author": mandate.user}
    at_once(*(partial(services.post_message, text=text, **given) for text in ("Un", "Deux")))
    assert sorted(Message.objects.values_list("text", flat=True)) == ["Deux", "Un"]


@pytest.mark.django_db(transaction=True)
def test_a_first_message_sent_twice_at_once_opens_one_conversation(mandate):
    to, key = MandateFactory().structure, uuid4()
    send = partial(services.start_conversation, structure=mandate.structure, to=to, author=mandate.user, key=key)
    first, second = at_once(*[partial(send, subject="Barnums", text="Bonjour")] * 2)
    assert first == second == Message.objects.get()
    assert Conversation.objects.get() == first.conversation
