"""Who reads and writes in a conversation; ``ConversationQuerySet.read_by`` says the same for lists."""

import rules

from maillage.accounts.rules import is_agent
from maillage.conversations.models import Participant
from maillage.directory.models import Structure


@rules.predicate
def acts_for_a_participant(user, conversation):
    mine = Structure.objects.acted_for_by(user).values("pk")
    return Participant.objects.filter(conversation=conversation, structure__in=mine).exists()


@rules.predicate
def reads_attachment(user, attachment):
    """Those who read its message; the team, when the message was reported. Nobody once it is withdrawn."""
    message = attachment.message
    if message.withdrawn_at:
        return False
    return acts_for_a_participant(user, message.conversation) or (is_agent(user) and message.reports.exists())


rules.add_perm("conversations.read_attachment", reads_attachment)
rules.add_perm("conversations.read_conversation", acts_for_a_participant)
rules.add_perm("conversations.moderate", is_agent)
