"""A workbook is a zip archive: what it would unpack to, and how far its sheets reach, is looked at before reading."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from itertools import accumulate
from typing import IO

from simsim.inputs.errors import InputError, Problem
from simsim.inputs.size_limits import MOST_COLUMNS, MOST_ROLL_ROWS, check_cells, check_columns, check_rows

MEGABYTE = 1_000_000
LARGEST_UNPACKED = 100 * MEGABYTE
"""Bytes of everything in a workbook, pictures included."""
LARGEST_SHEET = 30 * MEGABYTE
"""Bytes of one sheet: 20,000 schools with all columns need 20 million."""
LARGEST_STRINGS = 10 * MEGABYTE
"""Bytes of the shared strings, the texts of all sheets."""
LARGEST_OTHER = 5 * MEGABYTE
"""Bytes of any other part that is read: styles, the list of sheets, relations."""
MOST_PARTS = 2_000
PICTURES = (
    "xl/media/", "xl/drawings/", "xl/embeddings/", "xl/charts/", "xl/printersettings/", "docprops/thumbnail",
    "pictures/", "thumbnails/", "object ", "objectreplacements/",
)  # fmt: skip
"""Parts that are never unpacked; only the sum of all bounds them."""
SHEETS = "xl/worksheets/"
STRINGS = "xl/sharedstrings.xml"
OPEN_DOCUMENT = "content.xml"
CELL = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,4})([0-9]{1,9})["']""")
ROW = re.compile(rb"""<(?:[A-Za-z0-9]+:)?row\b[^>]*?\br\s*=\s*["']([0-9]{1,9})["']""")
OPEN_TAG = re.compile(rb"<table:(table-row|table-cell|covered-table-cell|table)\b([^>]*?)(/?)>")
REPEATED = re.compile(rb"""table:number-(?:rows|columns)-repeated\s*=\s*["']([0-9]{1,9})["']""")
VALUE = re.compile(rb"office:value-type|calcext:value-type|table:formula")
LETTERS = 26
WIDEST, LONGEST = 16_384, 1_048_576
"""Columns and rows of a sheet in Excel and LibreOffice."""


def check_archive(file: IO[bytes], shown: str) -> None:
    """Raise InputError for a workbook that would unpack to more than a table of schools can hold.

    The sizes are those that the archive states. They bind: `zipfile` gives out no more bytes of a part than are stated.
    zipfile.BadZipFile for what is no archive.
    """
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
    problems = list(filter(None, [_too_large(part, shown) for part in parts]))
    whole, names = sum(part.file_size for part in parts), [part.filename for part in parts]
    if len(set(names)) < len(names):
        twice = next(name for name, times in Counter(names).items() if times > 1)
        remedy = (
            "is in the workbook twice, of which a spreadsheet may show another than is read; save it as .xlsx again"
        )
        problems = [Problem(shown, twice, None, remedy)]
    if len(parts) > MOST_PARTS:
        problems = [Problem(shown, "", None, f"has {len(parts):,} parts; at most {MOST_PARTS:,} are read")]
    elif not problems and whole > LARGEST_UNPACKED:
        problems = [Problem(shown, "", None, _remedy(whole, LARGEST_UNPACKED))]
    if problems:
        raise InputError(problems[0])


def check_extent(file: IO[bytes], shown: str) -> None:
    """Raise InputError for a workbook one of whose sheets names cells so far out that a reader would make room for
    millions of empty ones.
    """
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if name.lower().startswith(SHEETS):
                rows, columns = _extent(archive.read(name))
            elif name == OPEN_DOCUMENT:
                rows, columns = _open_extent(archive.read(name))
            else:
                continue
            check_rows(rows, shown, MOST_ROLL_ROWS)
            check_columns(columns, shown)
            check_cells(rows, columns, shown)


def _extent(content: bytes) -> tuple[int, int]:
    """Return the last row and column that a sheet of an .xlsx file names; too many where it hides them."""
    if b"\0" in content[:200]:  # UTF-16, in which no program writes sheets and in which nothing below is found
        return LONGEST, WIDEST
    cells = CELL.findall(content)
    rows = max((int(row) for _, row in cells), default=0)
    named = max(map(int, ROW.findall(content)), default=0)
    columns = max((_column(letters) for letters in {letters for letters, _ in cells}), default=0)
    return max(rows, named if cells else 0), columns


def _column(letters: bytes) -> int:
    *_, number = accumulate(letters.upper(), lambda found, letter: found * LETTERS + letter - 64, initial=0)
    return int(number)


def _open_extent(content: bytes) -> tuple[int, int]:
    """Return how far the fullest sheet of an .ods file reaches; repeated cells count where something stands in them."""
    if b"\0" in content[:200]:
        return LONGEST, WIDEST
    most_rows = most_columns = row = filled = column = width = times = 0
    for kind, attributes, _ in OPEN_TAG.findall(content):
        found = REPEATED.search(attributes)
        repeated = int(found[1]) if found else 1
        if kind == b"table":
            row = filled = 0
        elif kind == b"table-row":
            column, width, times = 0, 0, repeated
            row += repeated
        else:
            column += repeated
            if VALUE.search(attributes):
                width, filled = column, row
                most_rows, most_columns = max(most_rows, filled), max(most_columns, width)
                if times * width > MOST_ROLL_ROWS * MOST_COLUMNS:
                    return LONGEST, WIDEST
    return most_rows, most_columns


def _too_large(part: zipfile.ZipInfo, shown: str) -> Problem | None:
    """Return what is wrong with the size of one part, if anything is."""
    name = part.filename.lower().lstrip("/")
    if name.startswith(PICTURES):
        return None
    sheet = name.startswith(SHEETS) or name == OPEN_DOCUMENT
    most = LARGEST_SHEET if sheet else LARGEST_STRINGS if name == STRINGS else LARGEST_OTHER
    return Problem(shown, part.filename, None, _remedy(part.file_size, most)) if part.file_size > most else None


def _remedy(size: int, most: int) -> str:
    return (
        f"would unpack to {size:,} bytes; at most {most:,} are read: copy the table of schools, values only, into a new"
        " workbook"
    )
