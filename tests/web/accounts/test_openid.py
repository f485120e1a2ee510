"""Signing in at a provider that the operator trusts."""

import time

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.accounts import openid, protection
from maillage.accounts.models import Identity, User
from tests.letters import deliver
from tests.openid_provider import OTHER_KEY, Provider
from tests.sessions import sign_in as confirmed
from tests.web.accounts.test_second_factor import code_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings):
    with Provider() as provider:
        settings.OPENID = provider.settings
        openid._configuration_at.cache_clear()
        openid._keys.cache_clear()
        yield provider


def leave(client, **query):
    return client.get(reverse("openid"), query)["Location"]


def enter(client, provider, **query):
    return client.get(reverse("openid-return"), provider.visit(leave(client, **query)))


def is_refused(client, response):
    assert response["Location"] == reverse("account_login")
    page = client.get(response["Location"]).content.decode()
    return "La connexion avec ProConnect n’a pas abouti." in page and not Identity.objects.exists()


def test_the_first_time_an_account_is_opened(client, provider):
    assert "Se connecter avec ProConnect" in client.get(reverse("account_login")).content.decode()
    assert enter(client, provider)["Location"] == reverse("my-space")
    person = User.objects.get()
    assert (person.email, person.name, person.has_usable_password()) == ("odile@exemple.fr", "Odile Delmas", False)
    assert client.get(reverse("my-space")).context["user"] == person
    assert (provider.asked["acr_values"], provider.asked["code_challenge_method"]) == ("eidas1", "S256")
    assert provider.asked["redirect_uri"] == "http://testserver" + reverse("openid-return")


def test_the_next_times_it_is_the_same_account_whatever_the_address(client, provider):
    enter(client, provider)
    provider.person["email"] = "autre@exemple.fr"
    enter(Client(), provider)
    assert (User.objects.count(), Identity.objects.count()) == (1, 1)


def test_a_provider_that_signs_what_it_tells_is_understood(client, provider):
    provider.signs_userinfo = True
    assert enter(client, provider)["Location"] == reverse("my-space")
    assert User.objects.get().name == "Odile Delmas"


def test_an_account_of_the_same_address_is_linked_and_told(client, provider, person):
    provider.person["email"] = person.email.upper()
    enter(client, provider)
    assert Identity.objects.get().user == person
    assert [letter.to for letter in deliver()] == [[person.email]]


def test_a_next_of_ours_is_followed(client, provider):
    assert enter(client, provider, next="/proposer/")["Location"] == "/proposer/"
    assert enter(Client(), provider, next="https://ailleurs.fr/")["Location"] == reverse("my-space")


def test_a_second_factor_is_still_asked(client, provider, person):
    provider.person["email"] = person.email
    secret = protection.new_secret()
    protection.turn_on(person=person, secret=secret, code=code_of(secret), site="http://testserver/")
    assert enter(client, provider)["Location"] == reverse("mfa_authenticate")


def test_a_closed_account_stays_closed(client, provider, person):
    provider.person["email"] = person.email
    person.is_active = False
    person.save()
    assert enter(client, provider)["Location"] == reverse("account_inactive")
    assert client.get(reverse("my-space")).status_code == 302


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"aud": "another"},
        {"iss": "https://ailleurs.fr"},
        {"exp": int(time.time()) - 3600},
        {"sub": "5678"},
    ],
    ids=lambda claims: next(iter(claims)),
)
def test_a_token_that_is_not_for_us_is_refused(client, provider, claims):
    provider.claims = claims
    assert is_refused(client, enter(client, provider))


@pytest.mark.parametrize("algorithm", ["HS256", "none"])
def test_a_token_signed_by_nobody_is_refused(client, provider, algorithm):
    provider.algorithm = algorithm
    assert is_refused(client, enter(client, provider))


def test_a_token_signed_by_another_is_refused(client, provider):
    provider.key = OTHER_KEY
    assert is_refused(client, enter(client, provider))


@pytest.mark.parametrize("told", [{"email": "odile@exemple.fr", "email_verified": False}, {"email": ""}])
def test_an_address_that_nobody_verified_is_refused(client, provider, told):
    provider.person |= told
    assert is_refused(client, enter(client, provider))


