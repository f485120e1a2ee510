"""Which categories answer which: an offer answers a need of its category, or of one above it."""

import numpy as np


class Relatives:
    """The categories of one side that meet a category of the other, with the levels between them."""

    def __init__(self, codes, present, *, needs):
        """``present``: the categories of a side that holds ``needs``, or offers."""
        self._codes, self._need_side = codes, needs
        self._below: dict[int, list[tuple[int, int]]] = {}
        for category in np.unique(present).tolist():
            for levels, above in enumerate([category] if needs else codes.lineage(category)):
                self._below.setdefault(above, []).append((levels, category))

    def of(self, category):
        """[(levels, category of this side)…] for a category of the other side, the nearest first."""
        if not self._need_side:
            return sorted(self._below.get(category, ()))
        lineage = enumerate(self._codes.lineage(category))
        return [(levels, above) for levels, above in lineage if above in self._below]
