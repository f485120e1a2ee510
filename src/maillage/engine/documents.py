"""JSON documents read strictly: what is missing, unknown or of the wrong kind is refused, with its place.

A *kind* is a function ``kind(value, where)`` that returns what the program works with or raises ``Refused``; ``where``
is the JSON pointer (RFC 6901) of the value. The functions below make kinds:

    PLACE = record({"id": identifier(), "lat": number(-90, 90), "radius_km": nullable(number(0))}, build=Place)
    places = members(document, {"places": many(PLACE, unique="id"), "top": optional(whole(1, 1000), 20)})["places"]
"""

import json
import math
import re
from collections.abc import Callable
from datetime import datetime, timezone
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from maillage.engine.french import NBSP, join_fr, number_fr

SIZE_LIMIT = 256 * 2**20  # bytes
EXACT = 2**53  # beyond, JSON readers no longer agree on whole numbers
FIRST_YEAR, LAST_YEAR = 1900, 2200
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


class Refused(ValueError):
    """A document that does not fit: a French sentence, and the JSON pointer of what it is about."""

    def __init__(self, message, where=""):
        super().__init__(message)
        self.message, self.where = message, where


class _Optional(NamedTuple):
    kind: Callable
    default: object


def parse(raw):
    """The value of a JSON document given as UTF-8 bytes."""
    if len(raw) > SIZE_LIMIT:
        raise Refused(f"Le document est trop gros{NBSP}: {SIZE_LIMIT // 2**20}{NBSP}Mo au plus.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"Le document n’est pas en UTF-8 (octet {number_fr(error.start + 1)}).") from None
    if not text.strip():
        raise Refused("Le document est vide. Donnez un document JSON sur l’entrée standard.")
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except Refused:
        raise
    except json.JSONDecodeError as error:
        place = f"ligne {number_fr(error.lineno)}, colonne {number_fr(error.colno)}"
        raise Refused(f"Ce n’est pas un document JSON{NBSP}: erreur à la {place}.") from None
    except RecursionError:
        raise Refused("Le document est trop profond.") from None
    except ValueError:
        raise Refused("Le document contient un nombre démesuré.") from None


def _object(pairs):
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(f"Le membre «{NBSP}{_shown(twice)}{NBSP}» est écrit deux fois dans le même objet.")
    return found


def _no_constant(name):
    raise Refused(f"{name} n’est pas un nombre JSON.")


def members(value, kinds, where=""):
    """{name: what its kind reads} for the members of an object; one that ``kinds`` does not know is refused."""
    if not isinstance(value, dict):
        raise Refused(f"Un objet JSON est attendu ici, pas {_kind_of(value)}.", where)
    for name in value:
        if name not in kinds:
            known = join_fr(kinds, "ou")
            raise Refused(
                f"Le membre «{NBSP}{_shown(name)}{NBSP}» n’est pas connu ici{NBSP}: {known}.", below(where, name)
            )
    read = {}
    for name, kind in kinds.items():
        if name in value:
            kind = kind.kind if isinstance(kind, _Optional) else kind
            read[name] = kind(value[name], below(where, name))
        elif isinstance(kind, _Optional):
            read[name] = kind.default
        else:
            raise Refused(f"Il manque le membre «{NBSP}{name}{NBSP}».", below(where, name))
    return read


def optional(kind, default):
    """A member that may be left out; it is then ``default``."""
    return _Optional(kind, default)


def record(kinds, build):
    """An object, made into ``build(**members)``."""
    return lambda value, where: build(**members(value, kinds, where))


def many(kind, unique=None):
    """A list; ``unique`` names an attribute that no two items may share, compared as text (as JSON's own keys are)."""

    def read(value, where):
        if not isinstance(value, list):
            raise Refused(f"Une liste est attendue ici, pas {_kind_of(value)}.", where)
        items = [kind(item, f"{where}/{index}") for index, item in enumerate(value)]
        if unique:
            seen = set()
            for index, item in enumerate(items):
                mark = str(getattr(item, unique))
                if mark in seen:
                    message = f"«{NBSP}{_shown(mark)}{NBSP}» est déjà pris dans cette liste."
                    raise Refused(message, f"{where}/{index}/{unique}")
                seen.add(mark)
        return items

    return read


def nullable(kind):
    """``kind``, or null (None)."""
    return lambda value, where: None if value is None else kind(value, where)


def as_is(value, where):
    """What waits for another member to be read: a time, for the document's time zone."""
    return value


def mapping(kind, named=None):
    """An object whose members may have any name, each of ``kind``; ``named`` is the kind of the names."""

    def read(value, where):
        names = value if isinstance(value, dict) else ()
        for name in names if named else ():
            named(name, below(where, name))
        return members(value, dict.fromkeys(names, kind), where)

    return read


def pair(kind, meaning):
    """A list of two, as a tuple; ``meaning`` is shown: « [id, id] »."""
    read_all = many(kind)

    def read(value, where):
        found = read_all(value, where)
        if len(found) != 2:
            raise Refused(f"Une paire {meaning} est attendue ici.", where)
        return tuple(found)

    return read


def boolean(value, where):
    if not isinstance(value, bool):
        raise Refused(f"true ou false est attendu ici, pas {_kind_of(value)}.", where)
    return value


def text(longest=100_000, pattern=None, meaning="un texte"):
    """A text; with ``pattern``, one that matches it whole, described by ``meaning`` (« un code comme … »)."""

    def read(value, where):
        if not isinstance(value, str):
            raise Refused(f"Un texte est attendu ici, pas {_kind_of(value)}.", where)
        if len(value) > longest:
            raise Refused(f"Ce texte est trop long{NBSP}: {number_fr(longest)}{NBSP}signes au plus.", where)
        if pattern and not re.fullmatch(pattern, value):
            raise Refused(f"«{NBSP}{_shown(value)}{NBSP}» ne convient pas{NBSP}: {meaning} est attendu.", where)
        return value

    return read


def identifier():
    """A text that is not empty, or a whole number."""
    of_text, of_number = text(200, r"(?s).+", "un identifiant non vide"), whole()

    def read(value, where):
        return of_text(value, where) if isinstance(value, str) else of_number(value, where)

    return read


def whole(low=-EXACT, high=EXACT):
    """A whole number from ``low`` to ``high``."""

    def read(value, where):
        if isinstance(value, bool) or not isinstance(value, int):
            raise Refused(f"Un nombre entier est attendu ici, pas {_kind_of(value)}.", where)
        return _within(value, low, high, where)

    return read


def number(low=-1e15, high=1e15):
    """A finite number from ``low`` to ``high``, as a float."""

    def read(value, where):
        if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
            raise Refused(f"Un nombre est attendu ici, pas {_kind_of(value)}.", where)
        return float(_within(value, low, high, where))

    return read


def exact(low=-1e15, high=1e15):
    """A number from ``low`` to ``high`` as a Fraction: what was written, to the 15 digits that a float keeps."""
    return lambda value, where: Fraction(str(number(low, high)(value, where)))


def _within(value, low, high, where):
    if low <= value <= high:
        return value
    if value < low:
        raise Refused(f"Ce nombre est trop petit{NBSP}: au moins {number_fr(low)}.", where)
    raise Refused(f"Ce nombre est trop grand{NBSP}: au plus {number_fr(high)}.", where)


def time_zone(value, where):
    """A ``ZoneInfo``."""
    try:
        return ZoneInfo(text(100)(value, where))
    except (KeyError, ValueError, OSError) as error:
        if isinstance(error, Refused):
            raise
        message = f"Le fuseau horaire «{NBSP}{_shown(value)}{NBSP}» n’existe pas{NBSP}; exemple{NBSP}: Europe/Paris."
        raise Refused(message, where) from None


def instant(zone):
    """An ISO 8601 date and time, local to ``zone`` unless it carries its own offset: an aware datetime.

    An hour that does not exist counts from before the change, one that comes twice is the first (as RFC 5545 says).
    It shows the hour of ``zone`` by a fixed offset: two of them compare as instants, even in the night of the change.
    """

    def read(value, where):
        said = text(40)(value, where)
        example = f"exemple{NBSP}: 2026-11-07T18:30"
        if not INSTANT.fullmatch(said):
            raise Refused(f"Une date et une heure ISO 8601 sont attendues ici{NBSP}; {example}.", where)
        try:
            moment = datetime.fromisoformat(said)
        except ValueError:
            raise Refused(f"Cette date ou cette heure n’existe pas{NBSP}; {example}.", where) from None
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise Refused(f"Une année de {FIRST_YEAR} à {LAST_YEAR} est attendue ici.", where)
        moment = moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
        return moment.replace(tzinfo=timezone(zone.utcoffset(moment)))

    return read


def period(zone):
    """{"start", "end"}: a half-open pair of instants, the end after the start."""
    bounds = {"start": instant(zone), "end": instant(zone)}

    def read(value, where):
        found = members(value, bounds, where)
        if found["end"] <= found["start"]:
            raise Refused("La fin doit venir après le début.", f"{where}/end")
        return found["start"], found["end"]

    return read


def below(where, name):
    """The JSON pointer of the member ``name`` of what is at ``where``."""
    return f"{where}/{name.replace('~', '~0').replace('/', '~1')}"


def _shown(text):
    return text if len(text) <= 40 else text[:39] + "…"


def _kind_of(value):
    kinds = {
        type(None): "null",
        bool: "vrai ou faux",
        int: "un nombre",
        float: "un nombre à virgule",
        str: "un texte",
        list: "une liste",
        dict: "un objet",
    }
    return kinds[type(value)]
