"""How sure a proportion, a difference, a table or a mean is. Shares are between 0 and 1; tests are two-sided."""

import math
import statistics
from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True, slots=True)
class Estimate:
    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """Between two proportions. ``fisher_p`` is the exact test; ``cohen_h`` is the size: 0.2 small, 0.8 large."""

    difference: float
    low: float
    high: float
    z: float
    p_value: float
    fisher_p: float
    cohen_h: float


@dataclass(frozen=True, slots=True)
class Crosstab:
    """``expected``: the counts if rows and columns had no link; ``fisher_p``: None but for two rows and two columns."""

    chi2: float
    dof: int
    p_value: float
    expected: list[list[float]]
    cramers_v: float
    fisher_p: float | None


@dataclass(frozen=True, slots=True)
class Mean:
    estimate: float
    low: float
    high: float
    sd: float
    n: int


def proportion(count, total, confidence=0.95):
    """The Estimate of a proportion: ``count`` of ``total`` >= 1, and Wilson's score interval (JASA, 1927)."""
    z = stats.norm.isf((1 - confidence) / 2)
    share, scale = count / total, 1 + z * z / total
    centre = (share + z * z / (2 * total)) / scale
    reach = z / scale * math.sqrt(share * (1 - share) / total + (z / (2 * total)) ** 2)
    low = 0.0 if count == 0 else centre - reach
    high = 1.0 if count == total else centre + reach
    return Estimate(share, low, high)


def two_proportions(a, b, confidence=0.95):
    """The Difference of ``a`` less ``b``, pairs (count, total >= 1).

    The interval is Newcombe's (method 10, Statistics in Medicine, 1998), out of two Wilson intervals; z uses the pooled
    proportion. When all said the same thing, on both sides, there is no difference: z is 0 and its p_value 1.
    """
    (count_a, total_a), (count_b, total_b) = a, b
    one, other = proportion(count_a, total_a, confidence), proportion(count_b, total_b, confidence)
    difference = one.estimate - other.estimate
    pooled = (count_a + count_b) / (total_a + total_b)
    error = math.sqrt(pooled * (1 - pooled) * (1 / total_a + 1 / total_b))
    z = difference / error if error else 0.0
    return Difference(
        difference=difference,
        low=difference - math.hypot(one.estimate - one.low, other.high - other.estimate),
        high=difference + math.hypot(one.high - one.estimate, other.estimate - other.low),
        z=z,
        p_value=float(2 * stats.norm.sf(abs(z))),
        fisher_p=_fisher_p([[count_a, total_a - count_a], [count_b, total_b - count_b]]),
        cohen_h=2 * (math.asin(math.sqrt(one.estimate)) - math.asin(math.sqrt(other.estimate))),
    )


def crosstab(table):
    """The Crosstab of counts, two rows and two columns at least, none of which is empty.

    Pearson's chi-squared without Yates's correction; Cramér's V without correction for bias.
    """
    counts = np.asarray(table)
    found = stats.chi2_contingency(counts, correction=False)
    return Crosstab(
        chi2=float(found.statistic),
        dof=int(found.dof),
        p_value=float(found.pvalue),
        expected=found.expected_freq.tolist(),
        cramers_v=math.sqrt(found.statistic / (counts.sum() * (min(counts.shape) - 1))),
        fisher_p=_fisher_p(counts) if counts.shape == (2, 2) else None,
    )


def _fisher_p(table):
    return float(stats.fisher_exact(table).pvalue)


def few_expected(expected):
    """(how many cells are expected under 5, whether that is too many for chi-squared), by Cochran's rule (1954).

    Too many: more than one cell in five, or any cell under 1.
    """
    cells = np.asarray(expected)
    few = int((cells < 5).sum())
    return few, 5 * few > cells.size or bool((cells < 1).any())


def mean(values, confidence=0.95):
    """The Mean of two values at least, with Student's interval; ``sd`` divides by n - 1."""
    n, middle, sd = len(values), statistics.fmean(values), statistics.stdev(values)
    reach = float(stats.t.isf((1 - confidence) / 2, n - 1)) * sd / math.sqrt(n)
    return Mean(middle, middle - reach, middle + reach, sd, n)
