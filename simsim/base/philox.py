"""Philox4x64-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"), for the ids asked and no others.

The id says where in the generator's sequence a person's uniform stands: the cohort is the highest word of the counter,
the serial counts draws from there, four to a block. NumPy's own generator gives the same numbers but only stretch by
stretch, and serials have gaps; `draw` computes the blocks that somebody asked for. tests/base/test_philox.py compares
the two bit by bit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NoReturn, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simsim.base import ids as identity
from simsim.base.arrays import Floats, Ints
from simsim.base.compiled import compiled

Key = NDArray[np.uint64]
Machine: TypeAlias = Any
"""What Numba hands over while it compiles (types, values, their builder): not every Numba carries types, LLVM none."""
HALF_STEP = 2.0**-54
"""What a draw of zero becomes: uniforms lie in (0, 1)."""
SIGNATURE = "boolean(Array(uint64, 2, 'C', readonly=True), int64, Array(int64, 1, 'C', readonly=True), float64[:, ::1])"
"""Arrays that may be written are taken too: ids of a population are write-protected. How many bits a serial has is
handed over: what is compiled is not looked up in another file when it comes from the cache.
"""
ROUNDS = 10
MULTIPLIER_0, MULTIPLIER_1 = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
WEYL_0, WEYL_1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
BLOCK_BITS, WORD = np.uint64(2), np.uint64(3)
ONE, NOUGHT = np.uint64(1), np.uint64(0)
SPARE_BITS = np.uint64(11)
"""A uniform is made of the upper 53 bits of a word."""
STEP = 2.0**-53


def uniforms(key: Key, ids: Ints) -> Floats:
    """Return one uniform in (0, 1) for each of `ids` (n, not negative, in any order), drawn with a 128-bit key (2)."""
    row: Floats = table(key.reshape(1, 2), ids)[0]
    return row


def table(keys: Key, ids: Ints) -> Floats:
    """Return one uniform for each of several keys (m, 2) and each id (n), as a table (m, n).

    OverflowError for a negative id.
    """
    kernel = _kernel()
    if kernel is None:
        return np.array([stretches(key, ids) for key in keys]).reshape(len(keys), len(ids))
    out = np.empty((len(keys), len(ids)))
    if not kernel(keys, identity.SERIAL_BITS, np.ascontiguousarray(ids), out):
        _refuse(ids)
    return out


@cache
def _kernel() -> Callable[[Key, int, Ints, Floats], bool] | None:
    return compiled(draw, SIGNATURE, _teach)


def draw(keys: Key, serial_bits: int, ids: Ints, out: Floats) -> bool:
    """Write the uniform of each key and id into `out`, and return whether no id is negative; neighbours in a block of
    four share its computation.
    """
    above = np.uint64(serial_bits)
    serial = (ONE << above) - ONE
    for row in range(len(keys)):
        last = NOUGHT
        word_0 = word_1 = word_2 = word_3 = NOUGHT
        for column in range(len(ids)):
            if ids[column] < 0:
                return False
            person = np.uint64(ids[column])
            here = (person >> BLOCK_BITS) + ONE  # never nought, which is no block yet
            if here != last:
                last = here
                # The generator counts up before it draws: the first block is number one.
                word_0, word_1 = ((person & serial) >> BLOCK_BITS) + ONE, NOUGHT
                word_2, word_3 = NOUGHT, person >> above
                bump_0, bump_1 = keys[row, 0], keys[row, 1]
                for _ in range(ROUNDS):
                    high_0, low_0 = high(MULTIPLIER_0, word_0), MULTIPLIER_0 * word_0
                    high_1, low_1 = high(MULTIPLIER_1, word_2), MULTIPLIER_1 * word_2
                    word_0, word_1 = high_1 ^ word_1 ^ bump_0, low_1
                    word_2, word_3 = high_0 ^ word_3 ^ bump_1, low_0
                    bump_0 += WEYL_0
                    bump_1 += WEYL_1
            which = person & WORD
            word = word_0 if which == NOUGHT else word_1 if which == ONE else word_2 if which < WORD else word_3
            out[row, column] = max(np.float64(word >> SPARE_BITS) * STEP, HALF_STEP)
    return True


def high(one: np.uint64, two: np.uint64) -> np.uint64:
    """Return the upper 64 bits of a product of 128."""
    return np.uint64(int(one) * int(two) >> 64)


def _teach() -> None:
    """Tell Numba that `high` is one multiplication."""
    import numba.extending

    extending: Machine = numba.extending
    word = numba.types.uint64

    def typer(context: Machine) -> Callable[[Machine, Machine], Machine]:
        return lambda one, two: word

    def lowered(context: Machine, builder: Machine, signature: Machine, words: Sequence[Machine]) -> Machine:
        narrow = words[0].type
        wide = type(narrow)(2 * narrow.width)
        product = builder.mul(*(builder.zext(word, wide) for word in words))
        return builder.trunc(builder.lshr(product, wide(narrow.width)), narrow)

    extending.type_callable(high)(typer)
    extending.lower_builtin(high, word, word)(lowered)


def stretches(key: Key, ids: Ints) -> Floats:
    """Return the same numbers from NumPy's generator, cohort by cohort: the whole stretch up to the last serial asked
    is drawn, and what nobody asked for dropped. OverflowError for a negative id.
    """
    if len(ids) and ids.min() < 0:
        _refuse(ids)
    cohorts, serials = identity.cohort(ids), identity.serial(ids)
    out = np.empty(len(ids))
    order = np.argsort(ids, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(cohorts[order])) + 1 if len(ids) else []):
        if len(rows):
            counter = np.array([0, 0, 0, cohorts[rows[0]]], np.uint64)
            generator = np.random.Generator(np.random.Philox(key=key, counter=counter))
            out[rows] = generator.random(serials[rows[-1]] + 1)[serials[rows]]
    return np.maximum(out, HALF_STEP, out=out)


def _refuse(ids: Ints) -> NoReturn:
    raise OverflowError(f"{ids[ids < 0][0]} is not an id; ids are never negative (simsim/base/ids.py)")
