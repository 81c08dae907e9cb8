"""A district made from aggregates keeps them, keeps within its constraints, and is the same every time."""

from __future__ import annotations

import tracemalloc
from copy import deepcopy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from simsim.base.balance import weighted_cv, weighted_mean
from simsim.base.codes import JUNIOR, PRIMARY, STAGES, SUBJECT_GROUPS, TITLES, stages_of
from simsim.districts import synthesise as synthesise_module
from simsim.districts.checks import FACILITY_COLUMNS
from simsim.districts.files import check_district, district_folder
from simsim.districts.residuals import FACILITIES, STAFF, stage_inputs
from simsim.districts.synthesise import SynthesisResult, intake, synthesise, write
from simsim.inputs.errors import InputError
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml

ERDAO = resource("parameters") / "districts" / "erdao" / "district.yaml"
PUBLISHED = {  # the provincial table, typed once more: means, then CVs
    "primary": (
        [3.71, 7.55, 2439, 0.1424, 30.31, 0.073, 0.071, 0.059],
        [0.246, 0.471, 0.388, 0.299, 0.189, 0.475, 0.479, 0.533],
        0.385,
    ),
    "junior": (
        [4.80, 10.78, 2385, 0.1819, 46.63, 0.135, 0.115, 0.113],
        [0.441, 0.494, 0.495, 0.311, 0.388, 0.365, 0.236, 0.493],
        0.403,
    ),
}


@pytest.fixture(scope="module")
def erdao() -> SynthesisResult:
    return synthesise(ERDAO)


@pytest.fixture(scope="module")
def weights() -> dict[str, float]:
    return read_yaml(ERDAO)["rules"]["split_weights"]["value"]


def teachers(schools: pd.DataFrame, name: str) -> pd.Series:
    return schools[[f"t_{name}_{group}" for group in SUBJECT_GROUPS]].sum(axis=1)


@pytest.mark.parametrize("stage", [PRIMARY, JUNIOR])
def test_published_means_and_cvs_hold_within_one_percent(
    erdao: SynthesisResult, weights: dict[str, float], stage: int
) -> None:
    inputs = stage_inputs(erdao.schools, stage, weights)
    means, cvs, overall = PUBLISHED[STAGES[stage]]
    found = [weighted_cv(inputs[item], inputs["pupils"]) for item in (*FACILITIES, *STAFF)]
    assert [weighted_mean(inputs[item], inputs["pupils"]) for item in (*FACILITIES, *STAFF)] == pytest.approx(
        means, rel=0.01
    )
    assert found == pytest.approx(cvs, rel=0.01)
    assert np.mean(found) == pytest.approx(overall, rel=0.01)


@pytest.mark.parametrize("stage", [PRIMARY, JUNIOR])
def test_schools_of_better_off_intake_have_no_fewer_titled_teachers_and_none_is_without(
    erdao: SynthesisResult, stage: int
) -> None:
    name, schools = STAGES[stage], erdao.schools
    mine = (teachers(schools, name) > 0) & (schools["ownership"] == "public")
    titled = (schools[f"title_first_{name}"] + schools[f"title_senior_{name}"]) / teachers(schools, name)
    better = intake(schools, erdao.neighbourhoods, stage)
    assert np.corrcoef(titled[mine], better[mine])[0, 1] >= 0
    assert titled[mine].min() > 0.3


def test_intake_is_the_mean_of_the_catchment_and_that_of_the_district_where_there_is_none() -> None:
    schools = pd.DataFrame({"key": [1, 2, 3]})
    places = pd.DataFrame(
        {"births_share": [0.5, 0.25, 0.25], "ses_mean": [0.0, 0.4, 1.0], "catchment_junior": [1, 1, 2]}
    )
    assert intake(schools, places, JUNIOR) == pytest.approx([0.4 / 3, 1.0, 0.0])


def test_the_committed_files_are_what_the_synthesis_writes(erdao: SynthesisResult, tmp_path: Path) -> None:
    for path in write(erdao, tmp_path):
        assert path.read_bytes() == (ERDAO.parent / path.name).read_bytes(), (
            f"run `simsim district synthesise`: {path.name} is old"
        )


