"""« Mon compte »: what one changes, and what must be confirmed first."""

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.accounts import UserFactory
from tests.letters import address_in, deliver
from tests.web.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
SENSITIVE = ["change-password", "change-address", "my-data", "erase-account"]


@pytest.fixture
def me(client, person, sign_in):
    """A client signed in with a password, a moment ago."""
    sign_in(client, person.email)
    return client


def test_a_name_is_changed(me, person):
    assert me.post(reverse("my-account"), {"name": "Odile D."}).status_code == 302
    person.refresh_from_db()
    assert person.name == "Odile D."
    refused = me.post(reverse("my-account"), {"name": " "})
    assert (refused.status_code, refused.context["form"].errors) == (422, {"name": ["Écrivez votre nom."]})


@pytest.mark.parametrize("name", SENSITIVE)
def test_what_could_harm_the_account_is_confirmed_first(me, name):
    address = reverse(name)
    assert me.get(address).status_code == 200
    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=16)):
        answer = me.get(address)
        assert answer["Location"] == f"{reverse('confirm-it-is-you')}?next={address.replace('/', '%2F')}"
        assert me.post(answer["Location"], {"password": "autre-chose"}).status_code == 422
        assert me.post(answer["Location"], {"password": PASSWORD})["Location"] == address
        assert me.get(address).status_code == 200


@pytest.mark.parametrize("name", ["change-password", "change-address", "erase-account"])
def test_a_post_is_confirmed_too(me, person, name):
    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=16)):
        answer = me.post(reverse(name), {"password": "x" * 12, "email": "a@exemple.fr", "understood": "on"})
    assert answer["Location"].startswith(reverse("confirm-it-is-you"))
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert deliver() == []


def test_a_password_is_not_guessed_on_the_page_that_asks_it_again(me, person):
    address = reverse("confirm-it-is-you")
    statuses = [me.post(address, {"password": f"essai-{number}"}).status_code for number in range(11)]
    assert statuses == [422] * 10 + [429]
    assert me.post(address, {"password": PASSWORD}).status_code == 429


def test_a_hostile_next_leads_to_the_account(me):
    address = reverse("confirm-it-is-you") + "?next=https://ailleurs.fr/"
    assert me.post(address, {"password": PASSWORD})["Location"] == reverse("my-account")


def test_a_password_is_changed_and_other_devices_are_signed_out(me, person, sign_in):
    other = Client()
    sign_in(other, person.email)
    answer = me.post(reverse("change-password"), {"password": "une-laine-bleue"})
    assert answer["Location"] == reverse("my-account")
    assert me.get(reverse("my-account")).status_code == 200
    assert other.get(reverse("my-account")).status_code == 302
    assert sign_in(Client(), person.email, "une-laine-bleue").status_code == 302
    assert [letter.subject for letter in deliver()] == ["Maillage\u00a0: votre mot de passe a changé"]


def test_other_devices_are_signed_out_and_this_one_stays(me, person, sign_in):
    other = Client()
    sign_in(other, person.email)
    me.post(reverse("end-other-sessions"))
    assert me.get(reverse("my-account")).status_code == 200
    assert other.get(reverse("my-account")).status_code == 302
    assert sign_in(other, person.email).status_code == 302
    assert other.get(reverse("my-account")).status_code == 200


def test_an_address_changes_once_the_new_one_is_confirmed(me, person):
    old = person.email
    assert me.post(reverse("change-address"), {"email": "odile@exemple.fr"})["Location"] == reverse("my-account")
    assert mail.outbox == []
    (letter,) = deliver()
    assert letter.to == ["odile@exemple.fr"]
    assert person.name not in letter.body + letter.alternatives[0].content
    address = address_in(letter)
    assert me.get(address).status_code == 200
    person.refresh_from_db()
    assert person.email == old
    assert me.post(address)["Location"] == reverse("my-account")
    person.refresh_from_db()
    assert person.email == "odile@exemple.fr"
    (told,) = deliver()
    assert (told.to, told.subject) == ([old], "Maillage\u00a0: votre adresse e\u2011mail a changé")
    assert "odile" not in told.body
    assert me.post(address).status_code == 410


def test_whoever_receives_the_letter_of_another_takes_nothing(me, person, sign_in):
    me.post(reverse("change-address"), {"email": "fausse@exemple.fr"})
    address = address_in(deliver()[0])
    assert Client().post(address).status_code == 403
    thief = UserFactory()
    thief.set_password(PASSWORD)
    thief.save()
    elsewhere = Client()
    sign_in(elsewhere, thief.email)
    assert elsewhere.post(address).status_code == 410
    person.refresh_from_db()
    thief.refresh_from_db()
    assert "fausse@exemple.fr" not in (person.email, thief.email)


def test_an_address_that_serves_already_is_told_to_its_owner_only(me, person):
    other = UserFactory(email="odile@exemple.fr")
    answer = me.post(reverse("change-address"), {"email": "ODILE@exemple.fr"}, follow=True)
    assert "Un message vient de partir à la nouvelle adresse" in answer.content.decode()
    (letter,) = deliver()
    assert (letter.to, letter.subject) == ([other.email], "Maillage\u00a0: vous avez déjà un compte")


def test_an_address_taken_meanwhile_is_refused(me, person):
    me.post(reverse("change-address"), {"email": "odile@exemple.fr"})
    address = address_in(deliver()[0])
    UserFactory(email="Odile@exemple.fr")
    answer = me.post(address, follow=True)
    assert "Un autre compte se sert de cette adresse e\u2011mail." in answer.content.decode()
    person.refresh_from_db()
    assert person.email != "odile@exemple.fr"
