"""Tables in another shape than a row a school."""

from __future__ import annotations

from pathlib import Path

from tests.districts import office_tables as office

GRADES = ["一年级", "二年级", "三年级"]
EXPECTED = {"东街小学": [40, 41, 42], "西街小学": [30, 31, 32]}


def book(path: Path, rows: list[list[object]]) -> Path:
    return office.workbook(path / "x.xlsx", {"2023-2024学年": rows})


def test_schools_in_columns_become_rows(tmp_path):
    rows = [[grade, 40 + at, 30 + at, 70 + 2 * at] for at, grade in enumerate(GRADES)]
    for corner in ("年级", "学校名称"):
        found, said = office.read(book(tmp_path, [[corner, *EXPECTED, "合计"], *rows]))
        assert found == EXPECTED and "schools stand in 2 columns" in said


def test_rows_of_classes_beside_those_of_pupils_are_left_out(tmp_path):
    rows = [
        row
        for name, pupils in EXPECTED.items()
        for row in ([name, "班级数", 1, 1, 1], [None, "学生数", *pupils])
    ]  # fmt: skip
    found, said = office.read(book(tmp_path, [["学校", "项目", *GRADES], *rows]))
    assert found == EXPECTED and "of 项目 the rows of pupils are read, and 2 others left out" in said


def test_a_name_that_stands_in_the_first_of_its_rows_holds_for_those_below(tmp_path):
    rows = [
        row
        for name, pupils in EXPECTED.items()
        for row in (
            *([None if at else name, GRADES[at], n] for at, n in enumerate(pupils)),
            ["小计", None, sum(pupils)],
        )
    ]
    found, said = office.read(book(tmp_path, [["学校", "年级", "人数"], *rows]))
    assert found == EXPECTED and "4 rows name no school" in said


def test_a_pivot_table_is_one_of_schools(tmp_path):
    rows = [
        ["求和项:人数", "列标签"],
        ["行标签", *GRADES, "总计"],
        *([name, *n, sum(n)] for name, n in EXPECTED.items()),
    ]
    found, said = office.read(book(tmp_path, [*rows, ["总计", 70, 72, 74, 216]]))
    assert found == EXPECTED and "1 rows of totals" in said
