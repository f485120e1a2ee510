"""When nothing answers, or little: the nearest searches that would, with how many listings each gives."""

from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from maillage.engine.text import words
from maillage.sharing.search.criteria import Criteria
from maillage.sharing.search.quantities import read_asked
from maillage.sharing.search.query import count, matching
from maillage.sharing.search.spelling import mend

WIDER_KM = (10, 25, 40, 50, 100)
MOST_WORDS_LEFT_OUT = 4
KINDS = ("wider", "everywhere", "day", "any_day", "price", "category", "words")


class Alternative(NamedTuple):
    """``kind`` is one of KINDS; ``left_out``: the word left out."""

    kind: str
    criteria: Criteria
    count: int
    left_out: str = ""


def alternatives(criteria, *, user, today, more_than=0, kinds=KINDS):
    """The Alternatives of these ``kinds`` that give ``more_than`` so many, each changing one thing.

    At most a dozen short counts; of the wider circles, the smallest.
    """
    mends = mend(" ".join(read_asked(criteria.words).words), user=user)
    found = []
    for kind, changed, left_out in _one_change_away(criteria, today):
        is_wide_enough = kind in ("wider", "everywhere") and any(other.kind == "wider" for other in found)
        if kind not in kinds or is_wide_enough:
            continue
        total = count(matching(changed, mends, user=user, today=today))
        if total > more_than:
            found.append(Alternative(kind, changed, total, left_out))
    return found


def _one_change_away(criteria, today):
    """(kind, criteria, word left out), the smallest change first."""
    if criteria.place and criteria.radius_km:
        for radius_km in WIDER_KM:
            if radius_km > criteria.radius_km:
                yield "wider", replace(criteria, radius_km=radius_km), ""
        yield "everywhere", replace(criteria, radius_km=None), ""
    if criteria.day:
        for days in (-1, 1):
            if (day := criteria.day + timedelta(days=days)) >= today:
                yield "day", replace(criteria, day=day), ""
        yield "any_day", replace(criteria, day=None), ""
    if criteria.max_price_cents is not None:
        yield "price", replace(criteria, max_price_cents=None), ""
    if criteria.category:
        yield "category", replace(criteria, category=""), ""
    said = criteria.words.split()
    asked = set(read_asked(criteria.words).words)
    telling = [word for word in said if asked & set(words(word))]
    if len(telling) > 1:
        for left_out in telling[:MOST_WORDS_LEFT_OUT]:
            kept = " ".join(word for word in said if word != left_out)
            yield "words", replace(criteria, words=kept), left_out
