"""What is said of forecasts that were held against what came, by every hindcast alike."""

from __future__ import annotations

import pandas as pd

UNCHANGED, COHORT, OURS = "unchanged", "cohort", "ours"
SAME = 1e-9
"""Errors, and limits, so near are the same: forecasts of different methods can be equal but for the last bit."""


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
