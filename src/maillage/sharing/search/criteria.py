"""What is searched, once every word of the request is understood."""

from dataclasses import dataclass
from datetime import date

from maillage.sharing.models import Listing
from maillage.territory.models import Commune

RELEVANCE, DISTANCE = "relevance", "distance"
USUAL_RADIUS_KM = 25


@dataclass(frozen=True)
class Criteria:
    """``place`` or ``radius_km`` None means everywhere, ``category`` "" any; ``max_price_cents`` 0 only free."""

    direction: str = Listing.Direction.OFFER
    words: str = ""
    category: str = ""
    place: Commune | None = None
    radius_km: int | None = USUAL_RADIUS_KM
    day: date | None = None
    max_price_cents: int | None = None
    sort: str = RELEVANCE
