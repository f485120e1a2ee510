"""A jury's ranking of applications and the budget granted down it, in fractions: no rank hangs on a rounding."""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from operator import attrgetter


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """Where an application stands.

    score          exact; None when no juror marked it
    marks          how many jurors marked it
    rank           1 + how many applications have a better score; None without a score
    granted_cents  its whole request, or 0
    """

    application: str
    score: Fraction | None
    marks: int
    rank: int | None
    granted_cents: int


def deliberate(*, weights, marks, requests, budget_cents, normalise=False):
    """The Ranked of every application, best first, equals in the order of their names.

    weights   {criterion: Fraction >= 0}, not all 0; only their proportions count
    marks     {(juror, application, criterion): Fraction}; a juror who marks an application marks it on every criterion
    requests  {application: int >= 0, in cents}, for every application
    """
    totals = weighted(weights, marks)
    if normalise:
        totals = aligned(totals)
    given = defaultdict(list)
    for (_, application), total in totals.items():
        given[application].append(total)
    scores = {application: _mean(found) for application, found in given.items()}
    tiers = _tiers(scores)
    granted = _granted(tiers, requests, budget_cents)
    rank_of = {}
    for tier in tiers:
        rank_of |= dict.fromkeys(tier, len(rank_of) + 1)
    return tuple(
        Ranked(
            application=application,
            score=scores.get(application),
            marks=len(given.get(application, ())),
            rank=rank_of.get(application),
            granted_cents=granted.get(application, 0),
        )
        for application in (*rank_of, *sorted(requests.keys() - scores.keys()))
    )


def ties(ranking):
    """The applications of equal score: a list of lists of two or more, best first."""
    scored = (found for found in ranking if found.rank)
    tiers = [[found.application for found in tier] for _, tier in groupby(scored, key=attrgetter("rank"))]
    return [tier for tier in tiers if len(tier) > 1]


def weighted(weights, marks):
    """{(juror, application): the mean of the juror's marks, by the weights of the criteria}."""
    everything = sum(weights.values())
    shares = {criterion: Fraction(weight) / everything for criterion, weight in weights.items()}
    totals = defaultdict(Fraction)
    for (juror, application, criterion), mark in marks.items():
        totals[juror, application] += shares[criterion] * mark
    return totals


def aligned(totals):
    """``totals`` with the severity of the jurors taken out: all have the same mean and the same spread.

    The spread is the mean distance to the mean, which unlike the standard deviation is a fraction. The common mean and
    spread are the means of the jurors'. A juror who always gave the same total takes no side: the common mean.
    """
    of_juror = defaultdict(list)
    for (juror, _), total in totals.items():
        of_juror[juror].append(total)
    means = {juror: _mean(found) for juror, found in of_juror.items()}
    spreads = {juror: _mean([abs(total - means[juror]) for total in found]) for juror, found in of_juror.items()}
    mean, spread = _mean(means.values()), _mean(spreads.values())
    scales = {juror: spread / own if own else Fraction(0) for juror, own in spreads.items()}
    return {
        (juror, application): mean + scales[juror] * (total - means[juror])
        for (juror, application), total in totals.items()
    }


def _mean(values):
    return sum(values, Fraction(0)) / len(values) if values else Fraction(0)


def _tiers(scores):
    """Lists of applications of equal score, best first, each in the order of the names."""
    best_first = sorted(scores, key=lambda application: (-scores[application], application))
    return [list(tier) for _, tier in groupby(best_first, key=scores.get)]


def _granted(tiers, requests, budget_cents):
    """{application: cents} granted down the ranking.

    An application that asks for more than what is left gets nothing and the next ones are looked at. Equals are granted
    all together; when they don't fit together, what is left is for the jury to decide and nothing more is granted.
    """
    granted = {}
    left = budget_cents
    for tier in tiers:
        asked = sum(requests[application] for application in tier)
        if asked <= left:
            granted.update((application, requests[application]) for application in tier)
            left -= asked
        elif len(tier) > 1:
            break
    return granted
