"""Who gets in where: each address × method × role, with the answer that each must have.

An address or a method that the table does not hold makes a test fail; methods without a row are refused to all (405).
"""

import re
from copy import deepcopy

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from tests.conftest import plain_settings
from tests.factories.town import make_town
from tests.sessions import sign_in
from tests.web.access_table import TABLE

pytestmark = pytest.mark.django_db

ROLES = ("visitor", "member", "outsider", "agent")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ROWS = [line.split() for line in TABLE.strip().splitlines()[1:] if line.strip()]
PRESSED_BY_PROGRAMS = {
    "leave-letters",
    "leave-digest",
}  # of e-mail (RFC 8058), which have no token: the address itself is signed
# These views are django-allauth's: methods of no use are answered in its own way, never with more than GET or POST.
NOT_OURS = {"account_login", "account_logout"}


@pytest.fixture(scope="module", autouse=True)
def _quick_and_plain(tmp_path_factory):
    """For the whole module: the files of the town must be there for each test."""
    with override_settings(**plain_settings(tmp_path_factory.mktemp("town"))):
        yield


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker):
    """One for all: what is asked of it is undone at once, and the town itself at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_town()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def people(town):
    return clients(town)


@pytest.fixture(scope="module")
def without_token(town):
    return clients(town, enforce_csrf_checks=True)


def clients(town, **options):
    """[(role, client signed in as that role)…]."""
    people = {role: Client(raise_request_exception=False, **options) for role in ROLES}
    for role in ROLES[1:]:
        sign_in(people[role], getattr(town, role))
    return list(people.items())


def address_of(name, arguments, town):
    if arguments == "-":
        return reverse(name)
    keys = [getattr(town, word).pk if hasattr(town, word) else word for word in arguments.split(",")]
    return reverse(name, args=keys)


def ask(client, method, address):
    """The answer, and nothing kept of what it wrote: the next role finds the same town."""
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        response = client.generic(method, address, "sent=1", "application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    client.cookies = cookies
    return response


def said(response):
    """The status, or « login » when signing in is asked."""
    is_sent_there = response.status_code == 302 and response.url.startswith(reverse("account_login"))
    is_kept = response.status_code == 403 and "Votre session est terminée" in response.content.decode()
    return "login" if is_sent_there or is_kept else str(response.status_code)


@pytest.mark.parametrize(("name", "arguments", "method", "expected"), [(*row[:3], row[3:]) for row in ROWS])
def test_each_role_has_the_answer_of_the_table(town, people, name, arguments, method, expected):
    address = address_of(name, arguments, town)
    answers = {role: said(ask(client, method, address)) for role, client in people}
    assert answers == dict(zip(ROLES, expected, strict=True))


@pytest.mark.parametrize(("name", "arguments"), [row[:2] for row in ROWS if row[2] == "GET"])
def test_get_and_head_only_read(town, people, name, arguments):
    address = address_of(name, arguments, town)
    for role, client in people:
        with CaptureQueriesContext(connection) as queries:
            got, asked = client.get(address), client.head(address)
        writes = [one["sql"] for one in queries if re.match(r"\s*(INSERT|UPDATE|DELETE|TRUNCATE)", one["sql"], re.I)]
        assert (role, writes) == (role, [])
        assert (role, asked.status_code, b"".join(asked)) == (role, got.status_code, b"")


@pytest.mark.parametrize("name", sorted({row[0] for row in ROWS}))
def test_methods_without_a_row_are_refused_to_all(town, people, name):
    known = {(row[2], row[1]) for row in ROWS if row[0] == name}
    address = address_of(name, min(arguments for _, arguments in known), town)
    others = [method for method in METHODS if method not in {method for method, _ in known}]
    answers = {(role, method): said(ask(client, method, address)) for role, client in people for method in others}
    accepted = {"405", "200", "302", "422"} if name in NOT_OURS else {"405"}
    assert {key: found for key, found in answers.items() if found not in accepted} == {}


@pytest.mark.parametrize(
    ("name", "arguments"), [row[:2] for row in ROWS if row[2] == "POST" and row[0] not in PRESSED_BY_PROGRAMS]
)
def test_post_without_a_token_is_refused_to_all(town, without_token, name, arguments):
    address = address_of(name, arguments, town)
    answers = [ask(client, "POST", address).status_code for _, client in without_token]
    assert answers == [403] * len(ROLES)


def test_the_table_holds_every_address():
    assert sorted(names_of(get_resolver().url_patterns)) == sorted({row[0] for row in ROWS})


def names_of(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from names_of(pattern.url_patterns)
        else:
            yield pattern.name
