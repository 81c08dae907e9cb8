"""Sums that are the same bytes under every Python, and ratios that are not defined where there is nobody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import SupportsFloat

NOT_DEFINED = float("nan")
"""What a mean of nobody is, or a ratio to nothing."""


def added_up(values: Iterable[float]) -> float:
    """Return the sum of numbers, added one after the other from the left.

    Python's own `sum` compensates rounding errors of floats since 3.12 and did not before, so that its last bits depend
    on the version that runs. Whatever enters a table is added here, or by NumPy.
    """
    total = 0.0
    for value in values:
        total += value
    return total


def ratio(amount: SupportsFloat, whole: SupportsFloat) -> float:
    """Return an amount over a whole; NaN, which says "not defined", where the whole is nothing."""
    return float(amount) / float(whole) if float(whole) > 0 else NOT_DEFINED
