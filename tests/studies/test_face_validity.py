"""Face validity: quantities made by hand, ranges with their sources."""

from __future__ import annotations

import pandas as pd
import pytest

from simsim.base.codes import STAGES
from simsim.inputs.errors import InputError
from simsim.studies.face_validity import INSIDE, OUTSIDE, amounts, check, known, row
from simsim.studies.patterns import READS

ENTRY = {
    "name": "load",
    "stage": "junior",
    "unit": "lessons",
    "nation": {2014: 8.0, 2022: 9.0},
    "low": 5.0,
    "high": 10.0,
    "sources": ["lessons"],
}


def test_quantities_are_ratios_of_pupils_teachers_classes_and_schools():
    found = amounts({"pupils": 1200.0, "teachers": 100.0, "classes": 25.0, "schools": 2.0}, lessons=34.0)
    assert found == {
        "pupils_per_teacher": 12.0,
        "class_size": 48.0,
        "teachers_per_class": 4.0,
        "load": 8.5,
        "pupils_per_school": 600.0,
    }


@pytest.mark.parametrize(("load", "verdict"), [(7.0, INSIDE), (10.0, INSIDE), (10.1, OUTSIDE), (4.9, OUTSIDE)])
def test_the_median_is_held_against_the_range_and_the_nearest_year_of_the_nation(load, verdict):
    found = pd.DataFrame({("load", "junior", 2020): [load - 1.0, load, load + 9.0]})
    made = row(ENTRY, 2020, found)
    assert (made["median"], made["verdict"], made["nation"], made["nation_year"]) == (load, verdict, 9.0, 2022)


def test_every_quantity_of_both_stages_has_a_range_around_the_nation_and_sources_that_are_listed():
    names = set(amounts(dict.fromkeys(("pupils", "teachers", "classes", "schools"), 1.0), 1.0))
    pairs = [(entry["name"], entry["stage"]) for entry in known()["quantities"]]
    assert sorted(pairs) == sorted((name, stage) for name in names for stage in STAGES)
    for entry in known()["quantities"]:
        assert all(entry["low"] <= value <= entry["high"] for value in entry["nation"].values())
        assert set(entry["sources"]) <= set(known()["sources"])
    assert all(source["read"] in READS and source["what"] for source in known()["sources"].values())


def test_no_replication_is_one_clear_error():
    with pytest.raises(InputError, match="at least 1"):
        check(0)


@pytest.mark.slow
def test_the_shipped_district_has_a_row_for_every_quantity_stage_and_year():
    table = check(1)
    assert len(table) == 2 * len(known()["quantities"])
    assert table[["median", "low", "high"]].notna().all(axis=None)
