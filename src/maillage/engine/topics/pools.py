"""The door's topic « pools »: needs in, the pools that they can form out."""

from typing import NamedTuple
from zoneinfo import ZoneInfo

from maillage.engine.documents import (
    Refused,
    as_is,
    identifier,
    many,
    members,
    nullable,
    number,
    optional,
    period,
    record,
    text,
    time_zone,
    whole,
)
from maillage.engine.french import NBSP
from maillage.engine.pools.forming import form_pools
from maillage.engine.pools.needs import Need, Rules
from maillage.engine.pools.reasons import reasons_for

HELP = """\
Les besoins que des structures voisines peuvent mettre en commun : un emploi, un achat, un matériel.

On donne :
  kind           job : un emploi partagé ; purchase : un achat groupé ; equipment : un matériel, chacun son tour
  needs          une liste de besoins
  target         ce que doit atteindre la somme des quantités d’un groupe : { min, max } ; max : null ou rien, pas de
                 limite ; pour equipment, target peut manquer
  radius_km      deux membres d’un groupe ne sont jamais plus éloignés
  max_members    combien de membres au plus ; null ou rien : pas de limite
  timezone       le fuseau des heures (Europe/Paris si rien n’est dit)

Un besoin :
  id             un texte ou un nombre, seul de la liste
  structure      celle qui a le besoin ; deux besoins d’une même structure ne sont jamais dans le même groupe
  lat, lon       en degrés
  quantity       job : en équivalents temps plein ; purchase : en unités ; equipment : en jours, par exemple
  windows        quand la structure se sert du matériel : une liste de { start, end } ; vide : toujours, et elle ne peut
                 pas le partager ; sans effet sur un emploi ou un achat

On reçoit :
  pools          des groupes de deux membres ou plus, sans membre commun : members, quantity, diameter_km (entre les
                 deux membres les plus éloignés), centre (latitude, longitude) et why. Ils servent le plus de besoins
                 possible, puis sont les plus resserrés possible
"""

EXAMPLE = """\
{
  "kind": "job",
  "needs": [{"id": "comptable harmonie", "structure": "harmonie", "lat": 43.458, "lon": 2.005, "quantity": 0.2},
            {"id": "comptable foyer", "structure": "foyer rural", "lat": 43.449, "lon": 1.894, "quantity": 0.5},
            {"id": "comptable judo", "structure": "judo club", "lat": 43.461, "lon": 1.946, "quantity": 0.2},
            {"id": "comptable théâtre", "structure": "théâtre", "lat": 43.927, "lon": 2.147, "quantity": 0.3}],
  "target": {"min": 0.8, "max": 1},
  "radius_km": 20,
  "max_members": 4
}
"""

MOST_QUANTITY = 10_000_000
MOST_TARGET = 1e12


class Target(NamedTuple):
    """Bounds of the sum of a pool's quantities; ``most`` None: no upper bound."""

    least: float
    most: float | None


def answer(document):
    given = members(
        document,
        {
            "kind": text(20, "job|purchase|equipment", "job, purchase ou equipment"),
            "needs": as_is,
            "target": optional(nullable(_target), None),
            "radius_km": number(0, 50_000),
            "max_members": optional(nullable(whole(2)), None),
            "timezone": optional(time_zone, ZoneInfo("Europe/Paris")),
        },
    )
    needs = many(_need(given["timezone"]), unique="id")(given["needs"], "/needs")
    rules = _rules(given)
    return {"pools": [_written(pool, rules, given["kind"]) for pool in form_pools(needs, rules).pools]}


def _need(zone):
    return record(
        {
            "id": identifier(),
            "structure": identifier(),
            "lat": number(-90, 90),
            "lon": number(-180, 180),
            "quantity": number(0.01, MOST_QUANTITY),
            "windows": optional(many(period(zone)), []),
        },
        build=Need,
    )


def _target(value, where):
    amount = number(0, MOST_TARGET)
    found = members(value, {"min": amount, "max": optional(nullable(amount), None)}, where)
    if found["max"] is not None and found["max"] < found["min"]:
        raise Refused("Le maximum doit valoir au moins le minimum.", f"{where}/max")
    return Target(found["min"], found["max"])


def _rules(given):
    target = given["target"]
    if target is None and given["kind"] != "equipment":
        raise Refused(f"Il manque le membre «{NBSP}target{NBSP}».", "/target")
    least, most = target or Target(0.0, None)
    return Rules(
        radius_km=given["radius_km"],
        least=least,
        most=most,
        max_members=given["max_members"],
        in_turn=given["kind"] == "equipment",
    )


def _written(pool, rules, kind):
    return {
        "members": list(pool.members),
        "quantity": int(pool.quantity) if pool.quantity.is_integer() else pool.quantity,
        "diameter_km": pool.diameter_km,
        "centre": list(pool.centre),
        "why": list(reasons_for(pool, rules, kind)),
    }
