"""Amounts to the cent: what is shared out adds up to what there was."""

from fractions import Fraction

MILLION = 1_000_000


def split_cents(total, parts):
    """Split ``total`` cents in proportion to ``parts`` (largest remainder).

    total    int, in cents
    parts    n numbers (int, float or Fraction) of any sign, whose sum is not 0 unless ``total`` is
    Returns  list of n ints, in cents, whose sum is exactly ``total``
    Raises   ValueError when there is something to share and the parts add up to 0
    Source   Hamilton's method; a tie goes to the earlier part. Shares are compared to a millionth of a cent, so that
             what floats round does not decide.
    """
    if total == 0:
        return [0] * len(parts)
    exact = [Fraction(part) for part in parts]
    whole = sum(exact)
    if whole == 0:
        raise ValueError("the parts add up to 0")
    quotas = [divmod(round(total * MILLION * part / whole), MILLION) for part in exact]
    cents = [floor for floor, _ in quotas]
    by_remainder = sorted(range(len(quotas)), key=lambda index: -quotas[index][1])
    for index in by_remainder[: total - sum(cents)]:
        cents[index] += 1
    return cents
