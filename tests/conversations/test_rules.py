"""Who reads a conversation: the predicate and the queryset agree, for every role."""

import pytest
from django.contrib.auth.models import AnonymousUser

from maillage.conversations.models import Conversation
from tests.factories.accounts import UserFactory
from tests.factories.conversations import ConversationFactory
from tests.factories.directory import MandateFactory

pytestmark = pytest.mark.django_db


def person(role, conversation):
    participant = conversation.structures.first()
    return {
        "visitor": lambda: AnonymousUser(),
        "account": lambda: UserFactory(),
        "agent": lambda: UserFactory(agent=True),
        "superuser": lambda: UserFactory(is_superuser=True),
        "elsewhere": lambda: MandateFactory().user,
        "former": lambda: MandateFactory(structure=participant, ended=True).user,
        "participant": lambda: MandateFactory(structure=participant).user,
    }[role]()


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("visitor", False),
        ("account", False),
        ("agent", False),
        ("superuser", True),
        ("elsewhere", False),
        ("former", False),
        ("participant", True),
    ],
)
def test_predicate_and_queryset_agree_on_who_reads_a_conversation(role, expected):
    conversation = ConversationFactory()
    user = person(role, conversation)
    assert user.has_perm("conversations.read_conversation", conversation) is expected
    assert Conversation.objects.read_by(user).filter(pk=conversation.pk).exists() is expected
