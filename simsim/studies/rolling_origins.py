"""A hindcast by vintage: from each September what was known then is projected, and held against what came.

Three methods stand side by side. `unchanged`: pupils stay as many as they are. `cohort`: plain cohort survival, every
ratio as in the last year. `ours`: the same cohort survival, with ratios that move in time by one of four ways; which
one is chosen by its errors on the years to `known_to` alone, and what comes later is kept back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t as student

from simsim.districts.projection import by_stage
from simsim.districts.system import shipped
from simsim.inputs.errors import InputError, Problem
from simsim.studies.forecast_verdicts import COHORT, OURS, SAME, UNCHANGED, inside, no_better
from simsim.studies.series import Series
from simsim.studies.stage_survival import WAYS, projected, ratios

LEAST_HISTORY = 3
"""Septembers that an origin needs: two steps, so that a ratio can have moved."""
LONGEST_LEAD = 15
"""Years ahead, at most: by then every pupil of the last grade was born after the forecast."""
METHODS = (UNCHANGED, COHORT, OURS)
LEVELS = ("enrolment", "entrants")
INTERVAL, LEAST_ERRORS = 0.8, 2
KEYS = ["level", "stage", "base", "lead"]


@dataclass(frozen=True)
class Hindcast:
    """Forecasts of all origins with what came, the way of `ours`, and the errors by which it was chosen.

    `table`: level, stage, base, lead, method, forecast, low, high, actual, error % (of the actual number), n (own past
    errors behind the interval), kept back (after `known_to`). `choice`: way, mean absolute error %, n, chosen.
    """

    table: pd.DataFrame
    choice: pd.DataFrame
    way: str
    known_to: int

    def summary(self, level: str = LEVELS[0]) -> pd.DataFrame:
        """Return mean absolute errors in % of enrolment, or of entrants, by lead and method: stage, targets, lead, n, a
        column a method, k of n inside our interval, and what our method is no better than, in words.
        """
        came = self.table[self.table["actual"].notna() & (self.table["level"] == level)]
        rows = []
        for (stage, later, lead), part in came.groupby(["stage", "kept back", "lead"]):
            errors = part.assign(off=part["error %"].abs()).groupby("method")["off"].mean()
            ours = part[part["method"] == OURS]
            row = {"stage": stage, "targets": self._targets(bool(later)), "lead": lead, "n": len(ours)}
            found = {method: round(float(errors[method]), 2) for method in METHODS}
            rows.append(row | found | {"inside": inside(ours), "ours is": no_better(errors)})
        rows.sort(key=lambda row: shipped().words.index(row["stage"]))
        return pd.DataFrame(rows)

    def _targets(self, kept_back: bool) -> str:
        return f"{'after' if kept_back else 'to'} {self.known_to}"

    def words(self) -> str:
        """Return which way was chosen, on how many forecasts, and where ours is no better than the plain methods."""
        n = int(self.choice["n"].iloc[0])
        errors = ", ".join(f"{row.way} {row.error:.2f}" for row in self.choice.itertuples())
        chosen = f"ratios go on as: {self.way} (mean error in % over {n} forecasts to {self.known_to}: {errors})"
        same = ["with the last ratios ours is plain cohort survival"] if self.way == "last" else []
        verdicts = [_verdict(str(targets), part) for targets, part in self.summary().groupby("targets", sort=False)]
        return "\n".join([chosen, *same, *verdicts])


def _verdict(targets: str, rows: pd.DataFrame) -> str:
    """Return at how many stages and leads ours is no better than each of the plain methods."""
    counts = [f"no better than {plain} at {rows['ours is'].str.contains(plain).sum()}" for plain in (UNCHANGED, COHORT)]
    return f"targets {targets}, {len(rows)} stages and leads: ours is {' and '.join(counts)}"


def hindcast(series: Series, known_to: int | None = None, to: int | None = None) -> Hindcast:
    """Return the errors of three methods from every origin of `series` with targets to `to` (the last year, unless
    given; a later one adds the forecast from `known_to`, which nothing can be held against yet), at most fifteen years
    ahead. InputError for years that the series cannot answer for.
    """
    known_to, to = series.last if known_to is None else known_to, series.last if to is None else to
    _check(series, known_to, to)
    bases = range(series.first + LEAST_HISTORY - 1, min(series.last, to - 1) + 1)
    forecasts = [_forecasts(series, base, min(to, base + LONGEST_LEAD)) for base in bases]
    every = _against(pd.concat(forecasts, ignore_index=True), series)
    every = every[every["actual"].notna() | (every["base"] == known_to)]
    choice = _choice(every, known_to)
    way = str(choice.loc[choice["chosen"], "way"].iloc[0])
    named = {UNCHANGED: UNCHANGED, COHORT: "last", OURS: way}
    table = pd.concat([every[every["method"] == source].assign(method=name) for name, source in named.items()])
    table = _with_intervals(table.assign(**{"kept back": table["base"] + table["lead"] > known_to}))
    places = {"method": METHODS.index, "stage": shipped().words.index}
    placed = table.assign(**{key: table[key].map(place) for key, place in places.items()})
    order = placed.sort_values([*KEYS, "method"]).index
    return Hindcast(table.loc[order].reset_index(drop=True), choice, way, known_to)


def _forecasts(series: Series, base: int, to: int) -> pd.DataFrame:
    """Return one origin's forecasts, unchanged and by each way: level, stage, base, lead, method, forecast."""
    system, known = shipped(), series.known(base)
    past, leads = ratios(known), range(1, to - base + 1)
    rows: list[tuple[object, ...]] = [
        (level, word, base, lead, UNCHANGED, float(known.rolls[f"{word}_{level}"][base]))
        for level in LEVELS
        for word in system.words
        for lead in leads
    ]
    for way in WAYS:
        pupils = projected(known, past, way, to).loc[base + 1 :]
        stages = by_stage(pupils)
        for word, grade in zip(system.words, system.entry_grades, strict=True):
            for level, values in zip(LEVELS, (stages[word], pupils[grade]), strict=True):
                rows += [
                    (level, word, base, lead, way, value) for lead, value in zip(leads, values.tolist(), strict=True)
                ]
    return pd.DataFrame(rows, columns=[*KEYS, "method", "forecast"])


