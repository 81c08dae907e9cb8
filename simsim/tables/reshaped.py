"""Tables in another shape than a row a school: schools in columns, rows of classes beside those of pupils, and names
that stand in the first of their rows alone, made into the usual one and said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simsim.tables.cells import is_blank, plain
from simsim.tables.columns import columns
from simsim.tables.grades import grade_of
from simsim.tables.headings import IDENTITY, Heading
from simsim.tables.phrases import Meaning
from simsim.tables.table import Table
from simsim.tables.words import listed, say, words

FEWEST = 2
"""Fewer columns of schools, or rows of grades, may be something else."""
PER_ROW = ("grade", "breakdown")
"""What may stand in rows below a school's name."""
REPEATED = (*IDENTITY, "year", "area", "district")


def reshaped(table: Table) -> Table:
    """Return a table with a row for each school, or school and grade; the table itself where it is one."""
    across = _across(table)
    if across is not None:
        return across
    _of_pupils(table)
    _fill_down(table)
    return table


# ---- schools in columns ----


def _across(table: Table) -> Table | None:
    """Return the long table of one whose rows are grades and whose columns are schools; None for another."""
    grade, schools = _grades(table), _schools(table)
    if grade is None or len(schools) < FEWEST or not all(_school(h.shown) for h in schools):
        return None
    kept = [h for h in table.headings if h.means and h.means.key in ("year", "area", "district")]
    heads = [Heading(0, ("school",), Meaning("school")), Heading(1, grade.parts, Meaning("grade"))]
    heads += [replace(h, place=at) for at, h in enumerate(kept, len(heads))]
    heads.append(Heading(len(heads), ("pupils",), Meaning("pupils")))
    found = Table(table.sheet, heads, [], [], table.above, table.said)
    for number, row in zip(table.numbers, table.rows, strict=True):
        for school in schools:
            told = [row[h.place] for h in kept]
            found.rows.append([school.parts[-1], row[grade.place], *told, row[school.place]])
            found.numbers.append(number)
    found.said.append(say("schools_across", table=table.shown, n=len(schools)))
    return found


def _grades(table: Table) -> Heading | None:
    """Return the column whose cells are grades, or totals of them, where a table has no other column of schools."""
    heading = table.first("grade")
    if heading is not None:
        return None if any(table.first(key) for key in IDENTITY) else heading
    for candidate in (h for key in IDENTITY for h in table.find(key)):
        cells = [row[candidate.place] for row in table.rows if not is_blank(row[candidate.place])]
        if len(cells) >= FEWEST and all(grade_of(cell) for cell in cells) and not any(map(_number, cells)):
            return candidate
    return None


def _number(cell: object) -> bool:
    return plain(cell).replace(".", "").isdecimal()


def _schools(table: Table) -> list[Heading]:
    """Return the columns that are not understood, without those of totals."""
    return [h for h in table.headings if h.means is None and h.parts and plain(h.parts[-1]) not in listed("totals")]


def _school(name: str) -> bool:
    return any(plain(word) in plain(name) for word in listed("school_words"))


# ---- rows of classes beside those of pupils ----


def _of_pupils(table: Table) -> None:
    """Keep, of a table that has rows of pupils and rows of other numbers, those of pupils, and say so."""
    pupils = listed("measures", "pupils") - listed("totals") - {"", "#", plain("计")}
    others = listed("measures", "classes") | set(columns().by_heading) | {*map(plain, words()["headings"]["teachers"])}
    for heading in table.headings:
        if heading.means is not None and heading.means.key in (*IDENTITY, "grade", "year", *REPEATED):
            continue
        cells = [plain(row[heading.place]) for row in table.rows if not is_blank(row[heading.place])]
        counted = [cell in pupils for cell in cells]
        if len(cells) == len(table.rows) and any(counted) and not all(counted) and {*cells} <= pupils | others:
            _fill_down(table, heading)
            table.keep(counted)
            table.said.append(say("rows_of_pupils", table=table.shown, heading=heading.shown, n=counted.count(False)))
            return


# ---- names that stand once ----


def _fill_down(table: Table, below: Heading | None = None) -> None:
    """Give rows of a grade or a group that name no school the one above them, and say so."""
    rows = [below] if below else [h for key in PER_ROW for h in table.find(key)]
    names = [h for key in IDENTITY for h in table.find(key)]
    repeated = [h for key in REPEATED for h in table.find(key)]
    filled, last = 0, None
    for row in table.rows:
        if not all(is_blank(row[h.place]) for h in names):
            last = row
        elif names and last is not None and any(not is_blank(row[h.place]) for h in rows):
            filled += 1
            _repeat(row, last, repeated)
    if filled:
        table.said.append(say("filled_down", table=table.shown, n=filled))


def _repeat(row: list[object], last: Sequence[object], headings: Sequence[Heading]) -> None:
    for heading in headings:
        if is_blank(row[heading.place]):
            row[heading.place] = last[heading.place]
