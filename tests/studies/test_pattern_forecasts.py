"""Planners' errors, on rolls made by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from simsim.districts.system import shipped
from simsim.studies.pattern_forecasts import LEADS, forecast, stage_errors

STEADY = pd.DataFrame({year: [100] * 9 for year in range(2010, 2020)})
BIRTHS = pd.DataFrame({"year": range(1995, 2020), "births": 100})


def test_rolls_that_do_not_change_are_foreseen_without_error():
    found = stage_errors(STEADY, forecast(STEADY, BIRTHS, 2015), 2015, shipped("china"))
    assert found == pytest.approx({"primary_1": 0.0, "primary_3": 0.0, "junior_1": 0.0, "junior_3": 0.0}, abs=1e-9)


def test_an_error_is_a_share_of_what_came_of_its_own_stage_and_year():
    real = STEADY.copy()
    real.loc[0, 2016] = 160  # grade 1 of the year after
    real.loc[7, 2018] = 25  # grade 8 three years ahead
    found = stage_errors(real, forecast(STEADY, BIRTHS, 2015), 2015, shipped("china"))
    assert found["primary_1"] == pytest.approx(60 / 660) and found["junior_3"] == pytest.approx(75 / 225)
    assert found["primary_3"] == found["junior_1"] == pytest.approx(0.0)


def test_a_forecast_takes_the_ratios_of_the_years_before_it_and_not_later_ones():
    later = STEADY.copy()
    later[[2016, 2017, 2018]] = 500
    pd.testing.assert_frame_equal(forecast(STEADY, BIRTHS, 2015), forecast(later, BIRTHS, 2015))
    assert forecast(STEADY, BIRTHS, 2015).index.max() == 2015 + max(LEADS)
