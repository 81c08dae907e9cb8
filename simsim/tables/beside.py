"""Several tables side by side in one sheet: each begins with a column for schools of its own, and has its own rows."""

from __future__ import annotations

from collections.abc import Sequence

from simsim.tables.cells import is_blank, plain
from simsim.tables.headings import IDENTITY, Heading, headings_of
from simsim.tables.sheets import Sheet
from simsim.tables.words import say

OF_PLACE = (*IDENTITY, "year", "district", "area", "kind")
"""What columns may say of a school before its table has said anything that is counted."""
LETTERS = 26


def apart(sheet: Sheet) -> list[Sheet]:
    """Return the tables of a sheet as sheets of their own, and say so; the sheet itself where it holds one table.

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
    part = Sheet(sheet.file, f"{sheet.name} ({_letter(start)} - {_letter(end - 1)})".strip(), rows, sheet.hidden)
    part.said = [*(sheet.said if not start else ()), say("beside", table=part.shown)]
    return part


def _letter(place: int) -> str:
    """Return what a spreadsheet calls a column: A, ..., Z, AA."""
    text = chr(ord("A") + place % LETTERS)
    return text if place < LETTERS else _letter(place // LETTERS - 1) + text
