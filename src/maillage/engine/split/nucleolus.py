"""The nucleolus: the shares that make the coalition with most to complain of as content as can be, then the next.

What a coalition can complain of, its excess, is what it is worth alone less what its members get. The greatest excess
is made as small as can be; the coalitions that hold it there are set; the greatest excess of the others comes next, and
so on until one split is left.

Source: Maschler, Peleg, Shapley (1979) for the sequence of linear programmes; Kohlberg (1971) for the coalitions in the
span of those already set, whose excess no longer moves. Each programme starts with few coalitions; those that its
answer wrongs are added until there are none.
"""

import numpy as np
from scipy.linalg import null_space
from scipy.optimize import linprog

from maillage.engine.split.coalitions import player_count, subset_sums

TOLERANCE = 1e-9  # the game is scaled: its greatest value is 1
ROUNDED = 1e-12  # of amounts that are added up: what floats may round
FAR = 1000.0  # no split that a programme weighs is so far from the last one (Euclidean distance, in the scaled game)
ADDED = 32  # wronged coalitions added to a programme at once


def nucleolus(values, *, cost=False):
    """The shares of the n players of a game (see ``coalitions``), as an array.

    Nobody gets less than alone (or, of a cost, pays more) whenever the whole is worth enough for that; when it is not,
    every split of the whole is weighed (the prenucleolus).

    values  array of 2^n floats, n from 1 to 20
    cost    True when the values are costs, which players want small
    """
    if cost:
        return -nucleolus(-values)
    alone = values[1 << np.arange(player_count(values))]
    gains = values - subset_sums(alone)  # the nucleolus of a game and of its gains differ by what each has alone
    scale = np.abs(gains).max()
    if scale <= TOLERANCE * np.abs(values).max():
        return alone + gains[-1] / len(alone)
    rounded = ROUNDED * (np.abs(alone).sum() + abs(values[-1]))
    return alone + scale * _Programmes(gains / scale, floor=gains[-1] >= -rounded).solved()


class _Programmes:
    """The successive programmes of a game whose players are worth 0 alone and whose greatest value is 1 (or −1).

    floor  whether nobody may get less than 0
    """

    def __init__(self, game, *, floor):
        self.game = game
        self.count = player_count(game)
        self.floor = floor
        self.shares = np.full(self.count, game[-1] / self.count)
        # What is set: equations « sum of these players' shares (+ excess of this stage) = value ».
        self.players, self.stages, self.values = [np.ones(self.count)], [None], [game[-1]]
        self.rows = self._first_rows()

    def _first_rows(self):
        """Each player alone, and all but each: what holds the first programme."""
        one = 1 << np.arange(self.count)
        return np.unique(np.concatenate([one, len(self.game) - 1 - one]))

    def solved(self):
        stage = 0
        while True:
            directions = null_space(np.array(self.players), rcond=TOLERANCE)
            free = self._free(directions)
            if not free.any():
                return self._polished(stage)
            self._set_worst(stage, directions, free)
            stage += 1

    def _free(self, directions):
        """Which coalitions have an excess that still moves when the shares move along the directions left."""
        free = np.zeros(len(self.game), bool)
        for direction in directions.T:
            free |= np.abs(subset_sums(direction)) > TOLERANCE
        return free

    def _set_worst(self, stage, directions, free):
        """Make the greatest excess of the free coalitions as small as can be; set those that hold it there."""
        start = self.shares
        rows = self.rows[free[self.rows]]
        if not rows.size:
            rows = np.flatnonzero(free)[:1]
        while True:
            members = self._members(rows)
            steps, excess, weights, floor_weights = self._least(members, self.game[rows], directions, start)
            self.shares = start + directions @ steps
            wronged = self._wronged(excess, free, rows)
            if not wronged.size:
                break
            rows = np.concatenate([rows, wronged])
        for row in np.flatnonzero(weights > TOLERANCE):
            self._set(members[row], stage, self.game[rows[row]])
        for player in np.flatnonzero(floor_weights > TOLERANCE):
            self._set(np.eye(self.count)[player], None, 0.0)
        self.rows = rows

    def _least(self, members, values, directions, start):
        """(steps along the directions, greatest excess, weight of each coalition, weight of each player's floor)."""
        moved = np.hstack([-members @ directions, -np.ones((len(members), 1))])
        limits = members @ start - values
        if self.floor:
            moved = np.vstack([moved, np.hstack([-directions, np.zeros((self.count, 1))])])
            limits = np.concatenate([limits, start])
        steps = directions.shape[1]
        found = linprog(
            c=np.append(np.zeros(steps), 1.0),
            A_ub=moved,
            b_ub=limits,
            bounds=[(-FAR, FAR)] * steps + [(None, None)],
            method="highs-ds",
        )
        if found.status != 0:
            raise ArithmeticError(f"HiGHS: {found.message}")
        weights = -found.ineqlin.marginals
        return found.x[:-1], found.x[-1], weights[: len(members)], weights[len(members) :]

    def _wronged(self, excess, free, rows):
        """The free coalitions outside the programme whose excess is greater, the worst first."""
        complaint = np.where(free, self.game - subset_sums(self.shares), -np.inf)
        complaint[rows] = -np.inf
        wronged = np.flatnonzero(complaint > excess + TOLERANCE)
        return wronged[np.argsort(-complaint[wronged], kind="stable")[:ADDED]]

    def _members(self, coalitions):
        """A row of n zeros and ones for each coalition."""
        return (coalitions[:, None] >> np.arange(self.count) & 1).astype(float)

    def _set(self, players, stage, value):
        self.players.append(players)
        self.stages.append(stage)
        self.values.append(value)

    def _polished(self, stages):
        """The one split that everything set leaves, solved at once: free of what the programmes rounded."""
        excesses = np.zeros((len(self.stages), stages))
        for row, stage in enumerate(self.stages):
            if stage is not None:
                excesses[row, stage] = 1.0
        known = np.hstack([np.array(self.players), excesses])
        return np.linalg.lstsq(known, np.array(self.values), rcond=None)[0][: self.count]
