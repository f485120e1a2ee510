"""What can be pooled: the tree of data/taxonomy.toml, read once; ``technical.vehicles.van`` is under ``technical``."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from maillage.engine.text import stems, words

INHERITED = ("icon", "sample", "unit", "conditions")
FALLBACK = "services"
HEADLINES = ("services.skills", "services.volunteers", "technical.premises", "technical.equipment")


class UnknownCategory(ValueError):
    """A code that the taxonomy does not have."""


@dataclass(frozen=True)
class Category:
    """A family (no parent), a kind or a sub-kind; the words are those of taxonomy.toml."""

    code: str
    label: str
    icon: str
    sample: str
    unit: str
    conditions: str
    text: str = ""
    synonyms: tuple = ()

    @property
    def parent(self):
        """The code just above, or "" for a family."""
        return self.code.rpartition(".")[0]

    @property
    def family(self):
        return self.code.partition(".")[0]

    @property
    def children(self):
        return tuple(entry for entry in _tree().values() if entry.parent == self.code)

    @property
    def path(self):
        """The categories from the family down to this one."""
        parts = self.code.split(".")
        return tuple(get(".".join(parts[: length + 1])) for length in range(len(parts)))

    @property
    def above(self):
        """The path without this category itself."""
        return self.path[:-1]

    def __str__(self):
        return self.label


def all_categories():
    """Every category, a parent before its children, in the order of the file."""
    return tuple(_tree().values())


def families():
    """The eight families, in the order of the file."""
    return tuple(entry for entry in _tree().values() if not entry.parent)


def headlines():
    """The four kinds that everyone asks for: compétences, bénévoles, locaux, matériel."""
    return tuple(get(code) for code in HEADLINES)


def get(code):
    """The category of this code; raises UnknownCategory."""
    try:
        return _tree()[code]
    except KeyError:
        raise UnknownCategory(f"La catégorie « {code} » n’existe pas.") from None


def nearest(code):
    """The category of this code, or the closest one above it that still exists, once the tree was pruned."""
    while code not in _tree():
        code = code.rpartition(".")[0] or FALLBACK
    return _tree()[code]


def exists(code):
    return code in _tree()


def is_under(code, ancestor):
    """Whether ``code`` is ``ancestor`` itself or below it."""
    return code == ancestor or code.startswith(ancestor + ".")


def descendants(code):
    """Codes at or under ``code``."""
    return tuple(other for other in _tree() if is_under(other, code))


def ancestors(code):
    """Codes above ``code``, its family first, itself left out."""
    return tuple(entry.code for entry in get(code).path[:-1])


def find(text):
    """Categories whose label or a synonym is in ``text``, those named by most words first, then the most precise."""
    spoken = stems(text)
    found = {}
    for first in range(len(spoken)):
        for end in range(first + 1, min(first + _longest_name(), len(spoken)) + 1):
            for code in _names().get(tuple(spoken[first:end]), ()):
                found[code] = max(found.get(code, 0), end - first)
    best_first = sorted(found, key=lambda code: (-found[code], -code.count("."), code))
    return [get(code) for code in best_first]


@cache
def name_words():
    """The folded words of all labels and synonyms, in the order of the file."""
    names = (name for entry in all_categories() for name in (entry.label, *entry.synonyms))
    return tuple(dict.fromkeys(word for name in names for word in words(name)))


@cache
def _tree():
    source = files("maillage.sharing") / "data" / "taxonomy.toml"
    return {entry.code: entry for entry in _read(tomllib.loads(source.read_text(encoding="utf-8")), "", {})}


def _read(table, above, inherited):
    for name, entry in table.items():
        if not isinstance(entry, dict):
            continue
        code = f"{above}.{name}" if above else name
        own = inherited | {key: entry[key] for key in INHERITED if key in entry}
        yield Category(
            code, entry["label"], **own, text=entry.get("text", ""), synonyms=tuple(entry.get("synonyms", ()))
        )
        yield from _read(entry, code, own)


@cache
def _names():
    """{("fourgon",): ["technical.vehicles.van"], …}: labels and synonyms as stems."""
    names = {}
    for entry in all_categories():
        for name in (entry.label, *entry.synonyms):
            codes = names.setdefault(tuple(stems(name)), [])
            if entry.code not in codes:
                codes.append(entry.code)
    names.pop((), None)
    return names


@cache
def _longest_name():
    return max(len(name) for name in _names())