def _against(table: pd.DataFrame, series: Series) -> pd.DataFrame:
    """Return forecasts with what came (empty where nothing has yet) and the error in % of it."""
    targets = zip(table["level"], table["stage"], table["base"] + table["lead"], strict=True)
    actual = [
        float(series.rolls[f"{stage}_{level}"][year]) if year <= series.last else np.nan
        for level, stage, year in targets
    ]
    table = table.assign(actual=actual)
    return table.assign(**{"error %": 100.0 * (table["forecast"] / table["actual"] - 1.0)})


def _choice(every: pd.DataFrame, known_to: int) -> pd.DataFrame:
    """Return each way's mean absolute error on enrolment to `known_to`: every forecast counts once."""
    used = every[(every["base"] + every["lead"] <= known_to) & (every["level"] == LEVELS[0])]
    errors = used.assign(off=used["error %"].abs()).groupby("method")["off"].agg(["mean", "size"]).loc[list(WAYS)]
    least = errors["mean"].min()
    table = pd.DataFrame({"way": list(WAYS), "error": errors["mean"].tolist(), "n": errors["size"].tolist()})
    chosen = table.loc[table["error"] <= least + SAME, "way"].iloc[0]
    return table.assign(chosen=table["way"] == chosen)


def _with_intervals(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with n and the limits of 80 % by a method's own past errors.

    An error of a year counts when it was known at the origin; errors are taken to grow with the lead, so those of all
    leads are put together: a forecast h years ahead is off by h times their root mean square a year, times Student's
    point for n. They overlap, so n says more than it should; below two of them there are no limits.
    """
    parts = [_limits(part) for _, part in table.groupby(["level", "stage", "method"], sort=False)]
    columns = [*KEYS, "method", "forecast", "low", "high", "actual", "error %", "n", "kept back"]
    return pd.concat(parts, ignore_index=True)[columns]


def _limits(part: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of one method, stage and level with n, low and high."""
    off = (np.log(part["actual"] / part["forecast"]) / part["lead"]).to_numpy()
    known = (part["base"] + part["lead"]).to_numpy()
    past = (known[None, :] <= part["base"].to_numpy()[:, None]) & np.isfinite(off)[None, :]
    n = past.sum(axis=1)
    enough = np.maximum(n, 1)
    spread = np.sqrt((past * np.nan_to_num(off) ** 2).sum(axis=1) / enough)
    width = part["lead"].to_numpy() * spread * student.ppf((1 + INTERVAL) / 2, enough)
    width = np.where(n >= LEAST_ERRORS, width, np.nan)
    return part.assign(n=n, low=part["forecast"] * np.exp(-width), high=part["forecast"] * np.exp(width))


def _check(series: Series, known_to: int, to: int) -> None:
    """Raise InputError for years that the series cannot answer for."""
    earliest = series.first + LEAST_HISTORY
    problems = []
    if known_to > series.last:
        problems.append(Problem("hindcast", "known-to", known_to, f"the rolls end in {series.last}; give that or less"))
    if known_to < earliest:
        remedy = (
            f"needs {LEAST_HISTORY + 1} Septembers of rolls, and they begin in {series.first}; give {earliest} or later"
        )
        problems.append(Problem("hindcast", "known-to", known_to, remedy))
    if not problems and not known_to <= to <= series.last + LONGEST_LEAD:
        remedy = (
            f"must be {known_to} (known-to) to {series.last + LONGEST_LEAD}, {LONGEST_LEAD} years after the last roll"
        )
        problems.append(Problem("hindcast", "to", to, remedy))
    if problems:
        raise InputError(problems)
