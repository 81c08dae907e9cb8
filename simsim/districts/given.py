"""What an office's tables give, apart from any district made of it: schools, rolls by year and grade, births, plans."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import pandas as pd


@dataclass
class Cell:
    """One number of pupils: a value, or None where it is not known and at most `most`; `blank` where nothing stands;
    `where` is its table and row.
    """

    value: int | None
    most: int | None = None
    blank: bool = False
    where: tuple[str, int] = ("", 0)


Place = tuple[str, int, str]
"""A school's code, a September, a grade."""


@dataclass
class Given:
    """Everything that the tables give, schools by their code (the name where there is none).

    `names` and `values` hold what was said last, `since` the September of each value; `rolls` and `classes` numbers by
    school, September and grade; `keys` what any table told of schools.
    """

    said: list[object] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    coded: set[str] = field(default_factory=set)
    values: dict[str, dict[str, object]] = field(default_factory=lambda: defaultdict(dict))
    since: dict[tuple[str, str], int] = field(default_factory=dict)
    rolls: dict[Place, Cell] = field(default_factory=dict)
    classes: dict[Place, Cell] = field(default_factory=dict)
    births: list[tuple[str, int, float]] = field(default_factory=list)
    registered: list[tuple[str, int, float]] = field(default_factory=list)
    plans: list[dict[str, object]] = field(default_factory=list)
    areas: list[dict[str, object]] = field(default_factory=list)
    extra: list[pd.DataFrame] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    @property
    def last(self) -> int:
        """The September of the last roll in which a number is known."""
        return max(year for (_, year, _), cell in self.rolls.items() if cell.value)

    def number(self, code: str, key: str) -> float | None:
        """Return a number that is told of a school; None where none is."""
        value = self.values[code].get(key)
        return value if isinstance(value, float) else None

    def text(self, code: str, key: str) -> str:
        """Return a text that is told of a school; nothing where none is."""
        value = self.values[code].get(key)
        return value if isinstance(value, str) else ""
