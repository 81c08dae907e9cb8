"""Fitting a district: intake parameters to moments of scores, migration and posts to the totals of a later year.

Fits, never validation: every report lists them with their targets and residuals. No
parameter leaves the range that its evidence gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy.optimize import least_squares

from simsim.base.arrays import Floats
from simsim.districts.facts import fitted_year
from simsim.districts.files import DistrictData, load_district, update_fitted
from simsim.experiments.worker import simulate
from simsim.inputs import parameters
from simsim.inputs.defaults import last_year
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.run_limits import processes_of
from simsim.scenarios.scenario import Scenario

SEEDS = 24
FIRST_YEARS = 2
FITTING_SCENARIO = "plan"


INTAKE = (
    ("unobs_between_school_share", "score_icc", ("primary",), "target_icc_primary"),
    ("ses_between_school_share", "score_icc", ("junior",), "target_icc_junior"),
    ("b0_ses_entry", "ses_score_corr", ("primary", "junior"), "target_corr_ses_score"),
    ("m0_migrant_entry_gap", "migrant_gap", ("primary", "junior"), "target_migrant_gap"),
)
STEP, X_TOLERANCE, F_TOLERANCE, MOST_TRIALS = 0.02, 1e-3, 1e-4, 8
TOTALS = (("inflow_scale", "pupils"), ("posts_growth", "staff"))


def fit_district(name_or_path: str | Path, jobs: int | None = None, seeds: int = SEEDS) -> str:
    """Fit the parameters of a district's `fitted` block in place; return a table of values, targets and residuals.

    InputError when the district cannot be read, or has nothing of that name to fit.
    """
    data = load_district(name_or_path)
    if problems := _unfit(data):
        raise InputError(problems)
    run = Runner(data, jobs or -1, seeds)
    entries = fit_intake(run) | fit_totals(run)
    command = f"simsim district fit {data.name}"
    update_fitted(name_or_path, {name: {**entry, "command": command} for name, entry in entries.items()})
    return "\n".join(
        f"{name}: {entry['value']:.5g} (target {entry['target']}, residual {entry['residual']:+.4g})"
        for name, entry in entries.items()
    )


def _unfit(data: DistrictData) -> list[Problem]:
    """Return why a district cannot be fitted: intake and totals need a target each, and a plan that is its own."""
    block, plan = data.spec["fitted"], Scenario.load(FITTING_SCENARIO).plan
    names = [*(name for name, *_ in INTAKE), *(name for name, _ in TOTALS)]
    lacking = [name for name in names if (block.get(name) or {}).get("target") is None]
    remedy = f"has no target for {', '.join(lacking)}; write `target:` there, or run the district as it is"
    found = [Problem("district.yaml", "fitted", None, remedy)] if lacking else []
    foreign = plan.not_for(data.name) if plan else ""
    return found + ([Problem(FITTING_SCENARIO, "plan.file", plan.name, foreign)] if plan and foreign else [])


class Runner:
    """Runs replications with trial values; the same seeds every
    time, so that the answer is a smooth function of them.
    """

    def __init__(self, data: DistrictData, jobs: int, seeds: int) -> None:
        self.data, self.jobs, self.seeds = data, processes_of(jobs), seeds

    def indicators(self, scenario: str, to: int) -> list[pd.DataFrame]:
        """Return the district table of every seed."""
        runs: list[pd.DataFrame] = Parallel(n_jobs=self.jobs)(
            delayed(_one)(scenario, seed, to, self.data) for seed in range(1, self.seeds + 1)
        )
        return runs

    def set(self, values: Mapping[str, float]) -> None:
        """Put trial values into the district's fitted block (in memory)."""
        block = {
            name: {**entry, "value": float(values.get(name, entry["value"]))}
            for name, entry in self.data.spec["fitted"].items()
        }
        self.data = replace(self.data, spec={**self.data.spec, "fitted": block})


