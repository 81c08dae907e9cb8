"""The cells of a table in the units of their keys: 万元 in yuan, a share of the teachers as their number, 1:17.3."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from simsim.inputs.errors import InputError, Problem, capped
from simsim.inputs.numbers import written
from simsim.tables.cells import plain
from simsim.tables.columns import Column, columns, known_units
from simsim.tables.headings import Heading
from simsim.tables.table import Table
from simsim.tables.words import say

SHARE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*[%％]")  # noqa: RUF001
RATIO = re.compile(r"1\s*[:∶]\s*([1-9][0-9]*(?:\.[0-9]+)?)")
"""Teachers to pupils, 师生比, as 1:17.3."""
SPACED = re.compile(r"(?<=[0-9]) (?=[0-9]{3}(?:\D|$))")
PERCENT = "%"
SOME_TEACHERS = ("overqualified", "midtitle", "backbone", "degree_", "title_", "pe", "arts", "art", "music")
"""How keys of a part of the teachers begin."""


def some_teachers(key: str) -> bool:
    """Tell whether a key counts a part of the teachers."""
    return key.startswith(SOME_TEACHERS)


def column_of(key: str) -> Column | None:
    """Return the column of a key, with its stage or without."""
    every, by_stage = columns().columns, columns().by_stage
    return every.get(key) or by_stage.get(key) or every.get(f"{key}_primary")


def factor_of(column: Column, unit: str | None) -> float:
    """Return what turns a unit into that of a column; 1 for none, or one that is not known."""
    return {plain(text): factor for text, factor in column.units.items()}.get(plain(unit), 1.0) if unit else 1.0


@dataclass
class Conversion:
    """What turns a table's cells into numbers of their keys; notes which headings gave shares of the teachers.

    InputError for a heading with a unit of something else: 亩 for an area in square metres.
    """

    table: Table
    shares: dict[int, float] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        problems = []
        for heading in self.table.headings:
            column = column_of(heading.means.key) if heading.means else None
            if heading.means is None or column is None or column.holds not in ("count", "amount"):
                continue
            unit = plain(heading.means.unit or "")
            if some_teachers(heading.means.key) and (unit == PERCENT or self._fractions(heading)):
                self.shares[heading.place] = 100.0 if unit == PERCENT else 1.0
            elif unit in known_units() and unit not in map(plain, column.units):
                remedy = f"is not a unit of this; use one of: {', '.join(column.units) or 'none'}"
                problems.append(Problem(self.table.shown, heading.shown, heading.means.unit, remedy))
        if self.shares and self.table.first("teachers") is None:
            remedy = (
                "holds shares of the teachers; add a column with the number of teachers (专任教师数), or write numbers"
            )
            shown = [h.shown for h in self.table.headings if h.place in self.shares]
            problems += [Problem(self.table.shown, text, None, remedy) for text in shown]
        if problems:
            raise InputError(capped(problems))

    def _fractions(self, heading: Heading) -> bool:
        """Tell whether numbers of teachers are shares: none above 1, and several below."""
        numbers = [number for row in self.table.rows if (number := _number(row[heading.place])) is not None]
        return bool(numbers) and max(numbers) <= 1 and sum(0 < number < 1 for number in numbers) > 1

    def cell(self, row: Sequence[object], heading: Heading) -> object:
        """Return a cell in the unit of its key; a share of the teachers as their number; text as it is."""
        cell, means = row[heading.place], heading.means
        column = column_of(means.key) if means else None
        if means is None or column is None or column.holds not in ("count", "amount"):
            return cell
        share = self._share(cell, heading)
        teachers = self.table.first("teachers") if share is not None else None
        if share is not None and teachers and (whole := written(row[teachers.place])) is not None:
            self.used.add(heading.shown)
            return float(round(whole * share))
        if isinstance(cell, str):
            text = SPACED.sub("", unicodedata.normalize("NFKC", cell).strip())
            ratio = RATIO.fullmatch(text) if means.key.startswith("value_teachers") else None
            cell = 1 / float(ratio[1]) if ratio else text if text != cell else cell
        number, factor = written(cell), factor_of(column, means.unit)
        return cell if number is None or factor == 1 else number * factor

    def _share(self, cell: object, heading: Heading) -> float | None:
        """Return the share of the teachers that a cell gives; None for a number of them."""
        number = _number(cell)
        if number is not None:
            return number / self.shares[heading.place] if heading.place in self.shares else None
        text = unicodedata.normalize("NFKC", cell).strip() if isinstance(cell, str) else ""
        found = SHARE.fullmatch(text)
        return float(found[1]) / 100 if found else None

    @property
    def said(self) -> list[object]:
        """What must be said of shares."""
        return [say("share_of", table=self.table.shown, heading=text) for text in sorted(self.used)]


def _number(cell: object) -> float | None:
    return written(SPACED.sub("", cell)) if isinstance(cell, str) else written(cell)