def test_the_same_file_gives_the_same_bytes(erdao: SynthesisResult, tmp_path: Path) -> None:
    folders = tmp_path / "first", tmp_path / "second"
    for folder in folders:
        folder.mkdir()
    first, second = (write(made, folder) for made, folder in zip((erdao, synthesise(ERDAO)), folders, strict=True))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_erdao_has_the_schools_and_pupils_of_2014(erdao: SynthesisResult) -> None:
    schools = erdao.schools
    assert len(schools) == 25 and (schools["ownership"] == "private").sum() == 2
    assert schools["kind"].value_counts().to_dict() == {"primary": 15, "nine_year": 5, "junior": 3, "complete": 2}
    assert 33_000 <= schools[[f"pupils_g{grade}" for grade in range(1, 10)]].to_numpy().sum() <= 36_000
    assert {"长江小学", "开封小学", "长青小学", "长春市第五十二中学", "长春市一〇八学校"} <= set(schools["name_zh"])
    synthetic = schools[schools["status"] == "synthetic"]
    assert synthetic["name_en"].str.endswith("(synthetic)").all() and synthetic["name_zh"].str.endswith("(合成)").all()
    assert not synthetic["name_zh"].duplicated().any()


def test_only_what_is_published_about_no_52_with_its_kindergarten_is_missed(erdao: SynthesisResult) -> None:
    assert erdao.missed and all(line.startswith("No. 52 School") and "kindergarten" in line for line in erdao.missed)


@pytest.mark.parametrize("name", STAGES)
def test_people_are_whole_and_subsets_no_larger_than_the_set(erdao: SynthesisResult, name: str) -> None:
    schools, total = erdao.schools, teachers(erdao.schools, name)
    titles = schools[[f"title_{title}_{name}" for title in TITLES]]
    assert all(schools[column].dtype.kind == "i" for column in schools if name in column)
    assert (titles.sum(axis=1) == total).all() and (titles >= 0).all(axis=None)
    assert (schools[f"overqualified_{name}"] <= total).all()
    assert (schools[f"star_{name}"] <= schools[f"backbone_{name}"]).all() and (
        schools[f"backbone_{name}"] <= total
    ).all()


@pytest.mark.parametrize("stage", [PRIMARY, JUNIOR])
def test_every_stage_has_rooms_and_4_to_30_pupils_a_teacher(
    erdao: SynthesisResult, weights: dict[str, float], stage: int
) -> None:
    schools, name = erdao.schools, STAGES[stage]
    has = np.array([stage in stages_of(kind) for kind in schools["kind"]])
    inputs = stage_inputs(schools, stage, weights)
    assert ((inputs["pupils"] > 0) == has).all() and ((schools[f"rooms_{name}"] > 0) == has).all()
    ratio = inputs["pupils"][has] / inputs["teachers"][has]
    assert ratio.min() >= 4 and ratio.max() <= 30
    use = inputs["pupils"][has] / schools.loc[has, f"rooms_{name}"] / (45, 50)[stage]
    assert (use < 1).mean() > 0.6 and (use > 1).any() and use.max() < 1.3


def test_facilities_are_positive(erdao: SynthesisResult) -> None:
    assert (erdao.schools[list(FACILITY_COLUMNS)] > 0).all(axis=None)
    rooms = erdao.schools["rooms_primary"] + erdao.schools["rooms_junior"]
    assert (erdao.schools["multimedia_rooms"] < rooms).all()


@pytest.mark.parametrize("name", STAGES)
def test_catchments_fill_their_schools(erdao: SynthesisResult, name: str) -> None:
    schools, parts = erdao.schools.set_index("key"), erdao.neighbourhoods[erdao.neighbourhoods["included"] == 1]
    share = parts.groupby(f"catchment_{name}")["births_share"].sum()
    first = schools[schools["ownership"] == "public"][{"primary": "pupils_g1", "junior": "pupils_g7"}[name]]
    first = first[first > 0]
    assert set(share.index) == set(first.index)
    assert (share / share.sum()).reindex(first.index).to_numpy() == pytest.approx(
        (first / first.sum()).to_numpy(), rel=0.02, abs=0.001
    )


def test_neighbourhoods_keep_their_parameters(erdao: SynthesisResult) -> None:
    parts = erdao.neighbourhoods[erdao.neighbourhoods["included"] == 1]
    assert 22 <= len(parts) <= 28
    assert np.average(parts["ses_mean"], weights=parts["births_share"]) == pytest.approx(0, abs=1e-3)
    assert np.average(parts["ses_mean"] ** 2, weights=parts["births_share"]) == pytest.approx(0.18, abs=2e-3)
    assert np.average(parts["migrant_share"], weights=parts["births_share"]) == pytest.approx(0.25, abs=1e-3)
    for share in ("births_share", "inflow_share", "housing_share"):
        assert parts[share].sum() == pytest.approx(1, abs=1e-4)


