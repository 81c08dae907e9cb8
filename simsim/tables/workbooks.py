"""The cells of .xlsx, .xls and .ods workbooks, by calamine; merged cells are filled with what stands in their first.

An .xls file does not say how far its sheets reach before it is read, and makes its reader take room for all cells up to
the last: it is read by a process of its own that may not take more than a table needs (`python -m` this file).
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from simsim.inputs.errors import InputError, Problem
from simsim.inputs.size_limits import MOST_ROLL_ROWS, MOST_SHEETS, check_cells, check_columns, check_rows

MOST_MEMORY = 2_000_000_000
"""Bytes of address space for the process that reads an .xls file."""
MOST_SECONDS = 120
EXACT = 2**53
Found = list[tuple[str, bool, list[list[object]] | None]]
"""By sheet: its name, whether it is hidden, and its rows (None: a chart)."""


def sheets(content: bytes, shown: str) -> Found:
    """Return the sheets of a workbook, in order. InputError for one that reaches too far; what calamine raises for a
    damaged one.
    """
    from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook

    book = load_workbook(io.BytesIO(content))
    found: Found = []
    for about in book.sheets_metadata[:MOST_SHEETS]:
        hidden = about.visible != SheetVisibleEnum.Visible
        if about.typ != SheetTypeEnum.WorkSheet:
            found.append((about.name, hidden, None))
            continue
        sheet = book.get_sheet_by_name(about.name)
        check_rows(sheet.total_height, f"{shown}: sheet {about.name}", MOST_ROLL_ROWS)
        check_columns(sheet.total_width, f"{shown}: sheet {about.name}")
        check_cells(sheet.total_height, sheet.total_width, f"{shown}: sheet {about.name}")
        rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
            _fill(rows, top, left, bottom, right)
        found.append((about.name, hidden, rows))
    return found


def _cell(value: object) -> object:
    """Return what a cell holds; a whole number as such, since workbooks keep 11301 as 11301.0."""
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return int(value)
    return None if value == "" else value


def _fill(rows: list[list[object]], top: int, left: int, bottom: int, right: int) -> None:
    """Write what stands in the first of merged cells into all of them."""
    if top >= len(rows) or left >= len(rows[top]):
        return
    value = rows[top][left]
    for row in rows[top : bottom + 1]:
        row[left : right + 1] = [value] * (min(right + 1, len(row)) - left)


def apart(content: bytes, shown: str) -> Found:
    """Return the sheets of a workbook as a process of its own reads them. InputError where it cannot."""
    command = [sys.executable, "-m", "simsim.tables.workbooks", shown]
    try:
        place = Path(__file__).parents[2]
        done = subprocess.run(command, input=content, capture_output=True, timeout=MOST_SECONDS, cwd=place, check=False)
    except subprocess.TimeoutExpired:
        raise InputError(_too_far(shown)) from None
    if done.returncode < 0 or b"MemoryError" in done.stderr:
        raise InputError(_too_far(shown))
    if done.returncode:
        raise ValueError("damaged")
    told = json.loads(done.stdout)
    if told["problems"]:
        raise InputError([Problem(*problem) for problem in told["problems"]])
    return [(name, hidden, rows) for name, hidden, rows in told["sheets"]]


def _too_far(shown: str) -> Problem:
    remedy = (
        "needs too much memory or time: a cell far out takes room for all before it; copy the table into a new .xlsx"
    )
    return Problem(shown, "", None, remedy)


def _main() -> None:
    """Read a workbook from standard input, within limits, and write its sheets, or what is wrong, to the output."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    told: dict[str, object] = {"sheets": [], "problems": []}
    try:
        told["sheets"] = sheets(sys.stdin.buffer.read(), sys.argv[1])
    except InputError as error:
        told["problems"] = [(p.file, p.key, p.value, p.remedy) for p in error.problems]
    sys.stdout.write(json.dumps(told, default=str))


if __name__ == "__main__":
    _main()
