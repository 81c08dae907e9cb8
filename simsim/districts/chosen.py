"""Which rows of tables are taken: those that meet every condition COLUMN=VALUE, and the schools that they name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from simsim.inputs.errors import Problem, suggest
from simsim.tables.cells import clean, is_blank, plain
from simsim.tables.headings import Heading
from simsim.tables.meanings import known_headings
from simsim.tables.table import Table
from simsim.tables.words import Said, say

SCHOOL_KEYS = ("school", "code")
FEW_SHOWN = 6


def only_rows(tables: Sequence[Table], conditions: Sequence[str]) -> list[Problem]:
    """Keep the rows of tables that meet every condition COLUMN=VALUE; return what is wrong with a condition."""
    problems = []
    for condition in conditions:
        column, _, value = condition.partition("=")
        found = [(table, h) for table in tables if (h := _named(table, column.strip())) is not None]
        if not value.strip() or not found:
            names = list(dict.fromkeys(heading.shown for table in tables for heading in table.headings))
            remedy = f"must be COLUMN=VALUE with a column of the tables{suggest(column.strip(), names)}"
            problems.append(Problem("--only", "", condition, remedy))
            continue
        seen: Counter[str] = Counter()
        for table, heading in found:
            cells = [clean(row[heading.place]) if not is_blank(row[heading.place]) else "" for row in table.rows]
            seen.update(cells)
            table.keep(plain(cell) == plain(value) for cell in cells)
        if not any(table.rows for table, _ in found):
            common = ", ".join(name for name, _ in seen.most_common(FEW_SHOWN))
            remedy = f"is in no row of {column.strip()}{suggest(value.strip(), seen)}; there are {common} ..."
            problems.append(Problem("--only", "", condition, remedy))
        else:
            _of_these_schools(tables, {id(table) for table, _ in found})
    return problems


def _named(table: Table, name: str) -> Heading | None:
    """Return the heading of this name, or with the meaning that the name has; None when there is none."""
    exact = [h for h in table.headings if plain(name) in {plain(h.shown), *map(plain, h.parts)}]
    key = known_headings().get(plain(name))
    return next(iter(exact), None) or (table.first(key) if key else None)


def _of_these_schools(tables: Sequence[Table], filtered: set[int]) -> None:
    """Keep, in tables without the column of a condition, the rows of schools that the others still hold."""
    kept = {
        key: {plain(cell) for t in tables if id(t) in filtered for cell in t.column(key) if not is_blank(cell)}
        for key in SCHOOL_KEYS
    }
    for table in tables:
        key = next((key for key in ("code", "school") if table.first(key) and kept[key]), None)
        if id(table) in filtered or key is None:
            continue
        table.keep(plain(cell) in kept[key] for cell in table.column(key))


def several_districts(tables: Iterable[Table]) -> Iterator[Said]:
    """Yield what must be said of tables that name several districts, all taken for one."""
    for table in tables:
        heading = table.first("district")
        values = Counter(clean(cell) for cell in table.column("district") if not is_blank(cell))
        if heading is not None and len(values) > 1:
            some = ", ".join(name for name, _ in values.most_common(FEW_SHOWN))
            yield say("many_districts", table=table.shown, heading=heading.shown, n=len(values), some=some)
