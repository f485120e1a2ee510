"""What others of the same kind ask: facts of published offers that everyone sees, as examples for who writes one."""

import re
from collections import Counter
from dataclasses import dataclass
from statistics import median

from maillage.engine.french import euros_fr
from maillage.sharing.models import Listing

FEWEST_PRICES = 5  # below, a median would tell the price of one structure
MOST_READ = 200
EXAMPLES = 2
LONGEST_EXAMPLE = 160
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
_CONDITION = re.compile(r"\b(caution|assurances?|assurée?s?)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Usual:
    """offers   how many were read
    free     how many of them are free
    price    the median price with its unit, "" when too few are priced
    examples sentences on caution and insurance, as their authors wrote them
    """

    offers: int
    free: int
    price: str
    examples: tuple


def usual_conditions(category):
    """The Usual of a category; None when nobody offers such a thing."""
    offers = list(
        Listing.objects.public()
        .offers()
        .filter(category=category)
        .only("text", "conditions", "price_cents", "price_unit")
        .order_by("-published_at", "-pk")[:MOST_READ]
    )
    if not offers:
        return None
    free = sum(offer.conditions == Listing.Conditions.FREE for offer in offers)
    return Usual(len(offers), free, _median_price(offers), _examples(offers))


def _median_price(offers):
    priced = [offer for offer in offers if offer.price_cents]
    if not priced:
        return ""
    unit, count = Counter(offer.price_unit for offer in priced).most_common(1)[0]
    if count < FEWEST_PRICES:
        return ""
    cents = round(median(offer.price_cents for offer in priced if offer.price_unit == unit))
    said = "" if unit == Listing.PriceUnit.TOTAL else f" {Listing.PriceUnit(unit).label}"
    return f"{euros_fr(cents)}{said}"


def _examples(offers):
    sentences = (part.strip() for offer in offers for part in _SENTENCE.findall(offer.text))
    told = (one for one in sentences if _CONDITION.search(one) and len(one) <= LONGEST_EXAMPLE)
    return tuple(dict.fromkeys(told))[:EXAMPLES]
