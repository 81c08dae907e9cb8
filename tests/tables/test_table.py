"""The rows of a table: those that are no data are left out and said."""

from __future__ import annotations

import pytest

from simsim.inputs.errors import InputError
from tests.tables.small_sheet import HEAD, ROWS, keys, table


def test_a_row_of_data_is_no_second_level():
    found = table([["学校名称", "班级数", "计算机台数"], ["东街小学", 6, 30], ["西街小学", 5, 20]])
    assert found.numbers == [2, 3] and keys(found) == ["school", "classes", "computers"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["合计", 300, 200], "1 rows of totals"), (["全县合计", 300, 200], "1 rows of totals"),
        (["其中：公办", 300, 200], "1 rows of totals"), (["County Total", 300, 200], "1 rows of totals"),
        (["其中：民办", 300, 200], "1 rows of totals"), (["全区生均", 300, 200], "1 rows of totals"),  # noqa: RUF001
        (["注：不含教学点", None, None], "1 rows of notes"), (HEAD, "1 rows that repeat the headings"),
    ],
)  # fmt: skip
def test_rows_that_are_no_schools_are_left_out_and_said(row, said):
    found = table([HEAD, *ROWS, [None] * 3, row])
    assert found.numbers == [2, 3] and any(said in str(text) for text in found.said)


def test_the_same_heading_twice_is_the_first():
    found = table([[*HEAD, "学校"], *([*row, "x"] for row in ROWS)])
    assert keys(found)[3] is None and "学校 (column 4) is headed like 学校名称, but 2 rows differ" in str(found.said[0])
    same = table([[*HEAD, "学校"], *([*row, row[0]] for row in ROWS)])
    assert "学校 (column 4) holds the same as 学校名称" in str(same.said[0])


def test_more_cells_than_headings_are_refused_with_the_remedy():
    with pytest.raises(InputError, match=r"x.csv: row 2: has more cells .* quote numbers that contain commas"):
        table([HEAD, ["东街小学", "1", "180", "0"]])


def test_a_row_of_units_under_the_headings_gives_them_and_is_no_school():
    found = table([["学校名称", "在校生数", "教学仪器设备值"], [None, "人", "（万元）"], ["A", 100, 20]])
    assert found.numbers == [3] and found.headings[2].means.unit == "万元"


def test_headings_of_two_rows_that_a_later_page_repeats_are_left_out():
    head = [["学校名称", "在校生数", None], [None, "小学", "初中"]]
    found = table([*head, ["A", 100, None], *head, ["B", 50, 60]])
    assert found.numbers == [3, 6] and "2 rows that repeat the headings" in str(found.said[0])


def test_signatures_under_a_table_are_notes():
    head = ["学校名称", "代码", "在校生数", "班级数", "图书"]
    found = table([head, ["A", 1, 9, 1, 2], ["填表人：张三", None, "审核人"]])  # noqa: RUF001
    assert found.numbers == [2] and "1 rows of notes" in str(found.said[0])
