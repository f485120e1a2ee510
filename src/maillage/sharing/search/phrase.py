"""A search written as one phrase, « camionnette revel samedi », read as what, where, when and for how much."""

import re
from typing import NamedTuple

from maillage.sharing.search.days import bare, find_day
from maillage.sharing.search.places import find_place

_FREE = re.compile(r"\b(?:a titre |pret )?gratuit(?:e|s|es|ement)?\b|\bsans frais\b")
_AT_MOST = re.compile(
    r"(?:\b(?:a |pour )?(?:moins de|pas plus de|au maximum|maximum|max|jusqu'a) )?"
    r"(?P<amount>(?:\b\d{1,3}(?:[ .]\d{3})+|\d{1,6})(?:[.,]\d{1,2})?) ?(?:€|euros?\b)"
    r"(?: (?:max(?:imum)?|au plus)\b)?"
)
_RADIUS = re.compile(r"\b(?:(?:a |dans un rayon )?(?:de )?(?:moins de )?)(?P<km>\d{1,3}) ?km\b(?P<of>(?= d[eu']))?")
_EDGES = " ,;.-–"


class Phrase(NamedTuple):
    """What a phrase says, in the terms of the form: empty text where it says nothing."""

    what: str
    where: str = ""
    radius: str = ""
    day: str = ""
    price: str = ""

    @property
    def says_more(self):
        """Whether a filter was recognised beside the words."""
        return bool(self.where or self.radius or self.day or self.price)


def read_phrase(text, today, skip=()):
    """The Phrase that ``text`` says; days are ISO dates, an amount is as typed, « 0 » when it must be free.

    skip   names of what is known already and is not looked for: « where », « day », « price »
    """
    text = " ".join(text.split())
    radius = day = price = where = ""
    if "price" not in skip and (amount := _FREE.search(bare(text)) or _AT_MOST.search(bare(text))):
        price, text = amount.groupdict().get("amount", "0"), _without(text, *amount.span())
    if around := _RADIUS.search(bare(text)):
        radius, text = (
            around["km"],
            _without(text, around.start(), around.end(), "près" if around["of"] is not None else ""),
        )
    if "day" not in skip and (found_day := find_day(text, today)):
        day, text = found_day.day.isoformat(), _without(text, found_day.start, found_day.end)
    if "where" not in skip and (place := find_place(text)):
        where, text = place.where, _without(text, place.start, place.end)
    return Phrase(text.strip(_EDGES), where, radius, day, price)


def _without(text, start, end, instead=""):
    return " ".join(f"{text[:start]} {instead} {text[end:]}".split())
