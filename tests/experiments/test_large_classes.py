"""Large classes by year: shares, what the law allows, what the nation had, and who stands outside the law."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from simsim.experiments.large_classes import forced, large_classes, national, outside, outside_said, rounded
from simsim.experiments.results import Results
from tests.experiments.small_results import table

RESOLVED = {
    "scenarios": {
        "plan": {"resolved": {"district": "erdao", "law": "national"}},
        "frozen": {"resolved": {"district": "erdao", "law": "none"}},
    }
}
FORCED = pd.DataFrame(
    [("plan", 1, 2020, "primary", 3, 2, 90, 10.0), ("plan", 2, 2020, "primary", 4, 4, 180, 30.0)],
    columns=["scenario", "replication", "year", "stage", "school", "rooms", "places", "yuan"],
)


@pytest.fixture
def results():
    def counts(classes: list[float], large: list[float], stage: str) -> list[pd.DataFrame]:
        both = {"plan": (classes, large), "frozen": (classes, classes)}
        return [
            table({name: values[n] for name, values in both.items()}, indicator, 2020, stage=stage)
            for n, indicator in enumerate(("classes", "large_classes_56"))
        ]

    frames = [*counts([100, 100, 50], [0, 10, 10], "primary"), *counts([0, 50, 50], [0, 5, 0], "junior")]
    return Results({"district_year": pd.concat(frames, ignore_index=True), "law_rooms": FORCED}, RESOLVED)


def test_shares_are_medians_over_worlds_of_each_stage_and_of_both_together(results):
    found = large_classes(results).set_index(["scenario", "stage"])
    assert found.loc[("plan", "primary"), "share_56"] == pytest.approx(0.1)
    assert found.loc[("plan", "primary"), "worst_56"] == pytest.approx(0.2)
    assert found.loc[("plan", "all"), "share_56"] == pytest.approx(0.1) and found.loc[("plan", "all"), "n"] == 3
    assert list(large_classes(results)["stage"].unique()) == ["primary", "junior", "all"]


def test_the_law_stands_beside_them_except_where_a_scenario_is_outside(results):
    found = large_classes(results).set_index(["scenario", "stage"])
    assert found.loc[("plan", "junior"), "law_56"] == 0.05 and found.loc[("plan", "junior"), "law_66"] == 0.02
    assert math.isnan(found.loc[("frozen", "junior"), "law_56"])
    assert outside(results) == ["frozen"]
    assert "frozen" in outside_said(results)[0] and "frozen" in outside_said(results, "zh")[0]


def test_the_nations_shares_are_those_published():
    assert national()[56] == {2017: 0.101, 2018: 0.0706, 2021: 0.0071} and national()[66][2018] == 0.005


def test_what_the_law_forced_is_told_as_means_over_worlds(results):
    built = forced(results, "plan").loc[(2020, "primary")]
    assert built.to_dict() == {"rooms": 2.0, "places": 90.0, "yuan": pytest.approx(40 / 3)}
    assert forced(results, "frozen").empty


def test_shares_are_printed_in_per_cent_and_nothing_where_there_is_none(results):
    found = rounded(large_classes(results)).set_index(["scenario", "stage"])
    assert found.loc[("plan", "primary"), "share_56"] == "10.0%" and found.loc[("frozen", "all"), "law_56"] == ""


def test_results_without_a_table_of_forced_rooms_have_none_of_any_year(results):
    old = Results({name: results.frame(name) for name in results.tables if name != "law_rooms"}, dict(RESOLVED))
    found = forced(old, "plan")
    assert found.empty and list(found.index.get_level_values("year")) == []
    assert found.sum().tolist() == [0, 0, 0]
