"""School holidays as the ministry publishes them (data/school_holidays.toml), and public holidays, still to come."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files

from maillage.engine.holidays import public_holidays

ZONES = {
    "a": "Besançon, Bordeaux, Clermont-Ferrand, Dijon, Grenoble, Limoges, Lyon, Poitiers",
    "b": "Aix-Marseille, Amiens, Lille, Nancy-Metz, Nantes, Nice, Normandie, Orléans-Tours, Reims, Rennes, Strasbourg",
    "c": "Créteil, Montpellier, Paris, Toulouse, Versailles",
}
MONTHS_AHEAD = timedelta(days=550)


@dataclass(frozen=True)
class Holiday:
    name: str
    first_day: date
    last_day: date

    @property
    def key(self):
        return f"{self.first_day:%Y%m%d}-{self.last_day:%Y%m%d}"


def _read():
    text = files("maillage.sharing").joinpath("data/school_holidays.toml").read_text("utf-8")
    return tomllib.loads(text)["period"]


PERIODS = _read()


def school_holidays(zone, today):
    """Those of a zone that are not over, in order; [] beyond what is published."""
    found = [
        Holiday(one["name"], one["first_day"], one["last_day"])
        for one in PERIODS
        if zone in one["zones"] and one["last_day"] >= today
    ]
    return sorted(found, key=lambda one: one.first_day)


def holidays_ahead(today):
    """The public holidays of the months to come."""
    return [
        Holiday(name, day, day)
        for year in (today.year, today.year + 1, today.year + 2)
        for day, name in public_holidays(year).items()
        if today <= day <= today + MONTHS_AHEAD
    ]


def holiday_on(day, zone=""):
    """« lundi de Pâques », « vacances d’hiver », or ""."""
    if name := public_holidays(day.year).get(day):
        return name
    return next((one.name for one in school_holidays(zone, day) if one.first_day <= day), "")
