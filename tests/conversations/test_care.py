"""Writing for the first time, marking as read, blocking, reporting."""

from functools import partial

import pytest

from maillage.conversations import services
from maillage.conversations.models import Block, Conversation, Message, ReadingMark, Report
from maillage.conversations.services import MessageRefused
from tests.at_once import at_once
from tests.factories.accounts import UserFactory
from tests.factories.conversations import ConversationFactory
from tests.factories.directory import MandateFactory, StructureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def mandate():
    return MandateFactory()


@pytest.fixture
def other():
    return MandateFactory()


def start(mandate, to, **changes):
    details = {"subject": "Une fête en juin", "text": "Bonjour"} | changes
    return services.start_conversation(structure=mandate.structure, to=to, author=mandate.user, **details)


def write(conversation, mandate):
    who = {"structure": mandate.structure, "author": mandate.user}
    return services.post_message(conversation_id=conversation.pk, text="Bonjour", **who)


def unread(user):
    return list(Conversation.objects.read_by(user).with_unread(user).order_by("pk").values_list("unread", flat=True))


def test_the_first_message_opens_a_conversation_of_two(mandate, other):
    message = start(mandate, other.structure)
    assert set(message.conversation.structures.all()) == {mandate.structure, other.structure}
    assert (message.text, message.author, message.conversation.subject) == ("Bonjour", mandate.user, "Une fête en juin")


@pytest.mark.parametrize(
    ("to", "said"),
    [
        (lambda mandate: mandate.structure, "à elle-même"),
        (lambda mandate: MandateFactory(structure__state="dissolved").structure, "plus active"),
        (lambda mandate: StructureFactory(), "Personne ne lit"),
        (lambda mandate: MandateFactory(ended=True).structure, "Personne ne lit"),
    ],
    ids=["oneself", "dissolved", "no one", "no longer"],
)
def test_nobody_writes_where_nobody_reads(mandate, to, said):
    with pytest.raises(MessageRefused, match=said):
        start(mandate, to(mandate))
    assert not Conversation.objects.exists()


def test_one_writes_in_the_name_of_ones_own_structure(mandate, other):
    with pytest.raises(MessageRefused, match="au nom de cette structure"):
        services.start_conversation(
            structure=StructureFactory(), to=other.structure, author=mandate.user, subject="Bonjour", text="Bonjour"
        )
    assert not Conversation.objects.exists()


def test_a_structure_starts_so_many_conversations_a_day(mandate, other, monkeypatch):
    monkeypatch.setattr(services, "MOST_STARTED", 2)
    start(mandate, other.structure)
    start(mandate, other.structure)
    with pytest.raises(MessageRefused, match="attendez demain"):
        start(mandate, other.structure)
    start(other, mandate.structure)
    assert Conversation.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_starts_at_the_same_time_are_all_counted(mandate, other, monkeypatch):
    monkeypatch.setattr(services, "MOST_STARTED", 3)
    outcomes = at_once(*[partial(start, mandate, other.structure)] * 8)
    refused = [one for one in outcomes if isinstance(one, MessageRefused)]
    assert (Conversation.objects.count(), len(refused)) == (3, 5)


def test_what_others_write_is_new_until_it_is_marked_as_read(mandate, other):
    message = start(mandate, other.structure)
    assert (unread(mandate.user), unread(other.user)) == ([0], [1])
    services.mark_as_read(user=other.user, message=message)
    assert unread(other.user) == [0]
    Message.objects.create(conversation=message.conversation, text="Prochaine étape")
    assert (unread(mandate.user), unread(other.user)) == ([1], [1])
    second = MandateFactory(structure=other.structure)
    assert unread(second.user) == [2]


def test_who_answers_has_read_and_a_mark_never_goes_back(mandate, other):
    first = start(mandate, other.structure)
    answer = services.post_message(
        conversation_id=first.conversation_id, structure=other.structure, author=other.user, text="Volontiers"
    )
    assert unread(other.user) == [0]
    services.mark_as_read(user=other.user, message=first)
    assert ReadingMark.objects.get(user=other.user).message == answer


def test_who_is_blocked_no_longer_writes_and_who_blocked_neither(mandate, other):
    conversation = start(mandate, other.structure).conversation
    services.block(structure=other.structure, blocked=mandate.structure, author=other.user)
    services.block(structure=other.structure, blocked=mandate.structure, author=other.user)
    for one, said in ((mandate, "ne reçoit pas vos messages"), (other, "débloquez")):
        with pytest.raises(MessageRefused, match=said):
            services.post_message(
                conversation_id=conversation.pk, structure=one.structure, author=one.user, text="Encore"
            )
    with pytest.raises(MessageRefused, match="ne reçoit pas vos messages"):
        start(mandate, other.structure)
    assert Message.objects.count() == 1
    services.unblock(structure=other.structure, blocked=mandate.structure, author=other.user)
    start(mandate, other.structure)


