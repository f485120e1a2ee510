"""Writing about a listing: one conversation for a listing and a structure, however many messages."""

from functools import partial

import pytest

from maillage.conversations.models import Conversation, Message
from maillage.conversations.services import MessageRefused
from maillage.sharing.contacts import write_about
from maillage.sharing.models import Contact, Listing
from tests.at_once import at_once
from tests.factories.directory import MandateFactory
from tests.factories.sharing import ListingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing():
    return ListingFactory(structure=MandateFactory().structure, title="Une camionnette")


@pytest.fixture
def mandate():
    return MandateFactory()


def write(listing, mandate, text="Bonjour"):
    return write_about(listing=listing, structure=mandate.structure, author=mandate.user, text=text)


def test_the_first_message_opens_a_conversation_and_the_next_goes_on(listing, mandate):
    first, second = write(listing, mandate), write(listing, mandate, "Et samedi ?")
    assert first.conversation == second.conversation
    assert first.conversation.subject == "Une camionnette"
    assert write(listing, MandateFactory()).conversation != first.conversation


def test_a_listing_that_is_paused_takes_no_first_message_but_the_next(listing, mandate):
    write(listing, mandate)
    Listing.objects.update(state="paused")
    listing.refresh_from_db()
    write(listing, mandate)
    with pytest.raises(MessageRefused, match="plus publiée"):
        write(listing, MandateFactory())
    assert Conversation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_first_messages_at_once_open_one_conversation(listing, mandate):
    at_once(*[partial(write, listing, mandate)] * 6)
    assert (Contact.objects.count(), Conversation.objects.count(), Message.objects.count()) == (1, 1, 6)
