"""Identity: who somebody is, in every world, packed into one int64.

Bit layout, from the top (52 bits in all, so that an id survives a trip through float64 and JSON):

    entry year 12 | route 4 | pool 16 | serial 20

The *entry year* is the September of a pupil's first grade or of a teacher's hire; the *route* says how the
person came (ROUTES); the *pool* is what the route draws from (a school for the initial state, the year's
cohort of a block of neighbourhoods for births and arrivals, stage and subject group for hires); the *serial* counts
within the pool (for births and arrivals it also holds the neighbourhood and the grade, see `children`). Ids are never
reused: "the same person in two worlds" means the same id.
"""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import ArrayLike

from simsim.base.arrays import Ints, Mask, Rows
from simsim.base.codes import STAGES

SERIAL_BITS, POOL_BITS, ROUTE_BITS, YEAR_BITS = 20, 16, 4, 12
LAYOUT = {"year": YEAR_BITS, "route": ROUTE_BITS, "pool": POOL_BITS, "serial": SERIAL_BITS}
COHORT_BITS = SERIAL_BITS
MAX_SERIAL = (1 << SERIAL_BITS) - 1

MOST_KEY = 9_999
"""The largest key of a school or a neighbourhood: pools have room for it, and so have columns of int16."""
STAFF_POOL, MORE_PUPILS_POOL = 1 << 12, 1 << 15
"""Pools of the first teachers start at one; those of the first pupils, by school key, end below it or start at the
other: nobody shares an id.
"""
BLOCK = 1 << 8
"""Neighbourhoods, by key, that share a pool of births and one of arrivals: few cohorts make cheap draws."""
GRADE_SLOTS = 16

INITIAL, BIRTH, ARRIVAL, HIRE, STAR, PRIVATE, PRINCIPAL = range(7)
ADDED = 8
"""Somebody put in by hand. A code is never given to another route, for draws hang on it: 7 stays free."""
ROUTES = {
    "initial": INITIAL, "birth": BIRTH, "arrival": ARRIVAL, "hire": HIRE, "star": STAR, "private": PRIVATE,
    "principal": PRINCIPAL, "added": ADDED,
}  # fmt: skip


def make(year: ArrayLike, route: int, pool: ArrayLike, serial: ArrayLike) -> Ints:
    """Pack ids; the arguments broadcast. Raise OverflowError when a part does not fit into its bits."""
    packed: int | Ints = 0
    for (name, bits), part in zip(LAYOUT.items(), (year, route, pool, serial), strict=True):
        field = int(part) if isinstance(part, int | np.integer) else np.asarray(part, dtype=np.int64)
        above = field >> bits  # less than nought for a negative one
        if above if isinstance(above, int) else above.any():
            wrong = np.atleast_1d(field)[np.atleast_1d(above) != 0][0]
            raise OverflowError(f"{name} {wrong} of an id is not in 0..{(1 << bits) - 1}; split it into two pools")
        packed = packed << bits | field
    return cast(Ints, np.int64(packed) if isinstance(packed, int) else packed)


def count_up(counts: Rows) -> tuple[Ints, Ints]:
    """Return, for `counts` people in each pool, the pool index and the serial of every one of them, in id order."""
    pool = np.repeat(np.arange(len(counts)), counts)
    starts = np.cumsum(counts) - counts
    return pool, np.arange(len(pool)) - starts[pool]


def pupils_pool(school: ArrayLike) -> Ints:
    """Return the pool of the first pupils of each school (keys)."""
    key = np.asarray(school, dtype=np.int64)
    return np.where(key < STAFF_POOL, key, key + MORE_PUPILS_POOL)


def staff_pool(school: int, stage: int) -> int:
    """Return the pool of the first teachers of a stage of a school (key)."""
    return STAFF_POOL + school * len(STAGES) + stage


def children(year: int, route: int, place: Ints, slots: int, nth: Ints, grade: Ints | None = None) -> Ints:
    """Return ids of children (n) who come on the rolls: the `nth` of a neighbourhood (key) in a year, or of a grade.

    A serial is `(nth * GRADE_SLOTS + grade) * slots + neighbourhood within its block`, so that more children are a
    superset; children born here need no slot for the grade.
    """
    nth = nth if grade is None else nth * GRADE_SLOTS + grade
    return make(year, route, place // BLOCK, nth * slots + place % BLOCK)


def place_slots(keys: Ints) -> int:
    """Return the power of two that leaves room in a serial for every neighbourhood's key within its block."""
    return min(1 << int(keys.max()).bit_length(), BLOCK)


def cohort(ids: Ints) -> Ints:
    """Return entry year, route and pool as one number: people of one cohort share a generator."""
    return ids >> COHORT_BITS


def serial(ids: Ints) -> Ints:
    """Return the place of each person within the cohort."""
    return ids & MAX_SERIAL


def among(ids: Ints, wanted: Ints) -> Mask:
    """Return which of `ids` (n, in ascending order, none twice) are among the `wanted` (k, in any order)."""
    found = np.zeros(len(ids), np.bool_)
    rows = np.searchsorted(ids, wanted)
    here = rows < len(ids)
    rows = rows[here]
    found[rows[ids[rows] == wanted[here]]] = True
    return found


def entry_year(ids: Ints) -> Ints:
    """Return the September in which each person entered."""
    return ids >> (SERIAL_BITS + POOL_BITS + ROUTE_BITS)


def route(ids: Ints) -> Ints:
    """Return the route code of each person (see ROUTES)."""
    return ids >> (SERIAL_BITS + POOL_BITS) & ((1 << ROUTE_BITS) - 1)
