"""Finding what structures could do together, on a whole territory: reads and computes, writes nothing."""

from maillage.engine.crews import Alone
from maillage.opportunities.finding.exchanges import find_exchanges
from maillage.opportunities.finding.pools import find_pools
from maillage.opportunities.finding.supply import read_supply

EXCHANGES_FROM, POOLS_FROM = 0.1, 0.8  # of the work, before which listings are read, and exchanges found


def find_all(crew=None, on_progress=None):
    """Every Found of the territory today, in an order that depends on the listings alone.

    crew         who computes (``engine.crews``), already entered; this process by default
    on_progress  called with the share of the work that is done, from 0 to 1
    """
    tell = on_progress or (lambda share: None)
    crew = crew or Alone()
    supply = read_supply()
    tell(EXCHANGES_FROM)
    found = find_exchanges(supply, crew, _part_of(tell, EXCHANGES_FROM, POOLS_FROM))
    found += find_pools(supply, crew, _part_of(tell, POOLS_FROM, 1))
    return sorted(found, key=lambda one: (-one.value, one.fingerprint))


def _part_of(tell, begin, end):
    return lambda share: tell(begin + (end - begin) * share)
