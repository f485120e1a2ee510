"""When no listing has all the words: those that most of them have, so that one word too many never empties a search."""

from dataclasses import replace

from django.db.models import Case, IntegerField, Value, When

from maillage.engine.text import words
from maillage.sharing.search.quantities import read_asked
from maillage.sharing.search.query import having_any, having_every, matching

MOST_WORDS = 8


def findable_words(criteria, mends, *, user, today):
    """The words of the Criteria, as typed, without those that leave nothing; "" when none is found; in one query.

    The most words win, then the first ones: in French what one looks for is said before how it is.
    """
    asked = read_asked(criteria.words).words[:MOST_WORDS]
    if len(asked) < 2:
        return ""
    around = matching(replace(criteria, words=""), user=user, today=today)
    found = around.filter(search_vector=having_any(asked, mends)).order_by()
    together = sum((_bit(place, word, mends) for place, word in enumerate(asked)), start=Value(0))
    sets = found.annotate(together=together).values_list("together", flat=True).distinct()
    best = max(sets, key=lambda bits: (bits.bit_count(), [bits >> place & 1 for place in range(len(asked))]), default=0)
    return _as_typed(criteria.words, {word for place, word in enumerate(asked) if best >> place & 1})


def _bit(place, word, mends):
    """1 << ``place`` for a listing that has the ``word``."""
    has = When(search_vector=having_every([word], mends), then=1 << place)
    return Case(has, default=0, output_field=IntegerField())


def _as_typed(text, kept):
    """The part of ``text`` that says the words ``kept``, with the small words between them."""
    tokens = [token for token in text.split() if not (said := set(words(token))) or said <= kept]
    telling = [place for place, token in enumerate(tokens) if words(token)]
    return " ".join(tokens[telling[0] : telling[-1] + 1]) if telling else ""
