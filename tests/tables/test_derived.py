"""What follows from other columns: degrees, titles, subjects, areas, values per pupil."""

from __future__ import annotations

from typing import Any

import pytest

from simsim.assessment.judging import assess
from tests.assessment.school_tables import problems, school, table


def changed(rows: list[dict[str, Any]], without: str, standard: str = "quality-2017") -> Any:
    return assess(table(*({k: v for k, v in row.items() if k != without} for row in rows)), standard)


def amount(result: Any, indicator: str) -> list[float]:
    return [round(float(value), 6) for value in result.parts[indicator]]


def test_a_diploma_is_above_the_required_degree_in_primary_and_a_bachelors_in_junior_schools() -> None:
    own = {"degree_graduate_primary": 2, "degree_bachelor_primary": 3, "degree_college_primary": 4}
    own |= {
        "degree_doctor_junior": 1,
        "degree_master_junior": 1,
        "degree_bachelor_junior": 5,
        "degree_college_junior": 9,
    }
    row = school("N", "nine_year", 200, 200) | own
    for key in ("overqualified_primary", "overqualified_junior"):
        row.pop(key)
    result = assess(table(row), "quality-2017")
    assert amount(result, "overqualified") == [9, 7]
    assert "小学高于规定学历教师数由分项相加" in result.report("zh")


def test_bachelors_alone_do_not_tell_who_is_above_the_required_degree_in_a_primary_school() -> None:
    result = changed([school("A", primary=100, degree_bachelor_up_primary=5)], "overqualified_primary")
    assert [name for name, _ in result.absent] == ["overqualified"] and "college diploma" in result.report("en")


@pytest.mark.parametrize(("arts", "expected"), [([5, 3], [7, 5]), ([4, 3], [11, 9])])
def test_arts_hold_music_and_art_unless_they_are_fewer_somewhere(arts: list[int], expected: list[int]) -> None:
    rows = [school(n, primary=100, pe_primary=2, music_primary=m, art_primary=2, arts_primary=a, teachers_primary=50)
            for n, m, a in (("A", 3, arts[0]), ("B", 1 if arts[0] == 5 else 2, arts[1]))]  # fmt: skip
    expected = expected if arts[0] == 5 else [2 + 4 + 5, 2 + 3 + 4]
    result = changed(rows, "pe_arts_primary")
    assert amount(result, "pe_arts") == expected


def test_middle_titles_are_summed_from_their_levels() -> None:
    row = school("A", primary=100, title_full_primary=1, title_deputy_primary=2, title_first_primary=3)
    assert amount(changed([row], "midtitle_primary", "basic-2012"), "midtitle") == [6]


def test_indoor_sports_rooms_leave_the_teaching_area_and_join_the_sports_area() -> None:
    row = school("A", primary=100, teaching_area_m2=800, indoor_sports_m2=200, sports_ground_m2=900)
    result = changed([row], "sports_area_m2")
    assert (amount(result, "teaching_area"), amount(result, "sports_area")) == ([600], [1100])
    net = school("A", primary=100, indoor_sports_m2=200) | {"教学及辅助用房面积（不含室内体育用房）": 700}  # noqa: RUF001
    assert amount(changed([net], "teaching_area_m2"), "teaching_area") == [700]


def test_sports_grounds_alone_are_no_sports_area() -> None:
    result = changed([school("A", primary=100, sports_ground_m2=900)], "sports_area_m2")
    assert [name for name, _ in result.absent] == ["sports_area"] and "stand without indoor" in result.report("en")


def test_values_per_pupil_give_the_published_example_again() -> None:
    pupils, books = [45, 37, 89, 76, 55], [279, 137, 935, 160, 402]
    rows = [
        school(f"S{i}", primary=p, value_books_primary=b / p)
        for i, (p, b) in enumerate(zip(pupils, books, strict=True))
    ]
    row = changed(rows, "books", "basic-2012").indicators.set_index("indicator").loc["books"]
    assert row["cv"] == pytest.approx(0.515257, abs=5e-7) and row["cv_low"] == row["cv_high"] == row["cv"]


def test_an_empty_cell_costs_its_indicator_and_is_named() -> None:
    rows = [school("A", primary=100), school("B", primary=80, books=None)]
    result = assess(table(*rows))
    assert [name for name, _ in result.absent] == [
        "books"
    ] and "books is empty for 1 schools (rows 1)" in result.report("en")


@pytest.mark.parametrize(
    ("owner", "out"), [("民办", True), (10, True), ("5", True), ("7", False), ("企业办", True), (None, False)]
)
def test_the_2012_method_leaves_out_other_owners_and_the_2017_one_keeps_them(owner: object, out: bool) -> None:
    frame = table(school("A", primary=100), school("B", primary=80)).assign(举办者类型=["县级教育部门", owner])
    assert list(assess(frame).exempt["school"]) == (["B"] if out else [])
    assert assess(frame, "quality-2017").exempt.empty


def test_an_owner_that_is_none_is_refused_where_it_matters_alone() -> None:
    frame = table(school("A", primary=100)).assign(举办者类型=["火星"])
    assert "举办者类型 = '火星': is not a type of owner; use one of: 1 中央教育部门" in problems(frame)
    assert not assess(frame, "quality-2017").parts.empty
    assert "does not name owners" in assess(table(school("A", primary=100))).report("en")
    point = table(school("A", primary=100), school("P", "teaching_point", primary=60))
    assert list(assess(point).exempt["school"]) == ["P"] and assess(point, "quality-2017").exempt.empty


def test_size_bands_decide_the_lines_for_classes() -> None:
    rows = [school("A", primary=100, classes_41_45_primary=2, classes_46_50_primary=1), school("B", "junior", 0, 100)]
    rows[1] |= {"classes_46_50_junior": 2, "classes_51_55_junior": 0}
    items = assess(table(*rows), "quality-2017").government.set_index(["item", "where"])
    assert items.loc[("class_size", "primary"), ["met", "over"]].tolist() == [False, 1]
    assert items.loc[("class_size", "junior"), ["met", "over"]].tolist() == [True, 0]
