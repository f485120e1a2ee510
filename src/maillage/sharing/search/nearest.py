"""When no listing has all the words: those that most of them have, so that one word too many never empties a search."""

from dataclasses import replace

from django.db.models import Case, IntegerField, Value, When

from maillage.engine.text import fold, words
from maillage.sharing.search.quantities import read_asked
from maillage.sharing.search.query import having_any, having_every, matching
from maillage.sharing.search.spelling import mend

MOST_WORDS = 8


def findable_words(criteria, mends, *, user, today):
    """The words of the Criteria, as typed, without those that leave nothing; "" when none is found. In three queries.

    The most words win, then the first ones: in French what one looks for is said before how it is. A known word may
    also be a mistake, « sale des fêtes »: what it is near to is said instead when more words are then found.
    """
    asked = read_asked(criteria.words).words[:MOST_WORDS]
    if not asked:
        return ""
    around = matching(replace(criteria, words=""), user=user, today=today).order_by()
    meant = dict(mend(" ".join(asked), user=user, even_known=True))
    typed, near = _best(around, asked, mends), _best(around, [meant.get(word, word) for word in asked], ())
    if near.bit_count() <= typed.bit_count():
        return _as_typed(criteria.words, _among(asked, typed), {})
    return _as_typed(criteria.words, _among(asked, near), meant)


def _best(around, asked, mends):
    """Which of the words ``asked`` are best found together, one bit each."""
    together = sum((_bit(place, word, mends) for place, word in enumerate(asked)), start=Value(0))
    found = around.filter(search_vector=having_any(asked, mends)).annotate(together=together)
    sets = found.values_list("together", flat=True).distinct()
    return max(sets, key=lambda bits: (bits.bit_count(), [bits >> place & 1 for place in range(len(asked))]), default=0)


def _among(asked, bits):
    return {word for place, word in enumerate(asked) if bits >> place & 1}


def _bit(place, word, mends):
    """1 << ``place`` for a listing that has the ``word``."""
    has = When(search_vector=having_every([word], mends), then=1 << place)
    return Case(has, default=0, output_field=IntegerField())


def _as_typed(text, kept, meant):
    """The part of ``text`` that says the words ``kept``, or what they ``meant``, with the small words between them."""
    tokens = [token for token in text.split() if set(words(token)) <= kept]
    telling = [place for place, token in enumerate(tokens) if words(token)]
    mended = [meant.get(fold(token), token) for token in tokens]
    return " ".join(mended[telling[0] : telling[-1] + 1]) if telling else ""
