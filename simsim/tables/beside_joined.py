"""Tables that stand side by side in a sheet, or one below the other, as one table of schools, where each says other
things of the same schools.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from simsim.inputs.errors import InputError, Problem, capped
from simsim.tables.beside import OF_PLACE
from simsim.tables.cells import clean, is_blank, plain
from simsim.tables.headings import IDENTITY, Heading
from simsim.tables.phrases import Meaning
from simsim.tables.sheets import Sheet
from simsim.tables.table import Table

REMEDY = "stands in this table and not in the one beside it ({other}); write the same name, or its code, in both"


def joined_beside(tables: Sequence[Table], whole: Mapping[int, Sheet]) -> list[Table]:
    """Return tables, those that are parts of one sheet joined; `whole` is the sheet of each part, by the part's `id`.

    InputError for schools that a further table names and the first does not.
    """
    found: list[Table] = []
    for table in tables:
        sheet = whole.get(id(table.sheet))
        first = next((one for one in found if sheet and whole.get(id(one.sheet)) is sheet and _fit(one, table)), None)
        if first is None:
            found.append(table)
        else:
            assert sheet is not None
            _join(first, table)
            first.sources = [*(first.sources or [first.sheet]), table.sheet]
    return found


def _meanings(table: Table) -> set[Meaning]:
    return {h.means for h in table.headings if h.means and h.means.key not in OF_PLACE}


def _key(one: Table, other: Table) -> str:
    """Return what both tables know their schools by, code or name; nothing where it is not the same in both."""
    return next((key for key in reversed(IDENTITY) if one.first(key) and other.first(key)), "")


def _named(table: Table, key: str) -> list[str]:
    return ["" if is_blank(cell) else plain(cell) for cell in table.column(key)]


def _fit(one: Table, other: Table) -> bool:
    """Tell whether two tables say different things of schools, each of which stands in a row."""
    key = _key(one, other)
    if not key or _meanings(one) & _meanings(other):
        return False
    return all(len(names) == len(set(names)) for names in (_named(one, key), _named(other, key)))


def _join(one: Table, other: Table) -> None:
    """Put the columns of a table behind those of another, row by row of the same school."""
    key = _key(one, other)
    rows = dict(zip(_named(other, key), other.rows, strict=True))
    strange = _strange(one, other, key)
    if strange:
        raise InputError(capped(strange))
    more = [h for h in other.headings if h.means is None or h.means.key not in OF_PLACE]
    width = len(one.headings)
    one.headings += [Heading(width + i, h.parts, h.means) for i, h in enumerate(more)]
    for name, row in zip(_named(one, key), one.rows, strict=True):
        own = rows.get(name)
        row += [None if own is None else own[h.place] for h in more]
    one.said += other.said


def _strange(one: Table, other: Table, key: str) -> list[Problem]:
    known = set(_named(one, key))
    heading = other.first(key)
    shown = heading.shown if heading else key
    lines: Iterable[tuple[int, object]] = zip(other.numbers, other.column(key), strict=True)
    remedy = REMEDY.format(other=one.shown)
    wrong = [(number, clean(cell)) for number, cell in lines if not is_blank(cell) and plain(cell) not in known]
    return [Problem(other.shown, f"row {number}, {shown}", name, remedy) for number, name in wrong]
