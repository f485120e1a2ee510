"""What many people have not read, in one query; for one of them ``ConversationQuerySet.with_unread`` says the same."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

_UNREAD = """
    WITH reading AS (
        SELECT DISTINCT mandate.user_id, participant.conversation_id
        FROM directory_mandate AS mandate
        JOIN conversations_participant AS participant USING (structure_id)
        WHERE mandate.user_id = ANY(%(people)s)
          AND mandate.starts_on <= %(today)s AND (mandate.ends_on IS NULL OR mandate.ends_on >= %(today)s)
    )
    SELECT reading.user_id, reading.conversation_id, conversation.subject, count(*), max(message.sent_at),
           array_agg(DISTINCT coalesce(structure.name, 'Maillage'))
    FROM reading
    JOIN conversations_conversation AS conversation ON conversation.id = reading.conversation_id
    JOIN conversations_message AS message ON message.conversation_id = reading.conversation_id
    LEFT JOIN conversations_readingmark AS mark
        ON mark.conversation_id = reading.conversation_id AND mark.user_id = reading.user_id
    LEFT JOIN directory_structure AS structure ON structure.id = message.structure_id
    WHERE message.id > coalesce(mark.message_id, 0)
      AND NOT EXISTS (
        SELECT FROM directory_mandate AS mine
        WHERE mine.user_id = reading.user_id AND mine.structure_id = message.structure_id
          AND mine.starts_on <= %(today)s AND (mine.ends_on IS NULL OR mine.ends_on >= %(today)s)
      )
    GROUP BY reading.user_id, reading.conversation_id, conversation.subject
    ORDER BY max(message.sent_at) DESC, reading.conversation_id DESC
"""


class Unread(NamedTuple):
    """What someone has not read of a conversation; ``names``: the structures that wrote."""

    conversation: int
    subject: str
    count: int
    latest_at: datetime
    names: list


def unread_of(people):
    """{id of a person: [Unread…], the latest first} for these ids; those who have read all are left out."""
    found: dict[int, list] = {}
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, {"people": list(people), "today": timezone.localdate()})
        for person, *facts in cursor:
            found.setdefault(person, []).append(Unread(*facts))
    return found
