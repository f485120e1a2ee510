"""Why needs make a pool, in plain French that all its members can read."""

import math

from maillage.engine.french import count_fr, km_fr, number_fr

UNITS = {
    "job": ("équivalent temps plein", "équivalents temps plein"),
    "purchase": ("unité", "unités"),
    "equipment": None,  # whatever the members count in: days, hours, people
}


def reasons_for(pool, rules, kind):
    """Sentences without a capital for a Pool made under Rules; ``kind`` is one of UNITS."""
    found = (_distance(pool), _quantity(pool, rules, UNITS[kind]), _calendars(rules))
    return tuple(reason for reason in found if reason)


def _distance(pool):
    count = len(pool.members)
    if count == 2:
        return f"2 structures à {km_fr(pool.diameter_km)} l’une de l’autre"
    if pool.diameter_km < 1:
        return f"{number_fr(count)} structures à {km_fr(pool.diameter_km)} les unes des autres"
    return f"{number_fr(count)} structures à {km_fr(math.ceil(pool.diameter_km))} au plus les unes des autres"


def _quantity(pool, rules, unit):
    together = count_fr(pool.quantity, *unit) if unit else number_fr(pool.quantity)
    return f"ensemble {together}{_wanted(rules)}"


def _wanted(rules):
    if rules.most is None:
        return f", il en faut au moins {number_fr(rules.least)}" if rules.least else ""
    if rules.most == rules.least:
        return f", il en faut {number_fr(rules.least)}"
    if not rules.least:
        return f", il en faut au plus {number_fr(rules.most)}"
    return f", il en faut entre {number_fr(rules.least)} et {number_fr(rules.most)}"


def _calendars(rules):
    return "leurs calendriers ne se croisent jamais" if rules.in_turn else ""
