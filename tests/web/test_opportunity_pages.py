"""« Des occasions pour vous », the page of one, its two answers, and the counts for the territory's team."""

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.conversations.models import Conversation
from maillage.conversations.services import leave
from maillage.engine.crews import Alone
from maillage.opportunities import services
from maillage.opportunities.models import Opportunity, Party, Reason, Refusal, Run
from maillage.opportunities.searching import search_lock
from maillage.sharing.models import Listing
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory
from tests.factories.opportunities import RunFactory, circle_mandates, make_opportunity, pool_of_needs
from tests.factories.sharing import ListingFactory

pytestmark = pytest.mark.django_db
LIST, OVERVIEW = "/occasions/", "/administration/occasions/"


def text_of(response):
    return response.content.decode()


@pytest.fixture
def circle():
    mandates = circle_mandates(3)
    services.run_search()
    return mandates


def party_of(mandate):
    return Party.objects.get(structure=mandate.structure)


def signed_in(client, mandate):
    client.force_login(mandate.user)
    return client


def accept(client, mandate):
    return signed_in(client, mandate).post(reverse("opportunity-accept", args=[party_of(mandate).pk]))


# Reading.


def test_the_list_says_what_one_could_do_without_saying_with_whom(client, circle):
    response = signed_in(client, circle[0]).get(LIST)
    page = text_of(response)
    assert [one["party"] for one in response.context["pending"]] == [party_of(circle[0])]
    assert "Un cercle à trois" in page
    assert "Prêt 0" in page
    for other in circle[1:]:
        assert other.structure.name not in page
        assert other.user.name not in page
    for secret in ("Prêt 1", "Prêt 2", "Besoin 1", "Besoin 2"):
        assert secret not in page


def test_the_page_of_one_shows_the_own_commune_and_a_disc(client, circle):
    response = signed_in(client, circle[0]).get(party_of(circle[0]).get_absolute_url())
    assert response.context["map"].radius_km == party_of(circle[0]).distance
    assert response.context["map"].groups == []
    for other in circle[1:]:
        assert other.structure.name not in text_of(response)


def test_the_drawing_is_told_in_words(client, circle):
    page = text_of(signed_in(client, circle[0]).get(LIST))
    assert 'role="img" aria-label="Un cercle à trois\u00a0: Vous partagez' in page


@pytest.mark.parametrize("name", ["opportunity", "opportunity-accept", "opportunity-decline"])
def test_the_opportunity_of_another_does_not_exist(client, circle, name):
    url = reverse(name, args=[party_of(circle[1]).pk])
    for user in (circle[0].user, UserFactory(), UserFactory(agent=True), MandateFactory(ended=True).user):
        client.force_login(user)
        ask = client.get if name == "opportunity" else client.post
        assert ask(url, {"reason": "other"}).status_code == 404
    assert not Party.objects.exclude(answer="pending").exists()


def test_an_opportunity_made_untrue_is_gone(client, circle):
    Listing.objects.filter(structure=circle[1].structure).first().save()
    response = signed_in(client, circle[0]).get(LIST)
    assert response.context["pending"] == []
    assert "Rien ici pour l’instant" in text_of(response)
    assert client.get(party_of(circle[0]).get_absolute_url()).status_code == 410


def test_an_account_without_structure_is_told_what_to_do(client):
    client.force_login(UserFactory())
    assert "lié à aucune" in text_of(client.get(LIST))


@pytest.mark.parametrize("count", [1, 4])
def test_cost_of_the_list_does_not_grow_with_opportunities(client, count, django_assert_num_queries):
    mandate = MandateFactory()
    for _ in range(count):
        own = ListingFactory(structure=mandate.structure, need=True)
        make_opportunity((None, own), *((None, need) for need in pool_of_needs(3)), kind="equipment")
    own, other = ListingFactory(structure=mandate.structure, need=True), ListingFactory(need=True)
    make_opportunity((None, own), (None, other), kind="equipment", state="agreed")
    signed_in(client, mandate).get(LIST)
    with django_assert_num_queries(16):
        response = client.get(LIST)
    assert len(response.context["pending"]) == count


# Answering.


def test_a_yes_waits_for_the_others(client, circle):
    response = accept(client, circle[0])
    party = party_of(circle[0])
    assert (response.status_code, response.url) == (302, party.get_absolute_url())
    assert (party.answer, party.answered_by) == ("interested", circle[0].user)
    page = text_of(client.get(LIST))
    assert "On attend les autres" in page
    assert "Il manque encore 2\u00a0réponses" in page


def test_a_yes_said_twice_counts_once(client, circle):
    accept(client, circle[0])
    first = party_of(circle[0]).answered_at
    assert accept(client, circle[0]).status_code == 302
    assert party_of(circle[0]).answered_at == first


def test_the_others_see_how_many_said_yes_not_who(client, circle):
    accept(client, circle[0])
    page = text_of(signed_in(client, circle[1]).get(party_of(circle[1]).get_absolute_url()))
    assert "1\u00a0autre association a déjà dit oui" in page
    assert circle[0].structure.name not in page


