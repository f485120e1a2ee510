"""What came of a report: told to whoever made it, and to whoever wrote the message that is withdrawn."""

import pytest
from django.test import Client
from django.urls import reverse

from maillage.conversations.models import Message, Report
from tests.factories.accounts import UserFactory
from tests.factories.conversations import ConversationFactory
from tests.factories.directory import MandateFactory
from tests.letters import address_in, deliver

pytestmark = pytest.mark.django_db


@pytest.fixture
def other():
    return MandateFactory(structure__name="Amicale de Vaudreuille")


@pytest.fixture
def conversation(member, mandate, other):
    """The Amicale wrote, and the member reported its message."""
    conversation = ConversationFactory(structures=[mandate.structure, other.structure], subject="Un barnum")
    writer = Client()
    writer.force_login(other.user)
    writer.post(conversation.get_absolute_url(), {"text": "Achetez\u202f!"})
    message = Message.objects.get(text="Achetez\u202f!")
    deliver()
    member.post(reverse("report-message", args=[conversation.pk, message.pk]), {"reason": "advertising"})
    return conversation


def decide(decision):
    agent = Client()
    agent.force_login(UserFactory(name="Camille Roux", agent=True))
    agent.post(reverse("decide-report", args=[Report.objects.get().pk]), {"decision": decision})
    return {letter.to[0]: letter for letter in deliver()}


def test_a_message_that_stays_is_told_to_whoever_reported_it(conversation, mandate):
    (letter,) = decide("kept").values()
    assert letter.to == [mandate.user.email]
    assert "Vous aviez signalé un message d’Amicale de Vaudreuille." in letter.body
    assert "le laisse en place" in letter.body
    assert address_in(letter) == conversation.get_absolute_url()


def test_a_message_that_is_withdrawn_is_told_to_both_and_to_its_writer_why(conversation, mandate, other):
    letters = decide("withdrawn")
    assert set(letters) == {mandate.user.email, other.user.email}
    assert "l’a retiré" in letters[mandate.user.email].body
    told = letters[other.user.email]
    assert told.subject == "Votre message est retiré"
    assert "La raison\u00a0: publicité." in told.body
    for hidden in (mandate.user.email, mandate.user.name, mandate.structure.name, "Camille Roux"):
        assert hidden not in told.body


def test_a_decision_is_told_once(conversation):
    decide("withdrawn")
    assert decide("kept") == {}
