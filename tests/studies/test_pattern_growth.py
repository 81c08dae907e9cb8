"""Patterns of growth, on tables made by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simsim.studies.pattern_growth import AVERAGE_COHORT, FEWEST, correlation, mean_gain, steeper, value_added

PER_SCHOOL = 2 * FEWEST


def cohort(added: dict[int, float], seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a cohort's tests before and after a year in which schools add what is said."""
    rng = np.random.default_rng(seed)
    school = np.repeat(list(added), PER_SCHOOL)
    before = pd.DataFrame(
        {"school": school, "score": rng.normal(size=len(school)), "ses": rng.normal(size=len(school))}
    )
    before["migrant"] = rng.random(len(school)) < 0.3
    gain = before["school"].map(added)
    return before, before.assign(score=0.8 * before["score"] + 0.2 * before["ses"] - 0.1 * before["migrant"] + gain)


def test_value_added_is_what_the_test_before_ses_and_origin_do_not_foretell():
    found = value_added(*cohort({1: -0.2, 2: 0.0, 3: 0.2}))
    assert (found - found.mean()).round(2).to_dict() == pytest.approx({1: -0.2, 2: 0.0, 3: 0.2}, abs=0.02)


def test_who_changes_schools_and_schools_of_a_few_say_nothing():
    before, now = cohort({1: 0.0, 2: 0.1, 3: 0.5})
    now.loc[now["school"] == 3, "score"] += 9.0
    now.loc[now["school"] == 3, "school"] = 2
    few = now.drop(now.index[now["school"] == 1][: PER_SCHOOL - FEWEST + 1])
    assert value_added(before, now).index.tolist() == [1, 2]
    assert value_added(before, few).index.tolist() == [2]
    assert value_added(before, now)[2] < 1.0


def test_gains_count_as_many_pupils_as_the_average_school_of_the_source_has():
    n = AVERAGE_COHORT + 10
    before = pd.DataFrame({"school": 1, "score": 0.0}, index=range(n))
    now = before.assign(score=np.where(np.arange(n) < AVERAGE_COHORT, 0.5, 9.0))
    assert mean_gain(before, now).to_dict() == {1: 0.5}
    assert mean_gain(before, now.iloc[::-1]).to_dict() == {1: 0.5}


def test_schools_are_compared_where_both_years_have_them():
    one, other = pd.Series({1: 0.0, 2: 1.0, 3: 2.0, 4: 9.0}), pd.Series({3: 0.0, 2: -1.0, 1: -2.0, 5: 7.0})
    assert correlation(one, other) == pytest.approx(1.0)
    assert correlation(one, -other) == pytest.approx(-1.0)


def test_a_gap_that_widens_is_above_zero():
    ses = np.arange(-2.0, 3.0)
    early, late = (pd.DataFrame({"grade": g, "ses": ses, "score": by * ses}) for g, by in ((5, 0.2), (9, 0.3)))
    assert steeper(pd.concat([early, late]), 5, 9) == pytest.approx(0.1)
    assert steeper(pd.concat([late, early]), 9, 5) == pytest.approx(-0.1)
