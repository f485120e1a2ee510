"""A client signed in as someone, as if they had typed their password a moment ago."""

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def sign_in(client, user):
    client.force_login(user, BACKEND)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()
