"""Quantiles by a sort are NumPy's own, to the bit."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base.quantiles import quantiles

SHARES = (0.0, 0.05, 0.2, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)


@pytest.mark.parametrize("n", [1, 2, 3, 10, 101, 4096])
def test_the_numbers_are_those_of_numpy(n):
    draw = np.random.default_rng(n)
    for values in (draw.normal(size=n), draw.integers(0, 4, n).astype(float), draw.random(n).astype(np.float32)):
        assert quantiles(values, SHARES) == np.quantile(values.astype(float), SHARES).tolist()


def test_a_number_that_is_none_leaves_nothing_defined_and_the_column_stays_as_it_is():
    values = np.array([2.0, np.nan, 1.0])
    assert np.isnan(quantiles(values, (0.2, 0.8))).all()
    np.testing.assert_array_equal(values, [2.0, np.nan, 1.0])
