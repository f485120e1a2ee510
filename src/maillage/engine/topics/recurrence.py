"""The door's topic « recurrence »: a series of dates as RFC 5545 writes it in, its occurrences and conflicts out."""

from zoneinfo import ZoneInfo

from maillage.engine.documents import Refused, as_is, instant, many, members, optional, period, text, time_zone
from maillage.engine.french import NBSP
from maillage.engine.instants import local_text, utc_text
from maillage.engine.recurrence import RuleError, conflicts, occurrences, parse_rule, utc_of

HELP = """\
Les dates d’une série (« tous les mardis à 18 h 30 »), et celles qui tombent sur une période déjà prise.

On donne :
  start, end     la première fois, en heures du fuseau ; elle compte même si la règle ne la prévoit pas
  rrule          la règle, comme RFC 5545 l’écrit : FREQ (DAILY, WEEKLY, MONTHLY ou YEARLY) et ce qui la précise. Elle
                 doit finir : COUNT=10 (combien de fois) ou UNTIL=20261231 (ce jour compris) ; 1 000 dates au plus
  exdates        les débuts à sauter (aucun si rien n’est dit)
  taken          les périodes déjà prises : start et end (aucune si rien n’est dit)
  timezone       le fuseau des heures (Europe/Paris si rien n’est dit)

On reçoit :
  occurrences    les dates, dans l’ordre : start et end en heures du fuseau, utc_start et utc_end. Les heures locales
                 restent les mêmes d’une saison à l’autre. flag est là quand le changement d’heure touche une date :
                 « nonexistent » (cette heure est sautée : on la lit une heure plus tard) ou « ambiguous » (elle vient
                 deux fois : c’est la première)
  conflicts      les numéros, à partir de 0, des dates qui recouvrent une période prise
"""

EXAMPLE = """\
{
  "start": "2026-10-06T18:30",
  "end": "2026-10-06T20:00",
  "rrule": "FREQ=WEEKLY;BYDAY=TU;COUNT=6",
  "exdates": ["2026-10-20T18:30"],
  "taken": [{"start": "2026-11-03T08:00", "end": "2026-11-03T19:00"}]
}
"""


def answer(document):
    given = members(
        document,
        {
            "start": as_is,
            "end": as_is,
            "rrule": text(2000),
            "exdates": optional(as_is, []),
            "taken": optional(as_is, []),
            "timezone": optional(time_zone, ZoneInfo("Europe/Paris")),
        },
    )
    zone = given["timezone"]
    start, end = _local(given["start"], zone, "/start"), _local(given["end"], zone, "/end")
    if end <= start:
        raise Refused("La fin doit venir après le début.", "/end")
    exdates = many(instant(zone))(given["exdates"], "/exdates")
    taken = many(period(zone))(given["taken"], "/taken")
    try:
        found = occurrences(start, end, parse_rule(given["rrule"]), zone, exdates)
    except RuleError as error:
        raise Refused(str(error), "/rrule") from None
    return {"occurrences": [_written(one, zone) for one in found], "conflicts": conflicts(found, taken)}


def _local(value, zone, where):
    """A local time, naive: a series follows the clock of its zone."""
    moment = instant(zone)(value, where)
    local = moment.replace(tzinfo=None)
    if utc_of(local, zone) != moment:
        raise Refused(
            f"Cette heure vient deux fois{NBSP}: une série ne connaît que la première. Donnez-la seule.", where
        )
    return local


def _written(found, zone):
    return {
        "start": local_text(found.start, zone),
        "end": local_text(found.end, zone),
        "utc_start": utc_text(found.start),
        "utc_end": utc_text(found.end),
        **({"flag": found.flag} if found.flag else {}),
    }
