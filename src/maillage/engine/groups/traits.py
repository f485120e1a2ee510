"""What people are, as numbers, and how evenly groups mix it."""

import numpy as np

UNKNOWN = "non précisé"  # the value of a trait that someone does not have


class Traits:
    """The traits as numbers.

    value      array (people, traits): each value of each trait has its own number
    low, high  arrays (groups, values): the fair share, rounded down and up
    """

    def __init__(self, people, sizes):
        self.names = sorted({name for traits in people for name in traits})
        pairs = [[(name, traits.get(name, UNKNOWN)) for name in self.names] for traits in people]
        number = {pair: index for index, pair in enumerate(sorted({pair for row in pairs for pair in row}))}
        numbers = [[number[pair] for pair in row] for row in pairs]
        self.value = np.array(numbers, int).reshape(len(people), len(self.names))
        self.trait = np.array([self.names.index(name) for name, _ in number], int)
        shares = np.outer(sizes, np.bincount(self.value.ravel(), minlength=len(number))) / max(1, len(people))
        self.low, self.high = np.floor(shares).astype(np.int32), np.ceil(shares).astype(np.int32)

    def counts(self, group):
        """Array (groups, values): how many people of each value each group has."""
        counts = np.zeros_like(self.low)
        np.add.at(counts, (group[:, None], self.value), 1)
        return counts

    def misplaced(self, group):
        """Array (traits,): how many people are too many or too few of their value, over all the groups."""
        counts = self.counts(group)
        by_value = np.maximum(0, np.maximum(counts - self.high, self.low - counts)).sum(axis=0)
        return np.bincount(self.trait, by_value, len(self.names)).astype(int)
