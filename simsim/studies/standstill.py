"""Does the first year hold still? Medians over worlds of what the model's own rules move, against what is allowed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simsim.districts.files import load_district
from simsim.inputs.defaults import default_district
from simsim.inputs.errors import InputError, Problem
from simsim.studies.patterns import load
from simsim.studies.stationary import MEASURED, changes, levels, still_world

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


def _measured(seed: int, name: str) -> tuple[dict[str, float], dict[str, float]]:
    """Return what each part was in the first year of one world, and how it changed."""
    world = still_world(seed, load_district(name))
    found, moved = levels(world), changes(world)
    return {part: found[(*MEASURED[part][:2], world.first_year)] for part in moved}, moved
