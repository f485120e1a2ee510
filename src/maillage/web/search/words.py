"""What the search page says: its title, its chips, and what to try when nothing answers."""

from dataclasses import replace
from typing import NamedTuple

from maillage.engine.french import count_fr, day_fr, euros_fr, join_fr, of_fr
from maillage.engine.text import fold
from maillage.sharing import taxonomy
from maillage.sharing.models import Listing
from maillage.sharing.search.quantities import read_asked
from maillage.sharing.search.query import MOST_COUNTED
from maillage.web.search.address import address

NBSP = "\u00a0"
NOUNS = {Listing.Direction.OFFER: "offre", Listing.Direction.NEED: "besoin"}


class Chip(NamedTuple):
    """A filter in use: what it says, where its field is, the same search without it."""

    text: str
    field: str
    without: str


class Suggestion(NamedTuple):
    text: str
    url: str


def chips(criteria, view):
    """A Chip for each filter in use, in the order of the form."""

    def chip(text, field, **without):
        return Chip(text, field, address(replace(criteria, **without), view=view))

    found = []
    if criteria.words:
        found.append(chip(criteria.words, "quoi", words=""))
    if criteria.place:
        around = f" et {criteria.radius_km}{NBSP}km autour" if criteria.radius_km else ""
        found.append(chip(f"{criteria.place.name}{around}", "ou", place=None))
    if criteria.day:
        found.append(chip(day_fr(criteria.day).capitalize(), "quand", day=None))
    if criteria.category:
        found.append(chip(taxonomy.get(criteria.category).label, "famille", category=""))
    if criteria.max_price_cents is not None:
        found.append(chip(_price(criteria.max_price_cents).capitalize(), "prix_max", max_price_cents=None))
    return found


def title(criteria, found):
    """« 3 offres pour « camionnette » », as mended; the filters are told by the chips."""
    noun = NOUNS[criteria.direction]
    counted = f"Plus de {count_fr(MOST_COUNTED, noun)}" if found.is_beyond_counting else count_fr(found.total, noun)
    meant = _meant(criteria.words, found.mends)
    return f"{counted} pour «{NBSP}{meant}{NBSP}»" if meant else counted


def nothing_for(criteria):
    """« Rien pour « salle licorne » »: the title when what is shown was not asked word for word."""
    return f"Rien pour «{NBSP}{criteria.words}{NBSP}»"


def instead(shown, found):
    """« Voici 3 offres pour « salle ». »: the nearest search that gives something."""
    return f"Voici {title(shown, found).replace('Plus', 'plus', 1)}."


def to_check(criteria):
    """What the search cannot know: whether « salle pour 40 personnes » holds 40; or "" without a number."""
    quantity = read_asked(criteria.words).quantity
    return f"À vérifier dans l’annonce{NBSP}: «{NBSP}{quantity}{NBSP}»." if quantity else ""


def _meant(text, mends):
    for typed, meant in mends:
        text = " ".join(meant if fold(word) == typed else word for word in text.split())
    return text


def nothing_found(criteria):
    """« Aucune offre pour « camionnette », libre le samedi 7 novembre, à moins de 25 km de Revel. »"""
    noun = NOUNS[criteria.direction]
    none = "Aucune" if noun == "offre" else "Aucun"
    parts = [f"{none} {noun}"]
    if criteria.words:
        parts.append(f" pour «{NBSP}{criteria.words}{NBSP}»")
    if criteria.category:
        parts.append(f" dans «{NBSP}{taxonomy.get(criteria.category).label}{NBSP}»")
    if criteria.max_price_cents is not None:
        parts.append(f" ({_price(criteria.max_price_cents)})")
    if criteria.day:
        parts.append(f" libre le {day_fr(criteria.day)}")
    if criteria.place and criteria.radius_km:
        parts.append(f" à moins de {criteria.radius_km}{NBSP}km {of_fr(criteria.place.name)}")
    return "".join(parts)


def suggestions(found_alternatives, view):
    """A Suggestion for each Alternative: what it changes and how many listings it gives."""
    return [Suggestion(_suggestion(other), address(other.criteria, view=view)) for other in found_alternatives]


def _suggestion(other):
    noun = NOUNS[other.criteria.direction]
    counted = f"plus de {MOST_COUNTED} {noun}s" if other.count > MOST_COUNTED else count_fr(other.count, noun)
    said = {
        "wider": lambda: f"À moins de {other.criteria.radius_km}{NBSP}km",
        "everywhere": lambda: "Dans tout le territoire",
        "day": lambda: f"Le {day_fr(other.criteria.day)}",
        "any_day": lambda: "N’importe quel jour",
        "price": lambda: "À tous les prix",
        "category": lambda: "Dans toutes les familles",
        "words": lambda: f"Sans «{NBSP}{other.left_out}{NBSP}»",
    }
    return f"{said[other.kind]()}{NBSP}: {counted}"


def mended(criteria, found):
    """« Résultats pour « camionnette » (vous aviez écrit « camionete »). », or "" when nothing was mended."""
    if not found.mends:
        return ""
    typed = join_fr(f"«{NBSP}{mend.typed}{NBSP}»" for mend in found.mends)
    return f"Résultats pour «{NBSP}{_meant(criteria.words, found.mends)}{NBSP}» (vous aviez écrit {typed})."


def _price(cents):
    return "gratuit" if cents == 0 else f"{euros_fr(cents)} au plus"
