"""Read the user's table of schools from a .csv or .xlsx file, as people save them."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from simsim.assessment.archive import SHEETS, check_archive
from simsim.assessment.table import HEADING, clean, columns, is_blank, plain
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.size_limits import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    check_bytes,
    check_columns,
    check_lines,
    check_rows,
)

if TYPE_CHECKING:  # slow to load
    from openpyxl.worksheet.worksheet import Worksheet

UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
    EOFError,
    SyntaxError,
    RuntimeError,
    ArithmeticError,
)
"""What a damaged workbook makes its reader raise."""
HEADING_ROWS = 10
"""In how many first rows the headings are looked for: tables often carry a title above them."""
MOST_SHEETS = 20
"""Among how many sheets the table is looked for, to name it in a message."""


def read_table(path: str | Path) -> pd.DataFrame:
    """Return the cells of a table of schools under its headings, the index holding each row's number in the file.

    Text may be UTF-8 (with or without mark), UTF-16 or GB18030, separated by commas, tabs or semicolons;
    of a workbook the first sheet is read, formulas as the values Excel saved. The headings are the row,
    among the first ten, that names most known columns; InputError when there is none.
    """
    path = Path(path)
    _check_file(path)
    rows = _xlsx(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    known = [sum(_known(cell) for cell in row) for row in rows[:HEADING_ROWS]]
    if not any(known):
        raise InputError(
            Problem(
                path.name,
                "",
                None,
                "has no heading that simsim knows; start from parameters/templates/schools-template.csv",
            )
        )
    at = known.index(max(known))
    width = max((i + 1 for i, cell in enumerate(rows[at]) if not is_blank(cell)), default=0)
    body = rows[at + 1 :]
    spills = [n for n, row in enumerate(body, at + 2) if not all(map(is_blank, row[width:]))]
    if spills:
        remedy = f"has more cells than there are headings ({width}); quote numbers that contain commas"
        raise InputError([Problem(path.name, f"row {n}", None, remedy) for n in spills])
    padded = [[*row[:width], *[None] * (width - len(row))] for row in body]
    headings = [clean(cell) if not is_blank(cell) else f"column {i}" for i, cell in enumerate(rows[at][:width], 1)]
    return pd.DataFrame(padded, columns=headings, index=range(at + 2, at + 2 + len(body)), dtype=object)


def _known(cell: object) -> bool:
    """Tell whether a cell holds a heading of the table of schools."""
    match = HEADING.fullmatch(str(cell).strip().replace("(", "(").replace(")", ")"))
    return bool(match and plain(match["name"]) in columns().by_heading)


def _check_file(path: Path) -> None:
    """Refuse what cannot be a table: nothing there, a folder, another kind of file, something enormous."""
    if not path.exists():
        raise InputError(Problem(str(path), "", None, "there is no such file"))
    if not path.is_file():
        raise InputError(Problem(path.name, "", None, "is a folder or a device; name a .csv or .xlsx file"))
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise InputError(
            Problem(path.name, "", path.suffix or None, "is not .csv or .xlsx; save the table as one of these")
        )
    check_bytes(path.stat().st_size, path.name)


def _csv(path: Path) -> list[list[object]]:
    """Return the cells of a text file."""
    content = _read(path)
    mark = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if mark else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise InputError(Problem(path.name, "", None, "is neither UTF-8 nor GB18030 text; save it as CSV UTF-8"))
    if "\0" in text:
        raise InputError(
            Problem(path.name, "", None, "is a binary file, not a text table; save it as CSV UTF-8 or .xlsx")
        )
    check_lines(text, path.name)
    first = "".join(text.splitlines(keepends=True)[:HEADING_ROWS])
    separator = max(",\t;", key=first.count)
    try:
        rows = _counted(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise InputError(Problem(path.name, "", None, f"cannot be read as a table: {error}")) from None
    return _bounded(path, rows)


def _xlsx(path: Path) -> list[list[object]]:
    """Return the cells of a workbook's first sheet; InputError names that sheet, and another one that would do."""
    from openpyxl import load_workbook

    content = io.BytesIO(_read(path))
    try:
        check_archive(content, path.name)
        book = load_workbook(content, read_only=True, data_only=True, keep_links=False)
        sheets = list(book.worksheets)
        rows = _cells(sheets[0], MOST_ROWS) if sheets else []
        others = [] if _headed(rows) else [s.title for s in sheets[1:MOST_SHEETS] if _headed(_cells(s, HEADING_ROWS))]
        book.close()
        bare = _bare_formula(content) if _headed(rows) else ""
    except InputError:
        raise
    except UNREADABLE:
        raise InputError(
            Problem(
                path.name, "", None, "is not a workbook that can be read (damaged or locked?); save it as .xlsx again"
            )
        ) from None
    if bare:
        remedy = "is a formula without a saved value; open the workbook in Excel or LibreOffice and save it again"
        raise InputError(Problem(path.name, f"sheet {sheets[0].title}, cell {bare}", None, remedy))
    if not _headed(rows):
        raise InputError(_no_table(path.name, sheets, others))
    return _bounded(path, rows)


