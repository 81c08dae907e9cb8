"""A scaled district is what its factor says, loads and lives, and calls nothing real."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from simsim.base.codes import STAGES, stages_of
from simsim.base.ids import MOST_KEY
from simsim.district import District
from simsim.districts.files import DistrictData, load_district
from simsim.districts.scaling import scale_district
from simsim.inputs.errors import InputError
from simsim.scenarios.scenario import Scenario

COPIES = 3
SHARE = 0.2


@pytest.fixture(scope="module")
def erdao() -> DistrictData:
    return load_district("erdao")


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> DistrictData:
    return load_district(scale_district("erdao", COPIES, tmp_path_factory.mktemp("scaled") / "larger"))


@pytest.fixture(scope="module")
def smaller(tmp_path_factory: pytest.TempPathFactory) -> DistrictData:
    return load_district(scale_district("erdao", SHARE, tmp_path_factory.mktemp("scaled") / "smaller"))


def pupils(data: DistrictData) -> int:
    return int(data.schools[[f"pupils_g{grade}" for grade in range(1, 10)]].to_numpy().sum())


def test_copies_have_so_many_times_the_children_and_schools(erdao: DistrictData, larger: DistrictData) -> None:
    assert len(larger.schools) == COPIES * len(erdao.schools) and pupils(larger) == COPIES * pupils(erdao)
    assert (larger.births["births"] == COPIES * erdao.births["births"]).all()
    for entry, place in (("migration", "arrivals_by_grade"), ("housing", "flats_by_year")):
        before, now = (data.spec[entry][place]["value"] for data in (erdao, larger))
        numbers = [(now[key], before[key]) for key in (before if isinstance(before, dict) else range(len(before)))]
        assert all(new == COPIES * old for new, old in numbers)
    for share in ("births_share", "inflow_share", "housing_share"):
        assert larger.neighbourhoods[share].sum() == pytest.approx(1, abs=1e-5)


def test_copies_do_not_share_keys_or_names(larger: DistrictData) -> None:
    for table in (larger.schools, larger.neighbourhoods):
        assert table["key"].is_unique and table["name_en"].is_unique and table["name_zh"].is_unique


def test_every_child_s_nearest_school_is_in_the_own_copy(larger: DistrictData) -> None:
    homes, schools = larger.neighbourhoods, larger.schools
    km = np.hypot(*(homes[c].to_numpy()[:, None] - schools[c].to_numpy() for c in ("x_km", "y_km")))
    own = homes["name_en"].str[-8:].to_numpy()[:, None] == schools["name_en"].str[-8:].to_numpy()
    farthest = max(larger.spec["travel"]["limit_km"]["value"].values())
    assert km[~own].min() > farthest and own.sum() * COPIES == own.size


def test_a_part_has_fewer_schools_and_the_children_who_go_to_them(erdao: DistrictData, smaller: DistrictData) -> None:
    kept = erdao.schools[erdao.schools["key"].isin(smaller.schools["key"])]
    assert 3 <= len(smaller.schools) <= SHARE * len(erdao.schools) + 2 and pupils(smaller) == pupils(
        dataclasses.replace(erdao, schools=kept)
    )
    public = smaller.schools[smaller.schools["ownership"] == "public"]
    assert {stage for kind in public["kind"] for stage in stages_of(kind)} == set(range(len(STAGES)))
    share = smaller.births["births"].sum() / erdao.births["births"].sum()
    assert 0.05 < share < 0.5


@pytest.mark.parametrize("which", ["larger", "smaller"])
def test_nothing_of_it_is_called_real_or_fitted(which: str, request: pytest.FixtureRequest) -> None:
    data = request.getfixturevalue(which)
    assert (data.schools["status"] == "synthetic").all()
    assert all(entry["target"] is None for entry in data.spec["fitted"].values())
    assert data.spec["scaled"]["from"] == "erdao" and "aggregates" not in data.spec


@pytest.mark.parametrize("which", ["larger", "smaller"])
def test_it_lives(which: str, request: pytest.FixtureRequest) -> None:
    data = request.getfixturevalue(which)
    district = District(Scenario.load("baseline"), seed=1, data=data)
    district.run(to=2015)
    assert len(district.students) == pytest.approx(pupils(data), rel=0.1)


def test_too_many_copies_are_refused_with_the_limit(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"keys end at {MOST_KEY:,}, so that erdao can be copied"):
        scale_district("erdao", MOST_KEY, tmp_path / "huge")
    assert not (tmp_path / "huge").exists()


@pytest.mark.parametrize("factor", [0, -1, 1.5, float("nan"), 1e-9])
def test_a_factor_that_cannot_be_is_refused_or_keeps_a_school_of_each_stage(tmp_path: Path, factor: float) -> None:
    if factor == 1e-9:
        assert len(load_district(scale_district("erdao", factor, tmp_path / "least")).schools) >= 1
        return
    with pytest.raises(InputError, match=r"scale: factor = .*: must be a whole number of copies"):
        scale_district("erdao", factor, tmp_path / "out")


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(InputError, match="exists already"):
        scale_district("erdao", 2, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
