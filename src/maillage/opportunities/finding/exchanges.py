"""Circles and chains: who can give to whom, and the best way of serving many at once, each structure used once."""

from maillage.engine import circles
from maillage.engine.match import Codes, Columns, Listing
from maillage.engine.match.pieces import Cut, match_piece
from maillage.opportunities.finding.found import Found, members_of
from maillage.opportunities.models import Opportunity
from maillage.sharing.availability import is_always_free, is_ever_free, windows
from maillage.sharing.conditions import is_affordable
from maillage.sharing.matching import HORIZON_DAYS

MOST_MEMBERS = 3
ANSWERS_KEPT = 50  # offers looked at for each need, the best first
THOUSANDTHS = 1_000


def find_exchanges(supply, crew, tell):
    """Circles of two or three, and chains of three that begin with a structure that asks for nothing.

    A gift to one alone is not told here: it is a match, which the page of the need shows. No clock decides of the
    answer: it is the same whoever computes.
    """
    links = _links(supply, crew, tell)
    if not links:
        return []
    asking = {need.structure_id for need in supply.needs}
    best = circles.find(
        [(giver, taker, value) for (giver, taker), (value, _, _) in sorted(links.items())],
        givers=sorted({giver for giver, _ in links} - asking),
        max_length=MOST_MEMBERS,
        max_chain=MOST_MEMBERS,
        time_limit_s=None,
    )
    found = [_found(Opportunity.Kind.CIRCLE, circle, links, closes=True) for circle in best.circles]
    chains = [chain for chain in best.chains if len(chain) > 2]
    return found + [_found(Opportunity.Kind.CHAIN, chain, links, closes=False) for chain in chains]


def _links(supply, crew, tell):
    """{(giver, taker): (value, offer, need)}, the best pair of listings between two structures."""
    today, codes = supply.today, Codes()
    needs = [need for need in supply.needs if is_ever_free(need, today, HORIZON_DAYS)]
    offers = [offer for offer in supply.offers if is_ever_free(offer, today, HORIZON_DAYS)]
    cut = Cut(*(Columns.of([_for_engine(one, today) for one in side], codes) for side in (needs, offers)))
    links = {}
    pieces = crew.results(match_piece, ((piece, ANSWERS_KEPT) for piece in cut))
    for done, answers in enumerate(pieces, start=1):
        for need, offer, score in answers.pairs():
            _keep_best(links, supply, needs[need], offers[offer], round(THOUSANDTHS * score))
        tell(done / len(cut))
    return links


def _keep_best(links, supply, need, offer, value):
    ends = offer.structure_id, need.structure_id
    if ends in links:
        known_value, known_offer, known_need = links[ends]
        if (value, -need.pk, -offer.pk) <= (known_value, -known_need.pk, -known_offer.pk):
            return
    if supply.may_meet(need, offer) and is_affordable(offer, need):
        links[ends] = value, offer, need


def _for_engine(listing, today):
    """As the engine reads it; prices are compared by ``is_affordable``, which knows their units."""
    return Listing(
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
