"""Whether the site that an association declared is its own: an address of the same name is then the association's."""

import tomllib
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from django.db.models import Q

from maillage.directory.models import Structure

FRONT_PAGES = ("", "/", "/index.html", "/index.htm", "/index.php", "/accueil", "/accueil/", "/fr", "/fr/")


def own_host(structure):
    """« harmonie-revel.fr » when the declared site is the structure's alone; "" when it is not, or when there is none.

    A page inside a site may be that of a town hall or of a federation; so may a site that several structures declare.
    """
    try:
        site = urlsplit(structure.official_website)
        host = _plain(site.hostname or "")
    except ValueError:
        return ""
    if "." not in host or _is_shared(host) or site.path not in FRONT_PAGES or site.query or site.fragment:
        return ""
    others = Structure.objects.exclude(pk=structure.pk).filter(
        Q(official_website__iregex=rf"^https?://(www\.)?{host.replace('.', '[.]')}([/:?#]|$)")
    )
    return "" if others.exists() else host


def is_of_host(email, host):
    """Whether ``email`` is an address at ``host`` itself: neither above it nor below."""
    return bool(host) and email.rpartition("@")[2].lower() == host


def _plain(host):
    return host.lower().rstrip(".").removeprefix("www.")


def _is_shared(host):
    return any(host == name or host.endswith(f".{name}") for name in _shared_hosts())


@cache
def _shared_hosts():
    text = (files("maillage.directory") / "data" / "shared_hosts.toml").read_text(encoding="utf-8")
    hosts = tomllib.loads(text)
    return (*hosts["sites"], *hosts["mail"])
