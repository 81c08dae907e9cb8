"""What a school that is to open is given is what makes it as large as schools that open are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simsim.base.codes import JUNIOR, PRIMARY
from simsim.district import District
from simsim.districts.files import DistrictData, load_district
from simsim.districts.importing import import_book
from simsim.districts.own_forecast import rules
from simsim.studies.calibration import calibrate
from simsim.studies.opening_settings import Claimed, Opening, begun, seekers, settings_of, size, usual_grade

LAST = 2020
NEW = 90


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a calibrated district to whose junior schools as many come from outside as from its own
    primary ones, and whose junior grades grow from 120 to 180 pupils a school.
    """
    into = tmp_path_factory.mktemp("opening")
    sizes = {f"p{i}": dict.fromkeys(range(1, 7), 60) for i in range(4)}
    sizes |= {f"j{i}": {7: 120, 8: 150, 9: 180} for i in range(4)}
    rows = [
        (code, year, grade, pupils)
        for code, grades in sizes.items()
        for year in range(LAST - 3, LAST + 1)
        for grade, pupils in grades.items()
    ]
    pd.DataFrame(rows, columns=["code", "year", "grade", "pupils"]).to_csv(into / "rolls.csv", index=False)
    made = import_book(into / "rolls.csv", "growing", into / "growing").folder
    calibrate(made)
    return made


@pytest.fixture(scope="module")
def district(folder: Path) -> DistrictData:
    return load_district(folder)


def opening(grades: dict[int, int]) -> Opening:
    return Opening(NEW, "New", LAST + 1, grades)


def test_a_school_of_unknown_size_has_part_of_the_mean_of_the_grades_that_it_opens_with(district: DistrictData) -> None:
    assert [usual_grade(district, JUNIOR, n) for n in (1, 2, 3, None)] == [120.0, 135.0, 150.0, 150.0]
    assert size(district, opening({JUNIOR: 1}), JUNIOR) == rules()["opening.size"] * 120.0


def test_who_seeks_a_junior_place_is_who_the_account_expects(district: DistrictData) -> None:
    own, homes = district.calibrated, district.neighbourhoods["key"].tolist()
    assert own is not None
    first = own.schools[LAST + 1][:, district.system.first_grade[JUNIOR] - district.system.entry_grade].sum()
    assert seekers(district, JUNIOR, homes, LAST + 1) == pytest.approx(first)
    assert seekers(district, JUNIOR, homes, LAST + 1) > 1.8 * 4 * 60
    assert seekers(district, PRIMARY, homes, LAST + 1) == pytest.approx(own.schools[LAST + 1][:, 0].sum())


def test_without_an_account_it_is_who_leaves_the_last_primary_grade(district: DistrictData) -> None:
    homes = district.neighbourhoods["key"].tolist()
    assert seekers(replace(district, calibrated=None), JUNIOR, homes, LAST + 1) == pytest.approx(4 * 60)


def test_the_share_of_a_school_of_two_stages_is_of_both_together(district: DistrictData) -> None:
    both = opening({PRIMARY: 1, JUNIOR: 1})
    homes = district.neighbourhoods["key"].tolist()
    wanted = sum(size(district, both, stage) for stage in both.grades)
    coming = sum(seekers(district, stage, homes, LAST + 1) for stage in both.grades)
    assert settings_of(district, both, Claimed())["catchment_share"] == pytest.approx(wanted / coming, abs=0.001)


def test_where_nobody_is_in_a_grade_others_say_how_large_it_is_and_where_nobody_seeks_it_takes_the_most(
    district: DistrictData,
) -> None:
    first = district.system.columns[district.system.first_grade[JUNIOR]]
    without = replace(district, schools=district.schools.assign(**{first: 0.0}), calibrated=None)
    assert usual_grade(without, JUNIOR, 2) == 150.0 and usual_grade(without, JUNIOR, 1) == 0.0
    nobody = without.schools.assign(**{column: 0.0 for column in without.schools if str(column).startswith("pupils_g")})
    alone = settings_of(replace(without, schools=nobody), opening({JUNIOR: 1}), Claimed())
    assert alone["catchment_share"] == rules()["opening.most"] and alone["rooms_junior"] == 3


@pytest.mark.slow
@pytest.mark.parametrize("grades", [["7"], ["7", "8", "9"], ["1"], ["1", "2", "3"]])
def test_as_many_come_as_schools_that_open_have(folder: Path, district: DistrictData, grades: list[str]) -> None:
    planned = opening(begun(district, grades))
    project = {"policy": "new_schools", "from": f"{LAST + 1}-09-01"}
    scenario = {
        "schema": "simsim-scenario/1", "title": {"zh": "新", "en": "new"}, "description": {"zh": "新", "en": "new"},
        "extends": "baseline", "district": str(folder),
        "policies": {"opens": project | {"settings": settings_of(district, planned, Claimed())}},
    }  # fmt: skip
    came: list[int] = []
    for seed in range(1, 7):
        world = District(scenario, seed=seed, data=district)
        world.watchers.append(lambda now: came.append(int(np.count_nonzero(now.students.school == NEW))))
        world.run(to=LAST + 1)
    wanted = sum(n * size(district, planned, stage) for stage, n in planned.grades.items())
    assert np.mean(came[1::2]) == pytest.approx(wanted, rel=0.15)
