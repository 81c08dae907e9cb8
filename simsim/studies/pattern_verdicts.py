"""Verdicts of patterns: pass, fail, or not decided when the Monte-Carlo interval straddles the edge of a range."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from simsim.base import shares

PASS, FAIL, NOT_DECIDED = "pass", "FAIL", "not decided"
NOT_JUDGED, NOT_COMPUTABLE = "not judged", "not computable"
SURE = 0.95
TAIL = (1.0 - SURE) / 2.0

Interval = tuple[float, float]


def mean_interval(values: ArrayLike) -> Interval:
    """Return the 95 % Monte-Carlo interval of the mean of replications (Student's t); of a single one everything."""
    found = np.asarray(values, dtype=float)
    if len(found) == 1:
        return -np.inf, np.inf
    half = stats.t.ppf(1.0 - TAIL, len(found) - 1) * found.std(ddof=1) / np.sqrt(len(found))
    return float(found.mean() - half), float(found.mean() + half)


def share_interval(hits: int, n: int) -> Interval:
    """Return the exact 95 % interval (Clopper and Pearson) of a share of which `hits` of `n` replications are."""
    low, high = shares.share_interval(hits, n)
    return float(low), float(high)


def judge(interval: Interval, low: float, high: float) -> str:
    """Return the verdict on an interval against an accepted range, ends included."""
    if low <= interval[0] and interval[1] <= high:
        return PASS
    return FAIL if interval[1] < low or interval[0] > high else NOT_DECIDED


def together(verdicts: list[str]) -> str:
    """Return the verdict on a whole from those on its parts, the judged ones: failed with one, passed with all."""
    judged = [verdict for verdict in verdicts if verdict in (PASS, FAIL, NOT_DECIDED)]
    if not judged:
        return NOT_COMPUTABLE if NOT_COMPUTABLE in verdicts else NOT_JUDGED
    return FAIL if FAIL in judged else NOT_DECIDED if NOT_DECIDED in judged else PASS
