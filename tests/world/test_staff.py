"""What teachers add this year, in cases whose answer is known."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from simsim.world.staff import age, effects, is_new, portability

P = {
    "va_portability_primary": 0.8, "va_portability_junior": 0.6,
    "mover_class_penalty_yr1": -0.05, "mover_class_penalty_yr2": -0.02, "mandated_effort_cost": -0.03,
    "exp_yr0": -0.1, "exp_yr1": -0.08, "exp_yr2": -0.06, "exp_yr3_4": -0.04, "exp_yr5_9": -0.02, "exp_yr10_19": -0.01,
    "novice_years": 5.0,
}  # fmt: skip


def world(**columns):
    one = {
        "stage": [0], "post": [1], "home": [1], "mu": [0.2], "drift": [0.0], "moved_year": [2000],
        "experience": [25], "mandated": [False], "coaching": [0.0], "birth_month": [1975 * 12],
    }  # fmt: skip
    n = max((len(values) for values in columns.values()), default=1)
    every = {name: np.array(list(values) * n) for name, values in one.items()} | {
        name: np.array(values) for name, values in columns.items()
    }
    return SimpleNamespace(year=2015, p=P, teachers=SimpleNamespace(**every))


def test_at_home_a_teacher_keeps_everything_and_elsewhere_the_share_of_the_stage():
    assert portability(world(stage=[0, 1, 0, 1], post=[1, 1, 2, 2])).tolist() == [1.0, 1.0, 0.8, 0.6]


def test_an_experienced_teacher_at_home_adds_the_own_effectiveness_drift_and_coaching():
    assert effects(world(drift=[0.03], coaching=[0.04])) == pytest.approx([0.27])


def test_away_from_home_effectiveness_counts_in_part_and_a_mandate_costs_effort():
    assert effects(world(post=[2, 2, 1], mandated=[False, True, True])) == pytest.approx([0.16, 0.13, 0.2])


def test_a_new_school_costs_something_for_two_years():
    assert effects(world(moved_year=[2015, 2014, 2013])) == pytest.approx([0.15, 0.18, 0.2])


def test_a_novice_pays_for_the_new_school_through_the_experience_curve_alone():
    assert effects(world(moved_year=[2015, 2014], experience=[0, 1])) == pytest.approx([0.1, 0.12])
    assert effects(world(moved_year=[2015], experience=[2])) == pytest.approx([0.2 - 0.06 - 0.05])


def test_age_is_in_whole_years_on_the_first_of_september():
    born = [1980 * 12 + 8, 1980 * 12 + 9, 1980 * 12 + 7]
    assert age(world(birth_month=born)).tolist() == [35, 34, 35]


def test_new_is_who_has_taught_less_than_five_years():
    assert is_new(world(experience=[0, 4, 5, 30])).tolist() == [True, True, False, False]
