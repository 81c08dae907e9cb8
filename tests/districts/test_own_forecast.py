"""The forecast from an office's own rolls, in cases that can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simsim.districts.own_forecast import (
    ahead,
    district_factor,
    own_factor,
    plain,
    rules,
    school_ratios,
    settled,
    spread,
)
from simsim.districts.rolls import Rolls


def rolls(pupils: np.ndarray, first: int = 2015) -> Rolls:
    """Return rolls of an array of schools, years and grades."""
    n, years, grades = pupils.shape
    names = tuple(str(grade + 1) for grade in range(grades))
    codes = tuple(f"S{i}" for i in range(n))
    return Rolls(
        np.arange(1, n + 1), codes, tuple(range(first, first + years)), names, pupils.astype(float), pupils > 0
    )


def test_a_district_that_never_changes_is_forecast_to_stay() -> None:
    still = rolls(np.full((3, 4, 6), 40.0))
    forecast = ahead(still, 8)
    assert forecast.district == pytest.approx(120.0) and forecast.schools == pytest.approx(40.0)


def test_schools_add_up_to_the_district_where_the_bounds_allow() -> None:
    rng = np.random.default_rng(5)
    forecast = ahead(rolls(rng.integers(60, 80, (6, 5, 6)).astype(float)), 5)
    assert forecast.schools.sum(axis=1) == pytest.approx(forecast.district)


def test_the_districts_ratio_is_that_of_all_pupils_recent_steps_counting_most() -> None:
    pupils = np.array([[[100, 100], [100, 110], [100, 90]]], dtype=float)
    weight = rules()["ratios.step_weight"]
    assert ahead(rolls(pupils), 1).ratios[1] == pytest.approx((90 + weight * 110) / (100 + weight * 100))


def test_one_years_cohort_is_blended_with_as_many_as_now() -> None:
    pupils = np.array([[[100, 80], [100, 90]]], dtype=float)
    share, ratio = rules()["unchanged.district"], 0.9
    assert ahead(rolls(pupils), 1).district[0, 1] == pytest.approx((1 - share) * ratio * 100 + share * 90)


def test_a_share_of_unchanged_falls_to_nothing_in_the_long_run() -> None:
    pupils = np.array([[[100, 80], [100, 90]]], dtype=float)
    late = ahead(rolls(pupils), 12).district
    assert late[11, 1] == pytest.approx(0.9 * 100)


def test_a_schools_ratio_is_shrunk_to_the_districts_and_a_new_grade_gives_none() -> None:
    pupils = np.array([[[100, 50], [100, 100]], [[100, 100], [100, 100]], [[0, 0], [20, 18]]], dtype=float)
    found, k = school_ratios(rolls(pupils))[:, 1], rules()["ratios.shrinkage"]
    assert found[:2] == pytest.approx(1.0) and found[2] == pytest.approx((0 + k * 1.0) / (0 + k))
    assert ((found >= rules()["ratios.lowest"]) & (found <= rules()["ratios.highest"])).all()


def test_births_replace_the_smoothed_entry_and_the_share_of_unchanged() -> None:
    forecast = ahead(rolls(np.full((1, 3, 2), 50.0)), 2, entrants=np.array([70.0, 30.0]))
    assert forecast.district[:, 0].tolist() == [70.0, 30.0]
    assert forecast.district[1, 1] == pytest.approx(70.0)


def test_a_school_that_opens_starts_smaller_than_the_grades_around_it() -> None:
    pupils = np.zeros((3, 3, 2))
    pupils[:2] = 60.0
    served = np.ones((2, 3, 2), dtype=bool)
    served[0, 2, 1] = False
    forecast = ahead(rolls(pupils), 2, served=served)
    assert forecast.schools[0, 2, 1] == 0
    before_rake = rules()["opening.size"] * 60.0
    factor = 120.0 / (120.0 + before_rake)
    assert forecast.schools[0, 2, 0] == pytest.approx(max(factor, rules()["rake.lowest"]) * before_rake)


def test_a_school_that_is_to_close_has_nobody() -> None:
    served = np.ones((2, 2, 2), dtype=bool)
    served[1, 0] = False
    forecast = ahead(rolls(np.full((2, 3, 2), 50.0)), 2, served=served)
    assert forecast.schools[1, 0].sum() == 0 and forecast.schools[0, 0].sum() > 0


def test_one_roll_goes_on_with_ratios_of_one() -> None:
    assert ahead(rolls(np.full((1, 1, 3), 50.0)), 2).district == pytest.approx(50.0)


def test_plain_cohort_survival_takes_the_last_step_as_it_is() -> None:
    pupils = np.array([[[100, 80], [100, 50]]], dtype=float)
    assert plain(rolls(pupils), 2).district[0].tolist() == [100.0, 50.0]


def test_ranges_widen_with_years_and_narrow_with_pupils() -> None:
    n = np.array([50.0, 500.0, 5000.0])
    one, three = spread(n, 1), spread(n, 3)
    assert (np.diff(one) < 0).all() and (three > one).all()


def test_without_own_errors_the_reference_width_stands_and_many_large_ones_widen_it() -> None:
    assert own_factor(np.zeros(0)) == district_factor(np.zeros(0)) == 1.0
    assert own_factor(np.full(200, 2.0)) == pytest.approx(2.0 ** (200 / 230))
    assert district_factor(np.full(12, 2.0)) > 1.5


def test_a_school_whose_grades_changed_lately_is_not_settled() -> None:
    pupils = np.full((2, 4, 3), 30.0)
    pupils[1, :3, 2] = 0.0
    assert settled(rolls(pupils)).tolist() == [True, False]


@given(arrays(np.float64, (4, 4, 3), elements=st.integers(0, 300).map(float)))
def test_any_rolls_give_finite_forecasts_of_no_less_than_nobody(pupils: np.ndarray) -> None:
    forecast = ahead(rolls(pupils), 6)
    for table in (forecast.district, forecast.schools, plain(rolls(pupils), 6).schools):
        assert np.isfinite(table).all() and (table >= 0).all()
