import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from maillage.config import environment


@pytest.mark.parametrize(
    ("written", "read"),
    [("1", True), ("yes", True), ("ON", True), ("0", False), ("false", False), (" no ", False), ("", None)],
)
def test_flag_reads_yes_and_no_and_leaves_nothing_to_the_default(monkeypatch, written, read):
    monkeypatch.setenv("MAILLAGE_X", written)
    expected = {True: (True, True), False: (False, False), None: (True, False)}[read]
    assert (environment.flag("MAILLAGE_X", default=True), environment.flag("MAILLAGE_X")) == expected


def test_flag_refuses_what_is_neither_yes_nor_no(monkeypatch):
    monkeypatch.setenv("MAILLAGE_X", "maybe")
    with pytest.raises(ImproperlyConfigured, match="MAILLAGE_X takes yes or no, not 'maybe'"):
        environment.flag("MAILLAGE_X")


def test_number_reads_digits_and_leaves_nothing_to_the_default(monkeypatch):
    monkeypatch.setenv("MAILLAGE_X", " 8080 ")
    assert environment.number("MAILLAGE_X", 1) == 8080
    monkeypatch.setenv("MAILLAGE_X", "")
    assert environment.number("MAILLAGE_X", 1) == 1


@pytest.mark.parametrize("written", ["eighty", "-1", "8.0", "٨"])
def test_number_refuses_what_is_no_plain_number(monkeypatch, written):
    monkeypatch.setenv("MAILLAGE_X", written)
    with pytest.raises(ImproperlyConfigured, match="MAILLAGE_X takes a number"):
        environment.number("MAILLAGE_X", 1)


def test_words_are_separated_by_commas_or_spaces(monkeypatch):
    monkeypatch.setenv("MAILLAGE_X", "31, 09 81")
    assert environment.words("MAILLAGE_X") == ["31", "09", "81"]


def test_database_reads_every_part_of_the_address():
    settings = environment.database("postgresql://jean%40mairie:p%3Ass@db.example:5433/asso?sslmode=require")
    assert {name: settings[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME", "OPTIONS")} == {
        "USER": "jean@mairie",
        "PASSWORD": "p:ss",
        "HOST": "db.example",
        "PORT": "5433",
        "NAME": "asso",
        "OPTIONS": {"sslmode": "require"},
    }


def test_database_takes_a_socket_folder_in_the_query():
    settings = environment.database("postgresql:///maillage?host=/run/postgresql&user=maillage&port=5432")
    assert [settings[name] for name in ("HOST", "USER", "PORT", "OPTIONS")] == [
        "/run/postgresql",
        "maillage",
        "5432",
        {},
    ]


def test_database_refuses_what_is_not_postgresql():
    with pytest.raises(ImproperlyConfigured, match="PostgreSQL only"):
        environment.database("sqlite:///maillage.db")


def test_database_host_may_be_an_encoded_socket_folder():
    found = environment.database("postgresql://me@%2Fvar%2Frun%2Fpg:5433/name?sslmode=require")
    assert (found["HOST"], found["PORT"], found["OPTIONS"]) == ("/var/run/pg", "5433", {"sslmode": "require"})


def test_database_port_that_is_no_number_is_refused():
    with pytest.raises(ImproperlyConfigured, match="port of DATABASE_URL"):
        environment.database("postgresql://me@host:many/name")


def test_a_provider_of_openid_is_none_until_it_is_set(monkeypatch):
    assert environment.openid() is None
    monkeypatch.setenv("MAILLAGE_OIDC_ISSUER", "https://idp.example/realms/31")
    with pytest.raises(ImproperlyConfigured, match="MAILLAGE_OIDC_CLIENT_ID"):
        environment.openid()
    monkeypatch.setenv("MAILLAGE_OIDC_CLIENT_ID", "maillage")
    monkeypatch.setenv("MAILLAGE_OIDC_CLIENT_SECRET", "secret")
    found = environment.openid()
    assert (found["name"], found["scope"], found["acr"]) == ("idp.example", "openid email profile", "")


def test_a_provider_of_openid_without_tls_is_refused(monkeypatch):
    monkeypatch.setenv("MAILLAGE_OIDC_ISSUER", "http://idp.example")
    with pytest.raises(ImproperlyConfigured, match="https"):
        environment.openid()


def test_forms_may_lead_to_the_provider_of_openid_and_nowhere_else():
    provider = {"ISSUER": "https://idp.example/realms/31", "CLIENT_ID": "maillage", "CLIENT_SECRET": "secret"}
    environ = os.environ | {f"MAILLAGE_OIDC_{name}": value for name, value in provider.items()}
    policy = "settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action']"
    command = [sys.executable, "-P", "-c", f"from django.conf import settings; print({policy})"]
    told = subprocess.run(
        command,
        env=environ | {"DJANGO_SETTINGS_MODULE": "maillage.config.settings", "MAILLAGE_SECRET_KEY": "x"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "[\"'self'\", 'https://idp.example']\n"
