"""Keyed random draws: a draw is a pure function of (seed, stream, year, id) and of nothing else.

Each (seed, stream, year) is the key of a Philox generator and each cohort of ids is a stretch of its counter, so a
person's draw does not depend on who else is there, on order, or on how often anything else was drawn. Only uniforms
are drawn; everything else is a transformation of one uniform per person (simsim/base/philox.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from simsim.base.arrays import Floats, Ints, Mask
from simsim.base.philox import Key, table, uniforms

Ids = Ints
WORD = np.dtype("<u8")


def whole_ids(ids: ArrayLike) -> Ids:
    """Return ids (n) as whole numbers; TypeError for one alone, and for anything else, which would be cut to some."""
    found = np.asarray(ids)
    if found.ndim == 1 and (found.dtype.kind in "iu" or not found.size):
        return found.astype(np.int64, copy=False)
    raise TypeError(f"draws are for ids: an array of whole numbers, as students.id, not {ids!r:.80}")


MOST_WHOLE = 2.0**53
"""Whole numbers up to this one are all numbers of the computer's own."""


def one_each(given: ArrayLike, n: int, what: str, low: float = -MOST_WHOLE, high: float = MOST_WHOLE) -> Floats:
    """Return one number, or one for each of n ids; ValueError for text, flags, NaN, another number of them, and for one
    alone outside its limits (one each may be outside a little: a rate that was multiplied).
    """
    found = np.asarray(given)
    fits = found.dtype.kind in "fiu" and found.ndim < 2 and found.size in (1, n) and not np.ma.isMaskedArray(given)
    if not fits or not is_finite(found):
        raise ValueError(f"{what}: must be one finite number, or one for each of {n} ids, not {_short(given)}")
    if found.ndim == 0 and not low <= found <= high:
        raise ValueError(f"{what}: must be a number from {low:g} to {high:g}, not {_short(given)}")
    return found.astype(np.float64, copy=False)


def is_finite(numbers: Floats | Ints) -> bool:
    """Whether all numbers (any shape) are finite; the least and the largest tell, for NaN is neither."""
    if numbers.ndim == 0:
        return isfinite(numbers.item())
    return not numbers.size or bool(numbers.min() > -np.inf and numbers.max() < np.inf)


def _is_year(year: float) -> bool:
    return not isinstance(year, bool | str) and bool(year == year // 1)


def _short(given: object) -> str:
    return " ".join(repr(given).split())[:80]


def gumbel(u: ArrayLike) -> Floats:
    """Turn uniforms into standard Gumbel draws by inversion."""
    return -np.log(-np.log(u))


class Streams:
    """All random draws of one replication."""

    def __init__(self, seed: int) -> None:
        self.seed = int(seed)

    def __setattr__(self, name: str, value: object) -> None:
        """Set the seed once, or put another way to draw in a method's place, as a test does. AttributeError for another
        seed, which nobody could run again, and for a name that is not here.
        """
        if "seed" in vars(self) if name == "seed" else not hasattr(type(self), name):
            raise AttributeError(f"streams.{name} cannot be set; another replication is District(scenario, seed=2)")
        super().__setattr__(name, value)

    def uniform(self, stream: str, year: int, ids: Ids) -> Floats:
        """Return one uniform draw in (0, 1) for each of `ids` (n, int64, in any order, repeats allowed)."""
        return self._drawn(stream, year, whole_ids(ids))

    def normal(self, stream: str, year: int, ids: Ids) -> Floats:
        """Return one standard normal draw for each id, by inversion."""
        return ndtri(self.uniform(stream, year, ids))

    def gumbel(self, stream: str, year: int, ids: Ids) -> Floats:
        """Return one standard Gumbel draw for each id, by inversion."""
        return gumbel(self.uniform(stream, year, ids))

    def chance(self, stream: str, year: int, ids: Ids, p: ArrayLike) -> Mask:
        """Return who is hit, each with probability `p` (scalar or n); ValueError for what is no probability."""
        hit: Mask = self.uniform(stream, year, ids) < one_each(p, len(ids), f"the chance of {stream}", 0, 1)
        return hit

    def per_school(self, stream: str, year: int, ids: Ids, keys: Iterable[int], where: Mask | None = None) -> Floats:
        """Return one uniform per (id, school), shape (n, schools): a school more or fewer changes no other column.

        With `where` (n, schools) only those are drawn and the others are NaN.
        """
        keys = list(keys)
        out = np.full((len(ids), len(keys)), np.nan)
        for column, key in enumerate(keys):
            rows = slice(None) if where is None else np.flatnonzero(where[:, column])
            out[rows, column] = self.uniform(f"{stream}@{key}", year, ids[rows])
        return out

    def per_person(self, stream: str, year: int, ids: Ids, keys: Ids) -> Floats:
        """Return one uniform per (id, key), shape (n, keys): a person or a key more or fewer changes nobody else's.

        `keys` are small whole numbers (school keys). The draws are those of
        `uniform(f"{stream}@{person}", year, keys)`.
        """
        if not len(ids):
            return np.empty((0, len(keys)))
        text = b"".join(self._digest(f"{stream}@{person}", year) for person in ids.tolist())
        return table(_words(text).reshape(-1, 2), keys)

    def whole(self, stream: str, year: int, ids: Ids, expected: ArrayLike) -> Ints:
        """Round `expected` up or down at random so that the mean is kept; a larger expectation never gives fewer.

        ValueError for what is no number.
        """
        exact = one_each(expected, len(ids), f"what is expected of {stream}")
        down: Floats = np.floor(exact)
        return (down + self.chance(stream, year, ids, exact - down)).astype(np.int64)

    def _drawn(self, stream: str, year: int, ids: Ids) -> Floats:
        """Return the uniforms of ids (n): a person's block of the counter is computed, and nobody else's."""
        return uniforms(self._key(stream, year), ids)

    def _key(self, stream: str, year: int) -> Key:
        """Return the 128-bit Philox key of a stream in a year."""
        return _words(self._digest(stream, year))

    def _digest(self, stream: str, year: int) -> bytes:
        if not isinstance(stream, str) or (type(year) is not int and not _is_year(year)):
            raise TypeError(f"a stream has a name and a year, such as 'staff/exit' and 2016, not {stream!r}, {year!r}")
        return blake2b(f"{self.seed}/{stream}/{int(year)}".encode(), digest_size=16).digest()


def _words(text: bytes) -> Key:
    """Return bytes as whole numbers, the same ones on every machine."""
    return np.frombuffer(text, WORD).astype(np.uint64, copy=False)
