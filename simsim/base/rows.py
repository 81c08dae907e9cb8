"""Rows of columns, moved and ranked in one pass: what NumPy does with several, as loops that Numba compiles."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from simsim.base.arrays import AnyArray, Floats, Ints, Mask
from simsim.base.compiled import compiled

Words = NDArray[np.unsignedinteger]
Copy = Callable[[Words, NDArray[np.uint32], Words], None]
Seat = Callable[[Ints, Floats, Ints, Ints, Ints], None]
WORDS = {kind.itemsize: kind for kind in map(np.dtype, (np.uint8, np.uint16, np.uint32, np.uint64))}
"""What a cell of a column is copied as, by its bytes."""


def kept(columns: Iterable[AnyArray], mask: Mask) -> list[AnyArray]:
    """Return the rows in `mask` (n) of columns (n each), as `column[mask]` gives them."""
    return taken(columns, np.flatnonzero(mask))


def taken(columns: Iterable[AnyArray], rows: Ints) -> list[AnyArray]:
    """Return rows (k, each one that there is) of columns (n each), as `column[rows]` gives them."""
    copy = _copier()
    if copy is None:
        return [column[rows] for column in columns]
    places, found = rows.astype(np.uint32), []
    for column in columns:
        out, word = np.empty(len(places), column.dtype), WORDS[column.itemsize]
        copy(np.ascontiguousarray(column).view(word), places, out.view(word))
        found.append(out)
    return found


def ranked(values: Floats) -> Ints:
    """Return the rows of numbers (n) from the least to the largest, equal ones in order of rows: what a stable sort
    gives, by NumPy's usual one, which is several times as fast and, where no two are equal, finds the same order.
    """
    order = np.argsort(values)
    sorted_ = values.take(order)
    if (sorted_[1:] > sorted_[:-1]).all():
        return order
    return np.argsort(values, kind="stable")


@cache
def _copier() -> Copy | None:
    words = (str(word) for word in WORDS.values())
    return compiled(_copy, [f"void(Array({w}, 1, 'C', readonly=True), uint32[::1], {w}[::1])" for w in words])


def _copy(column: Words, rows: NDArray[np.uint32], out: Words) -> None:
    for place in range(len(rows)):
        out[place] = column[rows[place]]


def shared_out(cell: Ints, lot: Floats, classes: Ints) -> Ints:
    """Return the class (n) of each pupil of a cell (n), counted over all cells: those of a cell stand in the order of
    their lots (n, from 0 to 1; equal ones in order of rows) and are shared out evenly, `classes` (cells) to a cell.
    """
    rolls = np.bincount(cell, minlength=len(classes))
    seat, row = _seater(), np.empty(len(cell), np.int64)
    if seat is None:
        order = np.lexsort((lot, cell))
        rank = np.empty(len(cell), np.int64)
        rank[order] = np.arange(len(cell)) - (np.cumsum(rolls) - rolls)[cell[order]]
        return (np.cumsum(classes) - classes)[cell] + rank * classes[cell] // np.maximum(rolls[cell], 1)
    seat(np.ascontiguousarray(cell, np.int64), np.ascontiguousarray(lot, np.float64), rolls, classes, row)
    return row


@cache
def _seater() -> Seat | None:
    ints = "int64[::1]"
    return compiled(_seat, f"void({ints}, float64[::1], {ints}, {ints}, {ints})")


def _seat(cell: Ints, lot: Floats, rolls: Ints, classes: Ints, row: Ints) -> None:
    """Write the class of each pupil into `row`: as many boxes for lots as a cell has pupils, then the order in each."""
    n, cells = len(cell), len(rolls)
    start, first = np.zeros(cells + 1, np.int64), np.zeros(cells + 1, np.int64)
    for one in range(cells):
        start[one + 1] = start[one] + rolls[one]
        first[one + 1] = first[one] + classes[one]
    box, end = np.empty(n, np.int64), np.zeros(n + 1, np.int64)
    for i in range(n):
        inside = int(min(max(lot[i], 0.0), 1.0) * rolls[cell[i]])
        box[i] = start[cell[i]] + min(inside, rolls[cell[i]] - 1)
        end[box[i] + 1] += 1
    for b in range(n):
        end[b + 1] += end[b]
    order = np.empty(n, np.int64)
    filled = end[:n].copy()
    for i in range(n):
        k = filled[box[i]]
        filled[box[i]] += 1
        while k > end[box[i]] and lot[order[k - 1]] > lot[i]:
            order[k] = order[k - 1]
            k -= 1
        order[k] = i
    for c in range(cells):
        here, left = first[c], 0  # the place in order times the classes, over the pupils: counted, not divided
        for k in range(start[c], start[c + 1]):
            while left >= rolls[c]:
                here, left = here + 1, left - rolls[c]
            row[order[k]] = here
            left += classes[c]
