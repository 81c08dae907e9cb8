"""Fitting a district: intake parameters to moments of scores, migration and posts to the totals that its file names.

Fits, never validation: every report lists them with their targets and residuals. No
parameter leaves the range that its evidence gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy.optimize import least_squares

from simsim.base.arrays import Floats
from simsim.districts.checks import entry
from simsim.districts.factual import FACTUAL
from simsim.districts.files import SPEC, DistrictData, load_district
from simsim.districts.fitted_block import update_fitted
from simsim.experiments.worker import simulate
from simsim.inputs import numbers, parameters
from simsim.inputs.defaults import furthest_year
from simsim.inputs.documents import Document, Draft
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.run_limits import processes_of
from simsim.scenarios.scenario import Scenario

SEEDS = 24
FIRST_YEARS = 2


Moment: TypeAlias = tuple[str, str, tuple[str, ...], str]
"""A fitted parameter, the indicator and stages of its moment, and the parameter that holds the target."""
INTAKE: tuple[Moment, ...] = (
    ("unobs_between_school_share", "score_icc", ("primary",), "target_icc_primary"),
    ("b0_ses_entry", "ses_score_corr", ("primary", "junior"), "target_corr_ses_score"),
)
RIDGE = ("ses_between_school_share", "unobs_ses_corr", "m0_migrant_entry_gap")
"""What moves the same moments, no number of its own tells apart, and is drawn in every world."""
REACH = 0.25
"""How far the Jacobian looks, as a share of a parameter's range."""
ILL_CONDITIONED, SMALLEST_TARGET = 10.0, 0.01
X_TOLERANCE, F_TOLERANCE, MOST_TRIALS = 1e-3, 1e-4, 8
MOST_STEPS, CLOSE, SMALLEST_STEP = 7, 5e-4, 1e-9
FIT = ("scenario", "year", "pupils", "staff")
TOTALS = {"inflow_scale": "pupils", "posts_growth": "staff"}
SLOPES = {"inflow_scale": 0.2, "posts_growth": 9.0}
"""How much a total changes at first guess for a change of one in its parameter, relative to the target."""
EXAMPLE = "`fit: {scenario: baseline, year: 2020, pupils: 12000, staff: 900}`"


@dataclass(frozen=True)
class Aim:
    """What a district is fitted to: the totals (by fitted parameter) of one year of a scenario."""

    scenario: str
    year: int
    targets: Mapping[str, float]

    def of(self, name: str) -> str:
        """Return in words what a parameter is fitted to."""
        return f"{TOTALS[name]}, {self.year}, scenario {self.scenario}"


def aim_of(data: DistrictData) -> Aim:
    """Return what the `fit` block of a district file asks for; InputError, in one message, when it cannot be fitted."""
    block, first = data.spec.get("fit"), int(data.spec["first_year"])
    if not isinstance(block, Mapping):
        remedy = f"is missing, so nothing can be fitted; say what was published since, as {EXAMPLE}"
        raise InputError(Problem(SPEC, "fit", block, remedy))
    year, scenario = numbers.whole(block.get("year")), block.get("scenario", "baseline")
    found = {name: _target(data.spec, block[total]) for name, total in TOTALS.items() if total in block}
    wrong: list[tuple[str, object, str]] = [
        (f"fit.{key}", block[key], f"is no entry of fit{suggest(key, FIT)}") for key in block if key not in FIT
    ]
    if year is None or not first < year <= furthest_year(data.spec):
        wrong.append(("fit.year", block.get("year"), f"must be a year from {first + 1} to {furthest_year(data.spec)}"))
    if not found:
        wrong.append(("fit", None, f"names no total; give pupils, staff or both, as {EXAMPLE}"))
    for name, target in found.items():
        key = f"fit.{TOTALS[name]}"
        if target is None or target <= 0:
            remedy = "must be a number above 0, or the place of one in this file, as aggregates.check_2024.pupils"
            wrong.append((key, block[TOTALS[name]], remedy))
        if name not in data.spec["fitted"]:
            wrong.append((key, block[TOTALS[name]], f"needs an entry fitted.{name}; add it, or remove this"))
    arrivals = data.spec["migration"]["arrivals_by_grade"]["value"]
    if "inflow_scale" in found and not any(arrivals):
        remedy = "are all 0, so that nothing meets fit.pupils; give the shape by grade, whose level is then fitted"
        wrong.append(("migration.arrivals_by_grade.value", arrivals, remedy))
    if wrong:
        raise InputError([Problem(SPEC, *problem) for problem in wrong])
    return Aim(str(scenario), int(year or 0), {name: float(target or 0) for name, target in found.items()})


def _target(spec: Document, told: object) -> float | None:
    """Return a total given as a number, or by the dotted place of its entry in the district file."""
    if isinstance(told, str):
        value, found = entry(spec, f"{told}.value")
        told = value if found else entry(spec, told)[0]
    return numbers.real(told)


