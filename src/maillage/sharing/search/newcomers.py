"""What is new, held in memory, and asked by many searches: the same answers as ``query.matching``, without SQL."""

import numpy as np
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, Q, TextField

from maillage.directory.models import Structure
from maillage.engine.geo import distances_km
from maillage.engine.text import stems
from maillage.sharing import taxonomy
from maillage.sharing.models import Listing
from maillage.sharing.search.quantities import read_asked
from maillage.sharing.search.spelling import mend

EVERY_DAY = 0b1111111
NEVER, ALWAYS = 0, 2**31


class Newcomers:
    """The listings published after ``since`` and until ``until`` that are shown and still useful ``today``.

    Who may see them is for the caller to ask (``audience.Audience``): one answer serves many people.
    """

    def __init__(self, *, since, until, today):
        still_useful = Q(last_day__isnull=True) | Q(last_day__gte=today)
        shown = Listing.objects.published().filter(still_useful, structure__state=Structure.State.ACTIVE)
        lexemes = Func("search_vector", function="tsvector_to_array", output_field=ArrayField(TextField()))
        new = shown.filter(published_at__gt=since, published_at__lte=until).order_by("-published_at", "-pk")
        self.today = today
        self.listings = list(
            new.annotate(lexemes=lexemes).defer("search_vector").select_related("structure", "commune")
        )
        self._columns()
        self._meant: dict[str, str] = {}
        self._answers: dict[tuple, list] = {}

    def _columns(self):
        """What searches compare, one array for each."""
        rows = self.listings
        self._is_need = np.array([row.direction == Listing.Direction.NEED for row in rows], bool)
        self._lat = np.array([row.latitude for row in rows], float)
        self._lon = np.array([row.longitude for row in rows], float)
        self._reach = np.array([row.radius_km or np.inf for row in rows], float)
        self._price = np.array([_price(row) for row in rows], float)
        self._first = np.array([_ordinal(row.first_day, NEVER) for row in rows], np.int64)
        self._last = np.array([_ordinal(row.last_day, ALWAYS) for row in rows], np.int64)
        self._weekdays = np.array([sum(1 << day for day in row.weekdays) or EVERY_DAY for row in rows], np.int64)
        self._said: dict[str, list] = {}
        self._filed: dict[str, list] = {}
        for place, row in enumerate(rows):
            self._filed.setdefault(row.category, []).append(place)
            for lexeme in row.lexemes or ():
                self._said.setdefault(lexeme, []).append(place)

    def understand(self, texts):
        """Mend the words of these ``texts`` at once, as a visitor's search would."""
        said = dict.fromkeys(word for text in texts for word in read_asked(text).words)
        self._meant = dict(mend(" ".join(said), user=AnonymousUser()))

    def answering(self, saved):
        """The listings that answer a SavedSearch, newest first; equal searches are asked once."""
        key = (
            *(saved.direction, saved.words, saved.category, saved.place_id, saved.radius_km),
            *(saved.day, saved.weekday, saved.max_price_cents),
        )
        if key not in self._answers:
            self._answers[key] = [self.listings[place] for place in np.flatnonzero(self._asked(saved))]
        return self._answers[key]

    def _asked(self, saved):
        found = self._is_need == (saved.direction == Listing.Direction.NEED)
        for word in read_asked(saved.words).words:
            found = found & self._word(word, self._meant.get(word, ""))
        if saved.category:
            found = found & self._under(saved.category)
        if saved.max_price_cents is not None:
            found = found & (self._price <= saved.max_price_cents)
        if saved.day is not None or saved.weekday is not None:
            found = found & self._free(saved)
        if saved.place_id and found.any():
            near = np.flatnonzero(found)
            away = distances_km(saved.place.latitude, saved.place.longitude, self._lat[near], self._lon[near])
            found[near] = away <= np.minimum(self._reach[near], saved.radius_km)
        return found

    def _word(self, typed, meant):
        return self._among(self._said, {*stems(typed), *stems(meant)})

    def _under(self, category):
        return self._among(self._filed, taxonomy.descendants(category))

    def _among(self, places, names):
        chosen = np.zeros(len(self.listings), bool)
        for name in names:
            chosen[places.get(name, [])] = True
        return chosen

    def _free(self, saved):
        """Free on the day, or on one of these days of the week that is still to come."""
        if saved.day is not None:
            day = np.full(len(self.listings), saved.day.toordinal())
        else:
            begins = np.maximum(self._first, self.today.toordinal())
            day = begins + (saved.weekday + 1 - begins) % 7  # the day of number 1 is a Monday
        weekday = saved.weekday if saved.day is None else saved.day.weekday()
        return (self._first <= day) & (day <= self._last) & (self._weekdays >> weekday & 1 == 1)


def _ordinal(day, otherwise):
    return day.toordinal() if day else otherwise


def _price(listing):
    if listing.conditions == Listing.Conditions.FREE:
        return 0
    return np.inf if listing.price_cents is None else listing.price_cents
