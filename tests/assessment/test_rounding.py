"""Rounded values per pupil: what they leave open is said, and the true CV lies in its range."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simsim.assessment.rounding import cv_range
from simsim.base import balance

SCHOOLS = st.lists(st.tuples(st.integers(1, 3000), st.floats(0.5, 50)), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(SCHOOLS)
def test_the_cv_of_exact_values_lies_in_the_range_of_the_rounded_ones(schools: list[tuple[int, float]]) -> None:
    pupils, values = (np.array(column, dtype=float) for column in zip(*schools, strict=True))
    rounded = np.round(values, 2)
    low, high = cv_range(
        balance.weighted_cv(rounded * pupils, pupils), balance.weighted_mean(rounded * pupils, pupils), 0.005
    )
    true = balance.weighted_cv(values * pupils, pupils)
    assert low - 1e-9 <= true <= high + 1e-9


def test_exact_values_have_no_range_and_a_mean_within_the_error_no_end() -> None:
    assert cv_range(0.4, 3.0, 0.0) == (0.4, 0.4)
    assert cv_range(0.4, 0.004, 0.005)[1] == float("inf")
