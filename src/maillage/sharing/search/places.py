"""Communes named in a phrase: « revel », « près de saint félix », « 31250 »."""

import re
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from maillage.engine.text import fold, stems
from maillage.sharing import taxonomy
from maillage.territory.models import Commune, Departement

MOST_WORDS = 8
_SHORTENED = {"st": "saint", "ste": "sainte"}
_LEADS_TO_A_PLACE = re.compile(
    r"\b(?:(?:a cote|autour|aux environs|pres|proche|region|secteur|du cote|non loin) (?:de|d|du|des)"
    r"|a|au|aux|vers|sur)$"
)
_WORD = re.compile(r"[^\W_]+")


class FoundPlace(NamedTuple):
    """``where`` is what the field « Autour de » would hold: « Revel (31250) », or a name that several communes bear."""

    start: int
    end: int
    where: str


class _Span(NamedTuple):
    """Words of the phrase that follow each other, as a folded name; ``start`` counts the words that lead to them."""

    start: int
    end: int
    name: str
    is_led_to: bool
    is_long: int

    @property
    def starts_a_name(self):
        """Whether « saint félix » may stand here for Saint-Félix-Lauragais."""
        return (self.is_led_to and len(self.name) > 3) or re.match(r"sainte? [a-z]{3}", self.name)


def find_place(text):
    """The commune that ``text`` names, as a FoundPlace, or None.

    A name of the territory is taken as such unless it is also what people lend (« salles »); then, as for a commune
    elsewhere in France, it takes words that lead to a place (« à », « près de »). The longest name wins, then the last.
    """
    spans = _spans(text)
    known = _communes_called(spans)
    found = [(span.is_long, span.end, place) for span in spans if (place := _place(span, known))]
    return max(found)[-1] if found else None


def _spans(text):
    words = list(_WORD.finditer(text))
    return [
        _span(text, words, first, first + length)
        for first in range(len(words))
        for length in range(1, min(MOST_WORDS, len(words) - first) + 1)
    ]


def _span(text, words, first, last):
    name = fold(" ".join(_SHORTENED.get(word[0].lower(), word[0]) for word in words[first:last]))
    before = fold(text[: words[first].start()])
    lead = _LEADS_TO_A_PLACE.search(before)
    if lead and lead[0].endswith(("au", "du")):
        name = f"le {name}"  # « au Fauga », « près du Fauga »: Le Fauga
    start = words[first - len(lead[0].split())].start() if lead else words[first].start()
    return _Span(start, words[last - 1].end(), name, lead is not None, last - first)


def _communes_called(spans):
    """{name, start of a name or postal code: communes}."""
    names = {span.name for span in spans}
    wanted = Q(search_name__in=names)
    if codes := [name for name in names if re.fullmatch(r"\d{5}", name)]:
        wanted |= Q(postal_codes__overlap=codes)
    starts = {span.name for span in spans if span.starts_a_name}
    for start in starts:
        wanted |= Q(departement__contours__isnull=False, search_name__startswith=start + " ")
    called = {}
    own = Exists(Departement.objects.loaded().filter(pk=OuterRef("departement")))
    for commune in Commune.objects.filter(wanted).annotate(is_own=own):
        for name in {commune.search_name, *commune.postal_codes} & names:
            called.setdefault(name, []).append(commune)
        for start in starts:
            if commune.search_name.startswith(start + " ") and commune.is_own:
                called.setdefault(start, []).append(commune)
    return called


def _place(span, known):
    communes = known.get(span.name, [])
    here = [commune for commune in communes if commune.is_own]
    choice = [commune for commune in here if commune.search_name == span.name] or here or communes
    if not choice:
        return None
    if not (span.is_led_to or span.name.isdigit()) and (not choice[0].is_own or _is_ordinary(span.name)):
        return None
    return FoundPlace(span.start, span.end, choice[0].label if len(choice) == 1 else span.name)


def _is_ordinary(name):
    return bool(taxonomy.find(name)) or not stems(name)