def test_those_managed_by_others_are_there_but_outside(erdao: SynthesisResult) -> None:
    outside = erdao.neighbourhoods[erdao.neighbourhoods["included"] == 0]
    assert set(outside["name_en"]) == {"Quanyan", "Quannongshan", "Sijia", "Dongfang Guangchang", "Shiji"}
    assert (outside[["births_share", "catchment_primary", "catchment_junior"]] == 0).all(axis=None)


def test_yingjun_lies_8_to_12_km_east(erdao: SynthesisResult) -> None:
    town = erdao.neighbourhoods[erdao.neighbourhoods["parent"] == "Yingjun"]
    assert (np.hypot(town["x_km"], town["y_km"]).between(7.5, 12.5) & (town["x_km"].abs() > town["y_km"].abs())).all()


@pytest.mark.parametrize("entry", ["aggregates", "rules", "migration", "housing", "pupils_per_teacher", "travel"])
def test_every_aggregate_says_unit_kind_and_source(entry: str) -> None:
    def walk(node: object, key: str) -> None:
        if isinstance(node, dict):
            if "value" in node:
                assert {"unit", "kind", "source"} <= set(node), key
            for name, child in node.items():
                walk(child, f"{key}.{name}")

    walk(read_yaml(ERDAO)[entry], entry)


# ---- another district ----

SMALL_COUNTS = {"public": {"primary": 5, "nine_year": 1, "junior": 2}}
SMALL_AREAS = [
    {"en": "North", "zh": "北街", "x": 0.0, "y": 2.0, "children": 3, "urban": 1},
    {"en": "South", "zh": "南街", "x": 0.0, "y": -2.0, "children": 2, "urban": 1},
    {"en": "Hills", "zh": "山乡", "x": 9.0, "y": 0.0, "children": 1, "urban": 0},
]


def small(tmp_path: Path, **changes: object) -> Path:
    """Write a made-up district of eight schools; `changes` replace dotted entries (dots as __)."""
    spec = deepcopy(read_yaml(ERDAO))
    shared = {
        "managed_by": "Small",
        "radius": 1.0,
        "parts": 2,
        "density": 1,
        "inflow": 1,
        "housing": 1,
        "migrant": 1,
        "ses": 0,
        "seat_use": 0.9,
    }
    spec |= {"name": "small", "label": {"zh": "小区", "en": "Small"}, "managed_by": "Small", "seed": 7}
    spec["aggregates"]["pupils"] = {"primary": {**spec["aggregates"]["pupils"]["primary"], "value": 5200},
                                    "junior": {**spec["aggregates"]["pupils"]["junior"], "value": 2500}}  # fmt: skip
    spec["schools"] = {"counts": SMALL_COUNTS, "source": "made up", "kind": "judgement"}
    spec["areas"]["list"] = [{**shared, **area} for area in SMALL_AREAS]
    for stage in STAGES:
        for item, cv in zip((*FACILITIES, *STAFF), (0.2, 0.3, 0.25, 0.2, 0.3, 0.3, 0.32, 0.35), strict=True):
            spec["resources"][stage][item]["cv"] = cv
    spec["resources"]["composite_cv"] = {}
    for dotted, value in changes.items():
        *path, last = dotted.split("__")
        place = spec
        for part in path:
            place = place[part]
        if value is None:
            del place[last]
        else:
            place[last] = value
    for stage in STAGES:
        cvs = [spec["resources"][stage][item]["cv"] for item in (*FACILITIES, *STAFF)]
        spec["resources"]["composite_cv"].setdefault(stage, float(np.mean(cvs)))
    (tmp_path / "district.yaml").write_text(yaml.safe_dump(spec, allow_unicode=True, sort_keys=False), encoding="utf-8")
    (tmp_path / "births.csv").write_text(
        "year,births\n" + "".join(f"{year},800\n" for year in range(2000, 2021)), encoding="utf-8"
    )
    return tmp_path / "district.yaml"


