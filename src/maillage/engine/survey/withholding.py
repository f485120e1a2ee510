"""What may not be published: counts under a threshold, and what would give them back.

A published table comes with its totals. Whoever reads it can bound a withheld cell from the rest of its row and of its
column; the width of that interval is here at least the threshold, for every withheld cell.
"""

import numpy as np


def hides_someone(counts, threshold):
    """Whether some count is under the threshold; 0 is too, since « nobody said it » is known of each of them."""
    return bool((np.asarray(counts) < threshold).any())


def totals_hide_someone(table, threshold):
    """Whether a whole row or column is under the threshold: then the totals cannot be published either."""
    counts = np.asarray(table)
    return hides_someone(counts.sum(axis=0), threshold) or hides_someone(counts.sum(axis=1), threshold)


def withheld_cells(table, threshold):
    """The cells to withhold: a boolean array of the shape of ``table``, whose totals are published.

    Each cell under the threshold is withheld with three others, that make a rectangle with it: answers may have moved
    around it, +k, -k, +k, -k, for enough values of k (the hypercube method: Repsilber, 1994). The rectangle is the one
    that withholds the fewest further cells, then the fewest answers; a tie goes to the first row, then column.
    Where a cell has no such rectangle, all cells are withheld: totals alone bound each cell to an interval that is no
    narrower than the smallest of them. A row or a column that is too small as a whole never has a rectangle.
    """
    counts = np.asarray(table)
    withheld = np.zeros(counts.shape, bool)
    for row, column in np.argwhere(counts < threshold):
        if withheld[row, column]:
            continue
        corner = _opposite_corner(counts, withheld, row, column, threshold)
        if corner is None:
            return np.ones(counts.shape, bool)
        withheld[np.ix_([row, corner[0]], [column, corner[1]])] = True
    return withheld


def _opposite_corner(counts, withheld, row, column, threshold):
    """The (row, column) of the cell across the best rectangle, or None."""
    same_column, same_row = counts[:, [column]], counts[[row], :]
    wide = np.minimum(counts[row, column], counts) + np.minimum(same_column, same_row) >= threshold
    wide[row, :] = wide[:, column] = False
    if not wide.any():
        return None
    kept = (~withheld).astype(int)
    cells = kept + kept[:, [column]] + kept[[row], :]
    kept *= counts
    answers = kept + kept[:, [column]] + kept[[row], :]
    best = np.lexsort((answers[wide], cells[wide]))[0]
    return np.argwhere(wide)[best]
