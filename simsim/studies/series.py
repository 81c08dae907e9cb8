"""Anybody's published series of births and of both stages, read and checked, and what of them was known in a year.

The files have the shape of parameters/national/: `enrolment.csv` a row for each September, `births.csv` a row for each
calendar year, or several where a number was revised later. A September's roll and that year's births count as known
together, early in the next year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from simsim.districts.system import shipped
from simsim.inputs.csvfile import Column, Number, Words, read_table
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.paths import resource

COUNTED = ("entrants", "enrolment")
"""What the files give of each stage and a hindcast uses; graduates may be there and are not used: in the national
series most years lack them, and steps measured in two ways would seem to move."""
YEAR = Number(low=1900, high=2100, whole=True)
SOMEBODY = Number(low=1e-6)
FREE = Words(optional=True)
BIRTHS: Mapping[str, Column] = {
    "series": FREE,
    "year": YEAR,
    "births": SOMEBODY,
    "known_from": YEAR,
    "confidence": FREE,
    "kind": FREE,
    "source": FREE,
}
BIRTHS_MAY_LACK = ("series", "known_from", "confidence", "kind", "source")


@dataclass(frozen=True)
class Series:
    """Rolls by September (index year; primary_entrants, primary_enrolment, junior_entrants, ...) and births by year
    (year, births, known_from).
    """

    rolls: pd.DataFrame
    births: pd.DataFrame

    @property
    def first(self) -> int:
        """The first September."""
        return int(self.rolls.index.min())

    @property
    def last(self) -> int:
        """The last September."""
        return int(self.rolls.index.max())

    def known(self, base: int) -> Series:
        """Return the vintage of a year: nothing later, and of births that were revised the number that held then."""
        had = self.births[self.births["known_from"] <= base].sort_values("known_from", kind="stable")
        return Series(self.rolls.loc[:base], had.drop_duplicates("year", keep="last").sort_values("year"))


def read_series(enrolment: str | Path | None = None, births: str | Path | None = None) -> Series:
    """Return the series of two CSV files, or the national ones when neither is named; InputError lists what is
    wrong: cells that are no number, years that are missing or twice there, births that begin or end too early.
    """
    if (enrolment is None) != (births is None):
        key = "births" if births is None else "enrolment"
        raise InputError(Problem("hindcast", key, None, "is missing; rolls and births of one place belong together"))
    national = resource("parameters") / "national"
    enrolment, births = enrolment or national / "enrolment.csv", births or national / "births.csv"
    rolls = read_table(enrolment, _roll_columns(), _roll_may_lack(), str(enrolment))
    born = read_table(births, BIRTHS, BIRTHS_MAY_LACK, str(births))
    if "known_from" not in born:
        born["known_from"] = born["year"]
    rolls = rolls.sort_values("year")
    problems = [
        *_gaps(rolls["year"], str(enrolment)),
        *_too_many_entrants(rolls, str(enrolment)),
        *_births_at_odds(born, str(births)),
    ]
    problems += [] if problems else _births_lacking(born, rolls["year"], str(births))
    if problems:
        raise InputError(problems)
    used = [name for name in rolls if name not in _roll_may_lack()]
    return Series(rolls[used].set_index("year"), born[["year", "births", "known_from"]])


def _roll_columns() -> dict[str, Column]:
    """Return the columns of a table of rolls: those that are used are numbers."""
    used: dict[str, Column] = {f"{stage}_{what}": SOMEBODY for stage in shipped().words for what in COUNTED}
    return {"year": YEAR} | used | dict.fromkeys(_roll_may_lack(), FREE)


def _roll_may_lack() -> tuple[str, ...]:
    return (*(f"{stage}_graduates" for stage in shipped().words), "source")


def _gaps(years: pd.Series[int], shown: str) -> list[Problem]:
    """Return a problem for each year that is missing between the first and the last, or there twice."""
    found = years.tolist()
    lacking = [year for year in range(min(found), max(found)) if year not in found]
    twice = sorted({year for year in found if found.count(year) > 1})
    return [
        Problem(shown, "year", year, "is missing; add its row, or leave out the years before it") for year in lacking
    ] + [Problem(shown, "year", year, "is there twice; keep one row") for year in twice]


def _too_many_entrants(rolls: pd.DataFrame, shown: str) -> list[Problem]:
    """Return a problem for each stage and year with no pupils but the entrants: grades cannot be told apart there."""
    return [
        Problem(shown, f"{stage}_entrants in {year}", entrants, f"must be less than {stage}_enrolment, {pupils:g}")
        for stage in shipped().words
        for year, entrants, pupils in zip(
            rolls["year"], rolls[f"{stage}_entrants"], rolls[f"{stage}_enrolment"], strict=True
        )
        if entrants >= pupils
    ]


def _births_at_odds(born: pd.DataFrame, shown: str) -> list[Problem]:
    """Return a problem for each number of births that would be known before its year, or contradicts another."""
    early = born[born["known_from"] < born["year"]]
    twice = born.drop_duplicates(["year", "births", "known_from"])
    twice = twice[twice.duplicated(["year", "known_from"])]
    remedy = "has two numbers of births; keep one, or give known_from, the year in which each was known"
    return [
        Problem(shown, f"known_from of {year}", known, f"must not be before {year}")
        for year, known in zip(early["year"].tolist(), early["known_from"].tolist(), strict=True)
    ] + [Problem(shown, "year", year, remedy) for year in twice["year"].unique().tolist()]


def _births_lacking(born: pd.DataFrame, years: pd.Series[int], shown: str) -> list[Problem]:
    """Return a problem for each year of birth without a number, of those that made the entrants of `years`."""
    age = shipped().school_age
    needed = range(int(years.min()) - age - 1, max(int(years.max()) - age, int(born["year"].max())) + 1)
    lacking = sorted(set(needed) - set(np.unique(born["year"]).tolist()))
    remedy = f"has no births; give every year from {needed[0]}, {age + 1} years before the first roll"
    return [Problem(shown, "year", year, remedy) for year in lacking]