def fit_district(name_or_path: str | Path, jobs: int | None = None, seeds: int = SEEDS) -> str:
    """Fit the parameters of a district's `fitted` block in place; return a table of values, targets and residuals.

    InputError when the district cannot be read, or has nothing of that name to fit.
    """
    data = load_district(name_or_path)
    aim = aim_of(data)
    run = Runner(data, str(name_or_path), jobs or -1, seeds)
    Scenario.load(aim.scenario, run.place)
    entries = fit_intake(run) | fit_totals(run, aim)
    command = f"simsim district fit {data.name}"
    update_fitted(name_or_path, {name: {**entry, "command": command} for name, entry in entries.items()})
    return "\n".join([line for name, entry in entries.items() for line in _told(name, entry)])


def _told(name: str, entry: Document) -> Iterator[str]:
    """Yield the lines on a fitted parameter: value, target, residual, and along what it is drawn."""
    yield f"{name}: {entry['value']:.5g} (target {entry['target']}, residual {entry['residual']:+.4g})"
    if entry.get("along"):
        slopes = ", ".join(f"{by} {slope:+.3g}" for by, slope in entry["along"].items())
        yield f"  moves along {slopes}; condition number of the fit {entry['condition']}"


class Runner:
    """Runs replications with trial values; the same seeds every
    time, so that the answer is a smooth function of them.
    """

    def __init__(self, data: DistrictData, place: str, jobs: int, seeds: int) -> None:
        spec = {key: value for key, value in data.spec.items() if key != FACTUAL}  # solved worlds would meet any total
        self.data, self.place, self.jobs, self.seeds = replace(data, spec=spec), place, processes_of(jobs), seeds

    def indicators(self, scenario: str, to: int) -> list[pd.DataFrame]:
        """Return the district table of every seed."""
        runs: list[pd.DataFrame] = Parallel(n_jobs=self.jobs)(
            delayed(_one)(Scenario.load(scenario, self.place), seed, to, self.data) for seed in range(1, self.seeds + 1)
        )
        return runs

    def set(self, values: Mapping[str, float]) -> None:
        """Put trial values into the district's fitted block (in memory)."""
        self._write({name: {"value": float(value)} for name, value in values.items()})

    def move_along(self, entries: Mapping[str, Document]) -> None:
        """Put what fitted values move along into the block (in memory)."""
        self._write(entries)

    def _write(self, entries: Mapping[str, Document]) -> None:
        block = {name: {**entry, **entries.get(name, {})} for name, entry in self.data.spec["fitted"].items()}
        self.data = replace(self.data, spec={**self.data.spec, "fitted": block})

    def jacobian(
        self, intake: Sequence[Moment], at: Mapping[str, float], steps: Mapping[str, float]
    ) -> dict[str, Floats]:
        """Return the change of the moments by each parameter (`at`, all of them held), looking `steps` up or down."""
        whole, known = self.data, parameters.load()

        def held(values: Mapping[str, float]) -> Floats:
            self.data = whole
            self._write({name: {"along": {}, "at": {}} for name, *_ in intake})
            spec = dict(self.data.spec)
            spec["parameters"] = {
                **(spec.get("parameters") or {}),
                **{name: {"value": value} for name, value in values.items() if name not in spec["fitted"]},
            }
            self.data = replace(self.data, spec=spec)
            self.set({name: value for name, value in values.items() if name in spec["fitted"]})
            return moments(self, intake)

        here = held(at)
        found = {}
        for name, step in steps.items():
            end = known[name].high
            step = -step if end is not None and at[name] + step > end else step
            found[name] = (held({**at, name: at[name] + step}) - here) / step
        self.data = whole
        return found


def _one(scenario: Scenario, seed: int, to: int, data: DistrictData) -> pd.DataFrame:
    table = simulate(scenario, seed, to, False, data)["district_year"]
    return table[table["group"] == "all"]


def fit_intake(run: Runner) -> dict[str, Draft]:
    """Fit the intake parameters that the district has in its fitted block to the moments that tell them apart, in the
    first years, by least squares; what the moments cannot tell apart is drawn, and each fitted value moves along.
    """
    intake = [row for row in INTAKE if row[0] in run.data.fitted()]
    if not intake:
        return {}
    known, names = parameters.load(), [name for name, *_ in intake]
    targets = np.array([known[target].value for *_, target in intake])
    bounds = np.array([(known[name].low, known[name].high) for name in names], dtype=float).T
    ridge = ridge_of(run, intake, targets)
    run.move_along(ridge.along)

    def gaps(values: Floats) -> Floats:
        run.set(dict(zip(names, values, strict=True)))
        relative: Floats = (moments(run, intake) - targets) / np.maximum(targets, SMALLEST_TARGET)
        return relative

    start = np.clip([run.data.fitted()[name] for name in names], *bounds)
    slopes: Floats = ridge.slopes / np.maximum(targets, SMALLEST_TARGET)[:, None]

    def jacobian(_: Floats) -> Floats:
        return slopes

    found = least_squares(
        gaps, start, jac=jacobian, bounds=tuple(bounds), xtol=X_TOLERANCE, ftol=F_TOLERANCE,
        max_nfev=MOST_TRIALS,
    )  # fmt: skip
    values = np.round(found.x, 4)
    run.set(dict(zip(names, values, strict=True)))
    reached = moments(run, intake)
    return {
        n: {**_entry(v, t, r), "condition": ridge.condition, **ridge.along[n]}
        for n, v, t, r in zip(names, values, targets, reached, strict=True)
    }


