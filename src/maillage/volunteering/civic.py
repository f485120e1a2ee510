"""The compte d’engagement citoyen (CEC): what a year of hours would count for. Maillage reminds, declares nothing."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from maillage.directory.models import Structure
from maillage.engine.french import NBSP, duration_fr
from maillage.volunteering.models import VolunteerHours

LEAST_IN_ALL = 200 * 60  # minutes of a civil year
LEAST_IN_ONE = 100 * 60  # of which in one association
ONE_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class CivicYear:
    """by_structure: [(structure, validated minutes)…], the most first."""

    year: int
    by_structure: tuple[tuple[Structure, int], ...]

    @property
    def minutes(self):
        return sum(minutes for _, minutes in self.by_structure)

    @property
    def in_one(self):
        """Associations that have 100 hours or more of the person’s alone: those of several never add up."""
        return [structure for structure, minutes in self.by_structure if minutes >= LEAST_IN_ONE]

    @property
    def is_reached(self):
        return self.minutes >= LEAST_IN_ALL and bool(self.in_one)

    @property
    def sentence(self):
        if self.minutes < LEAST_IN_ALL:
            lacking = duration_fr(LEAST_IN_ALL - self.minutes)
            return f"Il manque {lacking} validées pour atteindre 200{NBSP}h en {self.year}."
        if not self.in_one:
            return (
                f"Vous avez {duration_fr(self.minutes)}, mais aucune association n’atteint 100{NBSP}h à elle seule. "
                f"Les heures de plusieurs associations ne s’additionnent pas pour ce seuil."
            )
        return (
            f"Vous avez {duration_fr(self.minutes)}, dont 100{NBSP}h ou plus pour {self.in_one[0].name}. "
            f"Si vous siégez à son conseil, ou encadrez d’autres bénévoles, vous pouvez les déclarer "
            f"sur Le Compte bénévole jusqu’au 30{NBSP}juin {self.year + 1}."
        )

    @property
    def too_young(self):
        """Of the associations that reach 100 hours, those declared less than a year ago."""
        since = timezone.localdate() - ONE_YEAR
        return [one for one in self.in_one if one.created_on and one.created_on > since]


def civic_year(person, year):
    """The validated hours of a civil year, by association: a mission with partners counts for its organiser."""
    given = VolunteerHours.objects.filter(volunteer=person).of_year(year).validated()
    counted: Counter = Counter()
    for structure, minutes in given.values_list("structure", "minutes"):
        counted[structure] += minutes
    structures = Structure.objects.in_bulk(counted)
    return CivicYear(year, tuple((structures[pk], minutes) for pk, minutes in counted.most_common()))
