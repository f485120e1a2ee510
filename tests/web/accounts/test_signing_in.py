"""Signing in with a password: what is told, what is not, where it leads."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.factories.accounts import UserFactory
from tests.web.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def test_a_person_signs_in_and_out(client, person, sign_in):
    response = sign_in(client, person.email)
    assert (response.status_code, response["Location"]) == (302, reverse("my-space"))
    assert client.get(reverse("my-space")).status_code == 200
    assert client.post(reverse("account_logout")).status_code == 302
    assert client.get(reverse("my-space")).status_code == 302


def test_signing_out_is_not_done_by_a_link(client, person):
    client.force_login(person)
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get(reverse("my-space")).status_code == 200


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, person, sign_in):
    wrong = sign_in(client, person.email, "autre-chose-31")
    unknown = sign_in(client, "personne@ailleurs.fr", "autre-chose-31")
    assert wrong.status_code == unknown.status_code == 422
    assert dict(wrong.context["form"].errors) == dict(unknown.context["form"].errors)
    assert "<title>Erreur\u00a0: Se connecter – Maillage</title>" in wrong.content.decode()
    assert f'value="{person.email}"' in wrong.content.decode()


def test_ten_wrong_passwords_close_the_door_for_a_while(client, person, sign_in):
    statuses = [sign_in(client, person.email, "autre-chose-31").status_code for _ in range(10)]
    assert statuses[:9] == [422] * 9
    locked = sign_in(client, person.email)
    assert locked.status_code == 429
    assert "Trop d’essais de connexion" in locked.content.decode()


def test_the_door_closes_for_the_account_that_was_tried_and_no_other(client, person, sign_in):
    other = UserFactory(email="odile@exemple.fr")
    other.set_password(PASSWORD)
    other.save()
    for number in range(12):
        sign_in(client, person.email.upper() if number % 2 else person.email, "autre-chose-31")
    assert sign_in(client, person.email).status_code == 429
    assert sign_in(client, other.email).status_code == 302


def test_a_closed_account_is_told_only_to_those_who_know_its_password(client, person, sign_in):
    person.is_active = False
    person.save()
    assert sign_in(client, person.email)["Location"] == reverse("account_inactive")
    assert sign_in(client, person.email, "autre-chose-31").status_code == 422


def test_the_session_that_a_stranger_may_know_is_not_the_one_that_is_signed_in(client, person, sign_in):
    sign_in(client, person.email, "autre-chose-31")
    session = client.session
    session["left by"] = "a stranger"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    sign_in(client, person.email)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != session.session_key
    stranger = Client()
    stranger.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    assert stranger.get(reverse("my-space")).status_code == 302


@pytest.mark.parametrize(
    "hostile",
    [
        "https://ailleurs.fr/",
        "//ailleurs.fr/",
        "///ailleurs.fr",
        "/\\ailleurs.fr",
        "javascript:alert(1)",
        "http:ailleurs",
    ],
)
def test_a_hostile_next_leads_home(client, person, sign_in, hostile):
    assert sign_in(client, person.email, next=hostile)["Location"] == reverse("my-space")


def test_a_next_of_ours_is_followed(client, person, sign_in):
    assert sign_in(client, person.email, next="/proposer/?sens=offre")["Location"] == "/proposer/?sens=offre"


@pytest.mark.parametrize("name", ["account_email", "account_change_password", "account_request_login_code"])
def test_the_other_pages_of_allauth_have_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_signing_in_and_out_says_so_simply(client, person, sign_in):
    sign_in(client, person.email)
    assert f"Bonjour {person.name}." in client.get(reverse("my-space")).content.decode()
    client.post(reverse("account_logout"))
    assert "Vous avez quitté votre compte." in client.get(reverse("home")).content.decode()


HOSTILE = (
    "http://[",
    "http://[::1",
    "//[",
    "https:///ailleurs.example",
    "http://ailleurs.example",
    "javascript:alert(1)",
)


@pytest.mark.parametrize("address", HOSTILE)
@pytest.mark.parametrize("page", ["account_login", "account_signup", "ask-letter", "account_logout"])
def test_a_page_opens_whatever_address_comes_next(client, page, address):
    answer = client.get(reverse(page), {"next": address})
    assert (answer.status_code, answer.get("Location")) in ((200, None), (302, reverse("home")))


@pytest.mark.parametrize("address", HOSTILE)
def test_signing_in_never_leads_to_a_hostile_address(client, person, address):
    typed = {"login": person.email, "password": PASSWORD, "next": address}
    assert client.post(reverse("account_login"), typed)["Location"] == reverse("my-space")
    asked = client.get(reverse("confirm-it-is-you"), {"next": address})
    assert (asked.status_code, asked.context["next"]) == (200, "")
    assert client.post(reverse("account_logout"), {"next": address})["Location"] == reverse("home")
    assert client.post(reverse("comfort"), {"next": address})["Location"] == reverse("comfort")
    for page in ("ask-letter", "account_signup"):
        assert client.post(reverse(page), {"email": "odile@exemple.fr", "next": address}).status_code == 302
