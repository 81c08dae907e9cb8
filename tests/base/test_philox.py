"""The compiled draws are those of NumPy's Philox, bit by bit, whoever asks and in whatever order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsim.base import ids, philox

KEY = np.array([0x243F6A8885A308D3, 0x13198A2E03707344], np.uint64)
RNG = np.random.default_rng(1)
PARTS = [RNG.integers(0, most, 6000) for most in (4096, 16, 1 << 16, 1 << 12)]
SCATTERED = ids.make(PARTS[0], 0, PARTS[2], PARTS[3]) | PARTS[1] << (ids.SERIAL_BITS + ids.POOL_BITS)
LARGEST = (1 << 52) - 1
WORDS = st.integers(0, 2**64 - 1)


def plainly(key, who):
    """Run the loop that Numba compiles as Python runs it."""
    out = np.empty((1, len(who)))
    with np.errstate(over="ignore"):
        philox.draw(key.reshape(1, 2), ids.SERIAL_BITS, who, out)
    return out[0]


def test_the_kernel_is_compiled_here_so_that_these_tests_compare_two_things():
    assert philox._kernel() is not None


@pytest.mark.parametrize(
    "who",
    [
        np.sort(SCATTERED),
        SCATTERED,
        SCATTERED[::3],
        np.repeat(SCATTERED[:500], 3),
        np.arange(5000),
        np.array([0, 1, 2, 3, 4, LARGEST - 1, LARGEST, LARGEST]),
        SCATTERED[:1],
        SCATTERED[:0],
    ],
    ids=["ascending", "any order", "every third row", "repeated", "dense", "ends", "one", "nobody"],
)
def test_draws_are_those_of_numpys_generator(who):
    assert np.array_equal(philox.uniforms(KEY, who), philox.stretches(KEY, who))


@given(st.tuples(WORDS, WORDS), st.lists(st.integers(0, LARGEST), max_size=40))
def test_draws_are_numpys_for_any_key_and_ids(key, who):
    key, who = np.array(key, np.uint64), np.array(who, np.int64)
    expected = philox.stretches(key, who)
    assert np.array_equal(philox.uniforms(key, who), expected)
    assert np.array_equal(plainly(key, who), expected)


def test_columns_that_are_write_protected_can_be_asked_with():
    locked = SCATTERED.copy()
    locked.flags.writeable = False
    assert np.array_equal(philox.uniforms(KEY, locked), philox.uniforms(KEY, SCATTERED))


@pytest.mark.parametrize("uniforms", [philox.uniforms, philox.stretches])
def test_an_id_below_zero_is_refused_by_either_way_of_drawing(uniforms):
    with pytest.raises(OverflowError, match="-7"):
        uniforms(KEY, np.array([3, -7]))


def test_a_word_of_zeros_becomes_half_a_step_so_that_it_can_be_inverted(monkeypatch):
    for name in ("MULTIPLIER_0", "MULTIPLIER_1", "WEYL_0", "WEYL_1"):
        monkeypatch.setattr(philox, name, np.uint64(0))
    assert (plainly(np.zeros(2, np.uint64), SCATTERED[:20]) == philox.HALF_STEP).all()


def test_several_keys_give_what_each_gives_alone(monkeypatch):
    keys = np.array([KEY, KEY + np.uint64(1), KEY[::-1]])
    alone = [philox.stretches(key, SCATTERED[:300]) for key in keys]
    assert np.array_equal(philox.table(keys, SCATTERED[:300]), alone)
    monkeypatch.setattr(philox, "_kernel", lambda: None)
    assert np.array_equal(philox.table(keys, SCATTERED[:300]), alone)
    assert philox.table(keys[:0], SCATTERED[:3]).shape == (0, 3)


def test_without_a_kernel_the_numbers_are_the_same(monkeypatch):
    expected = philox.uniforms(KEY, SCATTERED)
    monkeypatch.setattr(philox, "_kernel", lambda: None)
    assert np.array_equal(philox.uniforms(KEY, SCATTERED), expected)
