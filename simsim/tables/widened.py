"""Long tables, a row for each grade or class of a school, as wide ones: a row a school, a column a grade."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from simsim.tables.cells import is_blank, plain
from simsim.tables.grades import grade_of
from simsim.tables.headings import IDENTITY, Heading
from simsim.tables.phrases import Meaning
from simsim.tables.table import Table
from simsim.tables.words import count_of, say

Group = tuple[str, ...]


def widened(table: Table) -> Table:
    """Return a long table of pupils by grade as a wide one, the rows of a school (and year) added up, and say so; a
    table of another shape, or of several groups of pupils, as it is.
    """
    grade, counted = table.first("grade"), [h for h in table.find("pupils") if h.means and not h.means.grade]
    if grade is None or not counted or table.find("breakdown") or not any(table.first(key) for key in IDENTITY):
        return table
    keys = [h for key in (*IDENTITY, "year") if (h := table.first(key))]
    sums: dict[Group, dict[Meaning, float]] = defaultdict(lambda: defaultdict(float))
    first: dict[Group, int] = {}
    for at, row in enumerate(table.rows):
        group = tuple("" if is_blank(row[h.place]) else plain(row[h.place]) for h in keys)
        first.setdefault(group, at)
        for heading in counted if grade_of(row[grade.place]) else ():
            assert heading.means is not None
            means = Meaning("pupils", grade_of(row[grade.place]), sex=heading.means.sex)
            sums[group][means] += count_of(row[heading.place]).value or 0
    return _wide(table, keys, first, sums)


def _wide(table: Table, keys: list[Heading], first: dict[Group, int], sums: dict[Group, dict[Meaning, float]]) -> Table:
    meanings = list(dict.fromkeys(means for cells in sums.values() for means in cells))
    kept = [replace(h, place=at) for at, h in enumerate(keys)]
    heads = [Heading(len(kept) + at, (f"{m.grade} {m.sex}".strip(),), m) for at, m in enumerate(meanings)]
    rows = [
        [*(table.rows[at][h.place] for h in keys), *(sums[group].get(means) for means in meanings)]
        for group, at in first.items()
    ]
    said = [*table.said, say("widened", table=table.shown, n=len(table.rows), schools=len(rows))]
    return replace(
        table, headings=[*kept, *heads], rows=rows, numbers=[table.numbers[at] for at in first.values()], said=said,
        places=[], blocks=[],
    )  # fmt: skip
