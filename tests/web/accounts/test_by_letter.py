"""Signing in by the code or the link of a letter."""

import re

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.letters import address_in, deliver

pytestmark = pytest.mark.django_db


def asked(client, email, **fields):
    return client.post(reverse("ask-letter"), {"email": email, **fields})


def copied(client, code):
    return client.post(reverse("copy-code"), {"code": code})


def code_of(letter):
    return re.search(r"^ +(\d{3}\u00a0\d{3})$", letter.body, re.MULTILINE)[1]


def wrong(code):
    return f"{(int(code.replace(chr(160), '')) + 1) % 10**6:06}"


def test_a_code_signs_in_where_it_was_asked(client, person):
    assert asked(client, person.email)["Location"] == reverse("copy-code")
    assert mail.outbox == []
    assert person.email in client.get(reverse("copy-code")).content.decode()
    (letter,) = deliver()
    assert letter.to == [person.email]
    assert copied(client, code_of(letter))["Location"] == reverse("my-space")
    assert client.get(reverse("my-space")).context["user"] == person


@pytest.mark.parametrize("typed", [" {0} {1} ", "{0}.{1}", "{0}-{1}", "{0}{1}", "{0}, {1}"])
def test_a_code_is_read_however_its_figures_are_parted(client, person, typed):
    asked(client, person.email)
    code = code_of(deliver()[0]).replace("\u00a0", "")
    assert copied(client, typed.format(code[:3], code[3:])).status_code == 302


def test_a_code_is_of_no_use_elsewhere(client, person):
    asked(client, person.email)
    code = code_of(deliver()[0])
    elsewhere = Client()
    assert copied(elsewhere, code)["Location"] == reverse("ask-letter")
    asked(elsewhere, person.email)
    assert copied(elsewhere, code).status_code == 422


def test_a_code_serves_once(client, person):
    asked(client, person.email)
    code = code_of(deliver()[0])
    copied(client, code)
    client.post(reverse("account_logout"))
    assert copied(client, code)["Location"] == reverse("ask-letter")


def test_a_code_is_not_guessed(client, person):
    asked(client, person.email)
    code = code_of(deliver()[0])
    assert [copied(client, wrong(code)).status_code for _ in range(6)] == [422] * 5 + [429]
    assert copied(client, code).status_code == 429


def test_a_code_holds_half_an_hour(client, person):
    asked(client, person.email)
    code = code_of(deliver()[0])
    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=31)):
        assert copied(client, code)["Location"] == reverse("ask-letter")


def test_a_link_signs_in_where_it_is_read(client, person):
    asked(Client(), person.email)
    address = address_in(deliver()[0])
    assert person.email in client.get(address).content.decode()
    assert client.get(reverse("my-space")).status_code == 302
    assert client.post(address)["Location"] == reverse("my-space")
    assert client.get(reverse("my-space")).context["user"] == person
    assert Client().post(address).status_code == 410


def test_the_link_ends_the_code_and_the_code_the_link(client, person):
    asked(client, person.email)
    (letter,) = deliver()
    Client().post(address_in(letter))
    assert copied(client, code_of(letter)).status_code == 422
    asked(client, person.email)
    (letter,) = deliver()
    copied(client, code_of(letter))
    assert Client().post(address_in(letter)).status_code == 410


def test_an_unknown_address_gets_the_same_pages_and_no_letter(client, person):
    pages = []
    for email in (person.email, "personne@ailleurs.fr"):
        browser = Client()
        asked(browser, email)
        page = browser.get(reverse("copy-code")).content.decode().replace(email, "")
        refused = copied(browser, "000000")
        pages.append((re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page), refused.status_code))
    assert pages[0] == pages[1]
    assert [letter.to for letter in deliver()] == [[person.email]]


def test_a_closed_account_is_not_entered(client, person):
    asked(client, person.email)
    (letter,) = deliver()
    person.is_active = False
    person.save()
    assert copied(client, code_of(letter)).status_code == 422
    assert Client().post(address_in(letter)).status_code == 410


def test_the_session_changes_when_one_enters(client, person):
    asked(client, person.email)
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    copied(client, code_of(deliver()[0]))
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before


@pytest.mark.parametrize(
    ("asked_for", "leads_to"), [("/proposer/", "/proposer/"), ("https://ailleurs.fr/", "/mon-espace/")]
)
def test_what_one_came_for_is_remembered_if_it_is_ours(client, person, asked_for, leads_to):
    asked(client, person.email, next=asked_for)
    assert copied(client, code_of(deliver()[0]))["Location"] == leads_to


def test_someone_without_password_confirms_by_letter(client, person):
    person.set_unusable_password()
    person.save()
    client.force_login(person)
    address = client.get(reverse("change-password"))["Location"]
    page = client.get(address).content.decode()
    assert 'name="password"' not in page
    client.post(reverse("confirm-by-letter"), {"next": reverse("change-password")})
    assert copied(client, code_of(deliver()[0]))["Location"] == reverse("change-password")
    assert client.post(reverse("change-password"), {"password": "une-laine-bleue"}).status_code == 302
    person.refresh_from_db()
    assert person.check_password("une-laine-bleue")
