"""Every offer looked at for a need, another way than the engine does: haversines, sets of stems, days one by one."""

import numpy as np

from maillage.engine.geo import distances_km
from maillage.engine.match import OPEN

DAY = 86_400_000_000  # microseconds


class BruteForce:
    def __init__(self, offers):
        self.offers = offers
        self.codes = np.array(list(offers.codes.categories))
        self.days = _days(offers.calendars)
        self.owner = np.repeat(np.arange(len(offers)), np.diff(offers.first_stem))

    def best(self, needs, row, top):
        """(rows, scores) of the best offers of a need."""
        offers, stems = self.offers, needs.stems[needs.first_stem[row] : needs.first_stem[row + 1]]
        code = self.codes[needs.category[row]]
        below = (self.codes == code) | np.char.startswith(self.codes, f"{code}.")
        km = distances_km(needs.lat[row], needs.lon[row], offers.lat, offers.lon)
        needed, free = _days(needs.calendars)[needs.calendar[row]], self.days
        always = ~free.any(axis=1) | ~needed.any()
        share = np.where(always, 1, (free & needed).sum(axis=1) / max(1, needed.sum()))[offers.calendar]
        budget = needs.price_cents[row] if needs.price_cents[row] != OPEN else np.inf
        answers = (
            below[offers.category]
            & (offers.structure != needs.structure[row])
            & (offers.quantity >= needs.quantity[row])
            & (offers.price_cents <= budget)
            & (km <= needs.radius_km[row])
            & (km <= offers.radius_km)
            & (share > 0)
        )
        common = np.bincount(self.owner[np.isin(offers.stems, stems)], minlength=len(offers))
        sizes = len(stems) * np.diff(offers.first_stem)
        levels = np.char.count(self.codes, ".")[offers.category] - code.count(".")
        with np.errstate(divide="ignore", invalid="ignore"):
            cosine = np.where(sizes > 0, common / np.sqrt(sizes), 0)
            score = (0.4 / (1 + levels) + 0.25 / (1 + km / 20) + 0.25 * cosine + 0.1 * share).round(6)
        found = np.flatnonzero(answers)
        found = found[np.lexsort((found, -score[found]))][:top]
        return found, score[found]


def _days(calendars):
    """For each calendar, whether it holds on each day since the first of all; none at all for « always »."""
    starts, ends = calendars.starts // DAY, calendars.ends // DAY
    days = np.zeros((len(calendars.first) - 1, (ends.max() - starts.min()).item()), bool)
    for calendar, (first, end) in enumerate(zip(calendars.first[:-1], calendars.first[1:], strict=True)):
        for start, stop in zip(starts[first:end] - starts.min(), ends[first:end] - starts.min(), strict=True):
            days[calendar, start:stop] = True
    return days
