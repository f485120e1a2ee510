"""The hub of the territory's team: what waits, since when, and who hears of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from maillage.accounts import links
from maillage.digest.models import Subscription
from maillage.directory.models import Claim, Mandate
from maillage.places.models import PlaceReport
from maillage.web.administration import cards
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory, StructureFactory
from tests.factories.places import PlaceReportFactory
from tests.factories.town import make_town
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db
HUB = "/administration/"


@pytest.fixture
def agent(client):
    person = UserFactory(agent=True)
    sign_in(client, person)
    return person


def make_claim_waiting(days=0, **facts):
    facts = {"structure": StructureFactory(), "user": UserFactory()} | facts
    return Claim.objects.create(made_at=timezone.now() - timedelta(days=days), position="présidente", **facts)


def test_the_hub_says_that_nothing_waits(client, agent):
    page = client.get(HUB)
    assert page.context["waiting"] == 0
    assert "Tout le monde a reçu une réponse" in page.content.decode()


def test_the_hub_counts_what_waits_the_oldest_first(client, agent):
    make_claim_waiting(days=1)
    make_claim_waiting(days=3)
    report = PlaceReportFactory()
    PlaceReport.objects.filter(pk=report.pk).update(reported_at=timezone.now() - timedelta(days=9))
    page = client.get(HUB)
    first, second, *empty = page.context["to_answer"]
    assert page.context["waiting"] == 3
    assert (first.address, first.awaiting.count, first.awaiting.age) == ("place-reports", 1, "depuis 9\u00a0jours")
    assert (second.address, second.awaiting.count, second.awaiting.age) == ("claims", 2, "depuis 3\u00a0jours")
    assert [card.awaiting.count for card in empty] == [0, 0]
    assert "la plus ancienne depuis 3\u00a0jours" in page.content.decode()


def test_the_hub_counts_what_each_queue_shows(client):
    town = make_town()
    sign_in(client, town.agent)
    found = {card.address: card.awaiting.count for card in client.get(HUB).context["to_answer"]}
    assert found == {"claims": 1, "questions": 1, "reports": 1, "place-reports": 1}


def test_a_claim_that_members_of_the_structure_decide_does_not_wait_for_the_team(client, agent):
    claim = make_claim_waiting()
    MandateFactory(structure=claim.structure, role=Mandate.Role.REPRESENTATIVE)
    assert client.get(HUB).context["waiting"] == 0


def test_the_cost_of_the_hub_does_not_grow_with_what_waits(client, agent):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(HUB)
        return len(queries)

    client.get(HUB)
    empty = cost()
    for days in range(3):
        make_claim_waiting(days=days)
    PlaceReportFactory.create_batch(3)
    assert cost() == empty


def test_every_card_leads_to_a_page_that_agents_may_read(client, agent):
    for card in (*cards.ANSWERS, *cards.UPKEEP, *cards.TEAM):
        assert client.get(reverse(card.address)).status_code == 200


def test_the_space_of_an_agent_has_one_line_for_the_team(client, agent):
    make_claim_waiting()
    page = client.get(reverse("my-space")).content.decode()
    assert "Ce qui attend l’équipe (1)" in page
    assert reverse("journal") not in page


def test_the_menu_leads_agents_alone_to_the_hub(client, agent):
    assert f'href="{HUB}"' in client.get(reverse("help")).content.decode()
    client.logout()
    assert f'href="{HUB}"' not in client.get(reverse("help")).content.decode()
    sign_in(client, UserFactory())
    assert f'href="{HUB}"' not in client.get(reverse("help")).content.decode()


@pytest.mark.parametrize(("sent", "hears"), [("no", False), ("yes", True), ("", False), ("<b>", False)])
def test_an_agent_chooses_to_hear_of_what_waits(client, agent, sent, hears):
    assert client.post(reverse("hear-of-team"), {"hears": sent}).url == HUB
    assert Subscription.objects.get(user=agent).hears_of_team is hears
    assert client.get(HUB).context["hears_of_team"] is hears


def test_the_way_out_of_the_team_letter_leaves_news_alone(client, agent):
    client.logout()
    address = reverse("leave-digest", args=[links.sign("leave-digest", person=agent.pk, team=True)])
    assert "attend l’équipe du territoire" in client.get(address).content.decode()
    assert not Subscription.objects.exists()
    assert "C’est fait" in client.post(address).content.decode()
    assert Subscription.objects.values_list("hears_of_team", "rhythm").get(user=agent) == (False, "week")
