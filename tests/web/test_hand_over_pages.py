"""Passing on a structure through its pages, and what the newcomers find."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.conversations.services import post_message
from maillage.directory.models import Mandate
from tests.factories.accounts import UserFactory
from tests.factories.conversations import ConversationFactory
from tests.factories.directory import MandateFactory, StructureFactory
from tests.factories.sharing import ListingFactory
from tests.letters import address_in, deliver

pytestmark = pytest.mark.django_db
WORD = "Les clés sont à la mairie."


@pytest.fixture
def structure(mandate):
    return mandate.structure


def pass_on(client, structure, **fields):
    fields = {"day": "aujourd’hui", "word": WORD} | fields
    return client.post(reverse("pass-on", args=[structure.pk]), fields)


def found(client, structure):
    return client.get(reverse("hand-over", args=[structure.pk]))


def test_a_contributor_takes_over_and_finds_what_is_open(member, structure, mandate):
    other = StructureFactory(name="Foyer de Vaudreuille")
    follower = MandateFactory(structure=structure, role="contributor", user__name="Odile Delmas")
    ListingFactory(structure=structure, title="Camionnette")
    ListingFactory(structure=structure, title="Pas ces jours-ci", paused=True)
    conversation = ConversationFactory(subject="Fête de juin", structures=[structure, other])
    writer = MandateFactory(structure=other).user
    post_message(conversation_id=conversation.pk, structure=other, author=writer, text="Bonjour")
    assert "Odile Delmas" in member.get(reverse("pass-on", args=[structure.pk])).content.decode()
    assert pass_on(member, structure, staying=[follower.pk])["Location"] == reverse("my-space")
    (letter,) = deliver()
    assert letter.to == [follower.user.email]
    assert WORD in letter.body
    client = Client()
    client.force_login(follower.user)
    page = client.get(address_in(letter)).content.decode()
    assert all(words in page for words in (WORD, "Fête de juin", "1\u00a0message nouveau", "Camionnette"))
    assert "Pas ces jours-ci" not in page
    assert mandate.user.email not in page
    assert client.get(reverse("team", args=[structure.pk])).status_code == 200
    assert found(member, structure).status_code == 404


def test_an_invited_follower_lands_on_the_relay(member, structure, mandate):
    assert pass_on(member, structure, first_email="Odile@exemple.fr")["Location"] == reverse(
        "team", args=[structure.pk]
    )
    (letter,) = deliver()
    assert letter.to == ["odile@exemple.fr"]
    assert "Vous prenez le relais" in letter.body
    follower = Client()
    follower.force_login(UserFactory())
    assert follower.post(address_in(letter))["Location"] == reverse("hand-over", args=[structure.pk])
    assert WORD in found(follower, structure).content.decode()
    assert not Mandate.objects.current().filter(user=mandate.user).exists()


def test_a_follower_of_a_day_to_come_acts_on_that_day(member, structure):
    pass_on(member, structure, first_email="odile@exemple.fr", day="demain")
    follower, person = Client(), UserFactory()
    follower.force_login(person)
    assert follower.post(address_in(deliver()[0]))["Location"] == structure.get_absolute_url()
    assert found(follower, structure).status_code == 404
    assert "jusqu’au" in member.get(reverse("team", args=[structure.pk])).content.decode()
    with time_machine.travel(timezone.now() + timezone.timedelta(days=1)):
        follower.force_login(person)
        assert found(follower, structure).status_code == 200


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, "__all__"),
        ({"first_email": "odile"}, "first_email"),
        ({"day": "bientôt"}, "day"),
        ({"day": ""}, "day"),
        ({"staying": ["0"]}, "staying"),
        ({"word": "x" * 2001}, "word"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(member, structure, fields, wrong):
    answer = pass_on(member, structure, second_email="noe@exemple.fr" if fields else "", **fields)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [wrong])
    assert fields.get("word", WORD) in answer.content.decode()
    assert deliver() == []


def test_the_page_of_the_relay_is_for_those_who_act(structure):
    client, person = Client(), UserFactory()
    assert found(client, structure).status_code == 302
    client.force_login(person)
    assert found(client, structure).status_code == 404
    MandateFactory(structure=structure, user=person, role="contributor")
    assert found(client, structure).status_code == 200


def test_an_address_receives_five_invitations_a_day(member, structure):
    day = {"day": "demain", "second_email": "leon@exemple.fr"}
    answers = [pass_on(member, structure, first_email="Odile@exemple.fr", **day) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [422]
    assert "Trop d’invitations" in answers[-1].content.decode()
    assert len(deliver()) == 10
