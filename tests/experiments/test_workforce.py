"""Recruiting by a rule: staff follows from leavers, and the surplus is counted against the standard."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.experiments.results import Results
from simsim.experiments.workforce import recruited, workforce
from simsim.inputs.errors import InputError

SIMULATED = {
    "teachers": np.array([100.0, 102.0, 104.0]),
    "retirements": np.array([0.0, 5.0, 4.0]),
    "exits": np.array([0.0, 10.0, 0.0]),
    "teachers_needed": np.array([80.0, 83.0, 90.0]),
}


def test_as_many_as_retire_leaves_resignations_empty():
    staff, hires = recruited("as_retire", SIMULATED)
    assert hires.tolist() == [0, 5, 4] and staff.tolist() == [100, 90, 90]


def test_to_need_hires_nobody_while_there_are_more_and_then_only_whom_the_standard_misses():
    staff, hires = recruited("to_need", SIMULATED)
    assert hires.tolist() == [0, 0, 9] and staff.tolist() == [100, 85, 90]


def test_resignations_follow_the_staff_of_the_rule():
    staff, _ = recruited("to_need", SIMULATED | {"exits": np.array([0.0, 10.0, 20.4])})
    assert staff[2] == 90 and recruited("as_retire", SIMULATED | {"exits": np.array([0.0, 10.0, 20.4])})[0][2] == 72


def test_the_surplus_is_that_of_the_schools_added_up(small_experiment):
    table = workforce(small_experiment, "plan")
    mine = table[table["group"] == "public"].set_index(["stage", "replication", "year"])["surplus"]
    schools = small_experiment.frame("school_year")
    schools = schools[(schools["scenario"] == "plan") & (schools["indicator"] == "surplus_teachers")]
    gap = schools.groupby(["stage", "replication", "year"], observed=True)["value"].sum()
    np.testing.assert_allclose(mine, gap.reindex(mine.index))


def test_an_older_record_is_refused_with_the_remedy(small_experiment):
    frame = small_experiment.frame("district_year")
    older = Results({"district_year": frame[~frame["group"].astype(str).str.startswith("public")]})
    with pytest.raises(InputError, match="older simsim.*run them again"):
        workforce(older, "plan")
