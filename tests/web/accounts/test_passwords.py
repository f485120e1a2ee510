"""A new password by mail."""

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.letters import address_in, deliver

pytestmark = pytest.mark.django_db
NEW = {"password": "une-laine-bleue"}


def asked(client, email):
    return client.post(reverse("account_reset_password"), {"email": email})


def link(client, person):
    asked(client, person.email)
    return address_in(deliver()[0])


def test_a_person_chooses_a_new_password_by_mail(client, person, sign_in):
    assert asked(client, person.email)["Location"] == reverse("new-password-asked")
    assert mail.outbox == []
    (letter,) = deliver()
    assert (letter.to, letter.subject) == ([person.email], "Maillage\u00a0: choisissez un nouveau mot de passe")
    assert client.post(address_in(letter), NEW)["Location"] == reverse("my-space")
    assert client.get(reverse("my-space")).status_code == 200
    assert sign_in(Client(), person.email, NEW["password"]).status_code == 302
    (told,) = deliver()
    assert (told.to, told.subject) == ([person.email], "Maillage\u00a0: votre mot de passe a changé")


def test_sessions_opened_elsewhere_end(client, person):
    elsewhere = Client()
    elsewhere.force_login(person)
    client.post(link(client, person), NEW)
    assert elsewhere.get(reverse("my-space")).status_code == 302


def test_a_link_serves_once(client, person):
    address = link(client, person)
    client.post(address, NEW)
    again = Client().post(address, {"password": "une-autre-laine"})
    assert again.status_code == 410
    person.refresh_from_db()
    assert person.check_password(NEW["password"])


def test_signing_in_ends_the_links_that_wait(client, person, sign_in):
    address = link(client, person)
    sign_in(Client(), person.email)
    assert client.get(address).status_code == 410


def test_a_link_holds_a_day(client, person):
    address = link(client, person)
    with time_machine.travel(timezone.now() + timezone.timedelta(days=1, minutes=1)):
        assert client.get(address).status_code == 410


def test_a_link_made_for_another_use_is_refused(client, person):
    client.post(reverse("account_signup"), {"email": "odile@exemple.fr"})
    token = address_in(deliver()[0]).rstrip("/").rsplit("/", 1)[1]
    assert client.post(reverse("choose-password", args=[token]), NEW).status_code == 410


def test_a_weak_password_is_refused(client, person):
    refused = client.post(link(client, person), {"password": person.email})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["password"])


def test_an_unknown_or_closed_account_gets_no_letter(client, person):
    person.is_active = False
    person.save()
    for email in (person.email, "personne@ailleurs.fr"):
        assert asked(client, email)["Location"] == reverse("new-password-asked")
    assert deliver() == []
