"""Does the first year hold still? Medians over worlds of what the model's own rules move, against what is allowed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from simsim.base.codes import STAGES
from simsim.districts.files import load_district
from simsim.experiments.results import Results
from simsim.inputs.defaults import default_district
from simsim.inputs.errors import InputError, Problem
from simsim.studies.patterns import HIGH, LOW, load
from simsim.studies.stationary import FIRST_YEAR, MEASURED, TEN_YEARS, changes, levels, still_world

ALL = "all"
NO_TREND = 33
"""The pattern that holds what is allowed."""


def standstill(worlds: int = 50, first_seed: int = 1, jobs: int = 2, district: str | None = None) -> pd.DataFrame:
    """Return for each thing measured in the stationary world what it was in the first year and how it changed.

    Columns: measured, first (median), change (median over worlds), error (standard error of the mean), allowed, within
    (share of worlds that stay within it), holds (whether the median does). InputError for no worlds, or a district that
    cannot be read.
    """
    from joblib import Parallel, delayed

    if worlds < 1:
        raise InputError(Problem("standstill", "worlds", worlds, "give at least 1 world"))
    name = district or default_district()
    seeds = range(first_seed, first_seed + worlds)
    runs = Parallel(n_jobs=jobs)(delayed(_measured)(seed, name) for seed in seeds)
    parts = next(pattern for pattern in load() if pattern.number == NO_TREND).parts
    rows = []
    for part in (part for part in parts if part.name in runs[0][1]):
        starts, moved = (np.array([run[which][part.name] for run in runs]) for which in (0, 1))
        median, error = float(np.median(moved)), float(moved.std(ddof=1) / worlds**0.5) if worlds > 1 else np.nan
        within = float(part.inside(moved).mean())
        rows.append(
            (part.words, float(np.median(starts)), median, error, part.accepted, within, bool(part.inside(median)))
        )
    return pd.DataFrame(rows, columns=["measured", "first", "change", "error", "allowed", "within", "holds"])


def of_results(
    results: Results, scenario: str = "baseline", names: Sequence[str] = ("cv_composite", "teacher_gap")
) -> pd.DataFrame:
    """Return by how much indicators of a stage have changed since the first year in an experiment's worlds.

    Columns: indicator, stage, year (one and ten after the first, as far as lived), first (median), change (median over
    worlds), low and high (5-95 %), error (standard error of the mean), n.
    """
    first = results.years[0]
    years = [year for year in (first + FIRST_YEAR, first + TEN_YEARS) if year in results.years]
    wanted: dict[str, Sequence[object] | None] = {
        "scenario": [scenario], "indicator": list(names), "stage": list(STAGES), "year": [first, *years],
    }  # fmt: skip
    table = results.rows_if_any("district_year", wanted)
    table = table[table["group"] == ALL].astype({"indicator": str, "stage": str})
    wide = table.pivot(index=["indicator", "stage", "replication"], columns="year", values="value")
    rows = []
    for (name, stage), worlds in wide.groupby(["indicator", "stage"], sort=False):
        for year in years:
            moved = (worlds[year] - worlds[first]).to_numpy(float)
            low, high = np.quantile(moved, (LOW, HIGH))
            error = float(moved.std(ddof=1) / len(moved) ** 0.5) if len(moved) > 1 else np.nan
            rows.append((name, stage, year, worlds[first].median(), np.median(moved), low, high, error, len(moved)))
    columns = ["indicator", "stage", "year", "first", "change", "low", "high", "error", "n"]
    return pd.DataFrame(rows, columns=columns)


def _measured(seed: int, name: str) -> tuple[dict[str, float], dict[str, float]]:
    """Return what each part was in the first year of one world, and how it changed."""
    world = still_world(seed, load_district(name))
    found, moved = levels(world), changes(world)
    return {part: found[(*MEASURED[part][:2], world.first_year)] for part in moved}, moved