def _one(scenario: str, seed: int, to: int, data: DistrictData) -> pd.DataFrame:
    table = simulate(Scenario.load(scenario), seed, to, False, data)["district_year"]
    return table[table["group"] == "all"]


def fit_intake(run: Runner) -> dict[str, dict[str, float]]:
    """Fit the intake parameters to ICC by stage, SES correlation
    and migrant gap of the first years, by least squares.
    """
    known = parameters.load()
    names = [name for name, *_ in INTAKE]
    targets = np.array([known[target].value for *_, target in INTAKE])
    low, high = np.array([(known[name].low, known[name].high) for name in names], dtype=float).T
    first = int(run.data.spec["first_year"])

    def moments(values: Floats) -> Floats:
        run.set(dict(zip(names, values, strict=True)))
        tables = run.indicators("baseline", first + FIRST_YEARS - 1)
        return np.array([np.mean([_mean(t, indicator, stages) for t in tables]) for _, indicator, stages, _ in INTAKE])

    start = np.clip([run.data.fitted().get(name, known[name].value) for name in names], low, high)
    scale = np.maximum(targets, 0.01)

    def gaps(values: Floats) -> Floats:
        relative: Floats = (moments(values) - targets) / scale
        return relative

    found = least_squares(
        gaps, start, bounds=(low, high),
        diff_step=np.full(len(names), STEP), xtol=X_TOLERANCE, ftol=F_TOLERANCE, max_nfev=MOST_TRIALS,
    )  # fmt: skip
    values = np.round(found.x, 4)
    reached = moments(values)
    return {n: _entry(v, t, r) for n, v, t, r in zip(names, values, targets, reached, strict=True)}


def _mean(table: pd.DataFrame, indicator: str, stages: tuple[str, ...]) -> float:
    rows = table[(table["indicator"] == indicator) & table["stage"].isin(stages)]
    return float(rows["value"].mean())


def _entry(value: float, target: float, reached: float) -> dict[str, float]:
    return {"value": float(value), "target": float(target), "residual": round(float(reached - target), 4)}


def fit_totals(run: Runner) -> dict[str, dict[str, float]]:
    """Fit in-migration to pupils and posts growth to staff of a later year, medians of the plan, by secants."""
    targets = {name: float(run.data.spec["fitted"][name]["target"]) for name, _ in TOTALS}
    values = {name: float(run.data.fitted()[name]) for name, _ in TOTALS}
    slopes = {"inflow_scale": targets["inflow_scale"] * 0.2, "posts_growth": targets["posts_growth"] * 9.0}
    history: list[tuple[dict[str, float], dict[str, float]]] = []
    for _ in range(7):
        reached = totals(run, values)
        history.append((dict(values), reached))
        if all(abs(reached[n] / targets[n] - 1.0) < 5e-4 for n in targets):
            break
        if len(history) > 1:
            (before, was), (now, is_) = history[-2:]
            slopes |= {
                n: (is_[n] - was[n]) / (now[n] - before[n])
                for n in targets
                if abs(now[n] - before[n]) > 1e-9 and is_[n] != was[n]
            }
        values = {n: round(values[n] + (targets[n] - reached[n]) / slopes[n], 5) for n in values}
    best, reached = min(history, key=lambda h: sum(abs(h[1][n] / targets[n] - 1.0) for n in targets))
    run.set(best)
    return {n: _entry(best[n], targets[n], reached[n]) for n in targets}


def totals(run: Runner, values: Mapping[str, float]) -> dict[str, float]:
    """Return the median pupils and staff of that year in the plan scenario with trial values."""
    run.set(values)
    to = fitted_year(run.data.spec) or last_year(run.data.spec)
    tables = run.indicators(FITTING_SCENARIO, to)
    rows = [t[(t["year"] == to) & (t["stage"] == "all")].set_index("indicator")["value"] for t in tables]
    return {name: float(np.median([r[indicator] for r in rows])) for name, indicator in TOTALS}
