"""Amounts for schools: totals, means and spreads are met exactly."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base.balance import weighted_cv, weighted_mean
from simsim.districts.amounts import counts, facilities, shared_out


def test_sharing_out_keeps_the_total_and_gives_ties_to_the_first() -> None:
    assert shared_out(10, [1, 1, 1]).tolist() == [4, 3, 3]
    assert shared_out(0, [1, 2]).tolist() == [0, 0]
    assert shared_out(7, [0, 3.5, 3.5]).tolist() == [0, 4, 3]


def test_facilities_of_single_stage_schools_meet_mean_and_cv_exactly() -> None:
    pupils = np.array([[100, 200, 300, 0, 0, 0], [0, 0, 0, 100, 150, 90], [0, 0, 0, 0, 0, 0]], dtype=float)
    z = np.array([1.0, -0.5, 0.2, 0.9, -1.0, 0.1])
    gap, amounts = facilities(
        pupils, np.array([1.0, 1.1, 1.32]), z, np.array([4.0, 6.0]), np.array([0.3, 0.4]), np.full(6, np.nan)
    )
    assert gap < 1e-9
    assert weighted_mean(amounts[:3], pupils[0, :3]) == pytest.approx(4) and weighted_cv(
        amounts[3:], pupils[1, 3:]
    ) == pytest.approx(0.4)


def test_counts_stay_within_their_bounds() -> None:
    pupils, least, most = np.array([300.0, 500, 700, 900]), np.array([10, 17, 24, 30]), np.array([75, 125, 175, 225])
    found = counts(pupils, np.array([1.0, 0.5, -0.5, -1.0]), 0.08, 0.35, least, most)
    assert ((found >= least) & (found <= most)).all()
    assert weighted_mean(found, pupils) == pytest.approx(0.08, rel=0.01) and weighted_cv(
        found, pupils
    ) == pytest.approx(0.35, rel=0.01)
