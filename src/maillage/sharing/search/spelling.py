"""Typing mistakes: a word that nothing uses gives way to the nearest one that listings, or the taxonomy, use."""

from typing import NamedTuple

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import CharField, Value

from maillage.engine.text import stems, words
from maillage.sharing import taxonomy
from maillage.sharing.models import Listing

SHORTEST_MENDED = 4
SHORT_WORD = 5
NUMBERS = {"deux", "trois", "quatre", "cinq", "sept", "huit", "neuf", "onze", "douze", "vingt", "cent"}
_NEAREST = """
    SELECT typed.word, near.word
    FROM unnest(%s::text[]) AS typed(word)
    CROSS JOIN LATERAL (
        SELECT word FROM sharing_searchword AS known
        WHERE known.word %% typed.word AND known.word <> typed.word
        ORDER BY similarity(known.word, typed.word) DESC, known.word LIMIT 20
    ) AS near
    WHERE %s OR NOT EXISTS (SELECT FROM sharing_searchword AS known WHERE known.word = typed.word)
    ORDER BY similarity(near.word, typed.word) DESC, near.word
"""


class Mend(NamedTuple):
    typed: str
    meant: str


def mend(text, *, user, even_known=False):
    """A Mend for each word of ``text`` that no listing visible to ``user`` uses, when a known word is near enough.

    even_known   mends the words that a listing uses too: « sale », which some text says, may have been meant « salle »
    """
    doubtful = _doubtful(text)
    if not doubtful:
        return []
    near = {}
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, [doubtful, even_known])
        for typed, known in cursor:
            near.setdefault(typed, []).append(known)
    if even_known:
        near = {typed: [one for one in known if stems(one) != stems(typed)] for typed, known in near.items()}
    mends = [Mend(typed, _best(typed, near[typed])) for typed in doubtful if typed in near]
    mends = [mend for mend in mends if mend.meant]
    asks_who_sees = mends and user.is_authenticated and not even_known
    used = _used([mend.typed for mend in mends], user) if asks_who_sees else ()
    return [mend for mend in mends if mend.typed not in used]


def find_categories(text):
    """(categories, mends): what ``taxonomy.find`` reads or, when it reads nothing, what it reads once mended."""
    if found := taxonomy.find(text):
        return found, []
    mends = [Mend(typed, meant) for typed in _doubtful(text) if (meant := _best(typed, taxonomy.name_words()))]
    meant = dict(mends)
    return taxonomy.find(" ".join(meant.get(word, word) for word in words(text))), mends


def _doubtful(text):
    said = [word for word in dict.fromkeys(words(text)) if word not in NUMBERS]
    return [word for word in said if word.isalpha() and len(word) >= SHORTEST_MENDED]


def _used(typed, user):
    """Those of the words ``typed`` that a listing visible to ``user`` has, be it hidden from others; in one query."""
    visible = Listing.objects.visible_to(user).published().order_by()
    found = [
        visible.filter(search_vector=SearchQuery(" & ".join(stems(word)), config="simple", search_type="raw"))
        .annotate(typed=Value(word, CharField()))
        .values_list("typed", flat=True)[:1]
        for word in typed
    ]
    return set(found[0].union(*found[1:], all=True))


def _best(typed, candidates):
    """The nearest candidate, or "" when ``typed`` is one of them in another form, or when all are too far."""
    if any(stems(known) == stems(typed) for known in candidates):
        return ""
    allowed = 1 if len(typed) <= SHORT_WORD else 2
    near = [known for known in candidates if abs(len(known) - len(typed)) <= allowed]
    distance, _, known = min(
        ((edits(typed, known), rank, known) for rank, known in enumerate(near)), default=(9, 0, "")
    )
    return known if distance <= allowed else ""


def edits(first, second):
    """Letters to add, remove, change or swap with the next to turn ``first`` into ``second``.

    Source   optimal string alignment (Damerau-Levenshtein without editing a part twice)
    """
    before, row = [], list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        older, before, row = before, row, [i]
        for j, other in enumerate(second, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
