"""The door's topic « survey »: counts or answers in, what they say and how surely out."""

from collections import Counter
from dataclasses import asdict
from math import fsum, prod

from maillage.engine.documents import (
    Refused,
    as_is,
    below,
    boolean,
    identifier,
    many,
    mapping,
    members,
    number,
    optional,
    record,
    text,
    whole,
)
from maillage.engine.french import NBSP, count_fr, join_fr
from maillage.engine.survey.inference import crosstab, few_expected, mean, proportion, two_proportions
from maillage.engine.survey.raking import rake
from maillage.engine.survey.withholding import hides_someone, totals_hide_someone, withheld_cells

HELP = """\
Ce que disent les réponses à un questionnaire, avec quelle sûreté, et ce qui peut en être publié.

On donne :
  analysis                    proportion, two_proportions, crosstab, mean ou rake
  count, total                pour proportion : combien l’ont dit, sur combien
  a, b                        pour two_proportions : deux groupes, chacun avec count et total
  table                       pour crosstab : les effectifs, ligne par ligne, deux lignes et deux colonnes au moins
  values                      pour mean : les nombres, deux au moins
  rows, margins               pour rake : les réponses, { critère: valeur }, et la part de chaque valeur dans toute la
                              population, { critère: { valeur: part } }, de somme 1
  confidence                  la confiance des intervalles low, high (0,95 si rien n’est dit)
  publish                     true pour ce qui sera publié : ce qui repose sur trop peu de réponses n’est pas donné
                              (false si rien n’est dit)
  threshold                   en dessous, c’est trop peu (5 si rien n’est dit) ; 0 aussi est trop peu, et « tous sauf
                              quelques-uns » de même

On reçoit :
  estimate, low, high         pour proportion et mean, avec leur intervalle (Wilson ; Student)
  sd, n                       pour mean : l’écart type et le nombre de réponses
  difference, low, high       pour two_proportions : a moins b, avec son intervalle (Newcombe)
  z, p_value, fisher_p        le test de la différence, et le test exact de Fisher
  cohen_h                     la taille de la différence : 0,2 petite ; 0,5 moyenne ; 0,8 grande
  chi2, dof, p_value          pour crosstab : le khi-deux, sans correction ; fisher_p pour deux lignes et deux colonnes
  expected, cramers_v         les effectifs attendus sans lien, et la force du lien, de 0 à 1
  warning                     pour crosstab, quand le test n’est pas sûr ou qu’il manque quelque chose
  weights, deff, converged    pour rake : le poids de chaque réponse, de moyenne 1 ; l’effet de plan ; si les parts sont
                              atteintes
  withheld                    avec publish : true s’il manque quelque chose, qui est alors null
  table                       pour crosstab, avec publish : les effectifs, dont ceux qui manquent ne peuvent pas être
                              retrouvés par les totaux
"""

EXAMPLE = """\
{
  "analysis": "two_proportions",
  "a": {"count": 456, "total": 600},
  "b": {"count": 402, "total": 600}
}
"""

SIGNIFICANT_DIGITS = 12  # beyond, two processors may not agree
SUM_TOLERANCE, SMALLEST_SHARE = 1e-3, 1e-6  # shares are often rounded; a smaller one is none
MOST_ANSWERS, MOST_CELLS = 10**8, 10_000


def answer(document):
    names = document if isinstance(document, dict) else ()
    chosen = text(20, "|".join(ANALYSES), join_fr(ANALYSES, "ou"))
    analysis = members(document, {**dict.fromkeys(names, as_is), "analysis": chosen})["analysis"]
    kinds, analyse = ANALYSES[analysis]
    return _rounded(analyse(members(document, {"analysis": chosen, **kinds, **PRIVACY})))


def _confidence(value, where):
    read = number(0.5, 1)(value, where)
    if read == 1:
        raise Refused("Une confiance de moins de 1 est attendue ici, par exemple 0,95.", where)
    return read


COUNTS = {"count": whole(0, MOST_ANSWERS), "total": whole(1, MOST_ANSWERS)}
PRIVACY = {"publish": optional(boolean, False), "threshold": optional(whole(2, 1000), 5)}
CONFIDENCE = {"confidence": optional(_confidence, 0.95)}


def _rounded(value):
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}") if isinstance(value, float) else value


def _published(found, given, counts):
    """The answer, without its figures when it is to be published and some of ``counts`` is too small."""
    if not given["publish"]:
        return found
    withheld = hides_someone(counts, given["threshold"])
    return {**(dict.fromkeys(found) if withheld else found), "withheld": withheld}


def _count_and_rest(given, where):
    """How many said it, and how many did not."""
    if given["count"] > given["total"]:
        raise Refused("Ce nombre ne peut pas dépasser total.", f"{where}/count")
    return given["count"], given["total"] - given["count"]


def _proportion(given):
    counts = _count_and_rest(given, "")
    found = asdict(proportion(given["count"], given["total"], given["confidence"]))
    return {**_published(found, given, counts), "method": "wilson"}


def _two_proportions(given):
    counts = _count_and_rest(given["a"], "/a") + _count_and_rest(given["b"], "/b")
    a, b = ((given[side]["count"], given[side]["total"]) for side in "ab")
    return _published(asdict(two_proportions(a, b, given["confidence"])), given, counts)


