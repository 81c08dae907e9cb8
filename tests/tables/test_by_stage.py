"""Parts of schools become whole schools: what is the whole school's is told from what is divided already."""

from __future__ import annotations

import pytest

from simsim.inputs.errors import InputError
from simsim.tables.by_stage import whole_schools
from simsim.tables.names import without_stage
from simsim.tables.sheets import Sheet
from simsim.tables.stages import stage_of
from simsim.tables.table import read_table

HEAD = ["学校名称", "在校生数", "专任教师数", "图书册数"]


def table(rows, file="x.csv", name=""):
    found = read_table(Sheet(file, name, [list(row) for row in rows]))
    assert found is not None
    return found


def joined(*tables):
    found = whole_schools(list(tables))[0]
    keys = [heading.means.key for heading in found.headings if heading.means]
    return [dict(zip(keys, row, strict=True)) for row in found.rows], " | ".join(map(str, found.said))


def two_files(primary_books, junior_books):
    one = table([HEAD, ["育才学校", 300, 20, primary_books], ["东街小学", 600, 40, 9000]], "小学.csv")
    return joined(one, table([HEAD, ["育才学校", 240, 24, junior_books]], "初中.csv"))


def test_equal_numbers_in_both_files_are_the_whole_schools():
    rows, said = two_files(8000, 8000)
    assert rows[0]["books"] == 8000 and (rows[0]["pupils_primary"], rows[0]["pupils_junior"]) == (300, 240)
    assert rows[0]["kind"] == "nine_year" and rows[1]["kind"] == "primary"
    assert "split by the official weights: 育才学校" in said


def test_two_numbers_are_divided_already_and_not_split_again():
    rows, said = two_files(5000, 3000)
    assert (rows[0]["books_primary"], rows[0]["books_junior"]) == (5000, 3000) and rows[0].get("books") is None
    assert "not split again: 育才学校" in said


def test_a_nine_year_school_of_which_one_stage_is_given_cannot_be_split():
    one = [
        ["学校名称", "办学类型", *HEAD[1:]],
        ["育才学校", "九年一贯制学校", 300, 20, 8000],
        ["东街小学", "小学", 600, 40, 9000],
    ]
    rows, said = joined(table(one, "小学.csv"))
    assert [row.get("books") for row in rows] == [None, 9000] and "cannot be split and is left empty: 育才学校" in said


def test_the_numbering_that_begins_again_or_a_row_with_a_stage_divides_the_blocks():
    rows = [["序号", *HEAD], [1, "A", 100, 9, 1], [2, "B", 100, 9, 1], [1, "C", 90, 8, 1]]
    assert [list(r) for r in joined(table(rows))[0]] and joined(table(rows))[0][2]["pupils_junior"] == 90
    block = [HEAD, ["小学"], ["A", 100, 9, 1], ["初中"], ["C", 90, 8, 1]]
    assert [row.get("pupils_junior") for row in joined(table(block))[0]] == [None, 90]


def test_the_first_year_of_a_junior_file_is_the_seventh_grade():
    found = whole_schools(
        [table([[*HEAD[:1], "专任教师数", "一年级", "二年级"], ["西街中学", 9, 50, 60]], "初中.csv")]
    )[0]
    assert [h.means.grade for h in found.find("pupils") if h.means] == ["7", "8"]


def test_a_school_twice_in_a_stage_is_refused_with_both_rows():
    with pytest.raises(InputError, match=r"row 3 = 'A': is in the tables twice .*first in row 2"):
        joined(table([HEAD, ["A", 100, 9, 1], ["A", 100, 9, 1]], "小学.csv"))


@pytest.mark.parametrize(
    ("name", "whole", "stage"),
    [
        ("八一学校（小学部）", "八一学校", "primary"), ("育才学校_初中", "育才学校", "junior"),  # noqa: RUF001
        ("新星学校小学部", "新星学校", "primary"),
        ("长春市二道区第一小学", "长春市二道区第一小学", ""), ("第三初中", "第三初中", ""),
        ("明德学校(九年一贯制学校)", "明德学校", ""),
    ],
)  # fmt: skip
def test_a_name_says_its_stage_at_its_end_alone(name, whole, stage):
    assert without_stage(name) == (whole, stage)


def test_tables_of_whole_schools_stay_as_they_are():
    one = table([["学校名称", "办学类型", "图书册数"], ["A", "小学", 3]])
    assert whole_schools([one]) == [one]


def test_a_campus_is_added_to_its_main_school_and_a_teaching_point_stays():
    head = ["学校名称", "办学类型", "是否计校数", "在校生数", "专任教师数"]
    rows = [["东街小学", "小学", 1, 600, 40], ["东街小学南校区", "小学", 0, 100, 8], ["北沟教学点", "教学点", 0, 60, 5]]
    found, said = joined(table([head, *rows, ["孤校区", "小学", 0, 30, 3]], "小学.csv"))
    assert [(row["school"], row["pupils_primary"]) for row in found] == [
        ("东街小学", 700),
        ("北沟教学点", 60),
        ("孤校区", 30),
    ]
    assert found[0]["teachers_primary"] == 48 and "1 are added to their main school" in said


def test_teachers_to_pupils_may_be_written_as_a_ratio():
    rows, _ = joined(table([["学校名称", "在校生数", "师生比"], ["A", 100, "1：12.5"]], "小学.csv"))  # noqa: RUF001
    assert rows[0]["value_teachers_primary"] == 0.08


def two_rows(primary, junior):
    head = ["学校名称", "办学类型", "在校生数", "运动场馆面积", "图书册数", "多媒体教室数"]
    one = table([head, ["育才学校", "九年一贯制学校", 300, *primary]], "小学.csv")
    return joined(one, table([head, ["育才学校", "九年一贯制学校", 240, *junior]], "初中.csv"))


def test_numbers_that_differ_by_rounding_are_the_same_and_equal_rooms_of_divided_parts_are_not():
    rows, said = two_rows([4000, 9000, 20], [4000.4, 9000, 20])
    assert rows[0]["sports_area_m2"] == 4000 and "differ by less than 1 %" in said
    rows, _ = two_rows([4000, 5000, 10], [3000, 4000, 10])
    assert rows[0]["multimedia_rooms_junior"] == 10 and rows[0].get("multimedia_rooms") is None


def test_facilities_of_which_some_are_equal_and_others_not_are_refused():
    with pytest.raises(InputError, match="multimedia_rooms = '20 / 26': differs between the stages of 育才学校"):
        two_rows([4000, 9000, 20], [4000, 9000, 26])


def test_a_kind_that_is_not_told_follows_from_the_stage_and_a_teaching_point_from_its_name():
    head = ["学校名称", "办学类型", "在校生数", "图书册数"]
    rows, said = joined(
        table([head, ["甲小学", "小学", 90, 9], ["乙教学点", None, 20, 1], ["丙小学", None, 80, 8]], "小学.csv")
    )
    assert [row["kind"] for row in rows] == ["小学", "teaching_point", "primary"] and "2 schools is not given" in said


def test_grades_of_a_junior_school_that_its_name_alone_tells_count_from_the_seventh():
    found = whole_schools([table([["学校名称", "一年级", "二年级", "专任教师数"], ["第三初中", 70, 71, 20]])])[0]
    assert [h.means.grade for h in found.headings if h.means and h.means.grade] == ["7", "8"]
    assert found.first("teachers_junior")
    assert stage_of(["某县中小学"]) == ""