def moments(run: Runner, intake: Sequence[Moment]) -> Floats:
    """Return the moments of the first years, one for each parameter that is fitted, meaned over seeds."""
    tables = run.indicators("baseline", int(run.data.spec["first_year"]) + FIRST_YEARS - 1)
    return np.array([np.mean([_mean(t, indicator, stages) for t in tables]) for _, indicator, stages, _ in intake])


@dataclass(frozen=True)
class Ridge:
    """What moves the moments: `slopes` of the moments (rows) by the fitted parameters, the `condition` number of these,
    and what each fitted entry says of the drawn parameters (`along`, `at`).
    """

    slopes: Floats
    condition: float
    along: Mapping[str, Document]


def ridge_of(run: Runner, intake: Sequence[Moment], targets: Floats) -> Ridge:
    """Return the ridge of an intake fit; InputError where its parameters cannot be told apart.

    The Jacobian is by common random numbers, all but the moved parameter held: those fitted at their values, the drawn
    ones of RIDGE at theirs. Along the ridge a change of a drawn parameter leaves the moments, to first order. The
    condition number is that of the moments' relative change by the fitted parameters, each over its range.
    """
    known, names = parameters.load(), [name for name, *_ in intake]
    own = {*run.data.fitted(), *run.data.own_parameters()}
    held = {name: known[name].value for name in RIDGE if name not in own}
    at = {name: float(run.data.fitted()[name]) for name in names} | held
    widths = {name: float((known[name].high or 0.0) - (known[name].low or 0.0)) for name in at}
    columns = run.jacobian(intake, at, {name: REACH * width for name, width in widths.items()})
    fitted = np.column_stack([columns[name] for name in names])
    scaled = fitted * [widths[name] for name in names] / np.maximum(targets, SMALLEST_TARGET)[:, None]
    condition = float(np.linalg.cond(scaled))
    if not condition < ILL_CONDITIONED:
        remedy = f"cannot be told apart by their moments (condition number {condition:.3g}); fit fewer of them"
        raise InputError(Problem(SPEC, "fitted", names, remedy))
    slopes = {name: -np.linalg.solve(fitted, columns[name]) for name in held}
    along = {
        name: {"along": {by: round(float(slopes[by][row]), 4) for by in held}, "at": dict(held)} if held else {}
        for row, name in enumerate(names)
    }
    return Ridge(fitted, round(condition, 2), along)


def _mean(table: pd.DataFrame, indicator: str, stages: tuple[str, ...]) -> float:
    rows = table[(table["indicator"] == indicator) & table["stage"].isin(stages)]
    return float(rows["value"].mean())


def _entry(value: float, target: float, reached: float) -> dict[str, float]:
    return {"value": float(value), "target": float(target), "residual": round(float(reached - target), 4)}


def fit_totals(run: Runner, aim: Aim) -> dict[str, dict[str, float]]:
    """Fit in-migration to pupils and growth of posts to staff of the aim's year: medians, by secant steps."""
    targets = aim.targets
    values = {name: float(run.data.fitted()[name]) for name in targets}
    slopes = {name: target * SLOPES[name] for name, target in targets.items()}
    history: list[tuple[dict[str, float], dict[str, float]]] = []
    for _ in range(MOST_STEPS):
        reached = totals(run, aim, values)
        history.append((dict(values), reached))
        if all(abs(reached[n] / targets[n] - 1.0) < CLOSE for n in targets):
            break
        if len(history) > 1:
            (before, was), (now, is_) = history[-2:]
            slopes |= {
                n: (is_[n] - was[n]) / (now[n] - before[n])
                for n in targets
                if abs(now[n] - before[n]) > SMALLEST_STEP and is_[n] != was[n]
            }
        values = {n: _within(n, values[n] + (targets[n] - reached[n]) / slopes[n]) for n in values}
    best, reached = min(history, key=lambda h: sum(abs(h[1][n] / targets[n] - 1.0) for n in targets))
    run.set(best)
    return {n: _entry(best[n], targets[n], reached[n]) for n in targets}


def _within(name: str, value: float) -> float:
    """Return a trial value, rounded, no further out than a run takes it."""
    known = parameters.load()[name]
    return round(min(max(value, known.least), known.most), 5)


def totals(run: Runner, aim: Aim, values: Mapping[str, float]) -> dict[str, float]:
    """Return the medians of the aim's totals in its year and scenario with trial values."""
    run.set(values)
    tables = run.indicators(aim.scenario, aim.year)
    rows = [t[(t["year"] == aim.year) & (t["stage"] == "all")].set_index("indicator")["value"] for t in tables]
    return {name: float(np.median([r[TOTALS[name]] for r in rows])) for name in aim.targets}
