"""Settings read from the environment: one place where a text becomes a value."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PROJECT_FOLDER = Path(__file__).resolve().parents[3]


class Refusal(Exception):
    """Something the person at the keyboard can put right: shown as its one sentence, without a traceback."""


def text(name, default=""):
    return os.environ.get(name, default)


def flag(name, default=False):
    """True for 1, true, yes, on; False for 0, false, no, off or nothing."""
    value = os.environ.get(name, "").strip().lower()
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    if value == "":
        return default
    raise ImproperlyConfigured(f"{name} takes yes or no, not {value!r}.")


def number(name, default):
    value = os.environ.get(name, "").strip()
    if value and not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name} takes a number, not {value!r}.")
    return int(value or default)


def words(name, default=()):
    """Words separated by commas or spaces."""
    return os.environ.get(name, "").replace(",", " ").split() or list(default)


def folder(name, default):
    return Path(os.environ.get(name) or default).resolve()


def data_folder():
    return folder("MAILLAGE_DATA", PROJECT_FOLDER / "data")


def database(url):
    """The Django settings of ``postgresql://user:password@host:port/name?option=value``.

    A socket folder goes in the query: ``postgresql:///maillage?host=/run/postgresql``.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must start with postgresql://: Maillage runs on PostgreSQL only.")
    options = dict(parse_qsl(parts.query))
    try:
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured("The port of DATABASE_URL is not a number.") from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "maillage",
        "USER": unquote(parts.username or options.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or options.pop("host", "")),
        "PORT": str(port or options.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def openid():
    """The provider of OpenID Connect by which people may sign in, or None when none is set."""
    issuer = text("MAILLAGE_OIDC_ISSUER")
    if not issuer:
        return None
    if urlsplit(issuer).scheme != "https":
        raise ImproperlyConfigured("MAILLAGE_OIDC_ISSUER must start with https://: secrets travel to it.")
    if not text("MAILLAGE_OIDC_CLIENT_ID") or not text("MAILLAGE_OIDC_CLIENT_SECRET"):
        raise ImproperlyConfigured(
            "MAILLAGE_OIDC_ISSUER needs MAILLAGE_OIDC_CLIENT_ID and MAILLAGE_OIDC_CLIENT_SECRET."
        )
    return {
        "name": text("MAILLAGE_OIDC_NAME") or urlsplit(issuer).hostname,
        "issuer": issuer,
        "client_id": text("MAILLAGE_OIDC_CLIENT_ID"),
        "client_secret": text("MAILLAGE_OIDC_CLIENT_SECRET"),
        "scope": text("MAILLAGE_OIDC_SCOPE") or "openid email profile",
        "acr": text("MAILLAGE_OIDC_ACR"),
    }
