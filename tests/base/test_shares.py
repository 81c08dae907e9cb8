"""The exact interval of a share: worked out by hand, and by the binomial sums that define it."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest

from simsim.base.shares import share_interval


def at_least(k: int, n: int, p: float) -> float:
    return sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1))


@pytest.mark.parametrize(("k", "n"), [(1, 2), (19, 20), (97, 100), (6, 10), (3, 7)])
def test_at_each_end_the_count_is_as_rare_as_one_in_forty(k, n):
    low, high = (float(end) for end in share_interval(k, n))
    assert at_least(k, n, low) == pytest.approx(0.025, abs=1e-9)
    assert 1 - at_least(k + 1, n, high) == pytest.approx(0.025, abs=1e-9)


def test_all_and_none_have_one_end_at_the_edge():
    assert share_interval(20, 20) == pytest.approx((0.025 ** (1 / 20), 1.0))
    assert share_interval(0, 20) == pytest.approx((0.0, 1 - 0.025 ** (1 / 20)))


def test_arrays_give_what_single_numbers_give_and_nothing_of_nothing_has_no_share():
    low, high = share_interval([3, 0, 5, 0], [7, 4, 5, 0])
    for place, (k, n) in enumerate([(3, 7), (0, 4), (5, 5)]):
        assert (low[place], high[place]) == pytest.approx(tuple(map(float, share_interval(k, n))))
    assert np.isnan(low[3]) and np.isnan(high[3])
