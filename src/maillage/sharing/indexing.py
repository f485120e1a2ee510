"""What search reads of each listing: a vector of French stems made here, so that PostgreSQL needs no dictionary."""

from functools import cache
from itertools import islice

from django.db import connection

from maillage.engine.text import stems, words
from maillage.sharing import taxonomy
from maillage.sharing.models import Listing, SearchWord

MOST_POSITIONS = 16_383  # PostgreSQL refuses a greater position in a tsvector
LONGEST_STEM = 100  # far below the 2,046 bytes that PostgreSQL refuses: what is longer is no word
WORD_LENGTHS = range(3, 41)


def index_listing(listing):
    """Make a saved listing findable by its words."""
    listing.search_vector = search_vector(listing)
    Listing.objects.filter(pk=listing.pk).update(search_vector=listing.search_vector)
    learn_words([listing])


def search_vector(listing):
    """The text of a tsvector: stems with positions, weighted by where they are said.

    A title, B label and synonyms of the category, C description and wider categories, D structure and commune.
    For many listings: give it to ``bulk_create``, then call ``learn_words`` once.
    """
    named, around = _category_stems(listing.category)
    parts = (
        ("A", _stems(listing.title)),
        ("B", named),
        ("C", [*_stems(listing.text), *around]),
        ("D", _stems(f"{listing.structure.name} {listing.commune.name}")),
    )
    places = {}
    position = 0
    for weight, spoken in parts:
        for stem in spoken:
            position = min(position + 1, MOST_POSITIONS)
            places.setdefault(stem, []).append(f"{position}{weight}")
    return " ".join(f"{stem}:{','.join(found)}" for stem, found in places.items())


def learn_words(listings):
    """Keep the words of listings that everyone sees, to mend typing mistakes; a hidden need must not be guessed."""
    _write_words({word for listing in listings if listing.is_public for word in _words_of(listing)})


def forget_words():
    """Forget the words that no public listing uses any more, and learn those that an interruption left out."""
    listings = Listing.objects.public().select_related("structure", "commune").defer("search_vector")
    known = {word for listing in listings.iterator(chunk_size=2000) for word in _words_of(listing)}
    _keep_words(known)


def reindex_structure(structure_id):
    """Make the listings of a structure findable by its name, when it has a new one."""
    listings = list(Listing.objects.filter(structure=structure_id).select_related("structure", "commune"))
    _write_vectors({listing.pk: search_vector(listing) for listing in listings})
    learn_words(listings)


def reindex(*, batch_size=2000, progress=lambda count: None):
    """Index every listing again and forget the words that none uses any more; returns how many listings there are."""
    known = set()
    count = 0
    listings = Listing.objects.select_related("structure", "commune").order_by("pk").iterator(chunk_size=batch_size)
    while batch := list(islice(listings, batch_size)):
        _write_vectors({listing.pk: search_vector(listing) for listing in batch})
        known.update(word for listing in batch if listing.is_public for word in _words_of(listing))
        count += len(batch)
        progress(len(batch))
    _keep_words(known)
    return count


def _keep_words(known):
    SearchWord.objects.exclude(word__in=known).delete()
    _write_words(known)


def _write_words(known):
    rows = [SearchWord(word=word) for word in sorted(known)]
    SearchWord.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5000)


def _write_vectors(vectors):
    """Only the vectors that differ are written: on an unchanged base nothing is."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE sharing_listing AS listing SET search_vector = fresh.vector::tsvector
            FROM unnest(%s::bigint[], %s::text[]) AS fresh(id, vector)
            WHERE listing.id = fresh.id AND listing.search_vector IS DISTINCT FROM fresh.vector::tsvector
            """,
            [list(vectors), list(vectors.values())],
        )


def _stems(text):
    return [stem for stem in stems(text) if len(stem) <= LONGEST_STEM]


def _words_of(listing):
    said = f"{listing.title} {listing.text} {listing.structure.name} {listing.commune.name}"
    return _worth_mending(said) | _category_words(listing.category)


def _worth_mending(text):
    return frozenset(word for word in words(text) if word.isalpha() and len(word) in WORD_LENGTHS)


@cache
def _category_names(code):
    entry = taxonomy.get(code)
    return " ".join((entry.label, *entry.synonyms))


@cache
def _category_words(code):
    return _worth_mending(_category_names(code))


@cache
def _category_stems(code):
    """Stems that name a category, and those that name what it is part of."""
    wider = " ".join(above.label for above in taxonomy.get(code).path[:-1])
    return tuple(stems(_category_names(code))), tuple(stems(wider))
