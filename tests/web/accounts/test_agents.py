"""The territory's team: who joins, who leaves, who is told."""

import pytest
from django.test import Client
from django.urls import reverse

from maillage.accounts.models import User
from maillage.accounts.services import AccountRefused, leave_team
from tests.at_once import at_once
from tests.factories.accounts import UserFactory
from tests.letters import deliver
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db
SITE = "http://testserver/"


@pytest.fixture
def agent():
    return UserFactory(name="Camille Roux", agent=True)


@pytest.fixture
def agent_client(client, agent):
    sign_in(client, agent)
    return client


def leave(client, person):
    return client.post(reverse("dismiss-agent", args=[person.pk]), follow=True).content.decode()


def test_someone_with_an_account_joins_and_is_told(agent_client):
    person = UserFactory(name="Paul Vidal", email="paul@exemple.fr")
    page = agent_client.post(reverse("agents"), {"email": " Paul@Exemple.fr "}, follow=True).content.decode()
    assert "Paul Vidal fait maintenant partie de l’équipe" in page
    person.refresh_from_db()
    assert person.is_agent
    (letter,) = deliver()
    assert (letter.to, letter.subject) == (["paul@exemple.fr"], "Maillage\u00a0: vous êtes de l’équipe du territoire")
    assert "Camille Roux vous a ajouté" in letter.body
    entry = agent_client.get(reverse("journal")).context["entries"][0]
    assert (entry.who, entry.what, entry.which) == ("Camille Roux", "la place dans l’équipe de", "Paul Vidal")
    assert entry.reason == "entre dans l’équipe"


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("inconnue@exemple.fr", "Personne n’a de compte avec cette adresse."),
        ("fermee@exemple.fr", "Personne n’a de compte avec cette adresse."),
        ("deja@exemple.fr", "Déjà fait déjà partie de l’équipe."),
        ("", "Écrivez l’adresse e\u2011mail de cette personne."),
    ],
)
def test_an_address_that_leads_to_nobody_new_is_said_and_kept(agent_client, email, said):
    UserFactory(email="fermee@exemple.fr", is_active=False)
    UserFactory(name="Déjà", email="deja@exemple.fr", agent=True)
    answer = agent_client.post(reverse("agents"), {"email": email})
    assert answer.status_code == 422
    assert answer.context["form"]["email"].value() == email
    assert said in answer.context["form"].errors["email"][0]
    assert deliver() == []


def test_someone_leaves_the_team_and_is_told(agent_client):
    person = UserFactory(name="Paul Vidal", agent=True)
    assert "Paul Vidal ne fait plus partie de l’équipe" in leave(agent_client, person)
    person.refresh_from_db()
    assert not person.is_agent
    (letter,) = deliver()
    assert letter.subject == "Maillage\u00a0: vous n’êtes plus de l’équipe"


def test_the_last_agent_stays(agent_client, agent):
    assert "Il faut au moins une personne dans l’équipe" in leave(agent_client, agent)
    assert User.objects.filter(is_agent=True).count() == 1


def test_a_closed_account_does_not_keep_the_team_alive(agent_client, agent):
    UserFactory(agent=True, is_active=False)
    assert "Il faut au moins une personne dans l’équipe" in leave(agent_client, agent)


def test_an_operator_is_not_taken_out_by_a_page(agent_client):
    operator = UserFactory(name="Exploitation", agent=True, is_superuser=True)
    assert "ce rôle se retire sur le serveur" in leave(agent_client, operator)
    operator.refresh_from_db()
    assert operator.is_agent


def test_an_agent_who_leaves_sees_no_page_of_the_team_any_more(agent_client, agent):
    UserFactory(agent=True)
    leave(agent_client, agent)
    assert agent_client.get(reverse("agents")).status_code == 403


def test_a_device_left_open_does_not_name_agents(agent):
    client = Client()
    client.force_login(agent, "allauth.account.auth_backends.AuthenticationBackend")
    person = UserFactory()
    answer = client.post(reverse("agents"), {"email": person.email})
    assert answer.url.startswith(reverse("confirm-it-is-you"))
    person.refresh_from_db()
    assert not person.is_agent


@pytest.mark.django_db(transaction=True)
def test_the_last_two_never_leave_together():
    team = [UserFactory(agent=True), UserFactory(agent=True)]
    done = at_once(*[lambda one=one: leave_team(person_id=one.pk, by=one, site=SITE) for one in team])
    assert sorted(type(one) for one in done if not isinstance(one, User)) == [AccountRefused]
    assert User.objects.filter(is_agent=True).count() == 1
