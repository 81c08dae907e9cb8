"""The headings of a sheet: found, in several levels, and told from data."""

from __future__ import annotations

import pytest

from simsim.tables.headings import score
from simsim.tables.sheets import Sheet
from simsim.tables.table import read_table
from tests.tables.small_sheet import HEAD, ROWS, keys, table


def test_kindergarten_and_one_number_beside_it_are_grades():
    table = read_table(Sheet("x.csv", "", [["School", "K", "1"], ["A", 40, 41]]))
    assert table is not None and [h.means.grade for h in table.find("pupils") if h.means] == ["K", "1"]


def test_the_headings_are_the_row_that_names_most():
    found = table([["2024年学校情况"], [], HEAD, *ROWS])
    assert keys(found) == ["school", "pupils_primary", "pupils_junior"]
    assert found.numbers == [4, 5] and "2024年学校情况" in found.above


def test_a_merged_heading_holds_for_the_columns_to_its_right_and_no_further():
    rows = [["学校名称", "在校生数", None, None, "图书册数"], [None, "小学", "初中", "高中", None]]
    found = table([*rows, ["东街小学", 300, 0, 0, 4000]])
    assert keys(found) == ["school", "pupils_primary", "pupils_junior", "pupils_senior", "books"]
    assert found.numbers == [3]


def test_grades_that_are_numbers_alone_are_headings_where_several_stand_together():
    assert keys(table([["school", "1", "2", "3"], ["A", 5, 6, 7]])) == ["school", "pupils", "pupils", "pupils"]
    assert keys(table([["school", "1", "x"], ["A", "b", 6]]))[1] is None


def test_grades_may_be_headed_by_a_chinese_numeral_alone():
    found = table([["学校名称", "一", "二", "三"], ["东街小学", 10, 11, 11]])
    assert [h.means.grade for h in found.headings[1:] if h.means] == ["1", "2", "3"]


def test_a_sheet_without_a_heading_is_no_table():
    assert read_table(Sheet("x.csv", "", [["a", "b"], ["c", "d"]])) is None and score([["a"]]) == 0


@pytest.mark.parametrize(
    ("over", "read"),
    [
        ("在校生数及班额", True),
        ("随迁子女学生数", False),
        ("Enrolment and FTE", True),
        ("Teachers", False),
        ("Pupils after school", True),
    ],
)
def test_grades_under_others_than_all_pupils_are_not_read(over, read):
    rows = [["学校名称", over, None], [None, "一年级", "二年级"], ["东街小学", 10, 11]]
    found = read_table(Sheet("x.csv", "", [list(row) for row in rows]))
    assert found is not None and bool(found.find("pupils")) is read
