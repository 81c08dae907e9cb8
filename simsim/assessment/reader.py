"""Read the user's table of schools from a .csv or .xlsx file, as people save them."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from simsim.assessment.table import HEADING, clean, columns, is_blank, plain
from simsim.inputs.errors import InputError, Problem

LARGEST_BYTES = 20_000_000
MOST_ROWS, MOST_COLUMNS = 20_000, 500
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
)
"""What a damaged workbook makes its reader raise."""
HEADING_ROWS = 10
"""In how many first rows the headings are looked for: tables often carry a title above them."""


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


def _known(cell: Any) -> bool:
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
    if path.stat().st_size > LARGEST_BYTES:
        raise InputError(
            Problem(path.name, "", None, f"is larger than {LARGEST_BYTES:,} bytes; keep only the table of schools")
        )


def _csv(path: Path) -> list[list[Any]]:
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
    first = "".join(text.splitlines(keepends=True)[:HEADING_ROWS])
    separator = max(",\t;", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise InputError(Problem(path.name, "", None, f"cannot be read as a table: {error}")) from None
    return _bounded(path, rows)


def _xlsx(path: Path) -> list[list[Any]]:
    """Return the cells of a workbook's first sheet."""
    from openpyxl import load_workbook

    content = io.BytesIO(_read(path))
    try:
        book = load_workbook(content, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        wide = min(sheet.max_column or MOST_COLUMNS, MOST_COLUMNS)
        rows = [list(row) for row in islice(sheet.iter_rows(max_col=wide, values_only=True), MOST_ROWS + 1)]
        book.close()
    except UNREADABLE:
        raise InputError(
            Problem(
                path.name, "", None, "is not a workbook that can be read (damaged or locked?); save it as .xlsx again"
            )
        ) from None
    return _bounded(path, rows)


def _read(path: Path) -> bytes:
    """Return a file's bytes, or say why it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(Problem(path.name, "", None, f"cannot be read: {error.strerror}")) from None


def _bounded(path: Path, rows: list[list[Any]]) -> list[list[Any]]:
    """Return the rows if there are some and not absurdly many."""
    while rows and all(map(is_blank, rows[-1])):
        rows.pop()
    if not rows:
        raise InputError(Problem(path.name, "", None, "is empty; start from parameters/templates/schools-template.csv"))
    if len(rows) > MOST_ROWS:
        raise InputError(Problem(path.name, "", None, f"has more than {MOST_ROWS:,} rows; keep one row a school"))
    return rows
