"""Patterns of scores."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.studies.pattern_scores import slope


def test_a_slope_is_that_of_least_squares():
    x, y, w = np.array([0.0, 1.0, 2.0, 5.0]), np.array([1.0, 0.0, 4.0, 3.0]), np.array([1, 2, 3, 4])
    assert slope(x, y) == pytest.approx(np.polyfit(x, y, 1)[0])
    assert slope(x, y, w) == pytest.approx(np.polyfit(x, y, 1, w=np.sqrt(w))[0])
