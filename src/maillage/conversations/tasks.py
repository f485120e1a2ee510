"""Background work of conversations: telling by e-mail that someone wrote."""

from procrastinate.contrib.django import app

from maillage.accounts.models import User
from maillage.accounts.services import LETTERS
from maillage.accounts.tasks import AGAIN
from maillage.conversations import letters
from maillage.conversations.models import Message, ReadingMark, Report
from maillage.directory.models import Mandate
from maillage.kernel.letters import send


@app.task(name="conversations.write_about_message", queue=LETTERS)
def write_about_message(message_id, site):
    """One job for each reader, so that a letter that fails is the only one to be sent again."""
    message = _standing(message_id)
    if message is None:
        return
    for person in _those_to_tell(message):
        app.configure_task("conversations.write_to_reader", queue=LETTERS).defer(
            message_id=message.pk, person_id=person, site=site
        )


@app.task(name="conversations.write_to_reader", queue=LETTERS, retry=AGAIN)
def write_to_reader(message_id, person_id, site):
    message = _standing(message_id)
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if message and person:
        send(letters.message_arrived(message, person, site), to=person.email, site=site)


@app.task(name="conversations.tell_report_decided", queue=LETTERS, retry=AGAIN)
def tell_report_decided(report_id, site):
    report = _decided(report_id)
    person = report and report.reported_by
    if person and person.is_active:
        send(letters.report_decided(report, site), to=person.email, site=site)


@app.task(name="conversations.tell_message_withdrawn", queue=LETTERS, retry=AGAIN)
def tell_message_withdrawn(report_id, site):
    report = _decided(report_id)
    writer = report and report.message.author
    if writer and writer.is_active:
        send(letters.message_withdrawn(report, site), to=writer.email, site=site)


def _decided(report_id):
    reports = Report.objects.select_related("message__conversation", "message__author", "message__structure")
    return reports.select_related("reported_by").exclude(decision=Report.Decision.NONE).filter(pk=report_id).first()


def _standing(message_id):
    """The message, None when it was withdrawn meanwhile."""
    messages = Message.objects.select_related("conversation", "structure")
    return messages.filter(pk=message_id, withdrawn_at=None).first()


def _those_to_tell(message):
    """Ids of those who act for the other structures, want to hear of it, and have read all but this message."""
    conversation = message.conversation
    structures = conversation.participants.exclude(structure=message.structure_id).values("structure")
    acting = Mandate.objects.current().filter(structure__in=structures)
    have_read = ReadingMark.objects.filter(conversation=conversation, message__gte=message.pk)
    people = User.objects.filter(pk__in=acting.values("user"), is_active=True, hears_of_messages=True)
    for person in people.exclude(pk__in=have_read.values("user")).order_by("pk"):
        if not conversation.messages.unread_by(person).filter(pk__lt=message.pk).exists():
            yield person.pk
