"""Opening an account: an address, a letter, a name and a password."""

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.models import User
from tests.letters import address_in, deliver

pytestmark = pytest.mark.django_db
FIELDS = {"name": "Odile Delmas", "password": "une-laine-bleue"}


def asked(client, email="odile@exemple.fr"):
    return client.post(reverse("account_signup"), {"email": email})


def link(client, email="odile@exemple.fr"):
    asked(client, email)
    return address_in(deliver()[0])


def test_an_account_is_opened_in_two_screens(client):
    answer = asked(client)
    assert answer["Location"] == reverse("sign-up-asked")
    assert not User.objects.exists()
    (letter,) = deliver()
    assert (letter.to, letter.subject) == (["odile@exemple.fr"], "Maillage\u00a0: confirmez votre adresse e\u2011mail")
    address = address_in(letter)
    assert "odile@exemple.fr" in client.get(address).content.decode()
    answer = client.post(address, FIELDS)
    assert answer["Location"] == reverse("my-space")
    person = User.objects.get()
    assert (person.email, person.name, person.check_password("une-laine-bleue")) == (
        "odile@exemple.fr",
        "Odile Delmas",
        True,
    )
    space = client.get(reverse("my-space")).content.decode()
    assert "Trouvez votre association" in space
    assert reverse("structures") in space


def test_no_mail_leaves_during_the_request(client, person):
    for email in (person.email, "odile@exemple.fr"):
        asked(client, email)
    assert mail.outbox == []


def test_reading_the_link_opens_nothing(client):
    address = link(client)
    assert [client.get(address).status_code for _ in range(3)] == [200] * 3
    assert not User.objects.exists()


def test_someone_who_has_an_account_is_told_by_mail_only(client, person):
    asked(client, person.email.upper())
    (letter,) = deliver()
    assert (letter.to, letter.subject) == ([person.email], "Maillage\u00a0: vous avez déjà un compte")


def test_nobody_writes_to_a_closed_account(client, person):
    person.is_active = False
    person.save()
    asked(client, person.email)
    assert deliver() == []


def test_a_link_serves_once(client):
    address = link(client)
    client.post(address, FIELDS)
    again = Client().post(address, FIELDS | {"name": "Quelqu’un d’autre"})
    assert again.status_code == 410
    assert "Vous avez déjà un compte" in again.content.decode()
    assert User.objects.get().name == "Odile Delmas"


def test_a_link_holds_three_days(client):
    address = link(client)
    with time_machine.travel(timezone.now() + timezone.timedelta(days=3, minutes=1)):
        response = client.get(address)
    assert response.status_code == 410
    assert "Ce lien ne marche plus" in response.content.decode()


def test_a_link_made_up_opens_nothing(client):
    address = link(client)
    for wrong in (address[:-2] + "x/", reverse("join", args=["odile"])):
        assert client.post(wrong, FIELDS).status_code == 410
    assert not User.objects.exists()


def test_what_is_missing_is_told_and_what_was_typed_stays(client):
    address = link(client)
    refused = client.post(address, {"name": "Odile", "password": "1234"})
    assert refused.status_code == 422
    assert 'value="Odile"' in refused.content.decode()
    assert len(refused.context["form"].errors["password"]) == 3
    assert client.post(address, {"name": "  ", "password": FIELDS["password"]}).context["form"].errors == {
        "name": ["Écrivez votre nom."]
    }


def test_a_password_is_neither_the_name_nor_the_address(client):
    address = link(client)
    for password in ("Odile Delmas", "odile@exemple.fr"):
        refused = client.post(address, {"name": "Odile Delmas", "password": password})
        assert refused.context["form"].errors == {
            "password": ["Choisissez autre chose que votre nom ou votre adresse."]
        }


def test_an_address_that_is_none_is_told_with_an_example(client):
    refused = asked(client, "odile")
    assert refused.status_code == 422
    assert refused.context["form"].errors["email"] == [
        "Cette adresse e\u2011mail n’est pas complète. En voici une qui l’est\u00a0: nom@exemple.fr"
    ]


@pytest.mark.parametrize(
    ("typed", "meant"), [("odile@orange,fr", "odile@orange.fr"), ("odile,delmas@exemple.fr", "odile.delmas@exemple.fr")]
)
def test_a_comma_in_an_address_is_told(client, typed, meant):
    refused = asked(client, typed)
    assert refused.status_code == 422
    assert refused.context["form"].errors["email"] == [f"Il y a une virgule dans cette adresse\u00a0: {meant}\u202f?"]
    assert f'value="{typed}"' in refused.content.decode()


def test_the_address_asked_is_read_again(client):
    asked(client)
    assert "odile@exemple.fr" in client.get(reverse("sign-up-asked")).content.decode()
    assert "odile@exemple.fr" not in Client().get(reverse("sign-up-asked")).content.decode()


def test_a_link_that_has_served_says_that_there_is_an_account(client):
    address = link(client)
    client.post(address, FIELDS)
    for visitor in (client, Client()):
        answer = visitor.get(address)
        assert answer.status_code == 410
        assert "Vous avez déjà un compte" in answer.content.decode()
        assert "<form" not in answer.content.decode().partition("<main")[2].partition("</main>")[0]


def test_someone_signed_in_has_no_use_for_it(client, person):
    client.force_login(person)
    assert client.get(reverse("account_signup"))["Location"] == reverse("my-space")


def test_joining_ends_the_session_of_another(client, person):
    address = link(client)
    client.force_login(person)
    client.post(address, FIELDS)
    assert client.get(reverse("my-space")).context["user"].email == "odile@exemple.fr"
