"""What the search form of the home page proposes; its answer is the search page, which reads the same parameters."""

from dataclasses import dataclass
from datetime import date, timedelta

from maillage.engine.french import day_fr
from maillage.web.search.forms import OTHER_DAY

SATURDAY = 5
RADII = (("10", "10\u00a0km"), ("25", "25\u00a0km"), ("50", "50\u00a0km"), ("", "Tout le territoire"))


def next_saturday(today):
    """The Saturday that comes, never today."""
    return today + timedelta(days=(SATURDAY - today.weekday() - 1) % 7 + 1)


@dataclass(frozen=True)
class SearchStart:
    """The form as it first shows: the next Saturday as a choice, the commune of the person if it is known."""

    saturday: date
    place: str
    radii: tuple = RADII
    radius: str = "25"

    @property
    def days(self):
        """(value, label) of « Quand ? »."""
        return (
            ("", "Peu importe"),
            (self.saturday.isoformat(), day_fr(self.saturday).capitalize()),
            (OTHER_DAY, "Autre"),
        )


def search_start(today, commune=None):
    place = ""
    if commune:
        postal_code = commune.postal_codes[0] if commune.postal_codes else commune.code
        place = f"{commune.name} ({postal_code})"
    return SearchStart(saturday=next_saturday(today), place=place)
