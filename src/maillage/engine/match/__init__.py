"""Which offers answer which needs, best first: exact, and the same whether one need is asked or a million.

Hard limits are never broken. An offer answers a need when all of these hold:

category   the offer's code is the need's, or lies below it (``technical.vehicles.van`` answers ``technical.vehicles``)
structure  another one than the need's
distance   great circle, at most the need's ``radius_km``, and at most the offer's; None is no limit
windows    some time in common; no window at all is « always »
quantity   the offer has at least what the need asks
price      the offer asks at most what the need can pay; None is open, on either side

The score, from 0 to 1, depends on the pair alone: adding or removing a listing never changes the score of two others.

``match``, ``best_offers`` and ``best_needs`` take listings and give reasons; ``that_meet`` gives ids. For millions of
listings, ``Columns`` are arrays, and ``compiled`` (``Index``, ``match_columns``) finds the same without an object.
"""

from maillage.engine.match.answers import best_needs, best_offers, match, that_meet
from maillage.engine.match.codes import Calendars, Codes
from maillage.engine.match.columns import OPEN, Columns
from maillage.engine.match.listing import Listing, Match

__all__ = [
    "OPEN",
    "Calendars",
    "Codes",
    "Columns",
    "Listing",
    "Match",
    "best_needs",
    "best_offers",
    "match",
    "that_meet",
]
