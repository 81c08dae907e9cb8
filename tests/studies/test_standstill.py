"""The first year holds still: medians over worlds of what the model's own rules move."""

from __future__ import annotations

import os

import pytest

from simsim.inputs.errors import InputError
from simsim.studies import standstill as study
from simsim.studies.standstill import of_results, standstill
from simsim.studies.stationary import MEASURED
from tests.experiments.small_results import only, table

WORLDS = int(os.environ.get("SIMSIM_STILL_WORLDS", "10"))
"""What is promised is the median of 50 (SIMSIM_STILL_WORLDS=50)."""


@pytest.mark.slow
def test_in_a_stationary_world_the_first_year_holds_still():
    found = standstill(WORLDS, jobs=2).set_index("measured")
    assert found["holds"].all(), found[~found["holds"]].to_string()


def test_the_table_judges_medians_against_what_the_pattern_allows(monkeypatch):
    def measured(seed, name):
        moved = dict.fromkeys(MEASURED, (0.009, 0.0, 1.0)[seed - 1])
        return dict.fromkeys(MEASURED, 0.4), moved

    monkeypatch.setattr(study, "_measured", measured)
    found = standstill(3, jobs=1).set_index("measured")
    assert len(found) == len(MEASURED) and (found["first"] == 0.4).all() and (found["change"] == 0.009).all()
    assert found["holds"]["composite CV, primary, first year"] and found["within"].min() == pytest.approx(1 / 3)
    assert not found["holds"]["pupils displaced, junior, first year"]


def test_an_experiment_tells_what_business_as_usual_moves_in_its_first_year():
    first = table({"baseline": [0.30, 0.32, 0.40]}, "cv_composite", 2014)
    moved = table({"baseline": [0.31, 0.31, 0.42]}, "cv_composite", 2015)
    (row,) = of_results(only(first, moved)).to_dict("records")
    assert (row["year"], row["n"], row["stage"]) == (2015, 3, "primary")
    assert row["change"] == pytest.approx(0.01) and row["first"] == 0.32


def test_no_worlds_are_refused():
    with pytest.raises(InputError, match="at least 1 world"):
        standstill(0)