@pytest.mark.slow
def test_a_made_up_district_meets_its_own_targets_and_can_be_loaded(tmp_path: Path) -> None:
    path = small(tmp_path)
    result = synthesise(path)
    assert result.missed == [] and result.residuals["residual"].abs().max() < 0.01
    assert len(result.schools) == 8 and result.schools["name_zh"].str.startswith("小区").all()
    write(result, tmp_path)
    assert check_district(district_folder(tmp_path)) == []


@pytest.mark.slow
def test_without_leans_staff_follows_size_as_facilities_do_and_no_intake(tmp_path: Path) -> None:
    none = {"rules__staff_intake_lean": None, "rules__staff_small_advantage": None}
    same = {"rules__staff_intake_lean__value": 0.0, "rules__staff_small_advantage__value": 0.6}
    (tmp_path / "none").mkdir()
    (tmp_path / "same").mkdir()
    one, other = synthesise(small(tmp_path / "none", **none)), synthesise(small(tmp_path / "same", **same))
    pd.testing.assert_frame_equal(one.schools, other.schools)


@pytest.mark.slow
def test_targets_within_all_bounds_that_are_missed_are_reported(tmp_path: Path) -> None:
    result = synthesise(small(tmp_path, resources__primary__books={"mean": 30.0, "cv": 1.9}))
    assert any(line.startswith("primary books cv") for line in result.missed)


@pytest.mark.slow
def test_constraints_that_hold_schools_back_are_reported(tmp_path: Path) -> None:
    result = synthesise(small(tmp_path, resources__primary__teachers={"mean": 0.245, "cv": 0.005}))
    assert any("at the bound" in line for line in result.binding)


FEWEST = {"public": {"primary": 2, "junior": 1}}


def three(tmp_path: Path, **changes: object) -> Path:
    """Write a made-up district of three schools, one of them the only junior one; spreads that two schools can have."""
    cvs = {f"resources__{stage}__{item}__cv": cv for stage, cv in (("primary", 0.1), ("junior", 0))
           for item in (*FACILITIES, *STAFF)}  # fmt: skip
    sizes = {"aggregates__pupils__primary__value": 900, "aggregates__pupils__junior__value": 400}
    return small(tmp_path, **{"schools__counts": FEWEST, **sizes, **cvs, **changes})


@pytest.mark.slow
def test_three_schools_in_three_areas_are_a_district(tmp_path: Path) -> None:
    result = synthesise(three(tmp_path))
    assert len(result.schools) == 3
    assert result.residuals.query("stage == 'junior'")["residual"].abs().max() < 0.01
    write(result, tmp_path)
    assert check_district(district_folder(tmp_path)) == []


@pytest.mark.slow
def test_a_hundred_schools_meet_their_targets_in_little_memory(tmp_path: Path) -> None:
    counts = {"public": {"primary": 60, "nine_year": 12, "junior": 26}, "private": {"primary": 2, "junior": 1}}
    sizes = {"aggregates__pupils__primary__value": 70_000, "aggregates__pupils__junior__value": 33_000}
    path = small(tmp_path, schools__counts=counts, **sizes)
    tracemalloc.start()
    result = synthesise(path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(result.schools) == 101 and result.missed == []
    assert most < 50e6


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "key", "remedy"),
    [
        (
            {"resources__junior__books__cv": 0.2},
            "resources.junior.books.cv",
            "must be 0 with 1 junior school",
        ),
        ({"resources__primary__books__cv": 3.0}, "resources.primary.books.cv", "with 2 primary schools"),
        ({"resources__primary__teachers__cv": 1.2}, "resources.primary.overqualified.cv", "of the teachers"),
        (
            {"resources__primary__midtitle__mean": 0.08},
            "resources.primary.midtitle.mean",
            "more than there are",
        ),
        ({"resources__primary__teachers__mean": 0.3}, "resources.primary.teachers.mean", "from 0.0333 to 0.25"),
        ({"resources__composite_cv__primary": 0.4}, "resources.composite_cv.primary", "mean of the eight CVs"),
        ({"aggregates__pupils__primary__value": 5}, "aggregates.pupils.primary.value", "at least 8"),
        ({"rules__class_limit__value": 40}, "rules.class_limit.value", "class_target"),
        ({"schools__counts": {"public": {"primary": 2, "junior": 12}}}, "schools.counts", "more parts"),
        (
            {"schools__counts": {**FEWEST, "private": {"primary": 1}}, "aggregates__private_share__primary__value": 0},
            "aggregates.private_share.primary.value",
            "contradicts schools.counts",
        ),
        (
            {
                "schools__named": [
                    {"zh": "东", "en": "East", "kind": "primary", "area": "North", "source": "me", "primary": 950}
                ]
            },
            "aggregates.pupils.primary.value",
            "schools.named",
        ),
    ],
)
def test_what_no_district_could_have_is_named_before_anything_is_solved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], key: str, remedy: str
) -> None:
    monkeypatch.setattr(synthesise_module, "facilities", lambda *_: pytest.fail("solved"))
    with pytest.raises(InputError) as caught:
        synthesise(three(tmp_path, **changes))
    assert any(p.key == key and remedy in p.remedy for p in caught.value.problems), str(caught.value)


