"""Spending per pupil (F2): topped up to the promised growth, and free where it grows anyway."""

from __future__ import annotations

import pytest

from tests.rules.money_trials import F2, TO, lived, series


@pytest.mark.slow
def test_f2_tops_up_a_year_that_would_fall_short_to_exactly_the_promised_growth():
    poor = {"fiscal_revenue_growth": -0.02, "fiscal_revenue_growth_sd": 0.0, "per_pupil_growth_promised": 0.01}
    per_pupil = series(lived(F2, parameters=poor), "spending_per_pupil")
    for year in range(2015, TO + 1):
        assert per_pupil[year] / per_pupil[year - 1] == pytest.approx(1.01)
    assert 0.0 in series(lived(parameters=poor), "f2_met").values()
    assert set(series(lived(F2, parameters=poor), "f2_met").values()) == {1.0}


def test_f2_costs_nothing_when_spending_grows_anyway():
    rich = {"fiscal_revenue_growth": 0.1, "fiscal_revenue_growth_sd": 0.0, "teacher_pay_elasticity": 1.0}
    costs = lived(F2, parameters=rich).tables()["costs"]
    assert costs[costs.instance == "F2"].empty
