"""How large a file may be before it is read: a table or a scenario is small, and what is not is refused, not tried.

docs/security.md lists the limits for users.
"""

from __future__ import annotations

from simsim.inputs.errors import InputError, Problem

LARGEST_TABLE = 20_000_000
"""Bytes of a .csv or .xlsx file."""
MOST_ROWS = 20_000
MOST_ROLL_ROWS = 200_000
"""Rows of a table of rolls: a row a school, year and grade."""
MOST_CELLS = 20_000_000
"""Cells of the rectangle that holds a sheet: a program that reads it makes room for all of them."""
MOST_SHEETS = 60
"""Sheets of a workbook, and tables of a folder, that are looked at."""
MOST_COLUMNS = 500
MOST_LINES = 10 * MOST_ROWS
"""Lines of a text table: a quoted cell may hold several."""
LONGEST_LINE = 100_000
LONGEST_CELL = 32_767
"""Characters of a cell, Excel's own limit."""
LARGEST_YAML = 5_000_000
"""Bytes of a YAML file."""
MOST_ENTRIES = 200_000
"""Keys and values of a YAML file."""
LONGEST_VALUE = 100_000
"""Characters of one key or value of a YAML file."""


def check_bytes(size: int, shown: str, most: int = LARGEST_TABLE) -> None:
    """Raise InputError for a file with more bytes than are read."""
    if size > most:
        raise InputError(Problem(shown, "", None, f"has {size:,} bytes; at most {most:,} are read"))


def check_lines(text: str, shown: str, most: int = MOST_LINES) -> None:
    """Raise InputError for a text table of too many lines, or with a line too long to be a row of one."""
    n = max(text.count("\n"), text.count("\r"))
    if n > most:
        raise InputError(Problem(shown, "", None, f"has {n:,} lines; at most {most:,} are read"))
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > LONGEST_LINE:
            remedy = f"has {len(line):,} characters; a line of a table may have {LONGEST_LINE:,}"
            raise InputError(Problem(shown, f"line {number}", None, remedy))


def check_columns(n: int, shown: str) -> None:
    """Raise InputError for a table with more columns than are read."""
    if n > MOST_COLUMNS:
        raise InputError(Problem(shown, "", None, f"has more than {MOST_COLUMNS} columns; keep those that are needed"))


def check_rows(n: int, shown: str, most: int = MOST_ROWS) -> None:
    """Raise InputError for a table with more rows than are read."""
    if n > most:
        remedy = "keep one row a school" if most == MOST_ROWS else "leave out what is no roll"
        raise InputError(Problem(shown, "", None, f"has more than {most:,} rows; {remedy}"))


def check_cells(rows: int, columns: int, shown: str) -> None:
    """Raise InputError for a sheet whose rectangle of cells has more than are made room for."""
    if rows * columns > MOST_CELLS:
        remedy = f"reaches to row {rows:,} and column {columns:,}; copy the cells that hold the table into a new sheet"
        raise InputError(Problem(shown, "", None, remedy))
