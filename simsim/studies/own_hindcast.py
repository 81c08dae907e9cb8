"""How wrong the forecast would have been on a district's own past: from each September what was known then is carried
forward and held against what came, beside "unchanged" and plain cohort survival.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from simsim.base.arrays import Floats, Mask
from simsim.base.codes import STAGES
from simsim.districts.own_forecast import (
    Forecast,
    ahead,
    district_factor,
    own_factor,
    plain,
    settled,
    spread,
)
from simsim.districts.rolls import FILE, Rolls
from simsim.districts.system import SchoolSystem
from simsim.inputs.errors import InputError, Problem
from simsim.studies.forecast_verdicts import COHORT, OURS, UNCHANGED, inside, no_better

LONGEST_LEAD = 5
MOST_ORIGINS = 10
EARLIER_ROLLS = 2
METHODS = (OURS, UNCHANGED, COHORT)
WORLDS = "worlds"
"""Our forecast as simulated worlds live it, pupil by pupil; the mean over them."""
DISTRICT, STAGE, SCHOOL, GRADE = LEVELS = ("district", "stage", "school", "grade")
COLUMNS = (
    "level", "unit", "base", "lead", "method", "forecast", "low", "high", "actual", "settled", "n",
)  # fmt: skip
PERCENT = 100.0
Lived = Callable[[int, int], Floats]
"""Gives pupils expected after an origin, for so many years (years, schools, grades)."""
Errors = dict[tuple[str, int], list[tuple[int, Floats]]]
"""By level and lead: the year that an error was known, and errors in units of the reference half-width (n)."""


@dataclass(frozen=True)
class Units:
    """The numbers of one level (n) at one lead: what they are called, forecasts by method, what came, and which have an
    honest range.
    """

    names: list[str]
    forecasts: dict[str, Floats]
    actual: Floats
    settled: Mask


@dataclass
class Past:
    """Everything a hindcast looks at, by origin and lead."""

    rolls: Rolls
    stages: dict[str, list[int]]
    forecasts: dict[int, dict[str, Forecast]] = field(default_factory=dict)

    def leads(self, base: int) -> range:
        """Return how many years ahead a forecast was made."""
        return range(1, len(self.forecasts[base][OURS].district) + 1)

    def units(self, base: int, lead: int) -> Iterator[tuple[str, Units]]:
        """Yield each level with its numbers `lead` years after `base`: district and stages with every school that came;
        schools, and their grades, only where they had pupils at both ends and it is known how many came.
        """
        rolls, at = self.rolls, self.rolls.years.index(base)
        now, came = rolls.counted[:, at], rolls.counted[:, at + lead]
        known = rolls.known_at(base)
        found = self.forecasts[base]
        totals = {name: forecast.district[lead - 1] for name, forecast in found.items()} | {UNCHANGED: now.sum(axis=0)}
        schools = {name: forecast.schools[lead - 1] for name, forecast in found.items()} | {UNCHANGED: now}
        every, certain = np.array([True]), ~(rolls.taught & np.isnan(rolls.pupils))[:, at + lead]
        yield (
            DISTRICT,
            Units(
                ["district"],
                {m: t.sum(keepdims=True) for m, t in totals.items()},
                came.sum(keepdims=True).ravel(),
                every,
            ),
        )
        for stage, columns in self.stages.items():
            part = {m: t[columns].sum(keepdims=True) for m, t in totals.items()}
            yield STAGE, Units([stage], part, np.array([came[:, columns].sum()]), every)
        both, calm = (now.sum(axis=1) > 0) & (came.sum(axis=1) > 0) & certain.all(axis=1), settled(known)
        rows = np.flatnonzero(both)
        yield SCHOOL, Units(
            [rolls.codes[i] for i in rows], {m: s[rows].sum(axis=1) for m, s in schools.items()},
            came[rows].sum(axis=1), calm[rows],
        )  # fmt: skip
        one, grade = np.nonzero((now > 0) & (came > 0) & certain)
        names = [f"{rolls.codes[i]}/{rolls.grades[g]}" for i, g in zip(one.tolist(), grade.tolist(), strict=True)]
        yield GRADE, Units(names, {m: s[one, grade] for m, s in schools.items()}, came[one, grade], calm[one])


@dataclass(frozen=True)
class OwnHindcast:
    """`table`: level, unit, base, lead, method, forecast, low, high, actual, settled, n (own past errors behind the
    range; ranges only of our method, and none for a school whose grades changed lately).
    """

    table: pd.DataFrame

    def summary(self) -> pd.DataFrame:
        """Return by level and lead: forecasts, mean absolute error % by method, k of n inside, and what ours is not
        better than.
        """
        rows = []
        for (level, lead), part in self.table.groupby(["level", "lead"], sort=False):
            ours = part[part["method"] == OURS]
            off = (part["forecast"] - part["actual"]).abs() / part["actual"].where(part["actual"] > 0)
            errors = (PERCENT * off).groupby(part["method"]).mean()
            row = {"level": level, "lead": lead, "forecasts": len(ours)}
            row |= {method: round(float(errors[method]), 2) for method in (*METHODS, WORLDS) if method in errors}
            rows.append(row | {"inside": inside(ours), "ours is": no_better(errors)})
        rows.sort(key=lambda row: (LEVELS.index(row["level"]), row["lead"]))
        return pd.DataFrame(rows)

    def words(self) -> str:
        """Return in a sentence where the forecast is no better than "unchanged"."""
        summary = self.summary()
        lines = []
        for level in LEVELS:
            part = summary[summary["level"] == level]
            worse = part.loc[part[OURS] >= part[UNCHANGED], "lead"].tolist()
            years = ", ".join(map(str, worse))
            better = f"better than unchanged at every lead of {len(part)}"
            lines.append(f"{level}: " + (f"no better than unchanged at {years} years ahead" if worse else better))
        return "\n".join(lines)


def hindcast(
    rolls: Rolls, system: SchoolSystem, longest: int = LONGEST_LEAD, lived: Lived | None = None
) -> OwnHindcast:
    """Return errors from every September with two earlier rolls and a later one (the last ten at most), 1 to `longest`
    years ahead; where `lived` is given, of simulated worlds as well. InputError where the rolls are too short.
    """
    if not enough(rolls):
        needed = "two earlier, one to start from, one to hold it against"
        raise InputError(too_few(rolls, EARLIER_ROLLS + 2, needed))
    past = looked_back(rolls, system, longest)
    errors = _errors(past)
    tested = [base for base in past.forecasts if base >= rolls.years[EARLIER_ROLLS]][-MOST_ORIGINS:]
    if lived is not None:
        for base in tested:
            schools = lived(base, len(past.leads(base)))
            ours = past.forecasts[base][OURS]
            past.forecasts[base][WORLDS] = replace(ours, schools=schools, district=schools.sum(axis=1))
    parts = [
        _rows(level, base, lead, units, errors)
        for base in tested
        for lead in past.leads(base)
        for level, units in past.units(base, lead)
    ]
    table = pd.concat(parts, ignore_index=True)
    return OwnHindcast(table[list(COLUMNS)])


def too_few(rolls: Rolls, n: int, needed: str) -> Problem:
    """Return what is wrong with rolls of fewer than `n` Septembers, and which ones are `needed`."""
    needs = f"a hindcast needs {n}: {needed}"
    go_on = "without them leave this step out, and run the district: its outlook says that past errors are not known"
    remedy = f"has rolls of {_septembers(rolls)} only; {needs}; import earlier years as well, or {go_on}"
    return Problem(FILE, "year", None, remedy)


def _septembers(rolls: Rolls) -> str:
    years = rolls.years
    return f"September {years[0]}" if len(years) == 1 else f"{len(years)} Septembers, {years[0]} to {years[-1]}"


def enough(rolls: Rolls) -> bool:
    """Tell whether rolls go back far enough to look back at."""
    return len(rolls.years) >= EARLIER_ROLLS + 2


def looked_back(rolls: Rolls, system: SchoolSystem, longest: int = LONGEST_LEAD) -> Past:
    """Return the forecasts from every September that has an earlier roll and a later one."""
    past = Past(rolls, stages_of(system))
    for base in rolls.years[1:-1]:
        known, years = rolls.known_at(base), min(longest, rolls.years[-1] - base)
        past.forecasts[base] = {OURS: ahead(known, years), COHORT: plain(known, years)}
    return past


def errors_of(rolls: Rolls, system: SchoolSystem) -> Errors:
    """Return our errors on the district's own past, in units of the reference half-width, by level and lead."""
    return _errors(looked_back(rolls, system))


