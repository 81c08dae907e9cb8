"""A world in which nothing moves but the model's own rules, and what they move: `test-stationary`.

Every year as many children are born as a grade of the lowest stage has pupils, nobody leaves or arrives, and no room is
added; teachers retire, are hired, rise in title and move as in business as usual. What changes in it is the doing of
rules that would not keep the first year as it is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from simsim.base.codes import STAGES
from simsim.district import District
from simsim.districts.files import DistrictData, load_district
from simsim.inputs.defaults import default_district
from simsim.scenarios.scenario import LAWS, Scenario
from simsim.studies.limiting_cases import NOBODY_MOVES
from simsim.studies.watched import Replication, variant

STILL = NOBODY_MOVES | {"births_to_entry_urban": 1.0, "births_factor": 1.0, "reactive_capacity_step": 0.0}
"""Parameters of the stationary world; its births are a table (`constant_births`)."""
FIRST_YEAR, TEN_YEARS = 1, 10
MEASURED: dict[str, tuple[str, str, int]] = {
    f"{name}_{stage}_{'first' if lag == FIRST_YEAR else 'ten'}": (name, stage, lag)
    for name, lags in {
        "composite": (FIRST_YEAR, TEN_YEARS),
        "teacher_gap": (TEN_YEARS,),
        "large_classes": (FIRST_YEAR,),
        "displaced": (FIRST_YEAR,),
    }.items()
    for lag in lags
    for stage in STAGES
}
"""The parts of the pattern: what is measured, of which stage, and how many years after the first."""


def stationary_scenario() -> Scenario:
    """Return the scenario: business as usual in which nobody leaves or arrives and no room is added, outside the law on
    large classes, which would move those that are given.
    """
    return replace(variant("test-stationary", parameters=STILL), law=LAWS[1])


def constant_births(data: DistrictData) -> DistrictData:
    """Return a district in which every year's births fill a grade of the lowest stage as the first year has it."""
    lowest = data.system.stages[0]
    columns = data.system.columns_of(lowest)
    a_grade = float(data.schools[columns].to_numpy().sum()) / len(columns)
    return replace(data, births=data.births.assign(births=a_grade))


def still_world(seed: int, data: DistrictData | None = None, to: int | None = None) -> District:
    """Return one replication of the stationary world, lived up to a year (ten years after the first)."""
    data = load_district(default_district()) if data is None else data
    district = District(stationary_scenario(), seed=seed, data=constant_births(data))
    return district.run(to=district.first_year + TEN_YEARS if to is None else to)


def levels(district: District) -> Mapping[tuple[str, str, int], float]:
    """Return what is measured, by name, stage and year: composite CV, gap between teachers of the best-off and of other
    schools (SD), share of large classes, share of pupils displaced.
    """
    table = district.tables()["district_year"]
    rows = table[table["group"] == "all"].set_index(["indicator", "stage", "year"])["value"]
    found: dict[tuple[str, str, int], float] = {}
    for stage in (STAGES[code] for code in district.system.stages):
        for year in range(district.first_year, district.year):
            found["composite", stage, year] = float(rows["cv_composite", stage, year])
            found["teacher_gap", stage, year] = float(rows["teacher_gap", stage, year])
            displaced, pupils = (float(rows[name, stage, year]) for name in ("displaced", "pupils"))
            found["displaced", stage, year] = displaced / max(pupils, 1.0)
            large, classes = (float(rows[name, stage, year]) for name in ("large_classes_56", "classes"))
            found["large_classes", stage, year] = large / max(classes, 1.0)
    return found


def changes(district: District) -> dict[str, float]:
    """Return by how much each thing measured (MEASURED) has changed since the first year; a stage that is not taught,
    and years not lived, are left out.
    """
    found, first = levels(district), district.first_year
    return {
        part: found[name, stage, first + lag] - found[name, stage, first]
        for part, (name, stage, lag) in MEASURED.items()
        if (name, stage, first + lag) in found
    }


def no_trend(replication: Replication) -> dict[str, float]:
    """33: what changes in a world in which nothing moves but the model's own rules."""
    return changes(still_world(replication.seed, replication.data))
