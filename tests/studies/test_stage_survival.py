"""Stages as grades, their ratios, and how these may go on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsim.studies.series import read_series
from simsim.studies.stage_survival import WAYS, projected, ratios, stock
from tests.studies.test_rolling_origins import grown

LEADS = np.arange(1.0, 6.0)


@pytest.mark.parametrize("way", WAYS)
@given(ratio=st.floats(0.5, 1.5), n=st.integers(1, 8))
@settings(max_examples=25, deadline=None)
def test_what_never_moved_does_not_move(way, ratio, n):
    assert WAYS[way](np.full(n, ratio), LEADS) == pytest.approx(np.full(5, ratio))


def test_each_way_goes_on_as_its_name_says():
    past = np.array([0.5, 0.6, 0.8, 0.9, 1.0])
    assert WAYS["last"](past, LEADS).tolist() == [1.0] * 5
    assert WAYS["mean of 3"](past, LEADS) == pytest.approx([0.9] * 5)
    weights = 0.6 ** np.arange(4, -1, -1)
    assert WAYS["smoothed"](past, LEADS) == pytest.approx([(past @ weights) / weights.sum()] * 5)
    steps = (1.0 - 0.6) / 3 * np.cumsum(0.8**LEADS)
    assert WAYS["damped trend"](past, LEADS) == pytest.approx(1.0 + steps)


@pytest.mark.parametrize("kept", [0.9, 1.0, 1.02])
def test_grades_and_ratios_behind_a_stage_are_found_again(kept):
    series = grown(kept=kept)
    grades = stock(series, series.last)
    assert [grades[g + 1] / grades[g] for g in (1, 2, 3, 4, 5, 7, 8)] == pytest.approx([kept] * 7)
    assert grades[7] == pytest.approx(grades[6] * 0.95)
    found = ratios(series)
    assert found["primary"] == pytest.approx(kept) and found["junior"] == pytest.approx(kept)
    assert found["into junior"] == pytest.approx(0.95) and found["entry"] == pytest.approx(1.1)


def test_grades_add_up_to_the_published_stages_and_entrants():
    series = read_series()
    for year in (2010, 2013, 2017):
        grades, row = stock(series.known(year), year), series.rolls.loc[year]
        assert sum(grades[g] for g in range(1, 7)) == pytest.approx(row["primary_enrolment"])
        assert sum(grades[g] for g in range(7, 10)) == pytest.approx(row["junior_enrolment"])
        assert (grades[1], grades[7]) == (row["primary_entrants"], row["junior_entrants"])


def test_a_projection_begins_with_the_stock_and_carries_every_cohort_on():
    series = grown(kept=0.97)
    known = series.known(2012)
    pupils = projected(known, ratios(known), "last", 2015)
    assert pupils.loc[2012].to_dict() == stock(known, 2012)
    assert pupils.loc[2015, 4] == pytest.approx(pupils.loc[2012, 1] * 0.97**3)
