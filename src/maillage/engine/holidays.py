"""Public holidays of France: computed, for any year (Code du travail, article L3133-1)."""

from datetime import date, timedelta

FIXED = {
    (1, 1): "jour de l’An",
    (5, 1): "fête du Travail",
    (5, 8): "victoire de 1945",
    (7, 14): "fête nationale",
    (8, 15): "Assomption",
    (11, 1): "Toussaint",
    (11, 11): "armistice de 1918",
    (12, 25): "Noël",
}
AFTER_EASTER = {1: "lundi de Pâques", 39: "Ascension", 50: "lundi de Pentecôte"}


def easter(year):
    """The Sunday of Easter (Meeus, Jones and Butcher), of the Gregorian calendar."""
    golden = year % 19
    century, rest = divmod(year, 100)
    skipped, leap = divmod(century, 4)
    moon = (19 * golden + century - skipped - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * leap + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def public_holidays(year):
    """{day: its name}, in order."""
    fixed = {date(year, month, day): name for (month, day), name in FIXED.items()}
    moving = {easter(year) + timedelta(days=days): name for days, name in AFTER_EASTER.items()}
    return dict(sorted((fixed | moving).items()))
