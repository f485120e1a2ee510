"""A provider of OpenID Connect of our own, that really answers on a port of this machine."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "maillage", "un secret: partagé"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """``with Provider() as provider``; what it will say is changed by its attributes.

    person            the claims about who signs in
    claims            claims of the identity token that are not as they should be
    key, algorithm    what signs
    signs_userinfo    whether it tells of the person in a signed token, as ProConnect does
    end_session       where it ends sessions; None when it ends none
    told              who the userinfo tells of, when it is not ``person``
    """

    def __init__(self):
        self.person = {"sub": "1234", "email": "odile@exemple.fr", "given_name": "Odile", "usual_name": "Delmas"}
        self.claims, self.key, self.algorithm, self.signs_userinfo, self.told = {}, _KEY, "RS256", False, None
        self.asked = {}
        self.end_session = "logout"

    def __enter__(self):
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"provider": self}))
        self.issuer = f"http://127.0.0.1:{self._server.server_port}/api"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exception):
        self._server.shutdown()
        self._server.server_close()

    @property
    def settings(self):
        known = {"name": "ProConnect", "issuer": self.issuer, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        return known | {"scope": "openid email given_name usual_name", "acr": "eidas1"}

    def visit(self, address):
        """The person signs in there: the query with which the provider sends the browser back."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        return {"state": self.asked["state"], "code": "code-1"}

    def end(self, address):
        """The person leaves there: what was asked, as a provider reads it, and where it sends the browser back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        hint = jwt.decode(asked["id_token_hint"], _KEY.public_key(), ["RS256"], audience=CLIENT_ID)
        assert (address.partition("?")[0], hint["sub"]) == (f"{self.issuer}/logout", self.person["sub"])
        return asked["client_id"], f"{asked['post_logout_redirect_uri']}?state={asked['state']}"

    def answer(self, path, form, headers):
        if path == "/api/.well-known/openid-configuration":
            places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}
            addresses = {name: f"{self.issuer}/{place}" for name, place in places.items()}
            if self.end_session:
                addresses["end_session_endpoint"] = urljoin(f"{self.issuer}/", self.end_session)
            return addresses | {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks"}
        if path == "/api/jwks":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_KEY.public_key()))
            return {"keys": [public | {"kid": "1", "use": "sig", "alg": "RS256"}]}
        if path == "/api/token":
            return self._tokens(form, headers)
        if path == "/api/userinfo" and headers["Authorization"] == "Bearer access-1":
            told = self.told or self.person
            return self._sign(told) if self.signs_userinfo else told
        return None

    def _tokens(self, form, headers):
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        pair = base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode()
        assert pair == "maillage:un%20secret%3A%20partag%C3%A9"
        assert challenge.decode() == self.asked["code_challenge"]
        assert (form["code"], form["redirect_uri"]) == ("code-1", self.asked["redirect_uri"])
        token = self._sign({"sub": self.person["sub"], "nonce": self.asked["nonce"]} | self.claims)
        return {"access_token": "access-1", "token_type": "Bearer", "id_token": token}

    def _sign(self, claims):
        now = int(time.time())
        whole = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300} | claims
        key = CLIENT_SECRET * 3 if self.algorithm == "HS256" else None if self.algorithm == "none" else self.key
        return jwt.encode(whole, key, self.algorithm, {"kid": "1"})


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self):
        """The two addresses that a browser opens send it back at once; the others tell."""
        place, whole = self.path.partition("?")[0], self.provider.issuer.removesuffix("/api") + self.path
        if place == "/api/authorize":
            query = self.provider.visit(whole)
            self._send_back(f"{self.provider.asked['redirect_uri']}?{urlencode(query)}")
        elif place == "/api/logout":
            self._send_back(self.provider.end(whole)[1])
        else:
            self._answer({})

    def _send_back(self, address):
        self.send_response(302)
        self.send_header("Location", address)
        self.end_headers()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer({name: values[0] for name, values in parse_qs(body).items()})

    def _answer(self, form):
        try:
            told = self.provider.answer(self.path, form, self.headers)
        except AssertionError:
            told = None
        content = told if isinstance(told, str) else json.dumps(told)
        self.send_response(400 if told is None else 200)
        self.send_header("Content-Type", "application/jwt" if isinstance(told, str) else "application/json")
        self.end_headers()
        self.wfile.write(content.encode())

    def log_message(self, *arguments):
        pass
