"""一年级 of a junior school is the seventh grade."""

from __future__ import annotations

from pathlib import Path

import pytest

from simsim.inputs.errors import InputError
from tests.districts import office_tables as office

GRADES = ["一年级", "二年级", "三年级"]
PRIMARY, JUNIOR = ["东街小学", 40, 41, 42], ["一中", 70, 71, 72]


def grades(book: Path, name: str) -> list[str]:
    given = office.read_book(book)
    return [grade for school, _, grade in given.rolls if given.names[school] == name]


@pytest.mark.parametrize(
    ("sheet", "title", "head", "row"),
    [
        ("Sheet1", "2023-2024学年初中分年级在校生数", ["学校"], ["一中"]),
        ("初中", "2023-2024学年", ["学校"], ["一中"]),
        ("國中", "112學年度國民中學班級學生數", ["學校名稱"], ["一中"]),
        ("中学校", "令和5年度 生徒数", ["学校名"], ["一中"]),
        ("Sheet1", "2023-2024学年", ["学校", "学段"], ["一中", "初中"]),
        ("Sheet1", "2023-2024学年", ["学校", "办学类型"], ["一中", "初级中学"]),
        ("Sheet1", "2023-2024学年中小学在校生", ["学校"], ["一中初中部"]),
    ],
)
def test_what_says_that_a_table_or_row_is_of_a_junior_school_makes_its_first_grade_the_seventh(
    tmp_path, sheet, title, head, row
):
    rows = [[title], [*head, *GRADES], [*row, *JUNIOR[1:]]]
    assert grades(office.workbook(tmp_path / "x.xlsx", {sheet: rows}), "一中") == ["7", "8", "9"]


def test_rows_of_two_stages_of_one_school_are_one_school_of_nine_grades(tmp_path):
    rows = [
        ["学年", "学校", *GRADES],
        ["2023-24", "育才学校（小学部）", 1, 2, 3],
        ["2023-24", "育才学校（初中部）", 4, 5, 6],
    ]
    book = office.csv_file(tmp_path / "x.csv", rows)
    assert grades(book, "育才学校") == ["1", "2", "3", "7", "8", "9"]
    said = office.read(book)[1]
    assert "stand in parts by stage (育才学校)" in said and "(育才学校（初中部）) are read as 7 to 9" in said


def test_a_long_table_counts_anew_for_each_stage(tmp_path):
    rows = [["学年", "学校", "学段", "年级", "人数"]]
    rows += [["2023-24", "育才学校", stage, grade, 9] for stage in ("小学", "初中") for grade in GRADES]
    assert grades(office.csv_file(tmp_path / "x.csv", rows), "育才学校") == ["1", "2", "3", "7", "8", "9"]


def test_a_school_that_may_be_a_junior_or_a_primary_one_is_refused_with_its_row(tmp_path):
    rows = [["学年", "学校", *GRADES], ["2023-24", *PRIMARY], ["2023-24", *JUNIOR]]
    with pytest.raises(InputError, match=r"x.csv: row 3 = '一中': has pupils in grades 1 to 3 alone"):
        office.read(office.csv_file(tmp_path / "x.csv", rows))


def test_grades_that_count_on_stay_as_they_are(tmp_path):
    rows = [["2023-2024学年初中"], ["学校", "六年级", "七年级", "八年级"], JUNIOR]
    assert grades(office.workbook(tmp_path / "x.xlsx", {"初中": rows}), "一中") == ["6", "7", "8"]
    rows = [["2023-2024学年初中"], ["学校", "一年级", "二年级", "三年级", "四年级"], [*JUNIOR, 9]]
    with pytest.raises(InputError, match="is a fourth year of a junior or senior school"):
        office.read(office.workbook(tmp_path / "y.xlsx", {"初中": rows}))


def test_a_teaching_point_stays_primary_where_another_row_names_a_junior_part(tmp_path):
    nine = [f"{n}年级" for n in "一二三四五六七八九"]
    rows = [
        ["2024-2025学年学校基本情况"],
        ["学校名称", "办学类型", *nine, "专任教师数"],
        ["东街小学", "小学", *[80] * 6, None, None, None, 30],
        ["王家沟教学点", "教学点", 4, 5, 3, *[None] * 6, 2],
        ["第一中学（初中部）", "初级中学", *[None] * 6, 120, 110, 115, 28],  # noqa: RUF001
    ]
    book = office.workbook(tmp_path / "x.xlsx", {"Sheet1": rows})
    given = office.read_book(book)
    assert grades(book, "王家沟教学点")[:3] == ["1", "2", "3"] and not {"7", "8"} & set(
        grades(book, "王家沟教学点")[:3]
    )
    told = {given.names[code]: values for code, values in given.values.items()}
    assert told["东街小学"]["teachers_primary"] == 30 and told["王家沟教学点"]["teachers_primary"] == 2


def test_the_kind_of_a_row_goes_before_the_title_of_its_table(tmp_path):
    rows = [
        ["2024-2025学年初中片区分年级在校生数"],
        ["学校", "办学类型", *GRADES],
        ["王家沟教学点", "教学点", 4, 5, 3],
        ["一中", "初级中学", 70, 71, 72],
    ]
    book = office.workbook(tmp_path / "x.xlsx", {"Sheet1": rows})
    assert grades(book, "王家沟教学点") == ["1", "2", "3"] and grades(book, "一中") == ["7", "8", "9"]
