"""The door's topic « split »: a cost or a saving in, the share of each player out."""

from fractions import Fraction
from itertools import combinations

import numpy as np

from maillage.engine.documents import Refused, below, identifier, many, mapping, members, number, optional, text, whole
from maillage.engine.french import NBSP, euros_fr, number_fr
from maillage.engine.split.cents import split_cents
from maillage.engine.split.coalitions import in_core
from maillage.engine.split.nucleolus import nucleolus
from maillage.engine.split.shapley import airport, sampled_shapley, shapley

EXACT_PLAYERS = 20
SHARE_DECIMALS = 9

NEEDED = {
    "equal": ("players",),
    "weights": ("weights",),
    "shapley": ("players", "values"),
    "nucleolus": ("players", "values"),
    "airport": ("costs",),
}
ALLOWED = {"equal": ("values",), "weights": ("players", "values"), "airport": ("players",)}

HELP = """\
La part de chacun dans une dépense commune ou dans ce qu’elle fait économiser.

On donne :
  method          equal      parts égales entre les players
                  weights    parts en proportion des weights
                  shapley    ce que chacun ajoute à ceux qui sont déjà là, en moyenne sur tous les ordres d’arrivée
                  nucleolus  les parts dont le groupe le plus mal servi se plaint le moins, puis le suivant (20 players
                             au plus)
                  airport    chacun a besoin d’un bien d’un certain prix et le plus cher suffit à tous ; chaque tranche
                             du prix se partage entre ceux qui en ont besoin
  players         une liste de noms, pour equal, shapley et nucleolus
  weights         un objet { nom: poids }, pour weights
  values          un objet { coalition: valeur }, pour shapley et nucleolus ; pour equal et weights si on veut in_core.
                  Une coalition est la suite de ses membres, dans l’ordre de players, avec une virgule entre deux :
                  « A », « A,B ». Toutes y sont, sauf la coalition vide, qui vaut 0
  costs           un objet { nom: coût }, pour airport
  kind            ce que sont les valeurs : cost, un coût, ou saving, une économie (cost si rien n’est dit)
  total_cents     la somme à répartir au centime, en proportion des parts
  seed            le hasard de shapley au-delà de 20 players (0 si rien n’est dit)

On reçoit :
  shares          la part de chacun : leur somme est la valeur de la coalition de tous ; sans values ni costs, c’est
                  total_cents, ou 1
  shares_cents    avec total_cents : les parts en centimes, dont la somme est exactement total_cents
  in_core         true si aucune coalition ne ferait mieux seule, false si l’une ferait mieux, null sans values ni costs
  exact           false si les parts sont estimées : shapley au-delà de 20 players
  standard_error  si exact est false : l’erreur type de chaque part
"""

EXAMPLE = """\
{
  "method": "shapley",
  "kind": "cost",
  "players": ["foyer rural", "harmonie", "judo club"],
  "values": {"foyer rural": 300, "harmonie": 400, "judo club": 500,
             "foyer rural,harmonie": 550, "foyer rural,judo club": 620, "harmonie,judo club": 700,
             "foyer rural,harmonie,judo club": 800},
  "total_cents": 80000
}
"""


def answer(document):
    given = members(
        document,
        {
            "method": text(20, "|".join(NEEDED), "equal, weights, shapley, nucleolus ou airport"),
            "total_cents": optional(whole(), None),
            "players": optional(_players, None),
            "weights": optional(mapping(number(0)), None),
            "values": optional(mapping(number()), None),
            "costs": optional(mapping(number(0)), None),
            "kind": optional(text(10, "cost|saving", "cost ou saving"), "cost"),
            "seed": optional(whole(0), 0),
        },
    )
    _check_members(given)
    players = _all_players(given)
    game = None if given["values"] is None else _game(players, given["values"])
    _check_total(given, game)
    shares, errors = _shares(given, players, game)

    written = {"shares": _named(players, shares)}
    if given["total_cents"] is not None:
        written["shares_cents"] = dict(zip(players, split_cents(given["total_cents"], shares), strict=True))
    written["in_core"] = _in_core(given, shares, game)
    written["exact"] = errors is None
    if errors is not None:
        written["standard_error"] = _named(players, errors)
    return written


def _players(value, where):
    """Names as texts, since they are keys of the other objects."""
    names = [str(name) for name in many(identifier())(value, where)]
    if not names:
        raise Refused("Donnez au moins un nom.", where)
    seen = set()
    for index, name in enumerate(names):
        if name in seen:
            raise Refused(f"«{NBSP}{name}{NBSP}» est déjà dans cette liste.", f"{where}/{index}")
        seen.add(name)
    return names


