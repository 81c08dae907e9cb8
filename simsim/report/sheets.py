"""A workbook of plain tables as bytes: one sheet a table, its first row kept in view."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from numbers import Real
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:  # slow to load
    from xlsxwriter.worksheet import Worksheet

Sheet = Iterable[Sequence[object]]

LONG_AGO = datetime(1980, 1, 1)
"""The date that stands inside, so that the same tables are the same bytes."""
NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that no workbook may hold."""
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def workbook(sheets: Mapping[str, Sheet], in_view: Sequence[str] = ()) -> bytes:
    """Return a workbook of sheets by name, each a sequence of rows; of those named in `in_view` the first row stays in
    view. Numbers are numbers, None leaves a cell empty, everything else is text, never a formula. ValueError for a
    cell longer than a workbook holds.
    """
    from xlsxwriter import Workbook

    content = BytesIO()
    with Workbook(content, OPTIONS) as book:
        book.set_properties({"created": LONG_AGO})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name in in_view:
                sheet.freeze_panes(1, 0)
            for line, row in enumerate(rows):
                for place, value in enumerate(row):
                    if value is not None and _write(sheet, line, place, value):
                        raise ValueError(f"{name}: a cell of line {line + 1} is longer than a workbook holds")
    return content.getvalue()


def _write(sheet: Worksheet, line: int, place: int, value: object) -> int:
    """Write a cell by what it is (a library that must find out itself takes half as long again), and return whether
    it did not fit.
    """
    cell = _cell(value)
    if isinstance(cell, bool):
        return int(sheet.write_boolean(line, place, cell))
    if isinstance(cell, str):
        return int(sheet.write_string(line, place, cell)) if cell else 0
    return int(sheet.write_number(line, place, cell))


def _cell(value: object) -> str | bool | float:
    """Return a value as a workbook holds it: a finite number, true or false, or text."""
    if not isinstance(value, str) and isinstance(value, bool | int | float | Real) and math.isfinite(value):
        return cast(float, value)
    return NO_XML.sub("", str(value))
