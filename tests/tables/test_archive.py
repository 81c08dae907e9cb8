"""Workbooks that would unpack to something enormous are refused before anything of them is read."""

from __future__ import annotations

import zipfile
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from simsim.assessment.reader import read_table
from simsim.inputs import size_limits
from simsim.inputs.errors import InputError
from simsim.tables import archive
from tests.assessment.school_tables import EXAMPLE

BLOCK = b" " * 1_000_000
MEGABYTES = {"xl/worksheets/sheet1.xml": 31, "xl/sharedStrings.xml": 11, "xl/styles.xml": 6, "xl/media/image1.png": 101}


@cache
def example() -> pd.DataFrame:
    return read_table(EXAMPLE)


def workbook(path: Path, more: dict[str, list[list[object]]] | None = None) -> Path:
    """Write the example table as a workbook, with other sheets in front of it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "data"
    frame = example()
    for row in [list(frame.columns), *frame.to_numpy().tolist()]:
        sheet.append(row)
    for number, (title, rows) in enumerate((more or {}).items()):
        front = book.create_sheet(title, number)
        for row in rows:
            front.append(row)
    book.save(path)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("part", MEGABYTES)
def test_a_bomb_is_refused_by_its_stated_size_and_nothing_is_unpacked(tmp_path, monkeypatch, part):
    path = workbook(tmp_path / "bomb.xlsx")
    with zipfile.ZipFile(path) as old:
        kept = {name: old.read(name) for name in old.namelist() if name != part}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in kept.items():
            new.writestr(name, content)
        with new.open(part, "w", force_zip64=True) as out:
            for _ in range(MEGABYTES[part]):
                out.write(BLOCK)
    assert path.stat().st_size < 1_000_000

    def refuse(*_args: object, **_more: object) -> None:
        raise AssertionError("the workbook was opened")

    monkeypatch.setattr(openpyxl, "load_workbook", refuse)
    with pytest.raises(InputError, match=r"bomb.xlsx.*would unpack to .* bytes; at most .* are read: copy the table"):
        read_table(path)


def test_a_workbook_of_very_many_parts_is_refused(tmp_path):
    path = workbook(tmp_path / "many.xlsx")
    with zipfile.ZipFile(path, "a") as book:
        for number in range(archive.MOST_PARTS):
            book.writestr(f"xl/x{number}", b"")
    with pytest.raises(InputError, match="parts; at most"):
        read_table(path)


def test_a_cell_longer_than_excel_writes_is_refused(tmp_path):
    path = tmp_path / "long.csv"
    text = EXAMPLE.read_text("utf-8-sig")
    path.write_text(text.replace("X001", "x" * (size_limits.LONGEST_CELL + 1)), "utf-8")
    with pytest.raises(InputError, match=r"long.csv: row 2: a cell has 32,768 characters"):
        read_table(path)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("x," * 60_000, r"line 12: has \d+,\d+ characters"),
        ("\n" * 300_000, "lines; at most"),
        (",\n" * 21_000 + "y", "rows"),
    ],
)
def test_a_text_table_of_absurd_size_is_refused(tmp_path, more, told):
    path = tmp_path / "large.csv"
    path.write_text(EXAMPLE.read_text("utf-8-sig") + more, "utf-8")
    with pytest.raises(InputError, match=told):
        read_table(path)


def test_more_columns_than_are_read_are_refused_not_cut_off(tmp_path):
    wide = ["x"] * (size_limits.MOST_COLUMNS + 1)
    path = workbook(tmp_path / "wide.xlsx")
    book = openpyxl.load_workbook(path)
    book["data"].append(wide)
    book.save(path)
    with pytest.raises(InputError, match="more than 500 columns"):
        read_table(path)


@pytest.mark.parametrize("front", [[], [["封面"]]])
def test_a_sheet_in_front_of_the_table_is_passed_over_and_named(tmp_path, front):
    table = read_table(workbook(tmp_path / "cover.xlsx", {"cover": front}))
    assert table.equals(read_table(workbook(tmp_path / "plain.xlsx")))
    assert [str(said) for said in table.attrs["said"]] == ["read: sheet data; not read: cover"]


def test_a_hidden_sheet_is_said_to_be_hidden(tmp_path):
    path = workbook(tmp_path / "hidden.xlsx", {"old": [["notes"]]})
    book = openpyxl.load_workbook(path)
    book["old"].sheet_state = "hidden"
    book.save(path)
    assert "not read: old (hidden)" in str(read_table(path).attrs["said"][0])


def test_a_chart_sheet_in_front_is_passed_over(tmp_path):
    path = workbook(tmp_path / "chart.xlsx")
    book = openpyxl.load_workbook(path)
    chart = openpyxl.chart.BarChart()
    chart.add_data(openpyxl.chart.Reference(book["data"], min_col=4, min_row=1, max_row=5), titles_from_data=True)
    book.create_chartsheet("chart", 0).add_chart(chart)
    book.save(path)
    table = read_table(path)
    assert table.equals(read_table(workbook(tmp_path / "plain.xlsx")))
    assert any("chart is a chart, not a table" in str(said) for said in table.attrs["said"])


def test_a_formula_that_no_program_has_computed_is_named_with_its_cell(tmp_path):
    path = workbook(tmp_path / "formula.xlsx")
    book = openpyxl.load_workbook(path)
    book["data"]["D3"] = "=D2*2"
    book.save(path)
    with pytest.raises(InputError, match=r"sheet data, cell D3: is a formula without a saved value; open"):
        read_table(path)


def test_a_locked_workbook_is_one_message(tmp_path):
    path = workbook(tmp_path / "locked.xlsx")
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    while at >= 0:  # the flag "encrypted" of every part
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    path.write_bytes(content)
    with pytest.raises(InputError, match="damaged or locked"):
        read_table(path)


def test_the_limits_leave_room_for_the_largest_table_that_is_read():
    bytes_of_a_cell = 40
    assert size_limits.MOST_ROWS * len(read_table(EXAMPLE).columns) * bytes_of_a_cell <= archive.LARGEST_SHEET


@pytest.mark.parametrize("cell", ["XFD2", "A1048576", "ZZ150000"])
def test_a_cell_far_out_is_refused_before_room_is_made_for_all_before_it(tmp_path, cell):
    path = workbook(tmp_path / "far.xlsx")
    book = openpyxl.load_workbook(path)
    book["data"][cell] = 1
    book.save(path)
    with pytest.raises(InputError, match=r"more than 500 columns|more than 200,000 rows|reaches to row"):
        read_table(path)


def test_an_open_workbook_that_repeats_a_cell_for_ever_is_refused(tmp_path):
    path = tmp_path / "repeated.ods"
    with zipfile.ZipFile(Path(__file__).parent / "rolls.ods") as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "content.xml":
                content = content.replace(
                    b"<table:table-cell ", b'<table:table-cell table:number-columns-repeated="99999" ', 1
                )
            new.writestr(name, content)
    with pytest.raises(InputError, match="more than 500 columns"):
        read_table(path)


def test_a_part_that_is_there_twice_is_refused_for_nobody_sees_both(tmp_path):
    path, name = workbook(tmp_path / "two.xlsx"), "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(path, "a") as book, pytest.warns(UserWarning, match="Duplicate name"):
        book.writestr(name, book.read(name).replace(b"<v>1", b"<v>9"))
    with pytest.raises(InputError, match=r"two\.xlsx: xl/worksheets/sheet1\.xml: is in the workbook twice"):
        read_table(path)
