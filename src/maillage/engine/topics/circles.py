"""The door's topic « circles »: who can give to whom in, exchange circles and chains out."""

from maillage.engine.circles import find
from maillage.engine.documents import Refused, identifier, many, members, number, optional, record, whole
from maillage.engine.french import NBSP

HELP = """\
Des cercles et des chaînes d’échange : chacun donne à un autre, pour la plus grande valeur totale.

Dans un cercle, chacun donne au suivant et le dernier au premier. Une chaîne part d’un donneur, qui ne demande rien.
Une structure ne sert qu’une fois.

On donne :
  links          une liste de { from, to, value } : « from » peut donner à « to » quelque chose qui vaut « value »,
                 de 0 à 1 000 000, compté au millionième
  givers         les identifiants des donneurs (aucun si rien n’est dit) ; personne ne leur donne
  max_length     combien de membres a un cercle au plus, de 2 à 10 (3 si rien n’est dit)
  max_chain      combien de membres a une chaîne au plus, donneur compris, de 2 à 10 (4 si rien n’est dit)
  time_limit_s   combien de secondes chercher, 3 600 au plus (60 si rien n’est dit)

On reçoit :
  circles        des listes de structures, chacune à partir du plus petit identifiant
  chains         des listes de structures, chacune à partir du donneur
  total          la somme des valeurs des liens utilisés
  upper_bound    aucun autre choix ne vaut plus
  optimal        vrai si total atteint upper_bound : aucun choix ne vaut mieux
"""

EXAMPLE = """\
{
  "links": [
    {"from": "harmonie", "to": "foyer", "value": 8},
    {"from": "foyer", "to": "harmonie", "value": 5},
    {"from": "foyer", "to": "judo", "value": 6},
    {"from": "judo", "to": "harmonie", "value": 7},
    {"from": "mairie", "to": "théâtre", "value": 4},
    {"from": "théâtre", "to": "chorale", "value": 9}
  ],
  "givers": ["mairie"]
}
"""

LARGEST_VALUE = 1_000_000  # a total then fits in 64 bits, in millionths


def answer(document):
    given = members(
        document,
        {
            "links": many(_LINK),
            "givers": optional(many(identifier()), []),
            "max_length": optional(whole(2, 10), 3),
            "max_chain": optional(whole(2, 10), 4),
            "time_limit_s": optional(number(0, 3_600), 60),
        },
    )
    _check(given["links"], given["givers"])
    found = find(**given)
    return {
        "circles": [list(circle) for circle in found.circles],
        "chains": [list(chain) for chain in found.chains],
        "total": found.total,
        "upper_bound": found.upper_bound,
        "optimal": found.optimal,
    }


_LINK = record(
    {"from": identifier(), "to": identifier(), "value": number(0, LARGEST_VALUE)},
    build=lambda **link: (link["from"], link["to"], link["value"]),
)


def _check(links, givers):
    """Refuse what contradicts itself: ids, links and givers must agree."""
    written = {}
    for where, identity in _identities(links, givers):
        if type(written.setdefault(str(identity), identity)) is not type(identity):
            message = f"Cet identifiant est tantôt un nombre, tantôt un texte{NBSP}: écrivez-le toujours pareil."
            raise Refused(message, where)
    asking_nothing = set()
    for index, giver in enumerate(givers):
        if giver in asking_nothing:
            raise Refused("Ce donneur est déjà dans la liste.", f"/givers/{index}")
        asking_nothing.add(giver)
    seen = set()
    for index, (source, target, _) in enumerate(links):
        if source == target:
            raise Refused("Une structure ne se donne pas à elle-même.", f"/links/{index}/to")
        if target in asking_nothing:
            message = f"Un donneur ne demande rien{NBSP}: ôtez ce lien, ou cette structure de «{NBSP}givers{NBSP}»."
            raise Refused(message, f"/links/{index}/to")
        if (source, target) in seen:
            message = f"Ce lien est déjà dans la liste{NBSP}: gardez-en un seul, avec la valeur qui convient."
            raise Refused(message, f"/links/{index}")
        seen.add((source, target))


def _identities(links, givers):
    """(JSON pointer, id) for each id of the document."""
    for index, (source, target, _) in enumerate(links):
        yield f"/links/{index}/from", source
        yield f"/links/{index}/to", target
    for index, giver in enumerate(givers):
        yield f"/givers/{index}", giver
