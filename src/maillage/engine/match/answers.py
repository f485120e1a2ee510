"""Listings in, Matches out, with the reasons of those that are kept."""

from functools import cache

import numpy as np

from maillage.engine.match.codes import Codes
from maillage.engine.match.columns import Columns
from maillage.engine.match.listing import Match, in_order
from maillage.engine.match.pairs import Pairs
from maillage.engine.reasons import reasons_for
from maillage.engine.spans import in_common, merged
from maillage.engine.text import stems

FEW_PAIRS = 100_000_000  # beyond, NumPy takes longer than Numba takes to be ready
AT_A_TIME = 2_000  # needs whose answers are arrays at the same time


def match(needs, offers, top=20):
    """{need id: its ``top`` best Match, best first}; a tie goes to the smaller offer id, numbers before texts."""
    needs, offers, codes = list(needs), in_order(offers), Codes()
    best = _best_of(Columns.of(offers, codes), len(needs), needs=False)
    stems_of = cache(lambda row: frozenset(stems(offers[row].text)))
    matches = {}
    for begin in range(0, len(needs), AT_A_TIME):
        asked = needs[begin : begin + AT_A_TIME]
        for need, *found in zip(asked, *best(Columns.of(asked, codes), top), strict=True):
            matches[need.id] = tuple(
                _told(need, offers[row], score, km, stems_of(row)) for row, score, km in _kept(*found)
            )
    return matches


def best_offers(need, offers, top=20):
    """The ``top`` best Match of one need: what ``match`` says of it among any others."""
    return match([need], offers, top)[need.id]


def best_needs(offer, needs, top=20):
    """The ``top`` best Match of one offer: what ``match`` says of it; a tie goes to the smaller need id."""
    needs, offer_stems = in_order(needs), frozenset(stems(offer.text))
    best = _best_of_one(offer, needs, top, needs=True)
    return tuple(_told(needs[row], offer, score, km, offer_stems) for row, score, km in best)


def that_meet(asked, others, *, needs):
    """Ids of all the ``others`` that meet the listing ``asked``, best first: what takes time, the reasons, is left out.

    needs  whether the ``others`` are needs and ``asked`` an offer, or the reverse
    """
    others = in_order(others)
    return [others[row].id for row, _, _ in _best_of_one(asked, others, len(others), needs=needs)]


def _best_of_one(asked, others, top, *, needs):
    codes = Codes()
    best = _best_of(Columns.of(others, codes), 1, needs=needs)
    rows, scores, distances = best(Columns.of([asked], codes), top)
    return _kept(rows[0], scores[0], distances[0])


def _best_of(columns, asked_count, *, needs):
    """What finds the best of these columns, of ``needs`` or of offers, for as many listings as ``asked_count``."""
    if asked_count * len(columns) <= FEW_PAIRS:
        return Pairs(columns, needs=needs).best
    from maillage.engine.match.compiled import Index  # Numba takes a second to load

    return Index(columns, needs=needs).best


def _kept(rows, scores, distances):
    """(row, score, distance)… up to the first row of -1."""
    count = np.count_nonzero(rows >= 0)
    return zip(*(column[:count].tolist() for column in (rows, scores, distances)), strict=True)


def _told(need, offer, score, distance_km, offer_stems):
    needed = merged(need.windows)
    all_the_time = not needed or not offer.windows or in_common(needed, merged(offer.windows)) == needed
    reasons = reasons_for(need, offer, distance_km, offer_stems, all_the_time=all_the_time)
    return Match(need.id, offer.id, score, round(distance_km, 3), reasons)
