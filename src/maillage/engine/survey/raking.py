"""Weights that give the answers the shape of the whole population."""

from dataclasses import dataclass

import numpy as np

CLOSE = 1e-9  # the margins are reached when no share is farther than this
PASSES = 1000


@dataclass(frozen=True, slots=True)
class Raked:
    """``weights`` have a mean of 1; ``deff``: n answers so weighted tell as much as n / deff that weigh the same."""

    weights: list[float]
    deff: float
    converged: bool


def rake(columns, margins):
    """Iterative proportional fitting (Deming and Stephan, 1940), with Kish's design effect.

    columns  for each trait, the value of each of the n answers: ints from 0, each value being that of some answer
    margins  for each trait, the share of each value in the population: > 0, adding up to 1
    Where the margins cannot all be reached, the weights are those of the last pass.
    """
    # Answers that are alike weigh the same: each kind of answer is weighed once.
    kinds, kind_of, counts = np.unique(np.array(columns), axis=1, return_inverse=True, return_counts=True)
    shares = [np.array(margin, float) for margin in margins]
    part = counts / counts.sum()  # of each kind, in the weighted answers
    converged = False
    for _ in range(PASSES):
        for values, share in zip(kinds, shares, strict=True):
            part *= (share / np.bincount(values, part))[values]
        gaps = [np.abs(share - np.bincount(values, part)).max() for values, share in zip(kinds, shares, strict=True)]
        if max(gaps) <= CLOSE:
            converged = True
            break
    weight = part * counts.sum() / counts
    return Raked(
        weights=weight[kind_of.ravel()].tolist(),
        deff=float(counts.sum() * (counts * weight**2).sum() / (counts * weight).sum() ** 2),
        converged=converged,
    )