def _mean(given):
    values = given["values"]
    if len(values) < 2:
        raise Refused("Il faut au moins deux nombres.", "/values")
    counts = [len(values)]
    alike = max(Counter(values).values())
    if 2 * alike > len(values):  # most answered the same: the others are a group, and the mean tells what they said
        counts.append(len(values) - alike)
    return {**_published(asdict(mean(values, given["confidence"])), given, counts), "method": "student"}


def _crosstab(given):
    table, threshold = given["table"], given["threshold"]
    _check_table(table)
    found = asdict(crosstab(table))
    if found["fisher_p"] is None:
        del found["fisher_p"]
    few, unsure = few_expected(found["expected"])
    if unsure:
        cells = len(table) * len(table[0])
        instead = " Lisez plutôt fisher_p." if "fisher_p" in found else ""
        found["warning"] = (
            f"Le khi-deux n’est pas sûr ici{NBSP}: trop d’effectifs attendus sont sous 5 ({few} sur {cells}).{instead}"
        )
    if not given["publish"]:
        return found
    return {**found, **_publishable(table, threshold, found)}


def _publishable(table, threshold, found):
    """What changes in an answer to be published: when a cell is withheld, so is every figure that cells are part of."""
    safe_totals = not totals_hide_someone(table, threshold)
    withheld = withheld_cells(table, threshold)
    shown = {
        "table": [
            [None if hidden else count for count, hidden in zip(row, hides, strict=True)]
            for row, hides in zip(table, withheld, strict=True)
        ],
        "withheld": bool(withheld.any()),
    }
    if not shown["withheld"]:
        return shown
    if safe_totals:
        warning = f"Les cases de moins de {threshold} réponses, et d’autres qui les trahiraient, ne sont pas publiées."
    else:
        warning = (
            f"Une ligne ou une colonne a moins de {threshold} réponses{NBSP}: réunissez-la avec une autre "
            "pour publier ce tableau."
        )
    kept = {"dof": found["dof"], "expected": found["expected"] if safe_totals else None}
    return {**dict.fromkeys(found), **kept, "warning": warning, **shown}


def _check_table(table):
    if len(table) < 2 or len(table[0]) < 2:
        raise Refused("Il faut au moins deux lignes et deux colonnes.", "/table")
    if len(table) * len(table[0]) > MOST_CELLS:
        raise Refused(f"Ce tableau est trop grand{NBSP}: {count_fr(MOST_CELLS, 'case')} au plus.", "/table")
    for index, row in enumerate(table):
        if len(row) != len(table[0]):
            raise Refused("Toutes les lignes doivent être de même longueur.", f"/table/{index}")
        if not any(row):
            raise Refused(f"Cette ligne est vide{NBSP}: retirez-la.", f"/table/{index}")
    for index, column in enumerate(zip(*table, strict=True)):
        if not any(column):
            raise Refused(f"Cette colonne est vide{NBSP}: retirez-la de chaque ligne.", f"/table/0/{index}")


def _rake(given):
    margins = given["margins"]
    if not margins:
        raise Refused("Donnez au moins un critère.", "/margins")
    for trait, shares in margins.items():
        total = fsum(shares.values())
        if abs(total - 1) > SUM_TOLERANCE:
            shown = f"{total:.4g}".replace(".", ",")
            raise Refused(f"La somme de ces parts doit être 1, pas {shown}.", below("/margins", trait))
    answered = dict.fromkeys(margins, identifier())
    rows = many(lambda value, where: members(value, answered, where))(given["rows"], "/rows")
    if not rows:
        raise Refused("Il faut au moins une réponse.", "/rows")
    columns, targets = zip(*(_coded(trait, shares, rows) for trait, shares in margins.items()), strict=True)
    found = asdict(rake(columns, targets))
    if not given["publish"]:
        return found
    kinds = Counter(zip(*columns, strict=True))
    absent = prod(map(len, targets)) > len(kinds)
    hidden = absent or hides_someone(list(kinds.values()), given["threshold"])
    return {**found, "weights": None, "deff": None if hidden else found["deff"], "withheld": True}


def _coded(trait, shares, rows):
    """(the values of a trait as ints from 0, one for each row; the share of each value)."""
    codes = {
        value: code for code, value in enumerate(value for value, share in shares.items() if share >= SMALLEST_SHARE)
    }
    for index, row in enumerate(rows):
        if str(row[trait]) not in codes:
            message = f"La valeur «{NBSP}{str(row[trait])[:40]}{NBSP}» n’a pas de part dans margins."
            raise Refused(message, below(f"/rows/{index}", trait))
    column = [codes[str(row[trait])] for row in rows]
    seen = set(column)
    for value, code in codes.items():
        if code not in seen:
            message = f"Aucune réponse n’a cette valeur{NBSP}: réunissez sa part avec celle d’une autre."
            raise Refused(message, below(below("/margins", trait), value))
    return column, [shares[value] / fsum(shares.values()) for value in codes]


ANALYSES = {
    "proportion": ({**COUNTS, **CONFIDENCE}, _proportion),
    "two_proportions": (
        {"a": record(COUNTS, build=dict), "b": record(COUNTS, build=dict), **CONFIDENCE},
        _two_proportions,
    ),
    "crosstab": ({"table": many(many(whole(0, MOST_ANSWERS)))}, _crosstab),
    "mean": ({"values": many(number()), **CONFIDENCE}, _mean),
    "rake": ({"rows": as_is, "margins": mapping(mapping(number(0, 1)))}, _rake),
}
