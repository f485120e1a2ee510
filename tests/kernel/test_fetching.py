"""Nothing but public machines of the Internet is ever asked for a file."""

import socket

import pytest

from maillage.kernel import fetching
from maillage.kernel.fetching import NotFetched, checked_address, fetch, is_public


@pytest.mark.parametrize(
    "ip",
    [
        *("127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1"),
    ],
)
def test_what_leads_home_is_not_public(ip):
    assert not is_public(ip)


@pytest.mark.parametrize("ip", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_what_is_on_the_internet_is_public(ip):
    assert is_public(ip)


@pytest.mark.parametrize(
    "address",
    [
        *("http://agenda.example/a.ics", "file:///etc/passwd", "ftp://agenda.example/", "agenda.example/a.ics", ""),
        *(
            "https://",
            "https://user:secret@agenda.example/",
            "https://agenda.example:8443/",
            "https://agenda.example:x/",
        ),
        *(
            "https://[::1/",
            "https://agenda.example/a b.ics",
            "https://agenda.example/a\r\nHost:x",
            "https://éà.example/é",
        ),
    ],
)
def test_an_address_that_does_not_fit_is_refused(address):
    with pytest.raises(NotFetched):
        checked_address(address)


def test_webcal_is_read_over_https():
    assert checked_address("webcal://agenda.example/x?y=1") == ("agenda.example", "/x?y=1")


@pytest.mark.parametrize(
    "address",
    [
        *("https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://2130706433/", "https://0x7f.1/"),
        *("https://[::ffff:169.254.169.254]/", "https://10.0.0.1/a.ics", "https://0/"),
    ],
)
def test_no_machine_of_ours_is_asked(settings, monkeypatch, address):
    settings.FETCHES_CALENDARS = True

    def never(*arguments, **options):
        raise AssertionError(arguments)

    monkeypatch.setattr(socket, "create_connection", never)
    with pytest.raises(NotFetched):
        fetch(address, most_bytes=1000)


def test_a_name_with_one_private_address_among_public_ones_is_refused(settings, monkeypatch):
    settings.FETCHES_CALENDARS = True
    found = [(0, 0, 0, "", (ip, 443)) for ip in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *args, **options: found)
    with pytest.raises(NotFetched, match="pas sur Internet"):
        fetch("https://agenda.example/", most_bytes=1000)


def test_the_connection_goes_to_the_address_that_was_checked(settings, monkeypatch):
    """Were the name resolved again, it could lead elsewhere by then."""
    settings.FETCHES_CALENDARS = True
    asked = []

    def connect(address, timeout):
        asked.append(address)
        raise OSError

    monkeypatch.setattr(
        fetching.socket, "getaddrinfo", lambda *args, **options: [(0, 0, 0, "", ("93.184.216.34", 443))]
    )
    monkeypatch.setattr(fetching.socket, "create_connection", connect)
    with pytest.raises(NotFetched, match="ne répond pas"):
        fetch("https://agenda.example/", most_bytes=1000)
    assert asked == [("93.184.216.34", 443)]


def test_nothing_is_fetched_unless_the_installation_says_so():
    with pytest.raises(NotFetched, match="ne lit pas d’adresses extérieures"):
        fetch("https://agenda.example/", most_bytes=1000)


class _Response:
    def __init__(self, chunks):
        self.chunks = list(chunks)

    def read1(self, most):
        return self.chunks.pop(0) if self.chunks else b""


def test_a_body_is_read_up_to_its_size_and_time():
    later = fetching.monotonic() + 10
    assert fetching._body(_Response([b"ab", b"c"]), 3, later) == b"abc"
    with pytest.raises(NotFetched, match="trop gros"):
        fetching._body(_Response([b"ab", b"cd"]), 3, later)
    with pytest.raises(NotFetched, match="trop lentement"):
        fetching._body(_Response([b"a"] * 9), 100, later - 20)