def _no_table(shown: str, sheets: Sequence[Worksheet], others: list[str]) -> Problem:
    """Return the problem of a workbook whose first sheet is no table of schools."""
    if not sheets:
        return Problem(shown, "", None, "has no sheet with cells (only charts?); put the table of schools into one")
    if others:
        place = f"only the first sheet is read, and the table is in sheet {others[0]!r}; move that to the front"
    else:
        place = "only the first sheet is read; start from parameters/templates/schools-template.csv"
    hidden = "" if sheets[0].sheet_state == "visible" else " (hidden)"
    return Problem(shown, f"sheet {sheets[0].title}{hidden}", None, f"has no heading that simsim knows: {place}")


def _cells(sheet: Worksheet, most: int) -> list[list[object]]:
    """Return the first rows of a sheet, without the empty cells at their ends."""
    wide = min(sheet.max_column or MOST_COLUMNS + 1, MOST_COLUMNS + 1)
    rows = sheet.iter_rows(max_col=wide, values_only=True)
    return _counted(rows) if most > HEADING_ROWS else [_without_end(row) for row in islice(rows, most)]


def _counted(rows: Iterator[Sequence[object]]) -> list[list[object]]:
    """Return as many rows as are read, and one more if any other holds something."""
    found = [_without_end(row) for row in islice(rows, MOST_ROWS)]
    return [*found, *islice(filter(None, map(_without_end, rows)), 1)]


def _without_end(row: Sequence[object]) -> list[object]:
    """Return a row without the empty cells at its end."""
    end = len(row)
    while end and row[end - 1] in (None, ""):
        end -= 1
    return list(row[:end])


def _headed(rows: list[list[object]]) -> bool:
    """Tell whether some of the first rows hold headings of the table of schools."""
    return any(_known(cell) for row in rows[:HEADING_ROWS] for cell in row)


def _bare_formula(content: io.BytesIO) -> str:
    """Return the cell of the first sheet's first formula without a saved value, or nothing."""
    from openpyxl import load_workbook

    with zipfile.ZipFile(content) as archive:
        if not any(b"<f" in archive.read(name) for name in archive.namelist() if name.startswith(SHEETS)):
            return ""
    saved, written = (load_workbook(content, read_only=True, data_only=only).worksheets[0] for only in (True, False))
    for values, formulas in zip(
        saved.iter_rows(values_only=True), islice(written.iter_rows(), MOST_ROWS), strict=False
    ):
        for value, cell in zip(values, formulas, strict=False):
            if value is None and cell.data_type == "f":
                return str(cell.coordinate)
    return ""


def _read(path: Path) -> bytes:
    """Return a file's bytes, or say why it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(Problem(path.name, "", None, f"cannot be read: {error.strerror}")) from None


def _bounded(path: Path, rows: list[list[object]]) -> list[list[object]]:
    """Return the rows if there are some and not absurdly many."""
    while rows and all(map(is_blank, rows[-1])):
        rows.pop()
    if not rows:
        raise InputError(Problem(path.name, "", None, "is empty; start from parameters/templates/schools-template.csv"))
    check_rows(len(rows), path.name)
    check_columns(max(map(len, rows)), path.name)
    for number, row in enumerate(rows, 1):
        longest = max((len(cell) for cell in row if isinstance(cell, str)), default=0)
        if longest > LONGEST_CELL:
            remedy = f"a cell has {longest:,} characters; at most {LONGEST_CELL:,} are read"
            raise InputError(Problem(path.name, f"row {number}", None, remedy))
    return rows
