"""Several tables side by side in one sheet are read one by one, and one table is never torn apart."""

from __future__ import annotations

import pytest

from simsim.tables.beside import apart
from simsim.tables.sheets import Sheet
from simsim.tables.table import Table, read_table

HEAD = ["学校名称", "一年级", "二年级"]
ONE, OTHER = ["甲小学", 40, 41], ["乙小学", 50, 51]
TEACHERS = ["学校名称", "专任教师数"]


def names(rows: list[list[object]]) -> list[list[object]]:
    return [table.column("school") for part in apart(Sheet("x.xlsx", "1", rows)) if (table := read_table(part))]


@pytest.mark.parametrize(
    "rows",
    [
        [[*HEAD, *HEAD], [*ONE, *OTHER]],
        [[*HEAD, None, *HEAD], [*ONE, None, *OTHER]],
        [["2023学年"], ["序号", *HEAD, "序号", *HEAD], [1, *ONE, 2, *OTHER]],
        [["甲片", None, None, "乙片"], [*HEAD, *HEAD], [*ONE, *OTHER]],
    ],
)
def test_a_second_table_to_the_right_is_a_table_of_its_own(rows):
    assert names(rows) == [["甲小学"], ["乙小学"]]


def test_a_title_above_all_of_them_stands_above_each():
    parts = apart(Sheet("x.xlsx", "1", [["2023学年在校生"], [*HEAD, *HEAD], [*ONE, *OTHER]]))
    assert all("2023学年在校生" in table.above for part in parts if (table := read_table(part)))
    assert [part.name for part in parts] == ["1 (A - C)", "1 (D - F)"]


def test_teachers_in_another_order_go_to_their_own_schools():
    rows = [[*HEAD, None, *TEACHERS], [*ONE, None, "乙小学", 7], [*OTHER, None, "甲小学", 3]]
    assert names(rows) == [["甲小学", "乙小学"], ["乙小学", "甲小学"]]


@pytest.mark.parametrize(
    "rows",
    [
        [[*HEAD, *TEACHERS], [*ONE, "甲小学", 3], [*OTHER, "乙小学", 4]],
        [["学校名称", *HEAD], ["甲", *ONE], ["乙", *OTHER]],
        [[*HEAD, "学校名称"], [*ONE, "甲"], [*OTHER, "乙"]],
    ],
)
def test_a_table_that_names_its_schools_twice_stays_one(rows):
    assert len(apart(Sheet("x.xlsx", "1", rows))) == 1


def below(*more: list[object]) -> list[Table]:
    rows = [["2022学年"], HEAD, ONE, [], *more]
    return [table for part in apart(Sheet("x.xlsx", "1", rows)) if (table := read_table(part))]


def test_a_table_below_another_is_of_its_own_title_or_headings_and_keeps_its_row_numbers():
    years = below(["2023学年"], HEAD, OTHER)
    assert [table.above[0] for table in years] == ["2022学年", "2023学年"] and years[1].numbers == [7]
    stages = below(["初中"], ["学校名称", "七年级", "八年级"], ["一中", 90, 91])
    assert [table.column("school") for table in stages] == [["甲小学"], ["一中"]]
    page = below(["2022学年"], HEAD, OTHER)
    assert len(page) == 1 and page[0].column("school") == ["甲小学", "乙小学"]
