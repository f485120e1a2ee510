"""Circles and chains: who can give to whom, and the best way of serving many at once, each structure used once."""

from django.utils import timezone

from maillage.engine import circles
from maillage.engine import match as engine
from maillage.opportunities.finding.found import Found, members_of
from maillage.opportunities.models import Opportunity
from maillage.sharing.availability import is_always_free, is_ever_free, windows
from maillage.sharing.conditions import is_affordable
from maillage.sharing.matching import HORIZON_DAYS

MOST_MEMBERS = 3
ANSWERS_KEPT = 50  # offers looked at for each need, the best first
THOUSANDTHS = 1_000


def find_exchanges(supply):
    """Circles of two or three, and chains of three that begin with a structure that asks for nothing.

    A gift to one alone is not told here: it is a match, which the page of the need shows.
    """
    links = _links(supply)
    if not links:
        return []
    asking = {need.structure_id for need in supply.needs}
    best = circles.find(
        [(giver, taker, value) for (giver, taker), (value, _, _) in sorted(links.items())],
        givers=sorted({giver for giver, _ in links} - asking),
        max_length=MOST_MEMBERS,
        max_chain=MOST_MEMBERS,
    )
    found = [_found(Opportunity.Kind.CIRCLE, circle, links, closes=True) for circle in best.circles]
    chains = [chain for chain in best.chains if len(chain) > 2]
    return found + [_found(Opportunity.Kind.CHAIN, chain, links, closes=False) for chain in chains]


def _links(supply):
    """{(giver, taker): (value, offer, need)}, the best pair of listings between two structures."""
    today = timezone.localdate()
    needs = {need.pk: need for need in supply.needs if is_ever_free(need, today, HORIZON_DAYS)}
    offers = {offer.pk: offer for offer in supply.offers if is_ever_free(offer, today, HORIZON_DAYS)}
    matches = engine.match(
        [_for_engine(need, today) for need in needs.values()],
        [_for_engine(offer, today) for offer in offers.values()],
        top=ANSWERS_KEPT,
    )
    links = {}
    for found in (one for answers in matches.values() for one in answers):
        need, offer = needs[found.need], offers[found.offer]
        if not supply.may_meet(need, offer) or not is_affordable(offer, need):
            continue
        ends, value = (offer.structure_id, need.structure_id), round(THOUSANDTHS * found.score)
        if ends not in links or (value, -need.pk, -offer.pk) > (links[ends][0], -links[ends][2].pk, -links[ends][1].pk):
            links[ends] = (value, offer, need)
    return links


def _for_engine(listing, today):
    """As the engine reads it; prices are compared by ``is_affordable``, which knows their units."""
    return engine.Listing(
        id=listing.pk,
        structure=listing.structure_id,
        category=listing.category,
        lat=listing.latitude,
        lon=listing.longitude,
        text=f"{listing.title} {listing.text}",
        quantity=listing.quantity,
        radius_km=listing.radius_km,
        windows=() if is_always_free(listing) else windows(listing, today, HORIZON_DAYS),
    )


def _found(kind, structures, links, *, closes):
    """The Found of structures that each give to the next; the last to the first in a circle."""
    following = [*structures[1:], *(structures[:1] if closes else ())]
    used = [links[ends] for ends in zip(structures, following, strict=False)]
    gifts = [offer for _, offer, _ in used] + ([] if closes else [None])
    needs = [need for _, _, need in used]
    answered = [needs[-1], *needs[:-1]] if closes else [None, *needs]
    return Found(
        kind=kind,
        value=sum(value for value, _, _ in used),
        figures={"scores": [value for value, _, _ in used]},
        members=members_of(list(zip(gifts, answered, strict=True))),
    )
