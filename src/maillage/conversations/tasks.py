"""Background work of conversations: telling by e-mail that someone wrote."""

from procrastinate.contrib.django import app

from maillage.accounts.models import User
from maillage.accounts.services import LETTERS
from maillage.accounts.tasks import AGAIN
from maillage.conversations import letters
from maillage.conversations.models import Message, ReadingMark
from maillage.directory.models import Mandate
from maillage.kernel.letters import send


@app.task(name="conversations.write_about_message", queue=LETTERS)
def write_about_message(message_id, site):
    """One job for each reader, so that a letter that fails is the only one to be sent again."""
    message = Message.objects.filter(pk=message_id, withdrawn_at=None).first()
    if message is None:
        return
    for person in _those_to_tell(message):
        app.configure_task("conversations.write_to_reader", queue=LETTERS).defer(
            message_id=message.pk, person_id=person, site=site
        )


@app.task(name="conversations.write_to_reader", queue=LETTERS, retry=AGAIN)
def write_to_reader(message_id, person_id, site):
    message = Message.objects.select_related("conversation", "structure").filter(pk=message_id).first()
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if message and person:
        send(letters.message_arrived(message, person, site), to=person.email, site=site)


def _those_to_tell(message):
    """Ids of those who act for the other structures, want to hear of it, and have read all but this message."""
    structures = message.conversation.participants.exclude(structure=message.structure_id).values("structure")
    acting = Mandate.objects.current().filter(structure__in=structures)
    people = User.objects.filter(pk__in=acting.values("user"), is_active=True, hears_of_messages=True)
    marks = dict(ReadingMark.objects.filter(conversation=message.conversation_id).values_list("user", "message"))
    before = message.conversation.messages.filter(pk__lt=message.pk)
    for person in people.order_by("pk"):
        read = marks.get(person.pk, 0)
        mine = Mandate.objects.current().filter(user=person).values("structure")
        if read < message.pk and not before.filter(pk__gt=read).exclude(structure__in=mine).exists():
            yield person.pk