def _errors(past: Past) -> Errors:
    errors: Errors = defaultdict(list)
    for base in past.forecasts:
        for lead in past.leads(base):
            for level, units in past.units(base, lead):
                errors[level, lead].append((base + lead, _in_half_widths(level, lead, units)))
    return errors


def stages_of(system: SchoolSystem) -> dict[str, list[int]]:
    """Return the columns of rolls that each stage has, by its word."""
    first = system.entry_grade
    return {STAGES[stage]: [grade - first for grade in system.grades(stage)] for stage in system.stages}


def _in_half_widths(level: str, lead: int, units: Units) -> Floats:
    """Return our errors on the log scale in units of the reference half-width, of numbers that have a range (n)."""
    use = units.settled & (units.actual > 0) & (units.forecasts[OURS] > 0)
    forecast, actual = units.forecasts[OURS][use], units.actual[use]
    return np.asarray(np.abs(np.log(actual / forecast)) / spread(forecast, lead, level == GRADE))


def factor(errors: Errors, level: str, lead: int, known_at: int) -> tuple[float, int]:
    """Return how wide a range is beside the reference, and of how many own errors known in a year that was learnt."""
    found = [values for year, values in errors.get((level, lead), []) if year <= known_at]
    own = np.concatenate(found) if found else np.zeros(0)
    return (own_factor(own) if level in (SCHOOL, GRADE) else district_factor(own)), len(own)


def _rows(level: str, base: int, lead: int, units: Units, errors: Errors) -> pd.DataFrame:
    """Return the rows of one level, origin and lead."""
    width, n = factor(errors, level, lead, base)
    common = {"level": level, "unit": units.names, "base": base, "lead": lead, "actual": units.actual}
    parts = []
    for method, forecast in units.forecasts.items():
        part = pd.DataFrame(common | {"method": method, "forecast": forecast, "settled": units.settled, "n": n})
        half = np.where(units.settled & (method == OURS), width * spread(forecast, lead, level == GRADE), np.nan)
        parts.append(part.assign(low=forecast * np.exp(-half), high=forecast * np.exp(half)))
    return pd.concat(parts)
