"""Saying that a structure is dissolved: what the page announces, what it asks, what the others then see."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.directory.models import Dissolution
from maillage.opportunities.dissolving import dissolve
from tests.factories.accounts import UserFactory
from tests.factories.conversations import ConversationFactory
from tests.factories.directory import MandateFactory, StructureFactory
from tests.factories.sharing import ListingFactory
from tests.letters import deliver

pytestmark = pytest.mark.django_db
SAID = {"day": "", "becomes": "Les livres vont à la médiathèque.", "understood": "on"}


@pytest.fixture
def signing():
    """Who represents a structure and may sign for it."""
    client = Client()
    client.mandate = MandateFactory(may_commit=True, structure__name="Cercle de lecture")
    client.structure = client.mandate.structure
    client.force_login(client.mandate.user)
    return client


@pytest.fixture
def agent():
    client = Client()
    client.person = UserFactory(agent=True)
    client.force_login(client.person)
    return client


def say(client, structure, **changes):
    said = SAID | {"day": f"{timezone.localdate():%d/%m/%Y}"} | changes
    return client.post(reverse("dissolve-structure", args=[structure.pk]), said)


def page(client, structure, name="structure"):
    return client.get(reverse(name, args=[structure.pk])).content.decode()


def test_the_page_says_exactly_what_will_happen(signing):
    ListingFactory(structure=signing.structure)
    ListingFactory(structure=signing.structure, paused=True)
    announced = page(signing, signing.structure, "dissolve-structure")
    assert "Ses annonces sont retirées\u00a0: 2\u00a0annonces." in announced
    assert "1\u00a0mandat à finir ce jour‑là" in announced


def test_who_may_sign_declares_and_everyone_reads_it(signing):
    listing = ListingFactory(structure=signing.structure, title="Barnum rayé")
    other = MandateFactory(structure=signing.structure)
    assert say(signing, signing.structure)["Location"] == reverse("structure", args=[signing.structure.pk])
    public = page(Client(), signing.structure)
    assert "Elle a été dissoute le" in public
    assert "Les livres vont à la médiathèque." in public
    for gone in ("Barnum rayé", "Lui écrire", "C’est mon association", "Rejoindre cette association"):
        assert gone not in public
    assert Client().get(reverse("listing", args=[listing.pk])).status_code == 404
    assert Client().get(reverse("search"), {"quoi": "barnum"}).content.decode().count("Barnum rayé") == 0
    assert "Cercle de lecture" not in Client().get(reverse("structures")).content.decode()
    assert [letter.to for letter in deliver()] == [[other.user.email]]


def test_the_day_of_the_dissolution_its_team_no_longer_changes_anything(signing):
    say(signing, signing.structure)
    for name in ("structure-edit", "team", "network", "dissolve-structure", "pass-on"):
        assert signing.get(reverse(name, args=[signing.structure.pk])).status_code == 404
    space = signing.get(reverse("my-space")).content.decode()
    assert "votre mandat prend fin" in space
    assert reverse("team", args=[signing.structure.pk]) not in space


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": ""}, "day"),
        ({"becomes": ""}, "becomes"),
        ({"understood": ""}, "understood"),
        ({"receiver_name": "Rien de tel"}, "receiver_name"),
        ({"receiver_name": "Médiathèque"}, "receiver"),
        ({"becomes": "x" * 1001}, "becomes"),
        ({"day": f"{timezone.localdate() + timedelta(days=2):%d/%m/%Y}"}, "__all__"),
    ],
)
def test_what_is_missing_is_asked_and_what_was_typed_stays(signing, changes, field):
    StructureFactory(name="Médiathèque de Revel")
    response = say(signing, signing.structure, **changes)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert changes.get("becomes", SAID["becomes"]) in response.content.decode()
    assert not Dissolution.objects.exists()


def test_the_receiver_is_found_by_name_chosen_and_named_on_the_page(signing):
    receiver = StructureFactory(name="Médiathèque de Revel")
    StructureFactory(name="Médiathèque de Sorèze")
    offered = say(signing, signing.structure, receiver_name="médiathèque", becomes="")
    assert "Médiathèque de Sorèze" in offered.content.decode()
    say(signing, signing.structure, receiver_name="médiathèque", becomes="", receiver=receiver.pk)
    public = page(Client(), signing.structure)
    assert "Ce qu’elle avait va à" in public
    assert receiver.get_absolute_url() in public


def test_a_structure_receives_nothing_from_itself(signing):
    StructureFactory(name="Cercle des poètes")
    refused = say(signing, signing.structure, receiver_name="cercle", receiver=signing.structure.pk)
    assert list(refused.context["form"].errors) == ["receiver"]


def test_only_those_who_may_sign_find_the_page(mandate, member):
    assert member.get(reverse("dissolve-structure", args=[mandate.structure.pk])).status_code == 404
    assert "est dissoute" not in page(member, mandate.structure, "team")
    mandate.may_commit = True
    mandate.save()
    assert reverse("dissolve-structure", args=[mandate.structure.pk]) in page(member, mandate.structure, "team")


def test_a_conversation_with_a_dissolved_structure_is_read_and_no_longer_written(mandate, member):
    gone = StructureFactory(name="Cercle de lecture")
    conversation = ConversationFactory(structures=[mandate.structure, gone])
    dissolve(structure_id=gone.pk, declared_by=None, day=timezone.localdate(), becomes="Rien.", site="")
    shown = page(member, conversation, "conversation")
    assert "Cercle de lecture est dissoute depuis le" in shown
    assert "Cette conversation se lit, on n’y écrit plus." in shown
    assert "Envoyer le message" not in shown
    sent = member.post(reverse("conversation", args=[conversation.pk]), {"text": "Bonjour"})
    assert (sent.status_code, conversation.messages.count()) == (422, 0)


def test_an_agent_takes_a_mistake_back_and_reads_what_returned(agent, signing):
    ListingFactory(structure=signing.structure, title="Barnum rayé")
    say(signing, signing.structure)
    address = reverse("take-back-dissolution", args=[signing.structure.pk])
    assert address in page(agent, signing.structure)
    assert address not in page(signing, signing.structure)
    asked = agent.get(address).content.decode()
    assert "Ce qui ne revient pas" in asked
    assert "1\u00a0annonce" in asked
    back = agent.post(address, follow=True).content.decode()
    assert "De retour\u00a0: 1\u00a0mandat et 1\u00a0annonce." in back
    assert "Barnum rayé" in page(Client(), signing.structure)
    assert agent.post(address).status_code == 404
    journal = agent.get(reverse("journal")).content.decode()
    assert "dissolution annulée" in journal