def _check_members(given):
    method = given["method"]
    for name in ("players", "weights", "values", "costs"):
        if given[name] is None and name in NEEDED[method]:
            raise Refused(f"Il manque le membre «{NBSP}{name}{NBSP}», dont la méthode {method} a besoin.", f"/{name}")
        if given[name] is not None and name not in NEEDED[method] + ALLOWED.get(method, ()):
            message = f"La méthode {method} ne se sert pas du membre «{NBSP}{name}{NBSP}»{NBSP}: retirez-le."
            raise Refused(message, f"/{name}")
    if method == "nucleolus" and len(given["players"]) > EXACT_PLAYERS:
        raise Refused(f"La méthode nucleolus va jusqu’à {EXACT_PLAYERS}{NBSP}players.", "/players")
    if method == "weights" and not any(given["weights"].values()):
        raise Refused("Donnez au moins un poids plus grand que zéro.", "/weights")
    if method == "airport" and not given["costs"]:
        raise Refused("Donnez au moins un coût.", "/costs")
    if method == "airport" and given["kind"] == "saving":
        raise Refused("La méthode airport partage un coût, pas une économie.", "/kind")


def _all_players(given):
    """The players in their order: « players », or the names of « weights » or « costs », which must be the same."""
    name = "costs" if given["weights"] is None else "weights"
    amounts = given[name]
    if amounts is None:
        return given["players"]
    players = given["players"] or list(amounts)
    known = set(players)
    for key in amounts:
        if key not in known:
            raise Refused(f"«{NBSP}{key}{NBSP}» n’est pas dans players.", below(f"/{name}", key))
    for player in players:
        if player not in amounts:
            raise Refused(f"Il manque le nombre de «{NBSP}{player}{NBSP}».", below(f"/{name}", player))
    return players


def _game(players, values):
    """The value of each coalition, as an array (see ``engine.split.coalitions``)."""
    for index, player in enumerate(players):
        if "," in player:
            message = f"Le nom «{NBSP}{player}{NBSP}» contient une virgule, qui sépare les membres d’une coalition."
            raise Refused(message, f"/players/{index}")
    if values.get("", 0):
        raise Refused("La coalition vide vaut toujours 0.", "/values/")
    values = {"": 0.0, **values}
    if len(values) == 2 ** len(players):
        names = [""]
        for player in players:
            names += [f"{name},{player}" if name else player for name in names]
        if all(name in values for name in names):
            return np.array([values[name] for name in names])
    raise _misnamed_coalition(players, values)


def _misnamed_coalition(players, values):
    """The refusal of the first coalition that is not written as it should be, or else is missing."""
    position = {player: index for index, player in enumerate(players)}
    for name in filter(None, values):
        names = name.split(",")
        for unknown in names:
            if unknown not in position:
                message = f"«{NBSP}{unknown}{NBSP}» n’est pas dans players."
                return Refused(message, below("/values", name))
        ordered = ",".join(sorted(set(names), key=position.__getitem__))
        if name != ordered:
            message = f"Écrivez cette coalition dans l’ordre de players{NBSP}: «{NBSP}{ordered}{NBSP}»."
            return Refused(message, below("/values", name))
    groups = (group for size in range(1, len(players) + 1) for group in combinations(players, size))
    missing = next(name for name in map(",".join, groups) if name not in values)
    return Refused(f"Il manque la valeur de la coalition «{NBSP}{missing}{NBSP}».", below("/values", missing))


def _check_total(given, game):
    """The cents follow the shares, which must then add up to something of the same sign."""
    if game is None and given["costs"] is None:
        return
    whole_value = max(given["costs"].values()) if game is None else game[-1]
    total = given["total_cents"]
    if total and total * whole_value <= 0:
        message = (
            f"On ne peut pas répartir {euros_fr(total)} en proportion de parts dont la somme est "
            f"{number_fr(whole_value)}{NBSP}: corrigez total_cents ou les valeurs."
        )
        raise Refused(message, "/total_cents")


def _shares(given, players, game):
    """(the share of each player, their standard errors or None)."""
    method = given["method"]
    if method == "airport":
        return airport([given["costs"][player] for player in players]), None
    if method == "nucleolus":
        return nucleolus(game, cost=given["kind"] == "cost"), None
    if method == "shapley" and len(players) <= EXACT_PLAYERS:
        return shapley(game), None
    if method == "shapley":
        bits = 1 << np.arange(len(players))
        return sampled_shapley(len(players), lambda coalitions: game[coalitions @ bits], seed=given["seed"])
    if game is not None:
        whole_value = Fraction(game[-1])
    else:
        whole_value = Fraction(1 if given["total_cents"] is None else given["total_cents"])
    weights = [Fraction(given["weights"][player] if method == "weights" else 1) for player in players]
    unit = whole_value / sum(weights)
    return [weight * unit for weight in weights], None


def _in_core(given, shares, game):
    if game is not None:
        return in_core(game, shares, cost=given["kind"] == "cost")
    return True if given["method"] == "airport" else None


def _named(players, amounts):
    return {player: round(float(amount), SHARE_DECIMALS) + 0.0 for player, amount in zip(players, amounts, strict=True)}
