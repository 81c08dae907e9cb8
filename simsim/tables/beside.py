"""Several tables in one sheet: side by side, where each begins with a column for schools of its own, or one below the
other, where each has a title or headings of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from simsim.tables.cells import is_blank, plain
from simsim.tables.headings import IDENTITY, Heading, headings_of
from simsim.tables.sheets import Sheet
from simsim.tables.words import say
from simsim.tables.years import year_among

OF_PLACE = (*IDENTITY, "year", "district", "area", "kind")
"""What columns may say of a school before its table has said anything that is counted."""
LETTERS = 26
PART = re.compile(r" \((?:rows [0-9]+ - [0-9]+|[A-Z]+ - [A-Z]+)\)$")


def sheet_in_book(name: str) -> str:
    """Return what the sheet of a workbook is called of which a table with this name is a part."""
    while PART.search(name):
        name = PART.sub("", name)
    return name


def apart(sheet: Sheet) -> list[Sheet]:
    """Return the tables of a sheet as sheets of their own, and say so; the sheet itself where it holds one table."""
    return [part for block in _below(sheet) for part in _beside(block)]


def _below(sheet: Sheet) -> list[Sheet]:
    """Return the tables of a sheet that stand one below the other.

    A row of headings of schools, other than the first or under a title of its own that names another year, begins the
    next; the same headings again alone are those of another page.
    """
    found = headings_of(sheet.rows)
    if found is None:
        return [sheet]
    at, levels, headings = found
    own = {h.means.key: plain(h.parts[-1]) for h in headings if h.means and h.means.key in IDENTITY}
    starts, year = [0], _year(sheet.rows[:at])
    for number in range(at + levels, len(sheet.rows)):
        texts = [plain(cell) for cell in sheet.rows[number] if isinstance(cell, str)]
        if not set(texts) & set(own.values()):
            continue
        titles = _titles(sheet.rows, number)
        here = headings_of(sheet.rows[number : number + levels + 1])
        other = here is not None and here[0] == 0 and _means(here[2]) - _means(headings)
        named = _year(sheet.rows[titles:number])
        if here is not None and here[0] == 0 and (other or (named is not None and named != year)):
            starts.append(titles)
            year = named if named is not None else year
    ends = [*starts[1:], len(sheet.rows)]
    if len(starts) == 1:
        return [sheet]
    return [_rows_of(sheet, start, end) for start, end in zip(starts, ends, strict=True)]


def _means(headings: Sequence[Heading]) -> set[tuple[str, str]]:
    return {(h.means.key, h.means.grade) for h in headings if h.means}


def _titles(rows: Sequence[Sequence[object]], number: int) -> int:
    """Return the first of the rows right above one that hold one text alone, or nothing."""
    start = number
    while start and len({plain(cell) for cell in rows[start - 1] if not is_blank(cell)}) <= 1:
        start -= 1
    return start


def _year(rows: Sequence[Sequence[object]]) -> int | None:
    """Return the September that titles name; None where they name none."""
    year = year_among(cell for row in rows for cell in row if not is_blank(cell))
    return year.september if year else None


def _rows_of(sheet: Sheet, start: int, end: int) -> Sheet:
    """Return some rows of a sheet, which keep their numbers."""
    name = f"{sheet.name} (rows {start + 1} - {end})".strip()
    part = Sheet(sheet.file, name, sheet.rows[start:end], sheet.hidden, before=sheet.before + start)
    part.said = [*(sheet.said if not start else ()), say("beside", table=part.shown)]
    return part


def _beside(sheet: Sheet) -> list[Sheet]:
    """Return the tables of a sheet that stand side by side.

    A second column of names, or of codes, begins another table where its rows are other ones, and something is counted
    both before and after it.
    """
    found = headings_of(sheet.rows)
    if found is None:
        return [sheet]
    at, levels, headings = found
    starts = [0]
    for heading in headings:
        if heading.means and heading.means.key in IDENTITY and heading.place > starts[-1]:
            start = _begins(sheet.rows[at + levels :], headings, heading, starts[-1])
            starts += [start] if start else []
    ends = [*starts[1:], len(headings)]
    blocks = [headings[start:end] for start, end in zip(starts, ends, strict=True)]
    if len(starts) == 1 or not _counts(blocks[-1]):
        return [sheet]
    return [_part(sheet, at, start, end) for start, end in zip(starts, ends, strict=True)]


def _begins(rows: Sequence[Sequence[object]], headings: Sequence[Heading], heading: Heading, start: int) -> int:
    """Return the column in which the table begins whose schools stand under a heading; 0 where it begins none, for its
    rows are those of the table that began at `start`, or that has counted nothing yet.
    """
    means = heading.means
    own = headings[start : heading.place]
    first = next((h for h in own if h.means and means and h.means.key == means.key), None)
    if first is None or not _counts(own):
        return 0
    pairs = [[row[place] if place < len(row) else None for place in (first.place, heading.place)] for row in rows]
    if all(plain(one) == plain(other) for one, other in pairs if not is_blank(other)):
        return 0
    begin = heading.place
    lead = [plain(h.parts[-1]) if h.parts else "" for h in headings[start : first.place]]
    while begin - 1 > start and (parts := headings[begin - 1].parts) and plain(parts[-1]) in lead:
        begin -= 1
    return begin


def _counts(headings: Sequence[Heading]) -> bool:
    """Tell whether some of these headings say what is counted of a school."""
    return any(h.means is not None and h.means.key not in OF_PLACE for h in headings)


def _part(sheet: Sheet, at: int, start: int, end: int) -> Sheet:
    """Return some columns of a sheet; a title above all of its tables stands above each."""
    rows = []
    for number, row in enumerate(sheet.rows):
        cells = list(row[start:end])
        if number < at and all(map(is_blank, cells)):
            cells = [next((cell for cell in row if not is_blank(cell)), None)]
        while cells and is_blank(cells[-1]):
            cells.pop()
        rows.append(cells)
    name = f"{sheet.name} ({_letter(start)} - {_letter(end - 1)})".strip()
    part = Sheet(sheet.file, name, rows, sheet.hidden, before=sheet.before)
    part.said = [*(sheet.said if not start else ()), say("beside", table=part.shown)]
    return part


def _letter(place: int) -> str:
    """Return what a spreadsheet calls a column: A, ..., Z, AA."""
    text = chr(ord("A") + place % LETTERS)
    return text if place < LETTERS else _letter(place // LETTERS - 1) + text
