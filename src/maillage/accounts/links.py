"""The signed addresses that letters carry: each proves one thing, for a while, and once."""

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from maillage.accounts.models import User

MINUTE, DAY = 60, 24 * 60 * 60
CODE_FIGURES = 6
LASTS = {
    "join": 3 * DAY,
    "password": DAY,
    "sign-in": 30 * MINUTE,
    "address": DAY,
    "leave": 400 * DAY,
    "leave-digest": 400 * DAY,
    "renew": 45 * DAY,
    "handover": 45 * DAY,
    "visitor": 2 * DAY,
    "claim": 3 * DAY,
    "invitation": 14 * DAY,
    "mission": 60 * DAY,
    "agreement": 15 * MINUTE,
}


class LinkRefused(Exception):
    """The address was changed, is too old, or has already served."""


def sign(purpose, **facts):
    """The end of an address that proves ``facts`` until ``LASTS[purpose]`` seconds have gone."""
    return signing.dumps(facts, salt=_salt(purpose))


def read(purpose, token):
    """The facts that were signed for ``purpose``; raises LinkRefused."""
    try:
        return signing.loads(token, salt=_salt(purpose), max_age=LASTS[purpose])
    except signing.BadSignature:
        raise LinkRefused from None


def sign_for(purpose, person, **facts):
    """An address for ``person``, that serves once: signing in or changing the account ends it."""
    return sign(purpose, person=person.pk, state=_state_of(person), **facts)


def read_for(purpose, token, *, people=User.objects):
    """The person, whose account is open, and the facts; raises LinkRefused.

    people  where to look: ``User.objects.select_for_update()`` when the address serves now
    """
    facts = read(purpose, token)
    person = people.filter(pk=facts["person"], is_active=True).first()
    if person is None or not constant_time_compare(facts["state"], _state_of(person)):
        raise LinkRefused
    return person, facts


def code_for(person, nonce):
    """Six figures that prove the letter of ``nonce`` was read; signing in or changing the account ends them.

    Made again when they are checked: they are kept nowhere.
    """
    digest = salted_hmac("maillage.accounts.code", f"{nonce}|{person.pk}|{_state_of(person)}", algorithm="sha256")
    return f"{int(digest.hexdigest(), 16) % 10**CODE_FIGURES:0{CODE_FIGURES}}"


def _salt(purpose):
    return f"maillage.accounts.{purpose}"


def _state_of(person):
    last_login = person.last_login.isoformat() if person.last_login else ""
    return salted_hmac("maillage.accounts.state", f"{person.password}|{last_login}|{person.email}").hexdigest()[:16]
