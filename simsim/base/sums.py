"""Sums of money and shares that are the same bytes under every Python."""

from __future__ import annotations

from collections.abc import Iterable


def added_up(values: Iterable[float]) -> float:
    """Return the sum of numbers, added one after the other from the left.

    Python's own `sum` compensates rounding errors of floats since 3.12 and did not before, so that its last bits depend
    on the version that runs. Whatever enters a table is added here, or by NumPy.
    """
    total = 0.0
    for value in values:
        total += value
    return total
