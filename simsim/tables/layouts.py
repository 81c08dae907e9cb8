"""Tables of bureaus that are no list of schools: told by their words, and refused with what to name instead.

Which they are is data (parameters/templates/layouts.yaml).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from simsim.inputs.errors import InputError, Problem, capped
from simsim.inputs.paths import resource
from simsim.inputs.standards import Frozen
from simsim.inputs.yamlfile import read_yaml
from simsim.tables.cells import plain
from simsim.tables.sheets import Sheet
from simsim.tables.table import Table, read_table

ROWS = 60
"""In how many first rows words are looked for: subtotals stand between the schools."""


class Layout(Frozen):
    """A layout: the words that tell it, the keys with which it is read after all, and what to do instead."""

    name: str
    words: tuple[str, ...]
    unless: tuple[str, ...] = ()
    source: str
    remedy: str

    def fits(self, cells: frozenset[str], table: Table | None) -> bool:
        """Tell whether a sheet with these cells, in their normal form, has this layout and cannot be read."""
        told = all(any(_stands(plain(word), cells) for word in words.split("|")) for words in self.words)
        return told and not any(table is not None and _has(table, key) for key in self.unless)


def _stands(word: str, cells: frozenset[str]) -> bool:
    return word in cells or any(cell.endswith(word) for cell in cells if len(word) > 2)


def _has(table: Table, key: str) -> bool:
    return any(h.means is not None and h.means.key == key for h in table.headings)


@cache
def layouts() -> tuple[Layout, ...]:
    """Return the layouts that are known, in order."""
    content = read_yaml(resource("parameters") / "templates" / "layouts.yaml")
    return tuple(Layout.model_validate(entry) for entry in content["layouts"])


def layout_of(sheet: Sheet, table: Table | None) -> Layout | None:
    """Return the layout of a sheet that is no list of schools; None for another. `table` is what was read of it."""
    cells = frozenset(plain(cell) for row in sheet.rows[:ROWS] for cell in row if isinstance(cell, str))
    return next((layout for layout in layouts() if layout.fits(cells, table)), None)


def _read(sheet: Sheet, layout: Layout | None) -> Table | None:
    """Return the table of a sheet; None for one of a known layout that is never read, or cannot be."""
    if layout and not layout.unless:
        return None
    try:
        return read_table(sheet)
    except InputError:
        if layout:
            return None
        raise


def lists_of_schools(sheets: Sequence[Sheet], read: bool = False) -> list[Table]:
    """Return the tables of sheets that are lists of schools, or may be. InputError where there are none but of known
    layouts, naming each with its remedy, unless something else was `read` already.
    """
    tables: list[Table] = []
    problems = []
    for sheet in sheets:
        layout = layout_of(sheet, None)
        table = _read(sheet, layout)
        layout = layout and layout_of(sheet, table)
        if layout:
            problems.append(Problem(sheet.shown, "", None, f"is {layout.name}: {layout.remedy}"))
        elif table is not None:
            tables.append(table)
    if problems and not read and not any(_has(table, key) for table in tables for key in ("school", "code")):
        raise InputError(capped(problems))
    return tables
