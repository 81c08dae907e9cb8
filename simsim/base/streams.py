"""Keyed random draws: a draw is a pure function of (seed, stream, year, id) and of nothing else.

Each (seed, stream, year) is the key of a Philox generator and each cohort of ids is a stretch of its counter, so a
person's draw does not depend on who else is there, on order, or on how often anything else was drawn. Only uniforms
are drawn; everything else is a transformation of one uniform per person. NumPy's Philox does the counting
(Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from simsim.base import ids as identity
from simsim.base.arrays import Floats, Ints, Mask

Ids = Ints
_HALF_STEP = 2.0**-54


def gumbel(u: ArrayLike) -> Floats:
    """Turn uniforms into standard Gumbel draws by inversion."""
    return -np.log(-np.log(u))


class Streams:
    """All random draws of one replication."""

    def __init__(self, seed: int) -> None:
        self.seed = int(seed)
        self._generator = np.random.Generator(np.random.Philox(0))
        # Four of four buffered words are used up, so that after a jump the next draw starts at the counter itself.
        state = self._generator.bit_generator.state
        self._philox: dict[str, ArrayLike] = state["state"]
        self._state: dict[str, object] = {**state, "buffer_pos": 4}

    def uniform(self, stream: str, year: int, ids: Ids) -> Floats:
        """Return one uniform draw in (0, 1) for each of `ids` (n, int64, in any order, repeats allowed)."""
        ids = np.asarray(ids, dtype=np.int64)
        if (ids[1:] <= ids[:-1]).any():
            unique, back = np.unique(ids, return_inverse=True)
            return self._sorted(stream, year, unique)[back]
        return self._sorted(stream, year, ids)

    def normal(self, stream: str, year: int, ids: Ids) -> Floats:
        """Return one standard normal draw for each id, by inversion."""
        return ndtri(self.uniform(stream, year, ids))

    def gumbel(self, stream: str, year: int, ids: Ids) -> Floats:
        """Return one standard Gumbel draw for each id, by inversion."""
        return gumbel(self.uniform(stream, year, ids))

    def chance(self, stream: str, year: int, ids: Ids, p: ArrayLike) -> Mask:
        """Return who is hit, each with probability `p` (scalar or n)."""
        hit: Mask = self.uniform(stream, year, ids) < np.asarray(p, dtype=np.float64)
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
        out = np.empty((len(ids), len(keys)))
        length = int(np.max(keys, initial=-1)) + 1
        for row, person in enumerate(ids.tolist()):
            self._philox["key"] = self._key(f"{stream}@{person}", year)
            self._seek(0)
            out[row] = self._generator.random(length)[keys]
        return np.maximum(out, _HALF_STEP, out=out)

    def whole(self, stream: str, year: int, ids: Ids, expected: ArrayLike) -> Ints:
        """Round `expected` up or down at random so that the mean is kept; a larger expectation never gives fewer."""
        exact = np.asarray(expected, dtype=np.float64)
        down: Floats = np.floor(exact)
        return (down + self.chance(stream, year, ids, exact - down)).astype(np.int64)

    def _sorted(self, stream: str, year: int, ids: Ids) -> Floats:
        """Draw for ids in strictly ascending order, one stretch of
        the counter per cohort; a zero becomes half a step.
        """
        out = np.empty(len(ids))
        cohorts, serials = identity.cohort(ids), identity.serial(ids)
        starts = np.flatnonzero(np.diff(cohorts, prepend=-1))
        stops = np.append(starts[1:], len(ids))[: len(starts)]
        self._philox["key"] = self._key(stream, year)
        stretches = zip(
            cohorts[starts].tolist(), starts.tolist(), stops.tolist(), (serials[stops - 1] + 1).tolist(), strict=True
        )
        for cohort, start, stop, length in stretches:
            self._seek(cohort)
            # A draw belongs to its serial: where somebody left, the stretch is drawn whole and the gaps are dropped.
            if length == stop - start:
                self._generator.random(out=out[start:stop])
            else:
                out[start:stop] = self._generator.random(length)[serials[start:stop]]
        return np.maximum(out, _HALF_STEP, out=out)

    def _seek(self, cohort: int) -> None:
        """Set the generator to the first draw of a cohort."""
        # The cohort is the highest word of the counter: no stretch is ever long enough to run into the next.
        self._philox["counter"] = (0, 0, 0, cohort)
        self._generator.bit_generator.state = self._state

    def _key(self, stream: str, year: int) -> NDArray[np.uint64]:
        """Return the 128-bit Philox key of a stream in a year."""
        text = f"{self.seed}/{stream}/{int(year)}".encode()
        return np.frombuffer(blake2b(text, digest_size=16).digest(), dtype="<u8").astype(np.uint64)
