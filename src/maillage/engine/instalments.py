"""Support that decreases from year to year, in exact cents."""

from fractions import Fraction
from math import floor

HALF = Fraction(1, 2)


def instalments(first_year_cents, rates):
    """The amount of each year, in cents.

    first_year_cents  int >= 0
    rates             tuple of Fraction or Decimal >= 0, one a year; no float, whose 0.1 is not a tenth
    Returns           tuple of ints: rate × first_year_cents, each rounded half up to the cent
    """
    return tuple(floor(Fraction(rate) * first_year_cents + HALF) for rate in rates)
