"""Small tables as offices keep them, in several shapes; every number is made up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl

from simsim.districts.book import read_book
from simsim.tables.grades import order

CHINESE = ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级")
SCHOOLS = (("011", "东街小学", 40), ("012", "西街小学", 30), ("013", "南山小学", 12))
YEARS = (2021, 2022, 2023)


def pupils(size: int, grade: int, year: int) -> int:
    """Return the pupils of a grade: every cohort keeps its number, the later ones are smaller."""
    return size - (year - grade - YEARS[0] + 6) // 2


def wide(years: Sequence[int] = YEARS) -> list[list[object]]:
    """Return a table of schools and rolls in one: a row a school and year, a column a grade."""
    head: list[object] = ["学校代码", "学校名称", "学年", *CHINESE]
    rows = [
        [code, name, f"{year}-{(year + 1) % 100}", *(pupils(size, grade, year) for grade in range(1, 7))]
        for year in years
        for code, name, size in SCHOOLS
    ]
    return [head, *rows]


def long(years: Sequence[int] = YEARS) -> list[list[object]]:
    """Return the same rolls in long form, in English."""
    rows: list[list[object]] = [
        [code, name, year, grade, pupils(size, grade, year)]
        for year in years
        for code, name, size in SCHOOLS
        for grade in range(1, 7)
    ]
    return [["School code", "School", "Year", "Grade", "Pupils"], *rows]


def text(rows: Iterable[Iterable[object]], separator: str = ",") -> str:
    """Return rows as a text table."""
    return "".join(separator.join("" if cell is None else str(cell) for cell in row) + "\n" for row in rows)


def csv_file(path: Path, rows: Iterable[Iterable[object]], encoding: str = "utf-8") -> Path:
    """Write rows into a text file."""
    path.write_bytes(text(rows).encode(encoding))
    return path


def workbook(path: Path, sheets: dict[str, list[list[object]]], merged: Sequence[str] = ()) -> Path:
    """Write sheets into a workbook; `merged` are ranges of the first sheet."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for cells in merged:
        book.worksheets[0].merge_cells(cells)
    book.save(path)
    return path


def read(book: Path, **how: object) -> tuple[dict[str, list[int | None]], str]:
    """Return the pupils by name of school, grade by grade from PK, of a book's last year, and what is said of it."""
    given = read_book(book, **how)  # type: ignore[arg-type]
    last = max(year for _, year, _ in given.rolls)
    found: dict[str, dict[int, int | None]] = {}
    for (school, year, grade), cell in given.rolls.items():
        if year == last and not cell.blank:
            found.setdefault(given.names[school], {})[order(grade)] = cell.value
    return {name: [pupils[at] for at in sorted(pupils)] for name, pupils in found.items()}, "\n".join(
        map(str, given.said)
    )


def grades_of(path: Path, school: str = "A") -> dict[str, int]:
    """Return the pupils of one school by grade, of the last year."""
    given = read_book(path)
    return {grade: cell.value for (code, year, grade), cell in given.rolls.items()
            if cell.value is not None and given.names.get(code, code) == school and year == given.last}  # fmt: skip
