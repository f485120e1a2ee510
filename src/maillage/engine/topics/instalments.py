"""The door's topic « instalments »: a first year and rates in, the amount of each year out."""

from maillage.engine.documents import Refused, exact, many, members, whole
from maillage.engine.french import NBSP
from maillage.engine.instalments import instalments

MOST_YEARS = 50
MOST_CENTS = 10**13  # 50 years of it are still a whole number that every JSON reader holds

HELP = """\
Une aide dégressive : ce qui est versé chaque année, au centime près.

On donne :
  first_year_cents    le montant de référence, en centimes : ce que vaut une année au taux 1
  rates               le taux de chaque année, de 0 à 1 : 0.5 pour la moitié (50 années au plus)

Chaque année vaut le taux fois le montant de référence, arrondi au centime le plus proche ; un demi-centime compte
pour un centime. Les taux sont lus comme ils sont écrits : 0.1 est exactement un dixième.

On reçoit :
  instalments_cents   le montant de chaque année, dans l’ordre des taux
  total_cents         leur somme, telle qu’elle sera versée
"""

EXAMPLE = """\
{"first_year_cents": 1000000, "rates": [1.0, 0.5, 0.25]}
"""


def answer(document):
    given = members(document, {"first_year_cents": whole(0, MOST_CENTS), "rates": _rates})
    amounts = instalments(given["first_year_cents"], given["rates"])
    return {"instalments_cents": list(amounts), "total_cents": sum(amounts)}


def _rates(value, where):
    rates = many(exact(0, 1))(value, where)
    if not rates:
        raise Refused("Donnez au moins un taux.", where)
    if len(rates) > MOST_YEARS:
        raise Refused(f"Il y a trop de taux{NBSP}: {MOST_YEARS} au plus.", where)
    return rates