def test_the_last_yes_leads_to_the_conversation_and_the_names(client, circle):
    for mandate in circle[:2]:
        accept(client, mandate)
    response = accept(client, circle[2])
    conversation = Conversation.objects.get()
    assert response.url == conversation.get_absolute_url()
    page = text_of(client.get(response.url))
    for mandate in circle:
        assert mandate.structure.name in page
    seen = text_of(client.get(party_of(circle[2]).get_absolute_url()))
    assert circle[0].structure.name in seen
    assert conversation.get_absolute_url() in text_of(client.get(LIST))
    leave(conversation_id=conversation.pk, structure=circle[2].structure, author=circle[2].user)
    assert conversation.get_absolute_url() not in text_of(client.get(LIST))


@pytest.mark.parametrize("sent", [{}, {"reason": ""}, {"reason": "bogus"}, {"reason": ["other", "'"]}])
def test_a_no_without_a_known_reason_is_sent_back(client, circle, sent):
    response = signed_in(client, circle[0]).post(reverse("opportunity-decline", args=[party_of(circle[0]).pk]), sent)
    assert response.status_code == 422
    assert "Choisissez une raison" in text_of(response)
    assert Opportunity.objects.get().state == "found"


@pytest.mark.parametrize("reason", Reason.values)
def test_a_no_takes_the_opportunity_away_from_all(client, circle, reason):
    accept(client, circle[1])
    url = reverse("opportunity-decline", args=[party_of(circle[0]).pk])
    response = signed_in(client, circle[0]).post(url, {"reason": reason})
    assert (response.status_code, response.url) == (302, LIST)
    assert Opportunity.objects.get().state == "declined"
    assert Refusal.objects.exists()
    page = text_of(signed_in(client, circle[1]).get(LIST))
    assert "Sans suite" in page
    assert circle[0].structure.name not in page
    assert signed_in(client, circle[2]).get(LIST).context["pending"] == []


def test_an_answer_that_comes_too_late_is_told(client, circle):
    services.answer_opportunity(
        party_id=party_of(circle[0]).pk, author=circle[0].user, answer="declined", reason="other"
    )
    for name in ("opportunity-accept", "opportunity-decline"):
        url = reverse(name, args=[party_of(circle[1]).pk])
        response = signed_in(client, circle[1]).post(url, {"reason": "other"}, follow=True)
        assert response.status_code == 410
        assert "plus ouverte" in text_of(response)
    assert party_of(circle[1]).answer == "pending"


@pytest.mark.parametrize("name", ["opportunity-accept", "opportunity-decline"])
def test_a_link_answers_nothing(client, circle, name):
    assert signed_in(client, circle[0]).get(reverse(name, args=[party_of(circle[0]).pk])).status_code == 405


# The territory's team.


@pytest.fixture
def agent(client):
    client.force_login(UserFactory(agent=True))
    return client


def test_the_team_reads_counts_and_never_a_name(agent, circle):
    response = agent.get(OVERVIEW)
    assert [(count.label, count.told) for count in response.context["kinds"]][:2] == [
        ("Cercle d’échange", "moins de\u00a05"),
        ("Chaîne d’entraide", "aucune"),
    ]
    page = text_of(response)
    for mandate in circle:
        assert mandate.structure.name not in page
    assert "Prêt" not in page
    assert "Besoin 0" not in page


def test_five_opportunities_are_counted_and_coloured_on_the_map(agent):
    for _ in range(4):
        make_opportunity(*((None, need) for need in pool_of_needs(2)), kind="equipment")
    assert agent.get(OVERVIEW).context["map"].highlight == ""
    make_opportunity(*((None, need) for need in pool_of_needs(2)), kind="equipment")
    response = agent.get(OVERVIEW)
    places = {count.label: count.told for count in response.context["places"]}
    assert places["Aux sources du Canal du Midi"] == "5\u00a0occasions"
    assert places["Toulouse Métropole"] == "aucune"
    assert response.context["map"].highlight != ""


def test_the_team_asks_for_a_search_and_watches_it(agent):
    assert agent.post(OVERVIEW).url == OVERVIEW
    assert agent.post(OVERVIEW).url == OVERVIEW
    run = Run.objects.get()
    page = text_of(agent.get(OVERVIEW))
    assert "La recherche va commencer" in page
    assert f'hx-get="{OVERVIEW}"' in page
    Run.objects.update(state="running", percent=40)
    with search_lock():
        part = text_of(agent.get(OVERVIEW, headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert "40\u00a0%" in part
    services.run_asked_search(run=Run(pk=run.pk), crew=Alone())
    Run.objects.update(state="done", percent=100, counts={"new": 2, "expired": 0}, ended_at=timezone.now())
    part = text_of(agent.get(OVERVIEW, headers={"HX-Request": "true"}))
    assert "hx-get" not in part
    assert "terminée" in part


@pytest.mark.parametrize("state", ["failed", "running"])
def test_a_search_that_failed_or_whose_process_died_may_be_asked_again(agent, state):
    RunFactory(state=state)
    page = text_of(agent.get(OVERVIEW))
    assert "interrompue" in page
    assert "Chercher maintenant" in page


@pytest.mark.parametrize("count", [1, 4])
def test_cost_of_the_overview_does_not_grow_with_opportunities(agent, count, django_assert_num_queries):
    for _ in range(count):
        make_opportunity(*((None, need) for need in pool_of_needs(2)), kind="equipment")
    agent.get(OVERVIEW)
    with django_assert_num_queries(14):
        agent.get(OVERVIEW)
