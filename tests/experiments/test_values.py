"""What may stand in a column of a table: what stands nowhere and cannot is refused, what has no rows gives none."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.experiments.results import Results
from simsim.inputs.errors import InputError
from tests.experiments.small_results import SCORE, only, table

NOWHERE = {
    "a scenario": ("scenario", ["plam"], r"scenario = 'plam': .*did you mean plan\?"),
    "a scenario beside a true one": ("scenario", ["plan", "plam"], "scenario = 'plam'"),
    "a stage": ("stage", ["primry"], r"did you mean primary\?"),
    "a group": ("group", ["migrants"], r"did you mean migrant\?"),
    "an indicator": ("indicator", ["scor"], r"did you mean score\?"),
    "a year before": ("year", [1999], "year = 1999: is not in these results; there are"),
    "a year as text": ("year", ["2024"], "must be a whole number"),
    "a year with a fraction": ("year", [2024.5], "must be a whole number"),
    "true for a year": ("year", [True], "must be a whole number"),
    "none for a year": ("year", [None], "must be a whole number"),
    "a list in a list": ("stage", [["primary"]], "flat list"),
    "years of a mapping": ("year", {2024: 1}, "must be a list of values"),
    "a replication": ("replication", [77], "replication = 77: is not in these results; there are 1, 2"),
}


@pytest.fixture(scope="module", params=["memory", "folder"])
def results(request, tmp_path_factory):
    mine = only(table({"plan": [0.5, 0.7], "baseline": [0.4, 0.5]}))
    if request.param == "memory":
        return mine
    mine.save(folder := tmp_path_factory.mktemp("kept") / "saved")
    return Results.load(folder)


@pytest.mark.parametrize("column, values, message", NOWHERE.values(), ids=NOWHERE)
def test_what_stands_nowhere_is_refused_with_what_there_is(results, column, values, message):
    with pytest.raises(InputError, match=message):
        results.rows("district_year", {column: values})


def test_who_asks_without_knowing_what_is_there_is_answered_by_none(results):
    assert results.rows_if_any("district_year", {"year": [1998, 2024]}).equals(
        results.rows("district_year", {"year": [2024]})
    )
    assert results.rows_if_any("district_year", {"scenario": ["nowhere"]}).empty
    with pytest.raises(InputError, match="must be a list of values"):
        results.rows_if_any("district_year", {"year": 2024})


@pytest.mark.parametrize(
    "wanted",
    [{"stage": ["junior"]}, {"group": ["migrant"]}, {"indicator": ["pupils"]}, {"year": []}, {"group": ["home_rural"]}],
)
def test_what_may_stand_there_and_was_not_recorded_gives_no_rows(results, wanted):
    assert results.rows("district_year", wanted).empty


def test_values_may_come_as_any_list(results):
    asked = (year for year in (2024, 2024))
    assert len(results.rows("district_year", {"year": asked, "indicator": {SCORE}, "stage": None})) == 4
    assert len(results.rows("district_year", {"year": np.array([2024])})) == 4
    narrowed = results.for_replications([1])
    assert len(narrowed.rows("district_year", {"replication": np.array([1])})) == 2


def test_schools_policies_and_reasons_are_looked_up_in_the_runs(small_experiment):
    last = small_experiment.years[-1]
    keys = set(small_experiment.frame("schools")["school"])
    assert small_experiment.rows("school_year", {"school": [min(keys)], "year": [last]}).size
    for wanted, hint in (({"school": [max(keys) + 1]}, "there are 1, 2"), ({"school": ["1"]}, "whole number")):
        with pytest.raises(InputError, match=hint):
            small_experiment.rows("school_year", wanted)
    for name, column in (("costs", "instance"), ("costs", "kind"), ("teacher_moves", "reason")):
        with pytest.raises(InputError, match=f"{column} = 'nowhere'"):
            small_experiment.rows(name, {column: ["nowhere"]})
    assert not small_experiment.rows("costs", {"instance": ["staff"]}).empty
