"""Enrolment by grade from births and a September roll: cohort survival, the way
planners do it and the district checks itself.

>>> import pandas as pd, simsim
>>> births = pd.DataFrame({"year": range(2000, 2015), "births": 1000})
>>> stock = dict.fromkeys(range(1, 10), 900)
>>> pupils = simsim.project_enrolment(births, stock, to=2016, ratios=[1.0] * 8, entry_ratio=1.0)
>>> pupils.loc[2016, [1, 2, 3]].round().tolist()
[1000.0, 1000.0, 900.0]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from simsim.base.arrays import Floats
from simsim.base.codes import STAGES
from simsim.districts import births as born
from simsim.districts.files import load_district
from simsim.districts.system import SchoolSystem, shipped
from simsim.inputs.defaults import default_district
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.numbers import real, whole
from simsim.inputs.parameters import load

WHERE = "project_enrolment"
YEAR = "must be a year as a whole number"
NUMBER = "must be a number, 0 or more"
MOST_RATIO = 10.0
"""A ratio above it can only be a per cent."""
PER_CENT = "is a ratio, of which 1 is as many as before; write 0.95 for 95 %"

WITHIN = (("gpr_1_5", "gpr_5_6"), ("gpr_7_8", "gpr_8_9"))
"""The parameters behind the steps within each stage, up to the last and into the last grade."""
BETWEEN = "gpr_6_7"


def ratio_names(system: SchoolSystem) -> list[str]:
    """Return the parameter behind each step from a grade that is taught to the next."""
    steps: list[str] = []
    for stage in system.stages:
        usual, last = WITHIN[stage]
        inside = len(system.grades(stage)) - 1
        steps += [BETWEEN] * bool(steps) + [usual] * (inside - 1) + [last] * bool(inside)
    return steps


def project_enrolment(
    births: pd.DataFrame,
    stock: Mapping[int, float],
    to: int,
    first: int | None = None,
    ratios: Sequence[float] | Floats | None = None,
    entry_ratio: float | None = None,
    known: Mapping[int, Mapping[int, float]] | None = None,
    kept: Mapping[int, float] | None = None,
    variant: str = "flat",
    factor: float = 1.0,
    autumn: float = born.BORN_BEFORE_JANUARY,
    system: SchoolSystem | None = None,
) -> pd.DataFrame:
    """Return pupils by year and grade (rows: Septembers `first` to `to`; columns: grades 1 to 9, or the years of
    schooling of a `system`), by cohort survival.

    `births` holds year and births; `stock` the pupils of each grade in September `first` (without one, of the default
    district). The lowest is `entry_ratio` times the children of school age (`births.entrants`, which the district uses
    too); every other grade is the one below a year before, times its ratio of `ratios` (one a step: eight, 1 to 2 up to
    8 to 9). Both default to the parameters' values (births_to_entry_urban, gpr_1_5 ... gpr_8_9), which include moves in
    and out. `known` gives numbers that are not to be projected, by grade and year; `kept` the share of all who stay in
    years that were unlike others. Births past the last known year follow `variant` and `factor`. InputError lists what
    is wrong.
    """
    system = _system(system, autumn)
    first = int(load_district(default_district()).spec["first_year"]) if first is None else first
    _check(births, stock, first, to, ratios, entry_ratio, variant, factor, system)
    given, stays = _given(known, kept, first, to, system)
    p = {name: parameter.value for name, parameter in load().items()}
    steps = np.array([p[name] for name in ratio_names(system)] if ratios is None else ratios, dtype=float)
    entry = p["births_to_entry_urban"] if entry_ratio is None else entry_ratio
    rows = {first: np.array([float(stock[grade]) for grade in system.taught])}
    for year in range(first + 1, to + 1):
        start = born.entrants(births, year, variant, factor, entry, autumn, system.entry_age)
        rows[year] = np.r_[start, rows[year - 1][:-1] * steps * stays.get(year, 1.0)]
        for grade, by_year in given.items():
            rows[year][grade - system.entry_grade] = by_year.get(year, rows[year][grade - system.entry_grade])
    grades = pd.RangeIndex(system.entry_grade, system.n_grades + 1, name="grade")
    return pd.DataFrame.from_dict(rows, orient="index", columns=grades).rename_axis("year")


def _system(system: SchoolSystem | None, autumn: float) -> SchoolSystem:
    """Return the school system of a projection, the usual one if none is named; InputError for what is none, and for
    what is no share of a year's births.
    """
    if (part := real(autumn)) is None or not 0 <= part <= 1:
        raise InputError(Problem(WHERE, "autumn", autumn, "must be a share from 0 to 1: of a year's births"))
    if not isinstance(system, SchoolSystem | None):
        raise InputError(Problem(WHERE, "system", system, "must be a SchoolSystem; leave it out for the usual one"))
    return system or shipped()


def by_stage(pupils: pd.DataFrame, system: SchoolSystem | None = None) -> pd.DataFrame:
    """Return the pupils of a projection by year and stage (columns primary, junior, or those that are taught)."""
    system = system or shipped()
    return pd.DataFrame({STAGES[i]: pupils[list(system.grades(i))].sum(axis=1) for i in system.stages})


def ratios_between(before: ArrayLike, after: ArrayLike) -> Floats:
    """Return the progression ratios from one September's pupils by grade (n) to the next one's (n - 1)."""
    ratios: Floats = np.asarray(after, dtype=float)[1:] / np.maximum(np.asarray(before, dtype=float)[:-1], 1.0)
    return ratios


def _check(
    births: pd.DataFrame,
    stock: Mapping[int, float],
    first: int,
    to: int,
    ratios: Sequence[float] | Floats | None,
    entry_ratio: float | None,
    variant: str,
    factor: float,
    system: SchoolSystem,
) -> None:
    """Raise InputError for inputs that no projection can start from."""
    grades, steps = system.taught, len(system.taught) - 1
    problems = _births_problems(births)
    there = dict(stock) if isinstance(stock, pd.Series | Mapping) else {}
    lacking = [grade for grade in grades if not _number(there.get(grade))]
    if lacking:
        problems.append(
            Problem(WHERE, "stock", lacking, f"grades without a number of pupils (0 or more); give all {len(grades)}")
        )
    strange = [grade for grade in there if grade not in grades]
    problems += [Problem(WHERE, "stock", grade, "is not a grade; it would be left out") for grade in strange[:1]]
    years = [Problem(WHERE, key, y, YEAR) for key, y in (("first", first), ("to", to)) if whole(y) is None]
    problems += years
    if not years and to < first:
        problems.append(Problem(WHERE, "to", to, f"must not be before {first}, the year of the stock"))
    several = {"factor": factor} | ({} if entry_ratio is None else {"entry_ratio": entry_ratio})
    problems += [Problem(WHERE, key, value, NUMBER) for key, value in several.items() if not _number(value)]
    if variant not in born.VARIANTS:
        remedy = f"must be one of {', '.join(born.VARIANTS)}{suggest(str(variant), born.VARIANTS)}"
        problems.append(Problem(WHERE, "variant", variant, remedy))
    if ratios is not None and (np.ndim(ratios) != 1 or len(ratios) != steps):
        remedy = f"give {steps} numbers, one for each step from a grade to the next"
        problems.append(Problem(WHERE, "ratios", len(ratios) if np.ndim(ratios) == 1 else ratios, remedy))
    elif ratios is not None:
        problems += [Problem(WHERE, "ratios", ratio, NUMBER) for ratio in ratios if not _number(ratio)]
    shares = ([] if ratios is None else list(ratios) if np.ndim(ratios) == 1 else []) + [entry_ratio]
    problems += [Problem(WHERE, "ratio", one, PER_CENT) for one in shares if _number(one) and one > MOST_RATIO][:1]
    if problems:
        raise InputError(problems)


def _given(
    known: Mapping[int, Mapping[int, float]] | None,
    kept: Mapping[int, float] | None,
    first: int,
    to: int,
    system: SchoolSystem,
) -> tuple[dict[int, Mapping[int, float]], dict[int, float]]:
    """Return the numbers that are given and the shares that are kept; InputError for those of which a projection can
    make nothing.
    """
    problems = []
    if not isinstance(known, Mapping | pd.Series | None):
        problems.append(Problem(WHERE, "known", known, "must be numbers by grade and year: {1: {2016: 950}}"))
        known = None
    for grade, numbers in ({} if known is None else known).items():
        if whole(grade) not in system.taught:
            remedy = f"is not a grade; there are {system.taught[0]} to {system.taught[-1]}"
            problems.append(Problem(WHERE, "known", grade, remedy))
        else:
            problems += _yearly_problems(f"known[{grade}]", numbers, first, to)
    if kept is not None and not (isinstance(kept, Mapping) and not kept):
        problems += _yearly_problems("kept", kept, first, to)
    if problems:
        raise InputError(problems)
    return {} if known is None else dict(known), {} if kept is None else dict(kept)


def _yearly_problems(key: str, numbers: object, first: int, to: int) -> list[Problem]:
    """Return what is wrong with numbers by year; a year that is not projected may be among them, but not alone."""
    if not isinstance(numbers, Mapping | pd.Series):
        return [Problem(WHERE, key, numbers, "must be numbers by year: {2016: 0.98}")]
    named = list(numbers.keys())
    years = [Problem(WHERE, key, year, YEAR) for year in named if whole(year) is None]
    years += [Problem(WHERE, f"{key}[{year}]", one, NUMBER) for year, one in numbers.items() if not _number(one)]
    if not years and not any(first < year <= to for year in named):
        remedy = f"has no effect: none of its years is projected, {first + 1} to {to}"
        years.append(Problem(WHERE, key, named, remedy))
    return years


def _births_problems(births: object) -> list[Problem]:
    """Return what is wrong with a table of births."""
    lacking = [name for name in ("year", "births") if not isinstance(births, pd.DataFrame) or name not in births]
    problems = [
        Problem(WHERE, f"births.{name}", None, "is missing; give the columns year and births") for name in lacking
    ]
    if lacking or not isinstance(births, pd.DataFrame):
        return problems
    for name in ("year", "births"):
        wrong = [value for value in births[name].tolist() if not _number(value)]
        problems += [Problem(WHERE, f"births.{name}", value, NUMBER) for value in wrong[:1]]
    twice = births["year"][births["year"].duplicated()].tolist()
    problems += [Problem(WHERE, "births.year", year, "is given twice; keep one row a year") for year in twice[:1]]
    return problems or _years_problems(births["year"].tolist())


def _years_problems(years: list[float]) -> list[Problem]:
    """Return what is wrong with the years of births: none, a part of one, one left out between two others."""
    if not years:
        return [Problem(WHERE, "births", None, "is empty; give the births of the years before the roll")]
    parts = [Problem(WHERE, "births.year", year, YEAR) for year in years if year != int(year)]
    left_out = sorted({*range(int(min(years)), int(max(years)) + 1)} - {int(year) for year in years})
    remedy = "is left out between others; give every year's births"
    return (parts or [Problem(WHERE, "births.year", year, remedy) for year in left_out])[:1]


def _number(value: object) -> bool:
    """Whether a value is a number, 0 or more."""
    number = real(value)
    return number is not None and number >= 0
