"""Nothing tells whether an address is known: neither the answer, nor what the server does to give it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from maillage.accounts.limits import LIMITS, Limit

pytestmark = pytest.mark.django_db
PAGES = ["account_signup", "account_reset_password", "ask-letter"]


def trace(client, name, email):
    """The answer, the page that follows, and the form of every query."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(reverse(name), {"email": email})
        statements = [re.sub(r"'[^']*'|\d+", "?", one["sql"]) for one in queries]
    follows = client.get(answer["Location"]).content.decode().replace(email, "")
    follows = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", follows)
    return answer.status_code, answer["Location"], sorted(answer.headers), follows, statements


@pytest.mark.parametrize("name", PAGES)
def test_a_known_and_an_unknown_address_are_treated_alike(client, person, name):
    trace(client, name, "premiere@exemple.fr")  # what is done once is done
    known, unknown = trace(client, name, person.email), trace(client, name, "personne@exemple.fr")
    person.is_active = False
    person.save()
    assert known == unknown == trace(client, name, person.email)
    assert "procrastinate_defer_jobs" in "".join(known[-1])


@pytest.mark.parametrize("name", PAGES)
def test_five_letters_an_hour_are_enough_for_any_address(client, person, name):
    for email in (person.email, "personne@exemple.fr"):
        answers = [client.post(reverse(name), {"email": typed}) for typed in [email, email.upper()] * 3]
        assert [answer.status_code for answer in answers] == [302] * 5 + [429]
        assert "Trop d’essais d’un coup" in answers[-1].content.decode()
    assert ProcrastinateJob.objects.count() == 10


def test_one_place_does_not_try_one_password_on_every_account(client, monkeypatch):
    monkeypatch.setitem(LIMITS, "sign-in", LIMITS["sign-in"] | {"place": Limit(3, 600)})
    tries = [{"login": f"personne{number}@exemple.fr", "password": "tricot-et-pastel"} for number in range(4)]
    answers = [client.post(reverse("account_login"), fields).status_code for fields in tries]
    assert answers == [422, 422, 422, 429]
