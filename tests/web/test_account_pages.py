import re

import pytest
from django.core import mail
from django.urls import NoReverseMatch, reverse

from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory
from tests.factories.sharing import ListingFactory

pytestmark = pytest.mark.django_db
PASSWORD = "tricot-et-pastel"


@pytest.fixture
def person():
    user = UserFactory()
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, email, password):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_a_person_signs_in_and_out(client, person):
    response = sign_in(client, person.email, PASSWORD)
    assert (response.status_code, response["Location"]) == (302, reverse("my-space"))
    assert client.get(reverse("my-space")).status_code == 200
    assert client.post(reverse("account_logout")).status_code == 302
    assert client.get(reverse("my-space")).status_code == 302


def test_signing_out_is_not_done_by_a_link(client, person):
    client.force_login(person)
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get(reverse("my-space")).status_code == 200


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, person):
    wrong = sign_in(client, person.email, "autre-chose-31")
    unknown = sign_in(client, "personne@ailleurs.fr", "autre-chose-31")
    assert wrong.status_code == unknown.status_code == 422
    assert dict(wrong.context["form"].errors) == dict(unknown.context["form"].errors)
    assert "<title>Erreur\u00a0: Se connecter – Maillage</title>" in wrong.content.decode()
    assert f'value="{person.email}"' in wrong.content.decode()


def test_ten_wrong_passwords_close_the_door_for_a_while(client, person):
    statuses = [sign_in(client, person.email, "autre-chose-31").status_code for _ in range(10)]
    assert statuses[:9] == [422] * 9
    locked = sign_in(client, person.email, PASSWORD)
    assert locked.status_code == 429
    assert "Trop d’essais de connexion" in locked.content.decode()


def test_the_door_closes_for_the_account_that_was_tried_and_no_other(client, person):
    other = UserFactory(email="odile@exemple.fr")
    other.set_password(PASSWORD)
    other.save()
    for number in range(12):
        sign_in(client, person.email.upper() if number % 2 else person.email, "autre-chose-31")
    assert sign_in(client, person.email, PASSWORD).status_code == 429
    assert sign_in(client, other.email, PASSWORD).status_code == 302


def test_a_message_that_cannot_leave_tells_nothing(client, person, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    asked = client.post(reverse("account_reset_password"), {"email": person.email})
    assert (asked.status_code, asked["Location"]) == (302, reverse("account_reset_password_done"))


def test_a_person_chooses_a_new_password_by_e_mail(client, person):
    asked = client.post(reverse("account_reset_password"), {"email": person.email})
    assert asked["Location"] == reverse("account_reset_password_done")
    address = re.search(r"http://testserver(/\S+)", mail.outbox[0].body)[1]
    form = client.get(address, follow=True)
    answer = client.post(form.request["PATH_INFO"], {"password1": "une-laine-bleue", "password2": "une-laine-bleue"})
    assert answer["Location"] == reverse("account_reset_password_from_key_done")
    assert sign_in(client, person.email, "une-laine-bleue").status_code == 302


def test_an_unknown_address_is_not_told_apart(client):
    asked = client.post(reverse("account_reset_password"), {"email": "personne@ailleurs.fr"})
    assert asked["Location"] == reverse("account_reset_password_done")
    assert mail.outbox == []


def test_a_link_that_served_says_so(client):
    response = client.get(reverse("account_reset_password_from_key", args=["1", "abc-def"]))
    assert "Ce lien ne marche plus" in response.content.decode()


@pytest.mark.parametrize("name", ["account_email", "account_change_password", "account_reauthenticate"])
def test_the_other_pages_of_allauth_have_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_sign_up_is_closed(client):
    assert "pas encore ouvertes" in client.get(reverse("account_signup")).content.decode()
    assert client.post(reverse("account_signup"), {"email": "a@b.fr"}).status_code == 405


def test_my_space_shows_my_structures_and_their_listings(client):
    mandate = MandateFactory()
    MandateFactory(user=mandate.user, ended=True)
    MandateFactory()
    ListingFactory(structure=mandate.structure)
    ListingFactory(structure=mandate.structure, paused=True)
    client.force_login(mandate.user)
    shown = client.get(reverse("my-space")).context["mandates"]
    assert [(one.structure, one.published, one.listings) for one in shown] == [(mandate.structure, 1, 2)]


def test_an_address_that_is_none_is_told_with_an_example(client):
    refused = client.post(reverse("account_reset_password"), {"email": "monique"})
    assert refused.status_code == 422
    assert refused.context["form"].errors["email"] == [
        "Cette adresse e-mail n’est pas complète. En voici une qui l’est\u00a0: nom@exemple.fr"
    ]


def test_signing_in_and_out_says_so_simply(client, person):
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert f"Bonjour {person.name}." in client.get(reverse("my-space")).content.decode()
    client.post(reverse("account_logout"))
    assert "Vous avez quitté votre compte." in client.get(reverse("home")).content.decode()
