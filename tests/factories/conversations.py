"""The least valid conversation: two structures, nothing said yet."""

import factory

from maillage.conversations.models import Conversation, Participant
from tests.factories.directory import StructureFactory


class ConversationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Conversation
        skip_postgeneration_save = True

    subject = factory.Sequence(lambda n: f"Conversation {n}")

    @factory.post_generation
    def structures(conversation, create, extracted):  # noqa: N805
        if create:
            for structure in extracted or [StructureFactory(), StructureFactory()]:
                Participant.objects.create(conversation=conversation, structure=structure)
