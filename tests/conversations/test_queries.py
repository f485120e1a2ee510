"""What many people have not read: the same as the list of conversations says to each."""

import pytest

from maillage.conversations.models import Conversation
from maillage.conversations.queries import unread_of
from maillage.conversations.services import open_conversation, post_message
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory, StructureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def mandates():
    """Two structures that talk with a third, each with someone; one person acts for two; one no longer acts."""
    one, two, three = StructureFactory.create_batch(3)
    mandates = [MandateFactory(structure=structure) for structure in (one, two, three)]
    MandateFactory(structure=two, user=mandates[0].user)
    mandates.append(MandateFactory(structure=one, ended=True))
    first = open_conversation(subject="Prêt de tables", structures=[one, three], text="Bonjour.")
    second = open_conversation(subject="Fête", structures=[one, two, three])
    for conversation, mandate in ((first, mandates[2]), (second, mandates[1]), (second, mandates[2])):
        post_message(
            conversation_id=conversation.pk, structure=mandate.structure, author=mandate.user, text="Jeudi\u202f?"
        )
    return mandates


def test_it_says_to_each_what_the_list_says(mandates):
    people = [mandate.user for mandate in mandates] + [UserFactory()]
    found = unread_of([person.pk for person in people])
    for person in people:
        listed = Conversation.objects.read_by(person).with_unread(person).filter(unread__gt=0)
        assert {one.conversation: one.count for one in found.get(person.pk, [])} == dict(
            listed.values_list("pk", "unread")
        )
    assert sorted(found) == sorted(mandate.user_id for mandate in mandates[:2])


def test_it_names_those_who_wrote_the_latest_first(mandates):
    later, earlier = unread_of([mandates[0].user.pk])[mandates[0].user.pk]
    assert (later.subject, later.names) == ("Fête", [mandates[2].structure.name])
    assert (earlier.subject, earlier.count) == ("Prêt de tables", 2)
    assert sorted(earlier.names) == sorted(["Maillage", mandates[2].structure.name])
