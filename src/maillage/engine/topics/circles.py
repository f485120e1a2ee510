"""The door's topic « circles »: who can give to whom in, the circles and chains that are worth most out."""

from dataclasses import dataclass

from maillage.engine import circles
from maillage.engine.documents import Refused, identifier, many, members, number, optional, whole
from maillage.engine.french import NBSP

LONGEST = 8  # members of a circle or a chain: beyond, there are too many to list
MOST_VALUE = 10**6
LONGEST_WAIT_S = 3600

HELP = """\
Les cercles d’échange (A aide B, B aide C, C aide A) et les chaînes qui valent le plus ensemble.

On donne :
  links          les dons possibles : from peut donner à to quelque chose qui vaut value ; une fois par couple
  givers         celles qui donnent sans rien demander : une chaîne commence par l’une d’elles (si rien n’est dit :
                 aucune)
  max_length     combien de membres un cercle a au plus (3 si rien n’est dit)
  max_chain      combien de membres une chaîne a au plus, celle qui donne comprise (4 si rien n’est dit)
  time_limit_s   combien de secondes chercher au plus (60 si rien n’est dit)

Chaque structure sert une fois au plus. Les identifiants sont des textes ou des nombres ; 7 et « 7 » sont le même.

On reçoit :
  circles        les cercles : chacune donne à la suivante, la dernière à la première
  chains         les chaînes : chacune donne à la suivante
  total          la somme des valeurs des dons retenus
  upper_bound    aucun autre choix ne vaut plus que cela
  optimal        true : aucun autre choix ne vaut plus que total
"""

EXAMPLE = """\
{
  "links": [
    {"from": "harmonie", "to": "foyer", "value": 0.6},
    {"from": "foyer", "to": "club", "value": 0.7},
    {"from": "club", "to": "harmonie", "value": 0.5},
    {"from": "foyer", "to": "harmonie", "value": 0.8},
    {"from": "mairie", "to": "radio", "value": 0.9},
    {"from": "radio", "to": "club", "value": 0.4}
  ],
  "givers": ["mairie"]
}
"""


@dataclass(frozen=True, slots=True)
class _Link:
    source: str | int
    target: str | int
    value: float


def answer(document):
    given = members(
        document,
        {
            "links": many(_link),
            "givers": optional(many(identifier()), []),
            "max_length": optional(whole(2, LONGEST), 3),
            "max_chain": optional(whole(2, LONGEST), 4),
            "time_limit_s": optional(number(0, LONGEST_WAIT_S), 60),
        },
    )
    givers = _alone(given["givers"])
    written = {str(end): end for link in given["links"] for end in (link.source, link.target)} | givers
    _check(given["links"], givers)
    found = circles.find(
        [(written[str(link.source)], written[str(link.target)], link.value) for link in given["links"]],
        givers=givers.values(),
        max_length=given["max_length"],
        max_chain=given["max_chain"],
        time_limit_s=given["time_limit_s"],
    )
    return {
        "circles": [list(circle) for circle in found.circles],
        "chains": [list(chain) for chain in found.chains],
        "total": found.total,
        "upper_bound": found.upper_bound,
        "optimal": found.optimal,
    }


def _link(value, where):
    read = members(value, {"from": identifier(), "to": identifier(), "value": number(0, MOST_VALUE)}, where)
    return _Link(read["from"], read["to"], read["value"])


def _alone(givers):
    """{giver as a text: giver}, each once."""
    found = {}
    for index, giver in enumerate(givers):
        if str(giver) in found:
            raise Refused(f"{_quoted(giver)} est déjà dans «{NBSP}givers{NBSP}».", f"/givers/{index}")
        found[str(giver)] = giver
    return found


def _check(links, givers):
    seen = set()
    for index, link in enumerate(links):
        source, target = str(link.source), str(link.target)
        if source == target:
            raise Refused(f"{_quoted(source)} ne peut pas se donner à soi-même.", f"/links/{index}/to")
        if target in givers:
            message = (
                f"{_quoted(target)} donne sans rien demander{NBSP}: retirez ce lien, ou cette structure de givers."
            )
            raise Refused(message, f"/links/{index}/to")
        if (source, target) in seen:
            raise Refused(f"Un lien de {_quoted(source)} à {_quoted(target)} est déjà donné.", f"/links/{index}")
        seen.add((source, target))


def _quoted(name):
    return f"«{NBSP}{name}{NBSP}»"
