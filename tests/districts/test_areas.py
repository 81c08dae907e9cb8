"""A row of an area never becomes a school: it is left out and said, or refused with its row."""

from __future__ import annotations

import pytest

from simsim.districts.areas import is_area, without_areas
from simsim.tables.sheets import Sheet
from simsim.tables.table import Table, read_table

HEAD = ["学校名称", "一年级", "二年级", "三年级"]
A, B, C = ["甲小学", 40, 41, 42], ["乙小学", 50, 51, 53], ["丙小学", 30, 31, 35]


def table_of(rows: list[list[object]], head: list[str] = HEAD) -> Table:
    table = read_table(Sheet("x.csv", "", [head, *rows]))
    assert table is not None
    return table


def sums(name: str, *schools: list[object]) -> list[object]:
    return [name, *(sum(numbers) for numbers in zip(*(school[1:] for school in schools), strict=True))]


@pytest.mark.parametrize("name", ["东街道", "East"])
@pytest.mark.parametrize("first", [False, True])
def test_a_row_that_adds_up_its_neighbours_is_left_out_and_said(name, first):
    total = sums(name, A, B)
    table = table_of([total, A, B, sums("西镇", C), C] if first else [A, B, total, C, sums("西镇", C)])
    assert without_areas(table) == []
    assert table.column("school") == ["甲小学", "乙小学", "丙小学"]
    assert name in str(table.said[-1]) and "西镇" in str(table.said[-1])


def test_years_are_added_up_one_by_one():
    rows = [[year, *row] for row in (A, B, sums("东镇", A, B), C) for year in ("2022-23", "2023-24")]
    table = table_of(rows, ["学年", *HEAD])
    assert without_areas(table) == [] and set(table.column("school")) == {"甲小学", "乙小学", "丙小学"}


@pytest.mark.parametrize("name", ["东街道", "东片", "西镇"])
def test_an_area_that_does_not_add_up_is_refused_with_its_row(name):
    problems = [str(problem) for problem in without_areas(table_of([A, B, [name, 90, 92, 99], C]))]
    assert len(problems) == 1 and "row 4, 学校名称" in problems[0] and name in problems[0] and "leave" in problems[0]


def test_a_school_that_happens_to_add_up_others_stays():
    table = table_of([A, B, sums("丁小学", A, B)])
    coded = table_of([["1", *A], ["2", *B], ["3", *sums("North", A, B)]], ["学校代码", *HEAD])
    assert without_areas(table) == [] and without_areas(coded) == []
    assert "丁小学 holds exactly" in str(table.said[-1]) and "North" in str(coded.said[-1])
    assert len(table.rows) == len(coded.rows) == 3


@pytest.mark.parametrize("name", ["净月校区", "第一中学南区", "中山街道中心小学", "十八小西区", "区", "Midtown School"])
def test_names_of_schools_are_no_names_of_areas(name):
    assert not is_area(name)
