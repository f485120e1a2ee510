"""On which conditions: as a sentence (« gratuit », « 30 € par jour »), and whether a need can pay an offer."""

from maillage.engine.french import euros_fr

WHEN_FREE = {"offer": "gratuit", "need": "gratuit pour nous"}
WHEN_OPEN = {
    ("offer", "cost_share"): "participation aux frais à convenir",
    ("need", "cost_share"): "participation aux frais possible",
    ("need", "price"): "prix à convenir",
}


def sentence(listing):
    if listing.conditions == listing.Conditions.FREE:
        return WHEN_FREE[listing.direction]
    if listing.price_cents is None:
        return WHEN_OPEN[listing.direction, listing.conditions]
    unit = "" if listing.price_unit == listing.PriceUnit.TOTAL else f" {listing.get_price_unit_display()}"
    amount = f"{euros_fr(listing.price_cents)}{unit}"
    if listing.direction == listing.Direction.NEED:
        return f"jusqu’à {amount}"
    if listing.conditions == listing.Conditions.COST_SHARE:
        return f"{amount}, participation aux frais"
    return amount


def is_affordable(offer, need):
    """Whether ``need`` can pay ``offer``; a price by the day and a budget by the kilometre cannot be compared.

    An open amount is more than nothing: who can pay nothing cannot pay it.
    """
    asked, most = _cents(offer), _cents(need)
    if asked == 0 or most is None:
        return True
    return most > 0 and (asked is None or offer.price_unit != need.price_unit or asked <= most)


def _cents(listing):
    """What is asked, or can be paid; None is open."""
    return 0 if listing.conditions == listing.Conditions.FREE else listing.price_cents
