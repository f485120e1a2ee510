"""Signing in at a provider of OpenID Connect that the operator trusts (ProConnect, Keycloak…): the protocol alone.

Authorization code flow with state, nonce and PKCE (OpenID Connect Core 1.0 § 3.1, RFC 7636). What must be remembered
between leaving and coming back is given to the caller.
"""

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass
from functools import lru_cache
from urllib.error import URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request, urlopen

import jwt
from django.conf import settings
from django.utils.crypto import constant_time_compare

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]  # never those whose key is the client's secret
PATIENCE_S, CLOCKS_APART_S, CONFIGURATION_KEPT_S = 10, 60, 60 * 60
BIGGEST_ANSWER = 100_000


class OpenIdRefused(Exception):
    """The provider said no, or what it said cannot be trusted; its text is for the operator's log."""


@dataclass(frozen=True)
class Stranger:
    """Whom the provider vouches for."""

    issuer: str
    subject: str
    email: str
    name: str
    id_token: str


def leave(callback):
    """Where to send the browser, and what to remember until it comes back at the address ``callback``."""
    memory = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
    challenge = base64.urlsafe_b64encode(hashlib.sha256(memory["verifier"].encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "client_id": settings.OPENID["client_id"],
        "redirect_uri": callback,
        "scope": settings.OPENID["scope"],
        "state": memory["state"],
        "nonce": memory["nonce"],
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    if settings.OPENID["acr"]:
        query["acr_values"] = settings.OPENID["acr"]
    return f"{_configuration()['authorization_endpoint']}?{urlencode(query)}", memory


def come_back(answer, memory, callback):
    """The person of the provider's ``answer`` (a mapping of the address); raises OpenIdRefused."""
    if not constant_time_compare(answer.get("state", ""), memory["state"]):
        raise OpenIdRefused("The state is not the one that left.")
    if "code" not in answer:
        raise OpenIdRefused(f"No code: {answer.get('error', '')[:100]}")
    tokens = _exchange(answer["code"], memory["verifier"], callback)
    claims = _read(tokens.get("id_token", ""))
    if not constant_time_compare(str(claims.get("nonce", "")), memory["nonce"]):
        raise OpenIdRefused("The nonce is not the one that left.")
    told = claims | _userinfo(tokens.get("access_token", ""), claims["sub"])
    if not told.get("email") or told.get("email_verified") is False:
        raise OpenIdRefused("The provider gives no verified e-mail address.")
    names = [told.get("given_name"), told.get("family_name") or told.get("usual_name")]
    name = told.get("name") or " ".join(filter(None, names))
    return Stranger(claims["iss"], claims["sub"], str(told["email"]), str(name)[:120], tokens["id_token"])


def sign_out_there(id_token, callback):
    """Where the provider ends its own session and sends back to ``callback``, and the state to remember meanwhile.

    (None, None) when it ends no session, or elsewhere than at its own origin, where our pages let no form lead.
    Source  OpenID Connect RP-Initiated Logout 1.0
    """
    address = _configuration().get("end_session_endpoint", "")
    if not _same_origin(address, settings.OPENID["issuer"]):
        return None, None
    state = secrets.token_urlsafe(32)
    query = {
        "id_token_hint": id_token,
        "client_id": settings.OPENID["client_id"],
        "post_logout_redirect_uri": callback,
        "state": state,
    }
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}", state


def _same_origin(one, other):
    first, second = urlsplit(one), urlsplit(other)
    return (first.scheme, first.netloc) == (second.scheme, second.netloc)


def _configuration():
    return _configuration_at(settings.OPENID["issuer"], int(time.time() // CONFIGURATION_KEPT_S))


@lru_cache(maxsize=2)
def _configuration_at(issuer, period):
    configuration = _fetch(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if configuration.get("issuer") != issuer:
        raise OpenIdRefused(f"The provider calls itself {configuration.get('issuer')!r}.")
    return configuration


@lru_cache(maxsize=2)
def _keys(address):
    return jwt.PyJWKClient(address, timeout=PATIENCE_S)


def _exchange(code, verifier, callback):
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback, "code_verifier": verifier}
    headers, configuration = {}, _configuration()
    client, secret = settings.OPENID["client_id"], settings.OPENID["client_secret"]
    if "client_secret_post" in configuration.get("token_endpoint_auth_methods_supported", []):
        form |= {"client_id": client, "client_secret": secret}
    else:
        pair = f"{quote(client, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return _fetch(configuration["token_endpoint"], urlencode(form).encode(), headers)


def _read(token):
    """The claims of a token that the provider signed for us."""
    configuration = _configuration()
    try:
        return jwt.decode(
            token,
            _keys(configuration["jwks_uri"]).get_signing_key_from_jwt(token),
            algorithms=ALGORITHMS,
            audience=settings.OPENID["client_id"],
            issuer=configuration["issuer"],
            leeway=CLOCKS_APART_S,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except jwt.PyJWTError as error:
        raise OpenIdRefused(f"The token cannot be trusted: {error}") from error


def _userinfo(access_token, subject):
    """What the provider tells besides, as JSON or as a signed token (ProConnect)."""
    address = _configuration().get("userinfo_endpoint")
    if not address:
        return {}
    told = _fetch(address, headers={"Authorization": f"Bearer {access_token}"})
    if told.get("sub") != subject:
        raise OpenIdRefused("The provider tells of someone else.")
    return told


def _fetch(address, body=None, headers=None):
    request = Request(address, body, {"Accept": "application/json, application/jwt", **(headers or {})})  # noqa: S310
    try:
        with urlopen(request, timeout=PATIENCE_S) as response:  # noqa: S310  (addresses of the operator's provider)
            content = response.read(BIGGEST_ANSWER)
            is_token = response.headers.get_content_type() == "application/jwt"
    except (URLError, OSError) as error:
        raise OpenIdRefused(f"{address} does not answer: {error}") from error
    if is_token:
        claims = _read(content.decode("ascii", "replace"))
        return {name: value for name, value in claims.items() if name not in ("aud", "exp", "iat", "nonce")}
    try:
        told = json.loads(content)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise OpenIdRefused(f"{address} does not answer in JSON.")
    return told
