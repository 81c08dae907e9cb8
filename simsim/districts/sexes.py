"""Pupils in parts: boys and girls, or other groups, in columns or in rows, added up or passed over for those of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simsim.districts.given import Cell
from simsim.inputs.errors import Problem
from simsim.tables.cells import clean, is_blank, plain
from simsim.tables.headings import Heading
from simsim.tables.phrases import Meaning
from simsim.tables.table import Table
from simsim.tables.words import Said, listed, say

SEX_CODES = ("m", "f", "b", "g")
SHOWN = 6


@dataclass(frozen=True)
class Parts:
    """Which rows of a table count that has one for each group of pupils, and whether their numbers are added up."""

    rows: frozenset[int]
    adding: bool


def parts_of(table: Table) -> Parts | None:
    """Return how a table is read that is broken down by sex or another group: the rows of all pupils where it has
    them, else all rows, added up; None for a table that is not.
    """
    headings = table.find("breakdown")
    if not headings:
        return None
    rows, adding = set(range(len(table.rows))), False
    for heading in headings:
        texts = [plain(row[heading.place]) for row in table.rows]
        whole = {at for at, text in enumerate(texts) if is_of_all(text)}
        rows, adding = (rows & whole, adding) if whole else (rows, True)
    return Parts(frozenset(rows), adding)


def added(by_sex: Mapping[str, Cell]) -> Cell:
    """Return a number of all pupils: as it stands, or boys and girls added; not known where one of them is not."""
    if "" in by_sex or len(by_sex) == 1:
        return by_sex.get("", next(iter(by_sex.values())))
    cells = list(by_sex.values())
    if all(cell.blank for cell in cells):
        return Cell(None, blank=True)
    known = [cell.value for cell in cells if cell.value is not None]
    if len(known) == len(cells):
        return Cell(sum(known))
    blank = [cell for cell in cells if cell.blank]
    if len(blank) + len(known) == len(cells) and any(known):
        return Cell(None)
    most = [cell.value if cell.value is not None else cell.most for cell in cells]
    return Cell(None, sum(m for m in most if m is not None) if None not in most else None)


def boys_and_girls(table: Table) -> list[Heading]:
    """Return the columns that a long table heads 男 and 女 alone; none where one of them is not there."""
    found = {
        sex: next((h for h in table.headings if h.means is None and plain(h.shown) in listed(sex)), None)
        for sex in ("boys", "girls")
    }
    headings = [Heading(h.place, h.parts, Meaning("pupils", sex=sex)) for sex, h in found.items() if h is not None]
    return headings if len(headings) == len(found) else []


def unlike(by_sex: Mapping[str, Cell]) -> bool:
    """Tell whether the number of all pupils stands beside those of boys and girls, and is another."""
    whole, parts = by_sex.get(""), [cell.value for sex, cell in by_sex.items() if sex]
    known = [value for value in parts if value is not None]
    return whole is not None and whole.value is not None and len(known) == len(parts) > 1 and sum(known) != whole.value


def mixed_groups(table: Table) -> Iterator[Problem]:
    """Yield the columns of groups that hold girls or boys beside others, and no row of all pupils: no sum is right."""
    both = listed("boys") | listed("girls")
    for heading in table.find("breakdown"):
        cells = [row[heading.place] for row in table.rows if not is_blank(row[heading.place])]
        texts = {plain(cell): clean(cell) for cell in cells}
        others = [cell for text, cell in texts.items() if text not in both | listed("other_sexes") | set(SEX_CODES)]
        if both & set(texts) and others and not any(map(is_of_all, texts)):
            remedy = "stand beside girls or boys, and no row is of all pupils: keep one kind of groups, or rows of all"
            yield Problem(table.shown, heading.shown, ", ".join(others[:SHOWN]), remedy)


def is_of_all(text: str) -> bool:
    """Tell whether a text, in its normal form, says that a row is of all pupils."""
    return text == "计" or text in listed("totals") | listed("all_children")


def without_row_of_all(table: Table, schools: Sequence[str], parts: Parts | None) -> Iterator[Said]:
    """Yield what must be said of schools that stand in rows of groups alone, where others have rows of all pupils."""
    if parts is None or parts.adding:
        return
    read = {schools[at] for at in parts.rows}
    left = sorted({school for school in schools if school} - read)
    if left:
        yield say("no_row_of_all", table=table.shown, n=len(left), some=", ".join(left[:SHOWN]))