def test_a_block_leaves_conversations_of_several_alone(mandate, other):
    conversation = ConversationFactory(structures=[mandate.structure, other.structure, StructureFactory()])
    services.block(structure=other.structure, blocked=mandate.structure, author=other.user)
    services.post_message(
        conversation_id=conversation.pk, structure=mandate.structure, author=mandate.user, text="Bonjour"
    )


def test_one_blocks_for_ones_own_structure_and_another(mandate, other):
    for do in (services.block, services.unblock):
        with pytest.raises(MessageRefused, match="au nom de"):
            do(structure=other.structure, blocked=mandate.structure, author=mandate.user)
    with pytest.raises(MessageRefused, match="elle-même"):
        services.block(structure=mandate.structure, blocked=mandate.structure, author=mandate.user)
    assert not Block.objects.exists()


def test_a_message_is_reported_once_by_those_who_received_it(mandate, other):
    message = start(mandate, other.structure)
    for reason in ("advertising", "insult"):
        services.report_message(message=message, structure=other.structure, author=other.user, reason=reason)
    assert Report.objects.get().reason == "advertising"


@pytest.mark.parametrize("who", ["oneself", "stranger", "other person", "no reason"])
def test_a_report_that_makes_no_sense_is_refused(mandate, other, who):
    message, stranger = start(mandate, other.structure), MandateFactory()
    structure, author, reason = {
        "oneself": (mandate.structure, mandate.user, "insult"),
        "stranger": (stranger.structure, stranger.user, "insult"),
        "other person": (other.structure, stranger.user, "insult"),
        "no reason": (other.structure, other.user, "boring"),
    }[who]
    with pytest.raises(MessageRefused):
        services.report_message(message=message, structure=structure, author=author, reason=reason)
    assert not Report.objects.exists()


@pytest.mark.parametrize(("withdraw", "decision"), [(True, "withdrawn"), (False, "kept")])
def test_a_decision_holds_for_all_who_reported_the_message_and_is_taken_once(mandate, other, withdraw, decision):
    third = MandateFactory()
    conversation = ConversationFactory(structures=[mandate.structure, other.structure, third.structure])
    message = services.post_message(
        conversation_id=conversation.pk, structure=mandate.structure, author=mandate.user, text="Achetez !"
    )
    for one in (other, third):
        services.report_message(message=message, structure=one.structure, author=one.user, reason="advertising")
    agent = UserFactory(agent=True)
    services.decide_report(report_id=Report.objects.first().pk, agent=agent, withdraw=withdraw)
    assert {(one.decision, one.decided_by) for one in Report.objects.all()} == {(decision, agent)}
    message.refresh_from_db()
    assert (message.withdrawn_at is not None) is withdraw
    with pytest.raises(MessageRefused, match="déjà traité"):
        services.decide_report(report_id=Report.objects.first().pk, agent=agent, withdraw=True)


def test_a_structure_leaves_a_conversation_of_three_and_the_others_go_on(mandate, other):
    third = MandateFactory()
    found = ConversationFactory(structures=[one.structure for one in (mandate, other, third)])
    write(found, mandate)
    services.leave(conversation_id=found.pk, structure=mandate.structure, author=mandate.user)
    assert not Conversation.objects.read_by(mandate.user).exists()
    assert list(found.messages.values_list("structure", flat=True)) == [mandate.structure.pk, None]
    assert found.messages.last().text == f"{mandate.structure.name} a quitté la conversation."
    with pytest.raises(MessageRefused, match="n’est pas ouverte"):
        write(found, mandate)
    write(found, other)
    with pytest.raises(MessageRefused, match="On ne quitte pas une conversation à deux"):
        services.leave(conversation_id=found.pk, structure=other.structure, author=other.user)


def test_one_leaves_for_ones_own_structure_that_takes_part(mandate, other):
    found = ConversationFactory(structures=[other.structure, StructureFactory(), StructureFactory()])
    with pytest.raises(MessageRefused, match="Vous n’écrivez pas"):
        services.leave(conversation_id=found.pk, structure=other.structure, author=mandate.user)
    with pytest.raises(MessageRefused, match="ne prend plus part"):
        services.leave(conversation_id=found.pk, structure=mandate.structure, author=mandate.user)


@pytest.mark.django_db(transaction=True)
def test_two_that_leave_at_once_do_not_leave_one_alone(mandate, other):
    found = ConversationFactory(structures=[mandate.structure, other.structure, StructureFactory()])
    outcomes = at_once(
        *[
            lambda one=one: services.leave(conversation_id=found.pk, structure=one.structure, author=one.user)
            for one in (mandate, other)
        ]
    )
    assert sorted(isinstance(one, MessageRefused) for one in outcomes) == [False, True]
    assert found.participants.count() == 2
