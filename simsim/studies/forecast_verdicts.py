"""What is said of forecasts that were held against what came, by every hindcast alike."""

from __future__ import annotations

from math import comb

import pandas as pd

UNCHANGED, COHORT, OURS = "unchanged", "cohort", "ours"
SAME = 1e-9
"""Errors, and limits, so near are the same: forecasts of different methods can be equal but for the last bit."""

CHANCE = 0.05
"""What chance alone does less often than this is taken for a difference."""


def inside(ours: pd.DataFrame) -> str:
    """Return how many of the forecasts with a range (low, high) came to lie in it, as `k of n`."""
    limited = ours[ours["low"].notna()]
    low, high = limited["low"] * (1 - SAME), limited["high"] * (1 + SAME)
    k = int(limited["actual"].between(low, high).sum())
    return f"{k} of {len(limited)}" if len(limited) else "no interval"


def no_better(errors: pd.Series[float]) -> str:
    """Return what our method's mean error (by method) does not stay below."""
    others = [method for method in (UNCHANGED, COHORT) if errors[OURS] >= errors[method] - SAME]
    return f"no better than {' or '.join(others)}" if others else "better than both"


def unlike_chance(more: int, fewer: int) -> bool:
    """Tell whether a coin falls so unevenly in fewer than one of twenty trials (sign test, two-sided; Conover 1999)."""
    n, least = more + fewer, min(more, fewer)
    return bool(2 * sum(comb(n, k) for k in range(least + 1)) < CHANCE * 2**n)