def test_a_grade_needs_births(tmp_path: Path) -> None:
    path = three(tmp_path)
    (tmp_path / "births.csv").write_text("year,births\n" + "".join(f"{y},0\n" for y in range(2000, 2021)), "utf-8")
    with pytest.raises(InputError, match=r"births\.csv: births = 0: must not be 0"):
        synthesise(path)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "key", "remedy"),
    [
        ({"seed": None}, "seed", "is missing"),
        ({"seed": "one"}, "seed", "whole number"),
        ({"resources__primary__books__cv": -1}, "resources.primary.books.cv", "number between"),
        ({"rules__class_limit": None}, "rules.class_limit.value", "is missing"),
        ({"rules__staff_intake_lean": {"value": 0.8}}, "rules.staff_intake_lean.value", "between -0.5 and 0.5"),
        ({"rules__staff_small_advantage": {"value": 2}}, "rules.staff_small_advantage.value", "between 0 and 1"),
        ({"rules__pupils_per_teacher__value": [30, 4]}, "rules.pupils_per_teacher.value", "the lower first"),
        ({"agregates": {}}, "agregates", "did you mean aggregates?"),
        ({"managed_by": "Smal"}, "managed_by", "did you mean Small?"),
        (
            {"schools__counts": {"public": {"primry": 3, "junior": 1}}},
            "schools.counts.public.primry",
            "did you mean primary?",
        ),
        ({"schools__counts": {"public": {"primary": 3}}}, "schools.counts.public", "no junior stage"),
        (
            {"schools__counts": {"public": {"primary": -3, "nine_year": 1}}},
            "schools.counts.public.primary",
            "number between",
        ),
        ({"areas__list": []}, "managed_by", "no area"),
        ({"areas__list": 3}, "areas.list", "list of areas"),
        ({"rules__ses_noise": {"value": 0.2, "kind": "guess"}}, "rules.ses_noise.kind", "published"),
        ({"name": "../other"}, "name", "no slashes"),
        ({"schema": "simsim-scenario/1"}, "schema", "simsim-district/1"),
        (
            {"schools__named": [{"zh": "东", "en": "East", "kind": "primary", "area": "Nort", "source": "made up"}]},
            "schools.named.East.area",
            "did you mean North?",
        ),
        (
            {"schools__named": [{"zh": "东", "en": "East", "kind": "complete", "area": "North", "source": "made up"}]},
            "schools.named.East.kind",
            "no room",
        ),
        (
            {"schools__named": [{"zh": "东", "en": "East", "kind": "junior", "primary": 300, "source": "made up"}]},
            "schools.named.East.primary",
            "of a stage that the school has",
        ),
    ],
)
def test_a_bad_district_file_says_which_entry_and_what_to_do(
    tmp_path: Path, changes: dict[str, object], key: str, remedy: str
) -> None:
    with pytest.raises(InputError) as caught:
        synthesise(small(tmp_path, **changes))
    assert any(problem.key == key and remedy in problem.remedy for problem in caught.value.problems), str(caught.value)


def test_births_are_needed(tmp_path: Path) -> None:
    path = small(tmp_path)
    (tmp_path / "births.csv").unlink()
    with pytest.raises(InputError, match=r"births\.csv: is missing"):
        synthesise(path)


def test_series_need_the_rule_that_joins_them(tmp_path: Path) -> None:
    path = small(tmp_path, births=None, aggregates__population=None)
    (tmp_path / "birth_series.csv").write_bytes((ERDAO.parent / "birth_series.csv").read_bytes())
    with pytest.raises(InputError) as caught:
        synthesise(path)
    assert {"births.splice", "births.per", "aggregates.population.census.value"} <= {
        problem.key for problem in caught.value.problems
    }
