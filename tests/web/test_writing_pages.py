"""Writing to an association from its listing or its page; new messages; blocking and reporting; what the team reads."""

import pytest
from django.test import Client
from django.urls import reverse

from maillage.conversations.models import Block, Conversation, Message, Report
from maillage.conversations.services import post_message
from tests.factories.accounts import UserFactory
from tests.factories.conversations import ConversationFactory
from tests.factories.directory import MandateFactory, StructureFactory
from tests.factories.sharing import ListingFactory

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def other():
    return MandateFactory(structure=StructureFactory(name="Foyer de Vaudreuille"))


@pytest.fixture
def listing(other):
    return ListingFactory(structure=other.structure, title="Une camionnette")


@pytest.fixture
def conversation(mandate, other):
    found = ConversationFactory(structures=[mandate.structure, other.structure])
    post_message(conversation_id=found.pk, structure=other.structure, author=other.user, text="Jeudi ?")
    return found


def address(name, *keys):
    return reverse(name, args=[key.pk for key in keys])


def text_of(response):
    return response.content.decode()


def test_a_listing_leads_to_writing_and_the_message_to_a_conversation(member, mandate, listing):
    assert address("write-about-listing", listing) in text_of(member.get(listing.get_absolute_url()))
    response = member.post(address("write-about-listing", listing), {"text": "Libre samedi ?"})
    conversation = Conversation.objects.get()
    assert response.url == f"{conversation.get_absolute_url()}#message-{Message.objects.get().pk}"
    page = text_of(member.get(response.url))
    assert "Libre samedi\u202f?" in page
    assert f'<a href="{listing.get_absolute_url()}">Une camionnette</a>' in page


def test_the_same_first_message_sent_twice_opens_one_conversation(member, mandate, other):
    form = {"subject": "Fête", "text": "Bonjour", "key": "8a0f5d0e-2f6b-4f3e-9b60-0a4a1c0a7d11"}
    first, again = (member.post(address("write-to-structure", other.structure), form) for _ in range(2))
    assert first.url == again.url
    assert Message.objects.count() == 1


def test_the_same_message_about_a_listing_sent_twice_is_one(member, listing):
    form = {"text": "Libre samedi ?", "key": "8a0f5d0e-2f6b-4f3e-9b60-0a4a1c0a7d11"}
    first, again = (member.post(address("write-about-listing", listing), form) for _ in range(2))
    assert first.url == again.url
    assert Message.objects.count() == 1


def test_what_others_wrote_before_a_colleague_answered_can_be_marked_as_read(member, mandate, conversation):
    colleague = MandateFactory(structure=mandate.structure)
    post_message(conversation_id=conversation.pk, structure=mandate.structure, author=colleague.user, text="Oui")
    page = text_of(member.get(conversation.get_absolute_url()))
    assert "Marquer comme lu" in page
    member.post(address("mark-as-read", conversation), {"message": conversation.messages.last().pk})
    assert "Marquer comme lu" not in text_of(member.get(conversation.get_absolute_url()))
    assert '<span class="news">' not in text_of(member.get("/"))


def test_a_visitor_signs_in_first_and_comes_back(client, listing):
    response = client.get(address("write-about-listing", listing))
    assert response.url == f"/compte/connexion/?next={address('write-about-listing', listing)}"


def test_what_was_typed_stays_when_the_message_is_refused(member, mandate, other, listing):
    Block.objects.create(structure=other.structure, blocked=mandate.structure)
    response = member.post(address("write-about-listing", listing), {"text": "Libre samedi ?"})
    assert response.status_code == 422
    assert "ne reçoit pas vos messages" in text_of(response)
    assert "Libre samedi ?" in text_of(response)
    assert not Conversation.objects.exists()


def test_a_page_of_a_structure_leads_to_writing_when_someone_reads(member, other):
    assert address("write-to-structure", other.structure) in text_of(member.get(other.structure.get_absolute_url()))
    silent = StructureFactory()
    assert address("write-to-structure", silent) not in text_of(member.get(silent.get_absolute_url()))
    assert "Personne ne lit encore ses messages" in text_of(member.get(address("write-to-structure", silent)))
    assert member.post(address("write-to-structure", silent), {"subject": "a", "text": "b"}).status_code == 403


def test_a_subject_is_asked_of_who_writes_to_a_structure(member, other):
    url = address("write-to-structure", other.structure)
    assert "Donnez un sujet" in text_of(member.post(url, {"text": "Bonjour"}))
    assert member.post(url, {"subject": "Fête", "text": "Bonjour"}).status_code == 302
    assert Conversation.objects.get().subject == "Fête"


def test_news_show_in_the_menu_the_list_and_the_thread_until_they_are_read(member, mandate, conversation):
    assert '<span class="news">1<' in text_of(member.get("/"))
    assert "1\u00a0nouveau message" in text_of(member.get("/conversations/"))
    page = text_of(member.get(conversation.get_absolute_url()))
    assert "nouveau" in page
    assert "Marquer comme lu" in page
    message = Message.objects.get()
    response = member.post(address("mark-as-read", conversation), {"message": message.pk})
    assert (response.status_code, response.url) == (302, conversation.get_absolute_url())
    assert '<span class="news">' not in text_of(member.get("/"))
    assert "Marquer comme lu" not in text_of(member.get(conversation.get_absolute_url()))


