"""How often something that can be guessed may be tried, counted in the database for every process at once."""

import ipaddress
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from maillage.accounts.models import Attempts

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60
IPV6_HOME = 64  # bits: one household or one server has at least that many addresses of its own


@dataclass(frozen=True)
class Limit:
    times: int
    seconds: int


# « place » is where the request comes from: generous, because a whole workshop sits behind one address.
# « about » is whom or what it concerns: an e-mail address, a person, a code.
LIMITS = {
    "sign-in": {"place": Limit(100, 10 * MINUTE), "about": Limit(50, HOUR)},
    "letter": {"place": Limit(100, HOUR), "about": Limit(5, HOUR)},
    "visitor": {"place": Limit(20, HOUR), "about": Limit(5, HOUR)},  # letters that someone without an account writes
    "structure": {"place": Limit(20, HOUR), "about": Limit(20, HOUR)},  # those that a structure receives
    "code": {"place": Limit(100, 10 * MINUTE), "about": Limit(5, 30 * MINUTE)},
    "second-factor": {"place": Limit(100, 10 * MINUTE), "about": Limit(10, 15 * MINUTE)},
    "password-again": {"about": Limit(10, 15 * MINUTE)},
    "agents": {"place": Limit(100, HOUR), "about": Limit(30, HOUR)},
    "token": {"place": Limit(100, 10 * MINUTE)},
    "claim": {"place": Limit(100, HOUR), "about": Limit(10, HOUR)},
    "invite": {"place": Limit(100, HOUR), "about": Limit(20, HOUR)},
    "invitation": {"about": Limit(5, DAY)},
    "volunteer": {"about": Limit(5, DAY)},  # letters about missions to one address
    "claim-letter": {"about": Limit(5, DAY)},
    "agreement-code": {"place": Limit(100, HOUR), "about": Limit(6, HOUR)},  # letters with a code to sign by
    "agreement-sign": {"place": Limit(100, 10 * MINUTE), "about": Limit(5, 15 * MINUTE)},  # codes that one types
    "verify": {"place": Limit(60, HOUR)},  # documents that anyone compares with the signed ones
    "place-report": {"place": Limit(20, HOUR)},  # errors that anyone reports on the page of a place
}


def allow(what, **whose):
    """Count one more try; False when there were too many: ``allow("letter", place="192.0.2.1", about="a@b.fr")``.

    A try about nothing (an empty field) is counted for its place alone, else all such tries would be one person's.
    Every count is one statement: two processes never miss each other's. It must not be in a transaction that may
    be rolled back, else the try is forgotten.
    """
    limits = [(kind, limit) for kind, limit in LIMITS[what].items() if whose[kind] != ""]
    passed = [kind for kind, limit in limits if _count(what, kind, whose[kind], limit) > limit.times]
    return not passed


def once(what, about, seconds):
    """True the first time, False again until ``seconds`` have gone: a code that served, seen by every process."""
    return _count(what, "once", about, Limit(1, seconds)) == 1


def place_of(request):
    """Where a request comes from; the addresses of one home are one place."""
    address = request.META.get("REMOTE_ADDR", "")
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if known.version == 4:
        return address
    return str(ipaddress.ip_network((known, IPV6_HOME), strict=False))


def forget():
    """Erase the counts that no longer count."""
    return Attempts.objects.filter(ends_at__lt=timezone.now()).delete()[0]


def _count(what, kind, whose, limit):
    key = salted_hmac("maillage.accounts.limits", f"{what}|{kind}|{whose}", algorithm="sha256").digest()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_attempts AS known (key, count, ends_at)
            VALUES (%(key)s, 1, clock_timestamp() + make_interval(secs => %(seconds)s))
            ON CONFLICT (key) DO UPDATE SET
                count = CASE WHEN known.ends_at < clock_timestamp() THEN 1 ELSE known.count + 1 END,
                ends_at = CASE WHEN known.ends_at < clock_timestamp() THEN excluded.ends_at ELSE known.ends_at END
            RETURNING count
            """,
            {"key": key, "seconds": limit.seconds},
        )
        return cursor.fetchone()[0]
