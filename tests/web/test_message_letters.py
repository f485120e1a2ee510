"""E-mails that tell of messages: to whom, once until they have read, without an address, and how one leaves."""

import pytest
from django.test import Client
from django.urls import reverse

from maillage.accounts import links
from maillage.conversations.services import mark_as_read
from maillage.opportunities import services
from maillage.opportunities.models import Party
from tests.factories.conversations import ConversationFactory
from tests.factories.directory import MandateFactory, StructureFactory
from tests.factories.opportunities import circle_mandates
from tests.letters import address_in, deliver

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def other():
    return MandateFactory(structure=StructureFactory(name="Foyer de Vaudreuille"))


@pytest.fixture
def conversation(mandate, other):
    return ConversationFactory(structures=[mandate.structure, other.structure], subject="Un barnum")


def write(member, conversation, text="Jeudi soir ?"):
    return member.post(conversation.get_absolute_url(), {"text": text})


def test_those_of_the_other_structure_hear_of_a_message(member, mandate, other, conversation):
    colleague = MandateFactory(structure=other.structure)
    MandateFactory(structure=mandate.structure)
    MandateFactory(structure=other.structure, ended=True)
    write(member, conversation)
    letters = deliver()
    assert [letter.to for letter in letters] == [[other.user.email], [colleague.user.email]]
    (text, html) = letters[0].body, letters[0].alternatives[0].content
    for said in (text, html):
        assert "Jeudi soir" in said
        assert "Un barnum" in said
        assert mandate.user.email not in said
    assert letters[0].subject == "Message d’Harmonie de Revel"
    assert address_in(letters[0]) == f"{conversation.get_absolute_url()}#nouveau"


def test_empty_lines_of_a_message_leave_no_hole(member, conversation):
    write(member, conversation, "Bonjour,\n\n\nOdile")
    (letter,) = deliver()
    assert "Bonjour,\n\nOdile\n" in letter.body
    assert '<p style="margin: 0 0 14px;"></p>' not in letter.alternatives[0].content


def test_one_letter_until_one_has_read(member, other, conversation):
    write(member, conversation)
    write(member, conversation, "Ou vendredi ?")
    assert len(deliver()) == 1
    mark_as_read(user=other.user, message=conversation.messages.last())
    write(member, conversation, "Ou samedi ?")
    (letter,) = deliver()
    assert "Ou samedi" in letter.body


def test_a_form_sent_twice_is_told_once(member, conversation):
    for _ in range(2):
        form = {"text": "Jeudi soir ?", "key": "8a0f5d0e-2f6b-4f3e-9b60-0a4a1c0a7d11"}
        member.post(conversation.get_absolute_url(), form)
    assert len(deliver()) == 1


def test_the_first_message_about_a_listing_is_told_too(member, other):
    member.post(reverse("write-to-structure", args=[other.structure.pk]), {"subject": "Fête", "text": "Bonjour"})
    assert [letter.to for letter in deliver()] == [[other.user.email]]


def test_when_all_agree_everyone_but_the_last_to_say_so_hears_of_it():
    mandates = circle_mandates(2)
    services.run_search()
    for mandate in mandates:
        client = Client()
        client.force_login(mandate.user, BACKEND)
        party = Party.objects.get(structure=mandate.structure)
        client.post(reverse("opportunity-accept", args=[party.pk]))
    letters = deliver()
    assert [letter.to for letter in letters] == [[mandates[0].user.email]]
    assert letters[0].subject == "Message de Maillage"


def test_a_message_that_was_withdrawn_meanwhile_is_not_told(member, other, conversation):
    write(member, conversation)
    conversation.messages.update(withdrawn_at=conversation.opened_at)
    assert deliver() == []


def test_a_long_name_and_a_long_text_are_cut(member, mandate, conversation):
    type(mandate.structure).objects.update(name="Association " + "très " * 40 + "longue")
    write(member, conversation, "mot " * 900)
    (letter,) = deliver()
    assert (len(letter.subject) <= 60, letter.subject[-1]) == (True, "…")
    assert len(letter.body) < 2500


def test_one_leaves_by_the_letter_without_signing_in_and_comes_back_by_the_account(member, other, conversation, client):
    write(member, conversation)
    (letter,) = deliver()
    address = letter.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in letter.body
    stranger = Client(enforce_csrf_checks=True)
    assert "Voulez-vous arrêter" in stranger.get(address).content.decode()
    other.user.refresh_from_db()
    assert other.user.hears_of_messages
    assert "C’est fait" in stranger.post(address, {"List-Unsubscribe": "One-Click"}).content.decode()
    other.user.refresh_from_db()
    assert not other.user.hears_of_messages
    mark_as_read(user=other.user, message=conversation.messages.last())
    write(member, conversation)
    assert deliver() == []
    theirs = Client()
    theirs.force_login(other.user, BACKEND)
    theirs.post(reverse("hear-of-messages"), {"hears": "yes"})
    other.user.refresh_from_db()
    assert other.user.hears_of_messages


def test_the_way_out_of_another_purpose_opens_nothing(other):
    token = links.sign("join", email=other.user.email)
    assert Client().post(reverse("leave-letters", args=[token])).status_code == 410
