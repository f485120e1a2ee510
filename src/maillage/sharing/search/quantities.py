"""How many people or things a search is for: « salle pour 40 personnes » asks for « salle », and says 40 of what.

A listing seldom writes the number that is searched: it is kept apart from the words that must be found.
"""

import re
from typing import NamedTuple

from maillage.engine.text import fold, words

_COUNTED = {
    *("personne", "personnes", "pers", "place", "places", "couvert", "couverts", "convive", "convives"),
    *("invite", "invites", "participant", "participants", "assis", "assises"),
}
_NAMED = {
    *("deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "quinze", "vingt"),
    *("trente", "quarante", "cinquante", "soixante", "cent", "mille"),
    *("dizaine", "douzaine", "quinzaine", "vingtaine", "trentaine", "quarantaine", "cinquantaine", "soixantaine"),
    *("centaine", "dizaines", "centaines"),
}
_ABOUT = {"environ", "minimum", "maximum", "min", "max", "mini", "maxi", "moins", "capacite"}
_MEASURED = {"m2", "m3", "cv", "kg", "km", "cm", "mm", "litres", "metres", "tonnes", "watts", "kva", "volts"}
_TOGETHER = re.compile(r"\d+(?:p|pers|pl|personnes?|places?|couverts?)")


class Asked(NamedTuple):
    """``words`` must be found; ``quantity`` is what the text says of a number, as typed, or ""."""

    words: list
    quantity: str = ""


def read_asked(text):
    """« Grande salle pour 40 personnes » -> (["grande", "salle"], "40 personnes")."""
    tokens = text.split()
    counting = _counting(tokens)
    if counting:
        counting |= {place for place, token in enumerate(tokens) if fold(token) in _ABOUT}
    kept = [word for place, token in enumerate(tokens) if place not in counting for word in words(token)]
    if not counting or not kept:
        return Asked(list(dict.fromkeys(words(text))))
    first, last = min(counting), max(counting)
    is_one = all(place in counting or not words(tokens[place]) for place in range(first, last + 1))
    said = tokens[first : last + 1] if is_one else [tokens[place] for place in sorted(counting)]
    return Asked(list(dict.fromkeys(kept)), " ".join(said))


def _counting(tokens):
    """The places of the numbers, and of what is counted when it is people or seats."""
    said = [words(token) for token in tokens]
    found = {place for place, token in enumerate(tokens) if _TOGETHER.fullmatch(fold(token))}
    for place in (place for place, spoken in enumerate(said) if _is_number(spoken)):
        after = next(
            (other for other in range(place + 1, len(said)) if said[other] and not _is_number(said[other])), None
        )
        if after is None:
            found |= {place} if place and fold(tokens[place - 1]) == "pour" else set()
        elif said[after][0] in _COUNTED:
            found |= {place, after}
        elif said[after][0].isalpha() and said[after][0] not in _MEASURED:
            found.add(place)
    return found


def _is_number(spoken):
    return bool(spoken) and all(word.isdigit() or word in _NAMED for word in spoken)
