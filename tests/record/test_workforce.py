"""The public workforce adds up: over subjects, over years, and against the schools' own gap to the standard."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base.codes import SUBJECT_GROUPS

KEYS = ["scenario", "replication", "year", "stage"]


@pytest.fixture(scope="module")
def table(small_experiment):
    frame = small_experiment.frame("district_year").astype({"indicator": str, "group": str, "stage": str})
    mine = frame[frame["group"].str.startswith("public")]
    return mine.pivot_table(index=[*KEYS, "group"], columns="indicator", values="value", observed=True)


def test_subjects_add_up_to_all_public_teachers(table):
    whole = table.xs("public", level="group")
    parts = sum(table.xs(f"public_{subject}", level="group") for subject in SUBJECT_GROUPS)
    np.testing.assert_allclose(parts, whole)


def test_who_comes_and_goes_explains_the_staff_of_business_as_usual(table):
    mine = table.xs("public", level="group").loc["baseline"]
    staff = mine["teachers"].unstack("year")
    change = (mine["hires"] - mine["retirements"] - mine["exits"]).unstack("year")
    for year in (2015, 2016):
        np.testing.assert_array_equal(staff[year] - staff[year - 1], change[year])


def test_need_is_staff_less_what_schools_have_above_the_standard(small_experiment, table):
    schools = small_experiment.frame("school_year")
    gap = schools[schools["indicator"] == "surplus_teachers"].groupby(KEYS, observed=True)["value"].sum()
    mine = table.xs("public", level="group")
    np.testing.assert_allclose(mine["teachers"] - mine["teachers_needed"], gap.reindex(mine.index))
