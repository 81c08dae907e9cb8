"""What in an office's tables may be something else than it is taken for is refused or said, never read in silence."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from simsim.districts.book import read_book
from simsim.districts.given import Given
from simsim.inputs.errors import InputError
from tests.districts import office_tables as office

NAMES = [name for _, name, _ in office.SCHOOLS]


def total(given: Given, year: int = 2023) -> int:
    return sum(cell.value or 0 for (_, when, _), cell in given.rolls.items() if when == year)


def said(given: Given) -> str:
    return "\n".join(map(str, given.said))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> int:
    return total(read_book(office.csv_file(tmp_path_factory.mktemp("plain") / "x.csv", office.wide())))


def of_all(times: int = 1) -> list[list[object]]:
    """Return the table with rows of all schools together, under a name that does not say so."""
    head, *rows = office.wide()
    last = [row[3:] for row in rows[-3:]]
    sums = [sum(int(str(row[at])) for row in last) for at in range(6)]
    return [head, *rows, *([f"99{i}", f"实验片{i}", "2023-24", *sums] for i in range(times))]


@pytest.mark.parametrize("times", [1, 2])
def test_a_row_of_all_schools_under_another_name_is_refused(tmp_path: Path, times: int) -> None:
    with pytest.raises(InputError, match="实验片0.*as many pupils as all other schools together"):
        read_book(office.csv_file(tmp_path / "x.csv", of_all(times)))


@pytest.mark.parametrize("name", ["Citywide", "District total", "最大值", "全区中位数", "Average"])
def test_rows_of_totals_and_statistics_are_no_schools(tmp_path: Path, plain: int, name: str) -> None:
    rows = [*office.wide(), [None, name, "2023-24", *[99] * 6]]
    assert total(read_book(office.csv_file(tmp_path / "x.csv", rows))) == plain


def test_rows_without_a_code_beside_schools_that_have_one_are_said(tmp_path: Path) -> None:
    rows = [*office.wide(), [None, "东方", "2023-24", *[50] * 6]]
    assert "1 rows have no code (东方)" in said(read_book(office.csv_file(tmp_path / "x.csv", rows)))
    assert "have no code" not in said(read_book(office.csv_file(tmp_path / "y.csv", office.wide())))


def test_a_grade_that_is_not_understood_is_said_and_what_is_counted_beside_grades_is_not(tmp_path: Path) -> None:
    head, *rows = office.wide()
    head[-1], rows = "借读六年级生", [[*row, 3] for row in rows]
    given = read_book(office.csv_file(tmp_path / "x.csv", [[*head, "一年级留级生"], *rows]))
    assert "借读六年级生 may be grades" in said(given)


@pytest.mark.parametrize("heading", ["國小六年級", "国小六年级学生数", "国民小学六年级", "小六", "國小六"])
def test_grades_of_primary_schools_in_taiwan_are_understood(tmp_path: Path, plain: int, heading: str) -> None:
    head, *rows = office.wide()
    assert total(read_book(office.csv_file(tmp_path / "x.csv", [[*head[:-1], heading], *rows]))) == plain


def test_boys_and_girls_may_stand_in_columns_of_a_long_table(tmp_path: Path, plain: int) -> None:
    head, *rows = office.long()
    rows = [[*row[:4], row[4] - 3, 3] for row in rows]
    assert total(read_book(office.csv_file(tmp_path / "x.csv", [[*head[:4], "男", "女"], *rows]))) == plain


def test_a_row_for_each_class_is_added_up_and_said(tmp_path: Path) -> None:
    head, *rows = office.long()
    rows = [[*row[:4], name, 20] for row in rows for name in ("1班", "2班")]
    given = read_book(office.csv_file(tmp_path / "x.csv", [[*head[:4], "班级", head[4]], *rows]))
    assert total(given) == 2 * 20 * 6 * 3 and "pupils are added up over 班级" in said(given)


def test_a_hidden_sheet_beside_others_is_not_read_and_said(tmp_path: Path, plain: int) -> None:
    head, *rows = office.wide()
    old = [head, *([*row[:2], "2024-25", *[1] * 6] for row in rows[:3])]
    path = office.workbook(tmp_path / "x.xlsx", {"在校生": office.wide(), "草稿": old})
    book = openpyxl.load_workbook(path)
    book["草稿"].sheet_state = "hidden"
    book.save(path)
    given = read_book(path)
    assert given.last == 2023 and total(given) == plain and "草稿 (hidden): a hidden sheet is not read" in said(given)


def test_numbers_that_differ_between_two_tables_are_not_called_the_same(tmp_path: Path) -> None:
    head, *rows = office.wide()
    first = [head, *([*row[:-1], int(str(row[-1])) + 1] for row in rows)]
    given = read_book(office.workbook(tmp_path / "x.xlsx", {"初报": first, "核定": office.wide()}))
    assert "核定: 9 numbers are other than those of a table before it" in said(given)
    assert "核定: 45 numbers stand in it" in said(given)


def test_a_second_row_of_headings_is_one_though_its_words_are_unknown(tmp_path: Path, plain: int) -> None:
    for below in ("其中：女", "寄宿生"):  # noqa: RUF001
        head = [["学校代码", "学校名称", "学年"], [None, None, None]]
        for name in office.CHINESE:
            head[0] += [name, None]
            head[1] += ["学生数", below]
        rows = [[*row[:3], *(n for p in row[3:] for n in (p, 7))] for row in office.wide()[1:]]
        merged = ["A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:G1", "H1:I1", "J1:K1", "L1:M1", "N1:O1"]
        book = office.workbook(tmp_path / f"{below[0]}.xlsx", {"表": [*head, *rows]}, merged)
        assert total(read_book(book)) == plain
