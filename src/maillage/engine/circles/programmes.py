"""What HiGHS answers: the best exchanges that share no structure, and the prices that bound them."""

from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

LARGEST = 1e6  # coefficient of an objective: beyond, the solver's tolerances would show
SLACK = 1e-7, 1e-4  # what its bounds may lack by these tolerances: a share, and a number of units


class Packing(NamedTuple):
    """chosen: rows of the exchanges given; bound: on any plan made of them; proven: none is better."""

    chosen: np.ndarray
    bound: float
    proven: bool


def pack(members, worth, size, grain, effort, gap=0):
    """The ``Packing`` of exchanges between ``size`` structures that an integer programme finds with so much ``effort``.

    gap  the share of the total within which a plan is good enough
    """
    if not worth.size:
        return Packing(np.empty(0, int), 0.0, proven=True)
    unit = max(grain, worth.max() / LARGEST)
    result = milp(
        -worth / unit,
        constraints=LinearConstraint(_uses(members, size), ub=1),
        integrality=1,
        bounds=Bounds(0, 1),
        options={"time_limit": effort.left, "node_limit": effort.most_nodes, "mip_rel_gap": gap},
    )
    chosen = np.flatnonzero(result.x > 0.5) if result.x is not None else np.empty(0, int)
    bound = np.inf if result.mip_dual_bound is None else -result.mip_dual_bound * (1 + SLACK[0]) + SLACK[1]
    return Packing(chosen, bound * unit, result.status == 0)


def shadow_prices(members, worth, size, seconds):
    """(size,) what one more of each structure would be worth if exchanges could be split; None when time is out."""
    result = linprog(
        -worth / worth.max(),
        A_ub=_uses(members, size),
        b_ub=np.ones(size),
        method="highs-ds",
        options={"time_limit": seconds},
    )
    return np.maximum(-result.ineqlin.marginals, 0) * worth.max() if result.status == 0 else None


def _uses(members, size):
    """The (structures, exchanges) matrix of who is in what."""
    exchange, place = np.nonzero(members < size)
    return csr_array((np.ones(exchange.size), (members[exchange, place], exchange)), shape=(size, len(members)))
