"""A district's own past: pupils by school, September and grade, as the office counted them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simsim.base.arrays import Floats, Ints, Mask
from simsim.districts.system import SchoolSystem
from simsim.inputs.csvfile import Column, Number, Words, read_table
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.numbers import written

FILE = "rolls.csv"
MOST_PUPILS = 100_000
KEYS = (1, 99_999)
YEARS = (1900, 2100)
FEWER = re.compile(r"<\s*([1-9][0-9]{0,5})")
"""A number that is hidden: <10 is not known, and 9 at most."""
WRONG = (-1.0, np.inf)
REMEDY = "must be a whole number of 0 or more; empty where not known, <10 where it is hidden"


@dataclass(frozen=True)
class Rolls:
    """Pupils by school, year and grade (schools, years, grades): NaN where nobody knows, 0 where there is none.

    `taught` says which grades a school had a row for, `most` how many pupils it has at most where that is all that is
    known (infinite elsewhere; of the same shape, or one number for all); `keys` and `codes` name the schools, `years`
    are consecutive Septembers and `grades` the district's names of its grades in order.
    """

    keys: Ints
    codes: tuple[str, ...]
    years: tuple[int, ...]
    grades: tuple[str, ...]
    pupils: Floats
    taught: Mask
    most: Floats = field(default_factory=lambda: np.array(np.inf))

    def known_at(self, year: int) -> Rolls:
        """Return what was known in September of a year; InputError when there is no roll of it."""
        if year not in self.years:
            remedy = f"has no roll; the rolls go from {self.years[0]} to {self.years[-1]}"
            raise InputError(Problem(FILE, "year", year, remedy))
        until = self.years.index(year) + 1
        most = np.broadcast_to(self.most, self.pupils.shape)[:, :until]
        pupils, taught = self.pupils[:, :until], self.taught[:, :until]
        return Rolls(self.keys, self.codes, self.years[:until], self.grades, pupils, taught, most)

    @cached_property
    def counted(self) -> Floats:
        """Pupils with a number in every cell that is taught: where it is not known, the school's pupils one grade below
        a year before, else the mean of its years in that grade, else of the district's schools in it that year, else in
        it in other years, else of all that is known; a whole number, never more than it can be, and one at least
        (schools, years, grades).
        """
        known = np.isfinite(self.pupils) & self.taught
        values = np.where(known, np.nan_to_num(self.pupils), 0.0)
        filled = np.full(values.shape, np.nan)
        below = values[:, :-1, :-1]
        filled[:, 1:, 1:] = np.where(below > 0, below, np.nan)
        for axes in (1, 0, (0, 1), (0, 1, 2)):
            wider = _mean(values.sum(axis=axes, keepdims=True), known.sum(axis=axes, keepdims=True))
            filled = np.where(np.isfinite(filled), filled, wider)
        filled = np.minimum(np.maximum(np.rint(np.nan_to_num(filled)), 1.0), self.most)
        counted: Floats = np.where(known, values, np.where(self.taught, filled, 0.0))
        return counted

    @property
    def open(self) -> Mask:
        """Which schools had pupils in which year (schools, years)."""
        return np.asarray((self.counted > 0).any(axis=2))


def _mean(total: Floats, n: NDArray[np.int_]) -> Floats:
    mean: Floats = np.where(n > 0, total / np.maximum(n, 1), np.nan)
    return mean


def read_rolls(folder: Path, system: SchoolSystem) -> Rolls | None:
    """Return the rolls of a district's folder; None where it has none. InputError lists what is wrong with them."""
    if not (folder / FILE).exists():
        return None
    columns: dict[str, Column] = {
        "key": Number(*KEYS, whole=True), "code": Words(), "year": Number(*YEARS, whole=True),
        "grade": Words(allowed=tuple(system.names[grade] for grade in system.taught)), "pupils": Words(optional=True),
    }  # fmt: skip
    return rolls_of(read_table(folder / FILE, columns), system)


def rolls_of(table: pd.DataFrame, system: SchoolSystem) -> Rolls:
    """Return rolls from rows (key, code, year, grade, pupils), in which an empty `pupils` means not known.

    `<10` means not known, and 9 at most. InputError for numbers that are none, a place twice, a key with two codes and
    years that are left out.
    """
    grades = tuple(system.names[grade] for grade in system.taught)
    read = np.array([_pupils(cell) for cell in table["pupils"].tolist()], dtype=float).reshape(-1, 2)
    pupils, most = read.T
    years = range(int(table["year"].min()), int(table["year"].max()) + 1)
    problems = _problems(table, pupils, years)
    if problems:
        raise InputError(problems)
    codes = dict(zip(table["key"].tolist(), table["code"].astype(str).tolist(), strict=True))
    keys = sorted(codes)
    at = (
        np.searchsorted(keys, table["key"].to_numpy()),
        table["year"].to_numpy() - years[0],
        np.array([grades.index(grade) for grade in table["grade"].tolist()]),
    )
    shape = (len(keys), len(years), len(grades))
    cells, taught = np.zeros(shape), np.zeros(shape, dtype=bool)
    bounds = np.full(shape, np.inf)
    cells[at], bounds[at], taught[at] = pupils, most, True
    return Rolls(np.array(keys), tuple(codes[key] for key in keys), tuple(years), grades, cells, taught, bounds)


def _pupils(cell: object) -> tuple[float, float]:
    """Return a number of pupils and what it is at most: NaN where it is not known, -1 where the cell holds none."""
    if cell is None or cell == "" or cell != cell:
        return np.nan, np.inf
    hidden = FEWER.fullmatch(str(cell).strip())
    if hidden:
        return (np.nan, float(int(hidden[1]) - 1)) if int(hidden[1]) > 1 else WRONG
    number = written(cell)
    good = number is not None and 0 <= number <= MOST_PUPILS and number % 1 == 0
    return (float(number), np.inf) if good and number is not None else WRONG


def _problems(table: pd.DataFrame, pupils: Floats, years: range) -> list[Problem]:
    """Return what is wrong with rows of rolls."""
    bad = table[pupils < 0]
    problems = [
        Problem(FILE, f"line {row + 2}, pupils", value, REMEDY)
        for row, value in zip(bad.index.tolist(), bad["pupils"].tolist(), strict=True)
    ]
    twice = table[table.duplicated(["key", "year", "grade"])]
    problems += [
        Problem(FILE, f"line {row + 2}", f"{key}, {year}, {grade}", "stands here twice; keep one")
        for row, key, year, grade in zip(
            twice.index.tolist(), twice["key"].tolist(), twice["year"].tolist(), twice["grade"].tolist(), strict=True
        )
    ]
    names = table.groupby("key")["code"].nunique()
    problems += [
        Problem(FILE, "code", key, "is the key of several codes; one school, one key") for key in names[names > 1].index
    ]
    absent = sorted(set(years) - set(table["year"].tolist()))
    problems += [Problem(FILE, "year", year, "is left out; rolls need every September") for year in absent]
    return problems
