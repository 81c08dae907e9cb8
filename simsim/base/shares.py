"""Shares of few: the exact interval of "k of n"."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv

from simsim.base.arrays import Floats

SURE = 0.95
TAIL = (1.0 - SURE) / 2.0


def share_interval(hits: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    """Return both ends of the exact 95 % interval of a share of which `hits` of `n` are (Clopper and Pearson 1934).

    Of numbers or of arrays of one shape; NaN where n is 0.
    """
    k, n = np.broadcast_arrays(np.asarray(hits, float), np.asarray(n, float))
    some, all_but_one = np.maximum(k, 1.0), np.minimum(k, np.maximum(n - 1.0, 0.0))
    low = np.where(k > 0, betaincinv(some, n - some + 1.0, TAIL), 0.0)
    high = np.where(k < n, betaincinv(all_but_one + 1.0, np.maximum(n - all_but_one, 1.0), 1.0 - TAIL), 1.0)
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)
