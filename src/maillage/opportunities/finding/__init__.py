"""Finding what structures could do together, on a whole territory: reads and computes, writes nothing."""

from maillage.opportunities.finding.exchanges import find_exchanges
from maillage.opportunities.finding.pools import find_equipment, find_jobs, find_purchases
from maillage.opportunities.finding.supply import read_supply

SEARCHES = (find_exchanges, find_jobs, find_purchases, find_equipment)


def find_all(on_progress=None):
    """Every Found of the territory today, in an order that depends on the listings alone.

    on_progress  called with (steps done, steps in all); reading the listings is the first step
    """
    steps = 1 + len(SEARCHES)
    supply = read_supply()
    found = []
    for done, search in enumerate(SEARCHES, start=1):
        if on_progress:
            on_progress(done, steps)
        found += search(supply)
    return sorted(found, key=lambda one: (-one.value, one.fingerprint))
