"""Signing in with a code besides the password."""

import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.accounts import protection
from tests.letters import address_in, deliver
from tests.sessions import sign_in as confirmed
from tests.web.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
SITE = "http://testserver/"


def code_of(secret, later=0):
    """The code that the application shows now, or ``later`` half-minutes later."""
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30 + later))


@pytest.fixture
def secret(person):
    """The person has a second factor, whose first code has served."""
    secret = protection.new_secret()
    protection.turn_on(person=person, secret=secret, code=code_of(secret, -1), site=SITE)
    deliver()
    return secret


def given(client, code):
    return client.post(reverse("mfa_authenticate"), {"code": code})


def test_a_second_factor_is_turned_on_from_my_account(client, person):
    confirmed(client, person)
    page = client.get(reverse("second-factor"))
    token, secret = page.context["token"], page.context["secret"].replace(" ", "")
    wrong = client.post(reverse("second-factor"), {"secret": token, "code": "000000"})
    assert (wrong.status_code, wrong.context["token"]) == (422, token)
    code = code_of(secret)
    answer = client.post(reverse("second-factor"), {"secret": token, "code": f"{code[:3]} {code[3:]}"})
    assert answer["Location"] == reverse("rescue-codes")
    codes = client.get(reverse("rescue-codes"))
    assert len(codes.context["codes"]) == 10
    assert "no-store" in page["Cache-Control"]
    assert "no-store" in codes["Cache-Control"]
    assert [letter.subject for letter in deliver()] == ["Maillage\u00a0: la sécurité de votre compte a changé"]
    assert "Elle est en place" in client.get(reverse("second-factor")).content.decode()


def test_the_secret_is_of_no_use_to_who_reads_the_database(person, secret):
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_a_secret_made_for_another_is_refused(client, person):
    other = Client()
    confirmed(other, person)
    token = other.get(reverse("second-factor")).context["token"]
    stranger = type(person).objects.create_user("odile@exemple.fr", PASSWORD)
    confirmed(client, stranger)
    assert client.post(reverse("second-factor"), {"secret": token, "code": "000000"}).status_code == 302
    assert not Authenticator.objects.exists()


def test_the_password_alone_no_longer_enters(client, person, secret, sign_in):
    assert sign_in(client, person.email)["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("my-space")).status_code == 302
    assert client.get(reverse("mfa_authenticate")).status_code == 200
    assert given(client, "000000").status_code == 422
    assert given(client, code_of(secret))["Location"] == reverse("my-space")
    assert client.get(reverse("my-space")).status_code == 200


def test_a_next_is_followed_after_the_second_step(client, person, secret, sign_in):
    sign_in(client, person.email, next="/proposer/")
    assert given(client, code_of(secret))["Location"] == "/proposer/"


def test_letters_do_not_go_round_the_second_step(client, person, secret):
    client.post(reverse("ask-letter"), {"email": person.email})
    address = address_in(deliver()[0])
    assert client.post(address)["Location"] == reverse("mfa_authenticate")
    client.post(reverse("account_reset_password"), {"email": person.email})
    address = address_in(deliver()[0])
    assert client.post(address, {"password": "une-laine-bleue"})["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("my-space")).status_code == 302


def test_a_code_serves_once(client, person, secret, sign_in):
    code = code_of(secret)
    sign_in(client, person.email)
    given(client, code)
    thief = Client()
    sign_in(thief, person.email)
    assert given(thief, code).status_code == 422


def test_a_code_of_rescue_serves_once(client, person, secret, sign_in):
    code = protection.rescue_codes(person)[0]
    sign_in(client, person.email)
    assert given(client, f"{code[:4]} {code[4:]}")["Location"] == reverse("my-space")
    again = Client()
    sign_in(again, person.email)
    assert given(again, code).status_code == 422
    assert len(protection.rescue_codes(person)) == 9


def test_codes_are_not_guessed(client, person, secret, sign_in):
    sign_in(client, person.email)
    assert [given(client, f"{number:06}").status_code for number in range(11)] == [422] * 10 + [429]
    other = Client()  # who knows the password does not begin again
    sign_in(other, person.email)
    assert given(other, code_of(secret)).status_code == 429


def test_half_signed_in_does_not_last(client, person, secret, sign_in):
    sign_in(client, person.email)
    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=16)):
        assert given(client, code_of(secret))["Location"] == reverse("account_login")


def test_new_codes_of_rescue_replace_the_old(client, person, secret):
    confirmed(client, person)
    old = client.get(reverse("rescue-codes")).context["codes"]
    client.post(reverse("rescue-codes"))
    new = client.get(reverse("rescue-codes")).context["codes"]
    assert len(new) == 10
    assert not set(old) & set(new)
    assert not protection.use_code(person=person, code=old[0])


def test_a_second_factor_is_turned_off(client, person, secret, sign_in):
    confirmed(client, person)
    client.post(reverse("turn-off-second-factor"))
    assert not Authenticator.objects.exists()
    assert sign_in(Client(), person.email)["Location"] == reverse("my-space")
    assert len(deliver()) == 1


@pytest.mark.parametrize("name", ["second-factor", "rescue-codes", "passkeys"])
def test_the_means_of_signing_in_are_shown_to_who_confirms(client, person, name):
    client.force_login(person)
    assert client.get(reverse(name))["Location"].startswith(reverse("confirm-it-is-you"))


@pytest.mark.parametrize("name", ["turn-off-second-factor", "new-passkey", "rescue-codes"])
def test_the_means_of_signing_in_are_changed_by_who_confirms(client, person, secret, name):
    client.force_login(person)
    assert client.post(reverse(name))["Location"].startswith(reverse("confirm-it-is-you"))
    assert Authenticator.objects.count() == 2


def test_the_file_of_my_data_tells_the_means_without_their_secrets(client, person, secret):
    confirmed(client, person)
    text = client.get(reverse("my-data")).content.decode()
    assert re.findall(r'"Moyen": "([^"]+)"', text) == ["application de codes", "codes de secours"]
    assert secret not in text
    assert not [code for code in protection.rescue_codes(person) if code in text]


def test_an_operator_lets_in_who_lost_everything(person, secret, sign_in):
    call_command("accounts_drop_second_factor", person.email.upper())
    assert sign_in(Client(), person.email)["Location"] == reverse("my-space")
    assert [letter.to for letter in deliver()] == [[person.email]]
    with pytest.raises(CommandError, match="Aucun compte"):
        call_command("accounts_drop_second_factor", person.email)
