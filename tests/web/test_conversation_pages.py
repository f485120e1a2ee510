"""The list of conversations, a thread, and writing in it."""

import pytest
from django.urls import reverse

from maillage.conversations.models import Message
from maillage.conversations.services import post_message
from tests.factories.conversations import ConversationFactory
from tests.factories.directory import MandateFactory, StructureFactory

pytestmark = pytest.mark.django_db
LIST = "/conversations/"


def text_of(response):
    return response.content.decode()


@pytest.fixture
def conversation(mandate):
    return ConversationFactory(structures=[mandate.structure, StructureFactory(name="Foyer de Vaudreuille")])


def url_of(conversation):
    return reverse("conversation", args=[conversation.pk])


def test_the_list_has_the_conversations_of_my_structures_the_liveliest_first(member, mandate, conversation):
    other = ConversationFactory(structures=[mandate.structure, StructureFactory()])
    ConversationFactory()
    assert list(member.get(LIST).context["page"]) == [other, conversation]
    post_message(conversation_id=conversation.pk, structure=mandate.structure, author=mandate.user, text="Bonjour")
    assert list(member.get(LIST).context["page"]) == [conversation, other]


def test_an_empty_list_says_how_a_conversation_opens(member):
    assert "Aucune conversation pour le moment" in text_of(member.get(LIST))


def test_a_thread_shows_who_wrote_what_in_which_name(member, mandate, conversation):
    post_message(conversation_id=conversation.pk, structure=mandate.structure, author=mandate.user, text="Jeudi ?")
    Message.objects.create(conversation=conversation, text="Prochaine étape")
    page = text_of(member.get(url_of(conversation)))
    for said in ("Jeudi\u202f?", mandate.user.name, "Harmonie de Revel", "Foyer de Vaudreuille", "<b>Maillage</b>"):
        assert said in page


def test_a_message_is_sent_in_the_name_of_my_structure(member, mandate, conversation):
    response = member.post(url_of(conversation), {"text": "Jeudi soir"})
    (message,) = conversation.messages.all()
    assert (response.status_code, response.url) == (302, f"{url_of(conversation)}#message-{message.pk}")
    assert (message.structure, message.author, message.text) == (mandate.structure, mandate.user, "Jeudi soir")


def test_the_same_form_sent_twice_is_one_message(member, conversation):
    form = {"text": "Jeudi soir", "key": "8a0f5d0e-2f6b-4f3e-9b60-0a4a1c0a7d11"}
    assert member.post(url_of(conversation), form).url == member.post(url_of(conversation), form).url
    assert conversation.messages.count() == 1
    assert 'name="key" value="' in text_of(member.get(url_of(conversation)))


@pytest.mark.parametrize(
    ("text", "said"), [("", "Écrivez votre message"), ("  ", "Écrivez"), ("x" * 4001, "il dépasse de 1\u00a0signe")]
)
def test_a_message_that_is_empty_or_too_long_is_sent_back(member, conversation, text, said):
    response = member.post(url_of(conversation), {"text": text})
    assert response.status_code == 422
    assert said in text_of(response)
    assert not Message.objects.exists()


def test_whoever_acts_for_two_of_them_says_in_whose_name(member, mandate, conversation):
    other = conversation.structures.get(name="Foyer de Vaudreuille")
    MandateFactory(user=mandate.user, structure=other)
    assert member.post(url_of(conversation), {"text": "Bonjour"}).status_code == 422
    stranger = StructureFactory()
    assert member.post(url_of(conversation), {"text": "Bonjour", "structure": stranger.pk}).status_code == 422
    assert member.post(url_of(conversation), {"text": "Bonjour", "structure": other.pk}).status_code == 302
    assert Message.objects.get().structure == other


def test_the_structure_of_another_cannot_be_borrowed(member, mandate, conversation):
    other = conversation.structures.get(name="Foyer de Vaudreuille")
    member.post(url_of(conversation), {"text": "Bonjour", "structure": other.pk})
    assert not Message.objects.filter(structure=other).exists()


@pytest.mark.parametrize("role", ["account", "elsewhere", "former"])
def test_a_conversation_of_others_does_not_exist(client, conversation, role):
    mandates = {
        "account": lambda: MandateFactory(ended=True),
        "elsewhere": MandateFactory,
        "former": lambda: MandateFactory(structure=conversation.structures.first(), ended=True),
    }
    client.force_login(mandates[role]().user)
    assert client.get(url_of(conversation)).status_code == 404
    assert client.post(url_of(conversation), {"text": "Bonjour"}).status_code == 404
    assert list(client.get(LIST).context["page"]) == []
    assert not Message.objects.exists()


def test_what_is_written_is_shown_as_text(member, mandate, conversation):
    member.post(url_of(conversation), {"text": "<script>alert(1)</script> l'heure"})
    page = text_of(member.get(url_of(conversation)))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("count", [1, 5])
def test_cost_does_not_grow_with_messages_nor_conversations(
    member, mandate, conversation, count, django_assert_num_queries
):
    for _ in range(count):
        ConversationFactory(structures=[mandate.structure, StructureFactory()])
        Message.objects.create(
            conversation=conversation, structure=mandate.structure, author=MandateFactory().user, text="Bonjour"
        )
    member.get(LIST)
    with django_assert_num_queries(12):
        member.get(LIST)
    with django_assert_num_queries(19):
        member.get(url_of(conversation))


def test_a_long_thread_opens_on_its_last_page(member, conversation):
    for number in range(60):
        Message.objects.create(conversation=conversation, text=f"Message {number}.")
    assert member.get(url_of(conversation)).context["page"].number == 2
    assert member.get(url_of(conversation), {"page": 1}).context["page"].number == 1
