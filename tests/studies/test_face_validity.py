"""Face validity: quantities made by hand, ranges with their sources."""

from __future__ import annotations

import pandas as pd
import pytest

from simsim.base.codes import STAGES
from simsim.experiments.results import Results
from simsim.inputs.errors import InputError
from simsim.studies.face_validity import INSIDE, OUTSIDE, amounts, check, known, of_results, row
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


def test_an_experiment_gives_what_its_replications_give(monkeypatch):
    shares = {"pupils": 1200.0, "teachers": 100.0, "classes": 25.0}
    rows = [
        ("baseline", seed, year, stage, "all", name, value * seed)
        for seed in (1, 2, 3) for year in (2014, 2024) for stage in STAGES for name, value in shares.items()
    ]  # fmt: skip
    keys = ["scenario", "replication", "year", "stage", "group", "indicator", "value"]
    schools = [("baseline", seed, year, stage, key, "pupils", 10.0 * key)
               for seed in (1, 2, 3) for year in (2014, 2024) for stage in STAGES for key in (0, 1, 2)]  # fmt: skip
    tables = {"district_year": pd.DataFrame(rows, columns=keys)}
    tables["school_year"] = pd.DataFrame(schools, columns=[*keys[:4], "school", *keys[5:]])
    results = Results(tables, {"districts": {"baseline": "erdao"}, "seeds": [1, 2, 3]}, None)
    table = of_results(results).set_index(["quantity", "stage", "year"])
    assert table.loc[("pupils_per_school", "junior", 2024), ["low", "median", "high"]].tolist() == [660, 1200, 1740]
    assert table.loc[("class_size", "primary", 2014), "median"] == 48.0
    with pytest.raises(InputError, match="runs of ten years"):
        of_results(
            Results({**tables, "district_year": tables["district_year"].query("year == 2014")}, results.manifest)
        )


@pytest.mark.slow
def test_the_shipped_district_has_a_row_for_every_quantity_stage_and_year():
    table = check(1)
    assert len(table) == 2 * len(known()["quantities"])
    assert table[["median", "low", "high"]].notna().all(axis=None)