def test_what_is_told_of_someone_else_is_refused(client, provider):
    provider.told = {"sub": "5678", "email": "odile@exemple.fr"}
    assert is_refused(client, enter(client, provider))


def test_coming_back_without_having_left_is_refused(client, provider):
    query = provider.visit(leave(Client()))
    assert is_refused(client, client.get(reverse("openid-return"), query))


def test_a_state_of_another_departure_is_refused(client, provider):
    query = provider.visit(leave(client))
    leave(client)
    assert is_refused(client, client.get(reverse("openid-return"), query))


def test_one_comes_back_once_and_within_ten_minutes(client, provider):
    query = provider.visit(leave(client))
    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=11)):
        assert is_refused(client, client.get(reverse("openid-return"), query))
    query = provider.visit(leave(client))
    assert client.get(reverse("openid-return"), query)["Location"] == reverse("my-space")
    assert client.get(reverse("openid-return"), query)["Location"] == reverse("account_login")


def test_someone_who_changes_their_mind_is_not_lost(client, provider):
    query = {"state": provider.visit(leave(client))["state"], "error": "access_denied"}
    assert is_refused(client, client.get(reverse("openid-return"), query))


def test_a_provider_that_does_not_answer_is_said(client, provider, settings):
    settings.OPENID = provider.settings | {"issuer": "http://127.0.0.1:1/api"}
    assert is_refused(client, client.get(reverse("openid")))


def test_an_account_is_no_longer_linked(client, provider):
    enter(client, provider)
    deliver()
    confirmed(client, User.objects.get())
    assert "Compte relié" in client.get(reverse("my-account")).content.decode()
    client.post(reverse("unlink"))
    assert not Identity.objects.exists()
    assert len(deliver()) == 1
    assert "Compte relié" not in client.get(reverse("my-account")).content.decode()


def test_without_a_provider_there_is_no_such_page(client):
    assert "openid" not in client.get(reverse("account_login")).content.decode()
    assert client.get(reverse("openid")).status_code == 404


def sign_out(client):
    return client.post(reverse("account_logout"))


def test_signing_out_ends_the_session_at_the_provider_too(client, provider):
    enter(client, provider)
    leaving = sign_out(client)["Location"]
    assert client.get(reverse("my-space")).status_code == 302
    client_id, back = provider.end(leaving)
    assert (client_id, back.partition("?")[0]) == ("maillage", "http://testserver" + reverse("openid-signed-out"))
    home = client.get(back, follow=True)
    assert home.redirect_chain == [(reverse("home"), 302)]
    assert "Votre session chez ProConnect est fermée aussi." in home.content.decode()


def test_a_second_factor_does_not_lose_the_session_of_the_provider(client, provider, person):
    provider.person["email"] = person.email
    secret = protection.new_secret()
    protection.turn_on(person=person, secret=secret, code=code_of(secret), site="http://testserver/")
    enter(client, provider)
    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=2)):
        client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        assert client.get(reverse("my-space")).status_code == 200
        assert sign_out(client)["Location"].startswith(f"{provider.issuer}/logout?")


@pytest.mark.parametrize("place", [None, "https://ailleurs.fr/logout"], ids=["nowhere", "at another origin"])
def test_a_provider_that_ends_no_session_is_said(client, provider, place):
    provider.end_session = place
    enter(client, provider)
    home = client.post(reverse("account_logout"), follow=True)
    assert "Votre session chez ProConnect reste ouverte." in home.content.decode()
    assert client.get(reverse("my-space")).status_code == 302


def test_a_provider_that_is_down_keeps_nobody_signed_in(client, provider):
    enter(client, provider)
    openid._configuration_at.cache_clear()
    provider.__exit__()
    assert sign_out(client)["Location"] == reverse("home")
    assert client.get(reverse("my-space")).status_code == 302


def test_who_came_by_another_way_is_not_sent_to_the_provider(client, provider, person):
    confirmed(client, person)
    assert sign_out(client)["Location"] == reverse("home")


def test_coming_back_with_the_state_of_another_says_nothing(client, provider):
    enter(client, provider)
    sign_out(client)
    home = client.get(reverse("openid-signed-out"), {"state": "another"}, follow=True)
    assert "est fermée aussi" not in home.content.decode()
