"""Rows of a table that add other rows up without saying so: 英俊镇 with the numbers of its schools together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simsim.base.arrays import Floats, Ints

FEWEST_COLUMNS = 4
"""In how many columns a row must be the sum of others; in so many it is not by chance."""
FEWEST_ROWS = 2
CLOSE = 1e-6


def sums_of_others(numbers: Floats) -> Iterator[tuple[int, int, int]]:
    """Yield the rows (of rows x columns, NaN for none) that are the sum of at least two rows right before or after
    them, with the first and last of those.
    """
    held = np.nan_to_num(numbers)
    held = held[:, (held > 0).sum(axis=0) > FEWEST_ROWS] if len(held) else held
    if held.shape[1] < FEWEST_COLUMNS:
        return
    until = np.vstack([np.zeros(held.shape[1]), np.cumsum(held, axis=0)])
    after = _places(until, held + until[1:])
    before = _places(until, until[:-1] - held)
    for row in np.flatnonzero(np.count_nonzero(held, axis=1) >= FEWEST_COLUMNS).tolist():
        if after[row] - row > FEWEST_ROWS:
            yield row, row + 1, int(after[row]) - 1
        elif 0 <= before[row] <= row - FEWEST_ROWS:
            yield row, int(before[row]), row - 1


def _places(until: Floats, aims: Floats) -> Ints:
    """Return for each row of `aims` after how many rows the sums have it in all columns; -1 where they never have."""
    at = np.searchsorted(until.sum(axis=1), aims.sum(axis=1) * (1 - CLOSE))
    near = np.isclose(until[np.minimum(at, len(until) - 1)], aims, rtol=CLOSE, atol=CLOSE).all(axis=1)
    return np.where(near & (at < len(until)), at, -1)
