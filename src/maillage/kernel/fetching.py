"""One file fetched from an address that a person typed: https, public addresses of the Internet, little, and soon.

The name is resolved once, every address that it has is checked, and the connection goes to the one that was checked:
neither a name that changes meanwhile nor a redirection leads to a machine of ours (SSRF).
"""

import http.client
import ipaddress
import socket
import ssl
from time import monotonic
from urllib.parse import urlsplit

from django.conf import settings

SECONDS = 10
PORT = 443
CHUNK = 65_536
TUNNELS = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))


class NotFetched(Exception):
    """Its text is shown to the person."""


def checked_address(text):
    """(host, path) of an address that may be fetched; « webcal: » is https. Raises NotFetched."""
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError as error:
        raise NotFetched("Cette adresse ne va pas. Copiez-la entière\u00a0: elle commence par https://.") from error
    if parts.scheme not in ("https", "webcal") or not parts.hostname or not parts.hostname.isascii():
        raise NotFetched("Cette adresse ne va pas. Copiez-la entière\u00a0: elle commence par https://.")
    if not text.strip().isprintable() or " " in text.strip():
        raise NotFetched("Cette adresse contient une espace, ou plusieurs lignes. Copiez-la à nouveau, entière.")
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    if parts.username or parts.password or port not in (None, PORT) or not path.isascii():
        raise NotFetched("Cette adresse ne va pas\u00a0: sans nom ni mot de passe, sans numéro de port, sans accent.")
    return parts.hostname, path


def is_public(address):
    """Whether an IP address is one of the Internet, and not a way back to a network of ours."""
    ip = ipaddress.ip_address(address)
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return ip.is_global and not ip.is_multicast and not (ip.version == 6 and any(ip in one for one in TUNNELS))


def fetch(address, *, most_bytes):
    """The bytes at ``address``. Raises NotFetched, in French, whatever happens."""
    host, path = checked_address(address)
    if not settings.FETCHES_CALENDARS:
        raise NotFetched("Cette installation ne lit pas d’adresses extérieures. Donnez plutôt le fichier.")
    until = monotonic() + SECONDS
    connection = _Pinned(host, _resolve(host))
    try:
        connection.request("GET", path, headers={"User-Agent": "Maillage", "Accept": "text/calendar"})
        response = connection.getresponse()
        if 300 <= response.status < 400:
            raise NotFetched("Cette adresse renvoie à une autre. Donnez celle où l’agenda se trouve vraiment.")
        if response.status != 200:
            raise NotFetched(f"L’agenda ne répond pas (erreur {response.status}). Vérifiez l’adresse.")
        return _body(response, most_bytes, until)
    except (OSError, http.client.HTTPException) as error:
        raise NotFetched("L’agenda ne répond pas. Vérifiez l’adresse, ou réessayez plus tard.") from error
    finally:
        connection.close()


def _resolve(host):
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise NotFetched("Cette adresse est inconnue. Vérifiez-la.") from error
    if not found or not all(is_public(one) for one in found):
        raise NotFetched("Cette adresse n’est pas sur Internet\u00a0: elle ne peut pas être lue.")
    return sorted(found, key=lambda one: ":" in one)[0]


def _body(response, most_bytes, until):
    body = b""
    while chunk := response.read1(CHUNK):
        body += chunk
        if len(body) > most_bytes:
            raise NotFetched("Cet agenda est trop gros pour être lu.")
        if monotonic() > until:
            raise NotFetched("L’agenda répond trop lentement. Réessayez plus tard.")
    return body


class _Pinned(http.client.HTTPSConnection):
    """To ``ip``, which was checked, under the name ``host``, whose certificate is asked for."""

    def __init__(self, host, ip):
        super().__init__(host, PORT, timeout=SECONDS, context=ssl.create_default_context())
        self._ip, self._secure = ip, ssl.create_default_context()

    def connect(self):
        plain = socket.create_connection((self._ip, PORT), self.timeout)
        self.sock = self._secure.wrap_socket(plain, server_hostname=self.host)
