"""Scenarios on another district: what names no place runs anywhere, another district's plan or schools are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from simsim.district import District
from simsim.districts.files import load_district
from simsim.experiments.request import scenarios_of
from simsim.inputs.errors import InputError
from simsim.scenarios.files import names
from simsim.scenarios.scenario import Scenario
from simsim.studies.fit import fit_district
from tests.small_district import FIRST, small_district

OF_THE_PLAN = {name for name in names() if Scenario.load(name).plan}
OF_XINWAN = {"xinwan-late", "xinwan-schools"}
ANYWHERE = sorted(set(names()) - OF_THE_PLAN - OF_XINWAN)


def test_what_runs_anywhere_is_what_has_no_plan_and_names_no_place() -> None:
    examples = ["shanhe-board", "shanhe-keep", "shanhe-merge", "xinwan-baseline"]
    usual = ["baseline", "baseline-half-inflow", "baseline-no-inflow", "frozen", "multi-school-zones"]
    assert list(ANYWHERE) == [*usual, "open-choice", "rotation-only", *examples]


@pytest.mark.parametrize("name", sorted(OF_XINWAN))
def test_a_shipped_scenario_that_names_schools_is_refused_elsewhere(name: str) -> None:
    with pytest.raises(InputError, match="names schools of xinwan, and this is northford"):
        Scenario.load(name, str(small_district()))


@pytest.mark.slow
@pytest.mark.parametrize("name", ANYWHERE)
def test_a_shipped_scenario_that_names_no_place_runs_on_every_district(name: str) -> None:
    scenario = Scenario.load(name, str(small_district()))
    district = District(scenario, data=load_district(small_district())).run(to=FIRST + 2)
    assert district.tables()["district_year"]["year"].max() == FIRST + 2


@pytest.mark.parametrize("name", sorted(OF_THE_PLAN))
def test_a_scenario_of_erdaos_plan_is_refused_elsewhere_in_one_message_with_its_remedy(name: str) -> None:
    with pytest.raises(InputError) as caught:
        Scenario.load(name, str(small_district()))
    (problem,) = caught.value.problems
    assert problem.key == "plan.file" and problem.value == "erdao-2014-2016" and problem.file.endswith(".yaml")
    assert "is the plan of the district erdao, and this is northford" in problem.remedy
    assert "`district: northford`" in problem.remedy


def test_a_district_does_not_take_another_districts_plan_by_its_data() -> None:
    with pytest.raises(InputError, match="is the plan of the district erdao"):
        District("plan", data=load_district(small_district()))


def test_schools_of_one_district_are_refused_on_another(tmp_path: Path) -> None:
    own = "from: 2022-09-01\n    settings: {pilots: [%d]}"
    file = tmp_path / "pilots.yaml"
    file.write_text("extends: baseline\npolicies:\n  k:\n    policy: after_school\n    " + own % 1, encoding="utf-8")
    assert Scenario.load(file).instances
    with pytest.raises(InputError) as caught:
        Scenario.load(file, str(small_district()))
    problem = caught.value.problems[0]
    assert (problem.file, problem.key, problem.value) == ("pilots.yaml", "policies.k.settings.pilots", (1,))
    assert "names schools of erdao, and this is northford" in problem.remedy


def test_a_scenario_that_says_its_district_brings_the_baseline_along(tmp_path: Path) -> None:
    (tmp_path / "northford").symlink_to(small_district())
    file = tmp_path / "mine.yaml"
    file.write_text("extends: baseline\ndistrict: northford\n", encoding="utf-8")
    both = scenarios_of(["baseline", file])
    assert {load_district(scenario.district).name for scenario in both} == {"northford"}


def test_a_run_ends_ten_years_after_the_first_unless_the_district_says_another_year() -> None:
    data = load_district(small_district())
    assert District("baseline", data=data).run().year == FIRST + 11


def test_fitting_a_district_without_targets_is_one_message_and_no_traceback() -> None:
    with pytest.raises(InputError, match="is missing, so nothing can be fitted"):
        fit_district(small_district(), jobs=1)
