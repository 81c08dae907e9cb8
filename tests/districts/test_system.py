"""A district's stages, grades and school age are its own: 6+3, 5+4, 5+3, K-8, one stage only."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from simsim.base.codes import JUNIOR, PRIMARY, STAGES
from simsim.district import District
from simsim.districts.births import entrants
from simsim.districts.files import check_district, load_district
from simsim.districts.projection import by_stage, project_enrolment, ratio_names
from simsim.districts.synthesis_checks import read_synthesis
from simsim.districts.system import read_system, shipped, shipped_systems, system_of, system_problems
from simsim.districts.three_tables import import_district
from simsim.inputs.errors import InputError
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml
from simsim.policies.shared.building_project import ProjectSettings, problems
from simsim.studies.watched import variant
from tests.districts.large import NEIGHBOURHOODS, SCHOOLS
from tests.districts.large import imported as large
from tests.districts.small_systems import EACH, FIRST, imported, tables

ONE_STAGE = ("primary-only", "junior-only")
TO = FIRST + 2


@pytest.fixture(scope="module", params=shipped_systems())
def data(request, tmp_path_factory):
    return load_district(imported(tmp_path_factory.mktemp(request.param), request.param))


def test_a_district_that_says_nothing_has_six_and_three_years_from_age_six():
    system = load_district("erdao").system
    assert (system.first_grade, system.last_grade, system.n_grades) == ((1, 7), (6, 9), 9)
    assert (system.school_age, system.from_month, system.entry_grade) == (6, None, 1)
    assert system.turning == (7, 9) and system.middle_grade == 5.0
    assert [list(system.moved_grades(stage)) for stage in system.stages] == [[2, 3, 4], [8]]
    assert ratio_names(system) == ["gpr_1_5"] * 4 + ["gpr_5_6", "gpr_6_7", "gpr_7_8", "gpr_8_9"]


@pytest.mark.parametrize(
    ("name", "first", "last", "labels"),
    [
        ("china-5-4", (1, 6), (5, 9), "123456789"),
        ("china-5-3", (1, 6), (5, 8), "12345678"),
        ("k-8", (1, 7), (6, 9), "K12345678"),
        ("primary-only", (1, 7), (6, 6), "123456"),
        ("junior-only", (7, 7), (6, 9), "789"),
    ],
)
def test_grades_are_years_of_schooling_and_labels_are_their_names(name, first, last, labels):
    system = shipped(name)
    assert (system.first_grade, system.last_grade) == (first, last)
    assert "".join(system.names.values()) == labels
    assert list(system.columns.values()) == [f"pupils_g{label}" for label in labels]


def test_a_stage_that_is_not_taught_is_nobodys():
    grades = np.arange(1, 11)
    assert not shipped("primary-only").is_junior(grades).any()
    assert shipped("junior-only").is_junior(grades[6:]).all() and shipped("junior-only").entry_age == 12
    assert shipped("primary-only").stages == (PRIMARY,) and shipped("junior-only").stages == (JUNIOR,)
    assert shipped("primary-only").kinds == ("primary",) and shipped("junior-only").kinds == ("junior", "complete")


def test_seven_years_of_primary_are_a_block_of_their_own():
    system = system_of({"stages": {"primary": {"grades": [1, 7]}, "junior": {"grades": [8, 9]}}, "school_age": 7})
    assert (system.last_grade, system.n_grades, system.entry_age) == ((7, 9), 9, 7)


@pytest.mark.parametrize(
    ("content", "key", "remedy"),
    [
        ("chnia", "system", "did you mean china"),
        (7, "system", "must be the name"),
        ({"stages": {"primary": {"grades": [1, 6]}, "senior": {"grades": [7, 9]}}}, "system.stages.senior", "no"),
        ({"stages": {"primary": {"grades": [1, 6]}, "junior": {"grades": [8, 9]}}}, "system.stages.junior", "grade 7"),
        ({"stages": {"primary": {"grades": [6, 1]}}}, "system.stages.primary", "in order"),
        ({"stages": {"primary": {"grades": [1, 40]}}}, "system.stages.primary", "grade 15"),
        ({"stages": {"primary": {"grades": []}}}, "system.stages.primary", "[first, last]"),
        ({"stages": {"primary": {"grades": [True, 2]}}}, "system.stages.primary", "True"),
        ({"stages": {"primary": {"grades": ["K", "1"]}, "junior": {"grades": ["1", "2"]}}}, "system.stages", "twice"),
        ({"stages": {}}, "system.stages", "must name"),
        ({"school_age": 30}, "system.school_age", "from 3 to 10"),
        ({"cohort": {"from_month": 13}}, "system.cohort", "1 to 12"),
        ({"grade": 6}, "system.grade", "is not an entry"),
    ],
)
def test_what_is_wrong_with_a_system_is_named_with_its_remedy(content, key, remedy):
    problems = system_problems(content)
    assert any(found.startswith(key) for found, _, _ in problems)
    assert any(remedy in says or remedy == "no" for _, _, says in problems)
    with pytest.raises(InputError):
        system_of(content)


@pytest.mark.parametrize(("month", "share"), [(9, 1 / 3), (1, 0.0), (7, 0.5), (12, 1 / 12)])
def test_a_cohort_that_begins_with_a_month_has_the_months_after_it_from_the_year_before(month, share):
    system = system_of({"cohort": {"from_month": month}})
    assert system.autumn_share(0.9) == pytest.approx(share)
    assert shipped().autumn_share(0.9) == 0.9


def test_entrants_were_born_as_many_years_before_as_they_are_old():
    births = pd.DataFrame({"year": range(1995, 2020), "births": range(1995, 2020)})
    assert entrants(births, 2015, autumn=0.0, age=shipped("k-8").entry_age) == 2010
    assert entrants(births, 2015, autumn=0.0, age=shipped("junior-only").entry_age) == 2003


@pytest.mark.slow
def test_cohort_survival_follows_the_system(data):
    system = data.system
    stock = dict.fromkeys(system.taught, 100.0)
    steps = len(system.taught) - 1
    pupils = project_enrolment(data.births, stock, FIRST + 3, FIRST, [1.0] * steps, 1.0, system=system)
    assert list(pupils.columns) == list(system.taught) and len(ratio_names(system)) == steps
    assert list(by_stage(pupils, system).columns) == list(system.words)
    entrants_then = pupils.loc[FIRST + 1, system.entry_grade]
    assert pupils.loc[FIRST + 2, system.entry_grade + 1] == entrants_then == pytest.approx(120.0)


# ---- districts live ----


def test_a_district_of_any_system_is_imported_and_checks_clean(data, tmp_path):
    assert set(data.system.columns.values()) <= set(data.schools)
    for stage in set(STAGES) - set(data.system.words):
        assert (data.schools[f"rooms_{stage}"] == 0).all() and (data.neighbourhoods[f"catchment_{stage}"] == 0).all()


@pytest.mark.slow
def test_a_district_of_any_system_lives_three_years_and_records_finite_numbers(data):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        district = District("baseline", seed=1, data=data).run(to=TO)
    system, students = district.system, district.students
    assert set(students.grade.tolist()) <= set(system.taught)
    table = district.tables()["district_year"]
    assert np.isfinite(table["value"]).all()
    assert set(table["stage"].unique()) == {*system.words, "all"}
    rows = table[(table["indicator"] == "pupils") & (table["group"] == "all")].set_index(["year", "stage"])["value"]
    schools = {stage: len(district.parts.of_stage(stage)) for stage in system.stages}
    for stage, word in zip(system.stages, system.words, strict=True):
        assert rows[FIRST, word] == EACH * schools[stage] * len(system.grades(stage))
    entered = table[(table["indicator"] == "entrants") & (table["year"] > FIRST)].groupby("stage")["value"].sum()
    assert entered[system.words[0]] == entered["all"] > 0
    left = table[table["indicator"] == "graduates"].groupby("stage")["value"].sum()
    assert left[system.words[-1]] == left["all"] > 0


def test_nobody_teaches_or_learns_in_a_stage_that_the_district_has_not(data):
    tables = District("baseline", seed=1, data=data).run(to=FIRST + 1).tables()
    for name in ("school_year", "neighbourhood_year"):
        assert set(tables[name]["stage"].unique()) == set(data.system.words)


def test_junior_entrants_know_what_six_years_elsewhere_have_taught_them(tmp_path):
    data = load_district(imported(tmp_path, "junior-only"))
    district = District("baseline", seed=1, data=data).run(to=FIRST + 1)
    students = district.students
    new, old = (students.grade == grade for grade in (8, 9))
    assert abs(students.knowledge[new].std() / students.knowledge[old].std() - 1.0) < 0.3
    assert np.corrcoef(students.ses[new], students.knowledge[new])[0, 1] > 0.2


POLICIES = {
    "rotation": {}, "stars": {}, "recognition": {}, "open_choice": {}, "multi_school_zones": {"size": 3},
    "staffing_standard": {}, "assessment": {}, "clusters": {},
}  # fmt: skip


@pytest.mark.parametrize("name", ONE_STAGE)
def test_policies_go_through_the_stages_that_are_taught(name, tmp_path):
    data = load_district(imported(tmp_path, name))
    rules = {p: {"policy": p, "from": f"{FIRST + 1}-09-01", "settings": s} for p, s in POLICIES.items()}
    rules.pop("multi_school_zones")  # the same stages as open_choice
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        District(variant("every", rules), seed=1, data=data).run(to=TO)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "kind"), [("primary-only", "primary"), ("junior-only", "junior"), ("k-8", "nine_year")]
)
@pytest.mark.parametrize("fill", ["grade_by_grade", "all_grade"])
def test_a_school_opens_with_the_grades_of_the_system(name, kind, fill, tmp_path):
    data = load_district(imported(tmp_path, name))
    settings = {"kind": kind, "school": 9_999, "fill": fill}
    rule = {"N": {"policy": "new_schools", "from": f"{FIRST + 1}-09-01", "settings": settings}}
    district = District(variant("new", rule), seed=1, data=data).run(to=TO)
    for stage, part in district.schools[9_999].parts.items():
        assert district.system.first_grade[stage] <= part.top_grade <= district.system.last_grade[stage]
    assert (district.students.school == 9_999).any()


def test_a_school_of_a_stage_that_the_district_has_not_is_refused(tmp_path):
    data = load_district(imported(tmp_path, "primary-only"))
    (field, value, remedy), *_ = problems(ProjectSettings(kind="nine_year"), data)
    assert (field, value) == ("kind", "nine_year") and "choose one of primary" in remedy


# ---- files ----


def test_a_kind_of_school_that_the_system_has_not_is_a_problem(tmp_path):
    folder = imported(tmp_path, "primary-only")
    text = (folder / "schools.csv").read_text("utf-8")
    (folder / "schools.csv").write_text(text.replace("School 1,primary", "School 1,nine_year"), "utf-8")
    assert any("teaches a stage that the district has not" in problem.remedy for problem in check_district(folder))


def test_a_wrong_system_in_a_file_is_one_clear_problem(tmp_path):
    folder = imported(tmp_path, "k-8")
    text = (folder / "district.yaml").read_text("utf-8")
    (folder / "district.yaml").write_text(text.replace('system: "k-8"', "system: k8"), "utf-8")
    assert [problem.key for problem in check_district(folder)] == ["system"]


def test_official_codes_stay_text_and_come_back_in_the_results(tmp_path):
    data = load_district(imported(tmp_path, "china"))
    assert data.codes()[1] == "00001"
    table = District("baseline", seed=1, data=data).run(to=FIRST).tables()["schools"]
    assert table.set_index("school")["code"].to_dict() == data.codes()
    assert "code" not in District("baseline", seed=1).run(to=FIRST).tables()["schools"]


def test_two_schools_with_one_code_are_a_problem(tmp_path):
    folder = imported(tmp_path, "china")
    text = (folder / "schools.csv").read_text("utf-8")
    (folder / "schools.csv").write_text(text.replace("00002", "00001"), "utf-8")
    assert any("code" in problem.key and "used before" in problem.remedy for problem in check_district(folder))


def test_a_district_of_one_stage_is_not_synthesised(tmp_path):
    erdao = resource("parameters") / "districts" / "erdao" / "district.yaml"
    text = erdao.read_text("utf-8").replace("first_year: 2014\n", "first_year: 2014\nsystem: primary-only\n", 1)
    (tmp_path / "district.yaml").write_text(text, "utf-8")
    with pytest.raises(InputError, match="both stages"):
        read_synthesis(tmp_path / "district.yaml")


@pytest.mark.slow
def test_two_thousand_schools_and_four_thousand_neighbourhoods_live_a_year(tmp_path):
    data = load_district(large(tmp_path))
    district = District("baseline", seed=1, data=data).run(to=FIRST + 1)
    assert (len(district.schools), len(district.neighbourhoods)) == (SCHOOLS, NEIGHBOURHOODS)
    people = np.concatenate((district.students.id, district.teachers.id))
    assert len(np.unique(people)) == len(people)
    assert district.students.school.max() <= 9_999 and len(district.students) > 20_000


def test_a_system_in_a_file_of_its_own_is_written_into_the_district(tmp_path):
    block = tmp_path / "ours.yaml"
    block.write_text(
        "stages: {primary: {grades: [1, 2, 3, 4, 5, 6, 7]}, junior: {grades: [8, 9]}}\nschool_age: 7\n", "utf-8"
    )
    data = load_district(imported(tmp_path, block))
    assert data.system == system_of(read_yaml(block)) and data.system.last_grade == (7, 9)
    assert len(data.spec["migration"]["arrivals_by_grade"]["value"]) == 9


def test_births_that_nobody_gave_reach_back_to_the_entrants_of_junior_schools(tmp_path):
    system = shipped("junior-only")
    paths = {name: tmp_path / f"{name}.csv" for name in ("schools", "neighbourhoods")}
    for name, path in paths.items():
        tables(system)[name].to_csv(path, index=False)
    folder = import_district(
        "j", paths["schools"], paths["neighbourhoods"], out=tmp_path / "j", first_year=FIRST, system="junior-only"
    )
    births = load_district(folder).births
    assert births["year"].min() <= FIRST - system.entry_age - 1
    assert set(births["births"]) == {EACH * 3} and "grade 7" in births["source"].iloc[0]


@pytest.mark.parametrize("system", ["k8", "nothing/here.yaml"])
def test_a_system_that_is_nowhere_is_refused_with_the_names_there_are(system, tmp_path):
    with pytest.raises(InputError, match="junior-only, k-8"):
        read_system(system)
