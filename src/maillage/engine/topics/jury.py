"""The door's topic « jury »: marks, requests and a budget in, the ranking and what is granted out."""

from dataclasses import dataclass
from fractions import Fraction

from maillage.engine.documents import (
    Refused,
    boolean,
    exact,
    identifier,
    many,
    mapping,
    members,
    optional,
    pair,
    record,
    whole,
)
from maillage.engine.french import NBSP
from maillage.engine.jury import deliberate, ties

SCORE_DECIMALS = 6

HELP = """\
Le classement des dossiers par un jury, et le budget accordé en le descendant.

On donne :
  criteria       les critères : id et weight, leur poids ; seules comptent les proportions
  marks          les notes : juror, application (le dossier), criterion et mark
  requests       pour chaque dossier, ce qu’il demande, en centimes
  budget_cents   ce qu’il y a à accorder, en centimes
  recused        des paires [juré, dossier] : ses notes pour ce dossier ne comptent pas (aucune si rien n’est dit)
  normalise      true : un juré sévère pèse autant qu’un juré généreux (false si rien n’est dit)

Un juré qui note un dossier le note sur tous les critères, une seule fois. Les identifiants sont des textes ou des
nombres ; 7 et « 7 » sont le même.

Le total d’un juré pour un dossier est la moyenne de ses notes selon les poids ; le score du dossier, la moyenne des
totaux de ses jurés. Avec normalise, les totaux de chaque juré sont d’abord ramenés à la même moyenne et au même écart
moyen ; un juré qui donne partout le même total ne départage personne.

Le budget est accordé dans l’ordre du classement : toute la demande, ou rien. Un dossier qui demande plus que ce qui
reste n’a rien, et l’on passe au suivant. Des dossiers à égalité sont accordés tous ensemble ; s’ils ne tiennent pas
tous dans ce qui reste, plus rien n’est accordé : au jury de les départager.

On reçoit :
  ranking        les dossiers, le meilleur d’abord : application, score (arrondi à 6 décimales), marks (combien de jurés
                 l’ont noté), rank (à égalité, le même) et granted_cents ; un dossier sans note vient en dernier,
                 score et rank null
  spent_cents    le total accordé
  ties           les dossiers à égalité, groupe par groupe ; le premier qui n’a rien reçu est à départager
"""

EXAMPLE = """\
{
  "criteria": [{"id": "cooperation", "weight": 3}, {"id": "ancrage", "weight": 2}],
  "marks": [
    {"juror": "Awa", "application": "fanfare", "criterion": "cooperation", "mark": 14},
    {"juror": "Awa", "application": "fanfare", "criterion": "ancrage", "mark": 17.5},
    {"juror": "Awa", "application": "tiers-lieu", "criterion": "cooperation", "mark": 18},
    {"juror": "Awa", "application": "tiers-lieu", "criterion": "ancrage", "mark": 13},
    {"juror": "Luc", "application": "fanfare", "criterion": "cooperation", "mark": 8},
    {"juror": "Luc", "application": "fanfare", "criterion": "ancrage", "mark": 9},
    {"juror": "Luc", "application": "jardin", "criterion": "cooperation", "mark": 6},
    {"juror": "Luc", "application": "jardin", "criterion": "ancrage", "mark": 6}
  ],
  "recused": [["Luc", "tiers-lieu"], ["Awa", "jardin"]],
  "budget_cents": 2000000,
  "requests": {"fanfare": 1000000, "jardin": 400000, "tiers-lieu": 1200000},
  "normalise": true
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Criterion:
    id: str | int
    weight: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """``juror``, ``application`` and ``criterion`` as texts, the way the names of ``requests`` are written."""

    juror: str
    application: str
    criterion: str
    mark: Fraction


def answer(document):
    given = members(
        document,
        {
            "criteria": many(record({"id": identifier(), "weight": exact(0)}, build=_Criterion), unique="id"),
            "marks": many(
                record({"juror": _name, "application": _name, "criterion": _name, "mark": exact()}, build=_Mark)
            ),
            "recused": optional(many(pair(_name, "[juré, dossier]")), []),
            "budget_cents": whole(0),
            "requests": mapping(whole(0), named=_name),
            "normalise": optional(boolean, False),
        },
    )
    weights = {str(criterion.id): criterion.weight for criterion in given["criteria"]}
    if not any(weights.values()):
        raise Refused("Donnez au moins un critère dont le poids n’est pas nul.", "/criteria")
    for index, (_, application) in enumerate(given["recused"]):
        _known(application, given["requests"], "requests", f"/recused/{index}/1")
    ranking = deliberate(
        weights=weights,
        marks=_marks(given["marks"], weights, given["requests"], set(given["recused"])),
        requests=given["requests"],
        budget_cents=given["budget_cents"],
        normalise=given["normalise"],
    )
    return {
        "ranking": [_written(found) for found in ranking],
        "spent_cents": sum(found.granted_cents for found in ranking),
        "ties": ties(ranking),
    }


def _marks(marks, weights, requests, recused):
    """{(juror, application, criterion): mark} that count, once sure that each is alone and part of a whole sheet."""
    read = {}
    for index, mark in enumerate(marks):
        where = f"/marks/{index}"
        _known(mark.application, requests, "requests", f"{where}/application")
        _known(mark.criterion, weights, "criteria", f"{where}/criterion")
        key = mark.juror, mark.application, mark.criterion
        if key in read:
            message = f"{_quoted(mark.juror)} a déjà noté le dossier {_quoted(mark.application)} sur ce critère."
            raise Refused(message, where)
        read[key] = mark.mark
    read = {key: mark for key, mark in read.items() if key[:2] not in recused}
    for index, mark in enumerate(marks):
        for criterion in weights if (mark.juror, mark.application) not in recused else ():
            if (mark.juror, mark.application, criterion) not in read:
                told = f"{_quoted(mark.juror)} note le dossier {_quoted(mark.application)} sans le critère"
                message = f"{told} {_quoted(criterion)}{NBSP}: ajoutez cette note, ou retirez les autres."
                raise Refused(message, f"/marks/{index}")
    return read


def _known(name, names, member, where):
    if name not in names:
        raise Refused(f"{_quoted(name)} n’est pas dans «{NBSP}{member}{NBSP}».", where)


def _name(value, where):
    return str(identifier()(value, where))


def _quoted(name):
    return f"«{NBSP}{name}{NBSP}»"


def _written(found):
    return {
        "application": found.application,
        "score": None if found.score is None else float(round(found.score, SCORE_DECIMALS)),
        "marks": found.marks,
        "rank": found.rank,
        "granted_cents": found.granted_cents,
    }
