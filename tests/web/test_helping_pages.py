"""An association telephones: an agent says who asked, publishes for it and stops; what was done says so."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.directory.models import Assistance, Mandate
from maillage.sharing.models import Listing
from maillage.web.helped import assistance_of
from tests.factories.accounts import UserFactory
from tests.factories.directory import AssistanceFactory, MandateFactory, StructureFactory
from tests.factories.sharing import DraftFactory, ListingFactory
from tests.factories.town import typed_of
from tests.letters import address_in, deliver
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db
CALL = {"asked_by": "Mme Delmas", "how": "phone", "asked_on": "aujourd’hui", "until": "demain"}


@pytest.fixture
def structure():
    return StructureFactory(name="Chorale de Nailloux")


@pytest.fixture
def agent():
    client = Client()
    client.person = UserFactory(name="Nadia B.", agent=True)
    sign_in(client, client.person)
    return client


def call(client, structure, **changes):
    return client.post(reverse("help-caller", args=[structure.pk]), CALL | changes)


def text_of(client, name, *arguments):
    return client.get(reverse(name, args=arguments)).content.decode()


def publish(client, structure, author):
    draft = DraftFactory(structure=structure, author=author, typed=typed_of(structure))
    client.post(reverse("preview-draft", args=[draft.pk]), {"opened_at": draft.modified_at.isoformat()})
    return Listing.objects.get(structure=structure)


def test_an_agent_publishes_for_an_association_that_telephoned(agent, structure):
    found = agent.get(reverse("phone-entry"), {"nom": "chorale"}).content.decode()
    assert reverse("help-caller", args=[structure.pk]) in found
    assert call(agent, structure)["Location"] == reverse("publish")
    assert "Vous agissez pour <a" in text_of(agent, "home")
    listing = publish(agent, structure, agent.person)
    assert listing.assistance == Assistance.objects.get()
    public = text_of(Client(), "listing", listing.pk)
    assert "Saisi par l’équipe du territoire, à la demande de l’association" in public
    assert "Nadia" not in public
    assert "Delmas" not in public
    traced = "saisi par téléphone par Nadia B., à la demande de Mme Delmas"
    assert traced in text_of(agent, "listing", listing.pk).replace("Saisi", "saisi")
    entries = {entry.what: entry.reason for entry in agent.get(reverse("journal")).context["entries"]}
    assert entries == {"l’annonce": traced, "le mandat": traced}


def test_stopping_leaves_the_listing_to_the_association(agent, structure):
    call(agent, structure)
    listing = ListingFactory(structure=structure, assistance=Assistance.objects.get())
    response = agent.post(reverse("stop-help", args=[listing.assistance_id]), follow=True)
    assert "Vous n’agissez plus pour Chorale de Nailloux" in response.content.decode()
    assert "Vous agissez pour" not in text_of(agent, "home")
    assert agent.get(reverse("edit-listing", args=[listing.pk])).status_code == 403
    assert Client().get(reverse("listing", args=[listing.pk])).status_code == 200


def test_representatives_are_told_and_end_it(agent, structure):
    representative = MandateFactory(structure=structure, user__name="Odile", user__hears_of_messages=False).user
    assert "reçoivent un e\u2011mail" in text_of(agent, "help-caller", structure.pk)
    call(agent, structure)
    (letter,) = deliver()
    assert letter.to == [representative.email]
    assert "Nadia B., de l’équipe du territoire, agit pour" in letter.body
    assert "Mme Delmas l’a demandé par téléphone" in letter.body
    client = Client()
    sign_in(client, representative)
    assert "Mme Delmas l’a demandé par téléphone" in client.get(address_in(letter)).content.decode()
    mandate = Mandate.objects.helpers().get()
    assert client.get(reverse("change-mandate", args=[structure.pk, mandate.pk])).status_code == 404
    client.post(reverse("end-mandate", args=[structure.pk, mandate.pk]))
    assert not Mandate.objects.helpers().exists()
    assert "Vous agissez pour" not in text_of(agent, "home")


def test_what_is_wrong_is_said_and_what_was_typed_stays(agent, structure):
    response = call(agent, structure, until="dans un siècle")
    assert response.status_code == 422
    page = response.content.decode()
    assert "Nous n’avons pas compris ce jour" in page
    assert 'value="Mme Delmas"' in page
    response = call(agent, structure, until=f"31/12/{timezone.localdate().year + 1}")
    assert "quatre semaines au plus" in response.content.decode()
    assert not Mandate.objects.exists()


def test_a_call_confirmed_twice_goes_on_as_one(agent, structure):
    call(agent, structure)
    assert call(agent, structure)["Location"] == reverse("publish")
    assert Mandate.objects.count() == 1
    assert agent.get(reverse("help-caller", args=[structure.pk]))["Location"] == reverse("phone-entry")


def test_one_chooses_again_for_whom_one_acts(agent, structure):
    given = AssistanceFactory(structure=structure, helper=agent.person)
    assert "Vous agissez pour <a" not in text_of(agent, "home")
    assert "Continuer" in text_of(agent, "phone-entry")
    agent.post(reverse("resume-help", args=[given.pk]))
    assert "Vous agissez pour <a" in text_of(agent, "home")


def test_the_help_of_another_is_not_mine(agent):
    other = AssistanceFactory()
    for name in ("resume-help", "stop-help"):
        assert agent.post(reverse(name, args=[other.pk])).status_code == 403
    over = AssistanceFactory(helper=agent.person)
    over.mandate.delete()
    assert agent.post(reverse("resume-help", args=[over.pk])).status_code == 404


def test_the_recall_costs_nothing_to_those_who_help_nobody(client, django_assert_num_queries):
    request = client.get(reverse("home")).wsgi_request
    with django_assert_num_queries(0):
        assert assistance_of(request) is None


def test_a_representative_finds_the_team_on_the_page_of_the_structure(structure):
    representative, contributor = (
        MandateFactory(structure=structure),
        MandateFactory(structure=structure, role="contributor"),
    )
    seen = {}
    for mandate in (representative, contributor):
        client = Client()
        sign_in(client, mandate.user)
        page = client.get(reverse("structure", args=[structure.pk])).content.decode()
        seen[mandate.role] = reverse("team", args=[structure.pk]) in page
    assert seen == {"representative": True, "contributor": False}
