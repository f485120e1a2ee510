"""Whether a need can pay an offer: what is not said is open, and units that differ do not compare."""

import pytest

from maillage.sharing.conditions import is_affordable
from maillage.sharing.models import Listing

FREE, OPEN = {"conditions": "free"}, {"conditions": "cost_share"}


def price(cents, unit="day"):
    return {"conditions": "price", "price_cents": cents, "price_unit": unit}


@pytest.mark.parametrize(
    ("offer", "need", "expected"),
    [
        (FREE, FREE, True),
        (FREE, price(100), True),
        (price(3000), FREE, False),
        (price(3000), OPEN, True),
        (price(3000), price(3000), True),
        (price(3001), price(3000), False),
        (price(3001), price(30, "km"), True),
        (OPEN, FREE, False),
        (OPEN, OPEN, True),
        (OPEN, price(1), True),
    ],
)
def test_a_need_pays_what_it_can(offer, need, expected):
    assert is_affordable(Listing(direction="offer", **offer), Listing(direction="need", **need)) is expected
