"""« En parler »: a question to the team about an opportunity, its answer, and what the team does not see."""

import pytest
from django.test import Client
from django.urls import reverse

from maillage.opportunities import services
from maillage.opportunities.models import Party, Question
from tests.factories.accounts import UserFactory
from tests.factories.opportunities import circle_mandates

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LIST = "/administration/occasions/questions/"


def signed_in(user):
    client = Client()
    client.force_login(user, BACKEND)
    return client


@pytest.fixture
def circle():
    mandates = circle_mandates(2)
    services.run_search()
    return mandates


@pytest.fixture
def party(circle):
    return Party.objects.get(structure=circle[0].structure)


@pytest.fixture
def member(circle):
    return signed_in(circle[0].user)


@pytest.fixture
def agent():
    return signed_in(UserFactory(name="Camille Roux", agent=True))


def ask(member, party, text="Qui assure le prêt ?"):
    return member.post(reverse("opportunity-ask", args=[party.pk]), {"text": text})


def test_a_question_reaches_the_team_and_its_answer_comes_back(member, party, agent):
    assert ask(member, party).url == f"{party.get_absolute_url()}#parler"
    page = agent.get(LIST).content.decode()
    assert "1\u00a0question attend une réponse" in page
    assert "Qui assure le prêt\u202f?" in page
    assert party.structure.name in page
    number = Question.objects.get().pk
    agent.post(f"{LIST}{number}/", {f"{number}-text": "Votre assurance couvre le prêt."})
    page = member.get(party.get_absolute_url()).content.decode()
    assert "Votre assurance couvre le prêt." in page
    assert "Camille Roux" in page


def test_the_team_sees_who_asks_and_not_the_others(member, party, agent, circle):
    ask(member, party)
    other = Party.objects.get(structure=circle[1].structure)
    page = agent.get(LIST).content.decode()
    for secret in (other.structure.name, other.gives.title, other.takes.title):
        assert secret not in page


def test_no_address_is_shown_of_people_without_a_name(member, party, agent, circle):
    type(circle[0].user).objects.update(name="")
    ask(member, party)
    assert circle[0].user.email not in agent.get(LIST).content.decode().partition("<main")[2]
    number = Question.objects.get().pk
    agent.post(f"{LIST}{number}/", {f"{number}-text": "Oui."})
    for page in (agent.get(LIST), member.get(party.get_absolute_url())):
        shown = page.content.decode().partition("<main")[2]
        assert "@" not in shown
        assert "une personne" in shown or page.wsgi_request.path != LIST


def test_the_others_see_nothing_of_a_question(member, party, circle):
    ask(member, party)
    other = Party.objects.get(structure=circle[1].structure)
    assert "Qui assure" not in signed_in(circle[1].user).get(other.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("text", "said"), [("", "Écrivez votre question"), ("x" * 2001, "il dépasse de 1\u00a0signe")])
def test_a_question_that_says_nothing_or_too_much_is_sent_back(member, party, text, said):
    response = ask(member, party, text)
    assert (response.status_code, said in response.content.decode()) == (422, True)
    assert not Question.objects.exists()


def test_three_questions_may_wait(member, party):
    for _ in range(3):
        ask(member, party)
    response = ask(member, party, "Encore une question")
    assert response.status_code == 422
    assert "attendez sa réponse" in response.content.decode()
    assert "Encore une question" in response.content.decode()


def test_a_question_is_answered_once(member, party, agent):
    ask(member, party)
    number = Question.objects.get().pk
    agent.post(f"{LIST}{number}/", {f"{number}-text": "Oui."})
    response = agent.post(f"{LIST}{number}/", {f"{number}-text": "Non."})
    assert response.status_code == 422
    assert "déjà une réponse" in response.content.decode()
    assert Question.objects.get().answer == "Oui."


def test_another_cannot_ask_in_the_name_of_a_party(party):
    assert ask(signed_in(UserFactory()), party).status_code == 404
    with pytest.raises(services.AnswerRefused):
        services.ask_team(party_id=party.pk, author=UserFactory(), text="Bonjour")
