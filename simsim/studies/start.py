"""What the first year implies at school level beyond what is published: how staff goes with the intake of schools."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from simsim.base.arrays import Floats
from simsim.base.codes import FIRST, STAGES
from simsim.district import District
from simsim.districts.files import DistrictData, load_district
from simsim.inputs.defaults import default_district
from simsim.inputs.errors import InputError, Problem

WORDS = {
    "titles": "share of higher titles with intake SES, r over public schools",
    "staffing": "teachers per pupil with intake SES, r over public schools",
    "effectiveness": "teachers' mean effectiveness with intake SES, r over public schools",
    "effectiveness_titles": "teachers' mean effectiveness with share of higher titles, r over public schools",
    "lowest": "lowest share of higher titles of a public school",
    "highest": "highest share of higher titles of a public school",
}


def implied(worlds: int = 20, first_seed: int = 1, district: str | None = None) -> pd.DataFrame:
    """Return what the first year implies at school level: medians over worlds and 5-95 % of them, by stage.

    Columns: stage, implied, median, low, high. None of it is published or observed: it follows from how the synthesis
    and the founding place staff. InputError for no worlds, or a district that cannot be read.
    """
    if worlds < 1:
        raise InputError(Problem("implied", "worlds", worlds, "give at least 1 world"))
    data = load_district(district or default_district())
    runs = [of_first_year(seed, data) for seed in range(first_seed, first_seed + worlds)]
    rows = []
    for stage, name in runs[0]:
        low, median, high = np.quantile([run[stage, name] for run in runs], (0.05, 0.5, 0.95))
        rows.append((stage, WORDS[name], float(median), float(low), float(high)))
    return pd.DataFrame(rows, columns=["stage", "implied", "median", "low", "high"])


def of_first_year(seed: int, data: DistrictData) -> Mapping[tuple[str, str], float]:
    """Return what one world's first September implies, by stage and name (WORDS)."""
    world = District("baseline", seed=seed, data=data)
    parts, teachers, at = world.parts, world.teachers, world.parts.of_teachers()
    staff = np.maximum(np.bincount(at, minlength=len(parts)), 1)
    titled = np.bincount(at, teachers.title >= FIRST, len(parts)) / staff
    mu = np.bincount(at, teachers.mu, len(parts)) / staff
    per_pupil = staff / np.maximum(parts.rolls(), 1)
    found: dict[tuple[str, str], float] = {}
    for code in world.system.stages:
        mine = parts.of_stage(code, only_public=True)
        ses, name = parts.intake[mine], STAGES[code]
        pairs = {"titles": (titled, ses), "staffing": (per_pupil, ses), "effectiveness": (mu, ses)}
        pairs["effectiveness_titles"] = (mu, titled[mine])
        found |= {(name, key): correlation(values[mine], other) for key, (values, other) in pairs.items()}
        found |= {(name, "lowest"): float(titled[mine].min()), (name, "highest"): float(titled[mine].max())}
    return found


def correlation(one: Floats, other: Floats) -> float:
    """Return the correlation of two columns (n); NaN where one of them does not differ."""
    if min(one.std(), other.std()) < SAME:
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])


SAME = 1e-12
"""Columns whose SD is below this do not differ."""