@pytest.mark.parametrize("number", ["", "x", "-1", "0", "9" * 30, "²"])
def test_a_mark_on_nothing_changes_nothing(member, conversation, number):
    assert member.post(address("mark-as-read", conversation), {"message": number}).status_code == 302
    assert '<span class="news">1<' in text_of(member.get("/"))


def test_the_message_of_another_conversation_is_no_mark(member, conversation):
    elsewhere = Message.objects.create(conversation=ConversationFactory(), text="Bonjour")
    member.post(address("mark-as-read", conversation), {"message": elsewhere.pk})
    assert '<span class="news">1<' in text_of(member.get("/"))


def test_one_blocks_and_unblocks_from_the_thread(member, mandate, other, conversation):
    member.post(address("block", conversation))
    page = text_of(member.get(conversation.get_absolute_url()))
    assert "Vous avez bloqué cette association" in page
    assert "Envoyer le message" not in page
    assert member.post(conversation.get_absolute_url(), {"text": "Encore"}).status_code == 422
    member.post(address("unblock", conversation))
    assert "Envoyer le message" in text_of(member.get(conversation.get_absolute_url()))


def test_there_is_no_one_to_block_in_a_conversation_of_three(member, mandate, other):
    three = ConversationFactory(structures=[mandate.structure, other.structure, StructureFactory()])
    assert "Bloquer cette association" not in text_of(member.get(three.get_absolute_url()))
    assert member.post(address("block", three)).status_code == 404


def test_a_reported_message_and_it_alone_is_shown_to_the_team(member, mandate, other, conversation):
    bad = post_message(conversation_id=conversation.pk, structure=other.structure, author=other.user, text="Mes huiles")
    response = member.post(address("report-message", conversation, bad), {"reason": "advertising"})
    assert response.url == conversation.get_absolute_url()
    agent = Client()
    agent.force_login(UserFactory(agent=True), BACKEND)
    page = text_of(agent.get("/administration/signalements/"))
    assert "Mes huiles" in page
    assert "Jeudi" not in page
    agent.post(address("decide-report", Report.objects.get()), {"decision": "withdrawn"})
    thread = text_of(member.get(conversation.get_absolute_url()))
    assert "Message retiré par l’équipe du territoire." in thread
    assert "Mes huiles" not in thread


def test_ones_own_message_is_not_reported(member, mandate, conversation):
    own = post_message(conversation_id=conversation.pk, structure=mandate.structure, author=mandate.user, text="Oui")
    assert member.get(address("report-message", conversation, own)).status_code == 404


def test_whoever_is_blocked_reads_so_instead_of_a_form(member, mandate, other, conversation):
    Block.objects.create(structure=other.structure, blocked=mandate.structure)
    page = text_of(member.get(conversation.get_absolute_url()))
    assert "Cette association ne reçoit plus vos messages" in page
    assert "Envoyer le message" not in page
    assert "Jeudi" in page


def test_a_block_between_two_leaves_a_conversation_of_three_open(member, mandate, other):
    three = ConversationFactory(structures=[mandate.structure, other.structure, StructureFactory()])
    Block.objects.create(structure=other.structure, blocked=mandate.structure)
    assert "Envoyer le message" in text_of(member.get(three.get_absolute_url()))


def test_a_reported_message_says_so_to_those_who_reported_it_only(member, mandate, other, conversation):
    message = Message.objects.get()
    report = address("report-message", conversation, message)
    assert f'href="{conversation.get_absolute_url()}#message-{message.pk}">Annuler</a>' in text_of(member.get(report))
    member.post(report, {"reason": "advertising"})
    page = text_of(member.get(conversation.get_absolute_url()))
    assert "Signalé à l’équipe du territoire" in page
    assert report not in page
    member.force_login(other.user)
    assert "Signalé" not in text_of(member.get(conversation.get_absolute_url()))


def test_one_of_three_leaves_the_conversation_and_no_longer_finds_it(member, mandate, other):
    third = StructureFactory(name="Radio du canal")
    several = ConversationFactory(structures=[mandate.structure, other.structure, third])
    leaving = address("leave-conversation", several)
    assert leaving in text_of(member.get(several.get_absolute_url()))
    answer = member.post(leaving, {"structure": mandate.structure.pk}, follow=True)
    assert f"{mandate.structure.name} a quitté la conversation" in text_of(answer)
    assert member.get(several.get_absolute_url()).status_code == 404
    assert list(several.structures.all()) == [other.structure, third]


def test_a_conversation_of_two_is_not_left_nor_for_another_structure(member, mandate, other, conversation):
    leaving = address("leave-conversation", conversation)
    assert leaving not in text_of(member.get(conversation.get_absolute_url()))
    answer = member.post(leaving, {"structure": mandate.structure.pk}, follow=True)
    assert "On ne quitte pas une conversation à deux" in text_of(answer)
    for wrong in (other.structure.pk, "", "x" * 30):
        assert member.post(leaving, {"structure": wrong}).status_code == 404
    assert conversation.participants.count() == 2
