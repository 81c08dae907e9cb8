"""Fit of the baseline: which numbers were fitted to which targets, and what is published against what is simulated."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simsim.base.codes import STAGES
from simsim.district import District
from simsim.districts.facts import published
from simsim.districts.files import DistrictData, load_district
from simsim.inputs import parameters
from simsim.inputs.defaults import default_district
from simsim.inputs.documents import Document
from simsim.record.outcomes import inputs, official
from simsim.studies import fit

AIMS = {name: f"{indicator}, {' and '.join(stages)}, first years" for name, indicator, stages, _ in fit.INTAKE}
EDGE = 0.02
"""A fitted value this near an end of its range (as a share of the range) would have gone farther."""


def fits(district: str | DistrictData | None = None) -> pd.DataFrame:
    """Return what a district's file says was fitted: parameter, aim, value, range, target, residual, of (residual
    over target), at_edge.

    InputError when the district cannot be read.
    """
    data = district if isinstance(district, DistrictData) else load_district(district or default_district())
    known = parameters.load()
    rows, aims = [], dict(AIMS)
    if "fit" in data.spec:
        aim = fit.aim_of(data)
        aims |= {name: aim.of(name) for name in aim.targets}
    for name, entry in data.spec["fitted"].items():
        low, high = float(known[name].low or 0.0), float(known[name].high or 0.0)
        residual = np.nan if entry["residual"] is None else float(entry["residual"])
        value, target = float(entry["value"]), np.nan if entry["target"] is None else float(entry["target"])
        near = min(value - low, high - value) <= EDGE * (high - low)
        rows.append(
            (
                name,
                aims.get(name, ""),
                value,
                low,
                high,
                target,
                residual,
                residual / target,
                near,
            )
        )
    columns = ["parameter", "aim", "value", "low", "high", "target", "residual", "of", "at_edge"]
    return pd.DataFrame(rows, columns=columns)


def published_against_simulated(
    replications: int = 5, first_seed: int = 1, jobs: int = 2, district: str | None = None
) -> pd.DataFrame:
    """Return the district's published numbers of the first and of a later year beside the simulated
    ones (median and 5-95 % over replications).

    `kind`: `by construction` where schools.csv was made to meet the number, `fitted` where a parameter was, `follows`
    where the number is a consequence of others that were met. InputError when the district cannot be read.
    """
    from joblib import Parallel, delayed

    data = load_district(district or default_district())
    runs = Parallel(n_jobs=jobs)(
        delayed(_simulated)(seed, data) for seed in range(first_seed, first_seed + replications)
    )
    found = pd.DataFrame(runs)
    rows = []
    for (year, stage, name), (known_value, unit, kind) in _published(data).items():
        values = found[year, stage, name].to_numpy(dtype=float)
        low, high = np.quantile(values, (0.05, 0.95))
        median = float(np.median(values))
        rows.append((year, stage, name, unit, kind, known_value, median, low, high, median / known_value - 1.0))
    return pd.DataFrame(
        rows, columns=["year", "stage", "number", "unit", "kind", "published", "simulated", "low", "high", "off"]
    )


def _published(data: DistrictData) -> dict[tuple[int, str, str], tuple[float, str, str]]:
    """Return the published numbers by year, stage and name, with unit and kind."""
    block, first = data.spec["resources"], int(data.spec["first_year"])
    rows: dict[tuple[int, str, str], tuple[float, str, str]] = {}
    for stage in STAGES:
        for name, entry in block[stage].items():
            rows[first, stage, name] = (float(entry["mean"]), entry["unit"], "by construction")
            rows[first, stage, f"{name}, CV"] = (float(entry["cv"]), "CV", "by construction")
        rows[first, stage, "composite CV"] = (float(block["composite_cv"][stage]), "CV", "follows")
    for name, entry in _totals(data).items():
        rows[int(entry["year"]), "all", name] = (float(entry["value"]), entry["unit"], "fitted")
    return rows


def _totals(data: DistrictData) -> dict[str, Document]:
    """Return the published totals of a later year that parameters were fitted to."""
    return {name: entry for name, entry in published(data.spec).items() if name in fit.TOTALS.values()}


def _simulated(seed: int, data: DistrictData) -> dict[tuple[int, str, str], float]:
    """Return one replication's value of every published number: the first state, and the plan in later years."""
    district = District("plan", seed=seed, data=data)
    amounts, first = inputs(district), district.first_year
    rows: dict[tuple[int, str, str], float] = {}
    for code, stage in enumerate(STAGES):
        mine = district.parts.stage == code
        cvs = official(district, amounts, code)
        for column in data.spec["resources"][stage]:
            name = column.removesuffix("_m2").removesuffix("_yuan")
            rows[first, stage, column] = float(amounts[name][mine].sum() / amounts["pupils"][mine].sum())
            rows[first, stage, f"{column}, CV"] = cvs[f"cv_{name}"]
        rows[first, stage, "composite CV"] = cvs["cv_composite"]
    years = {name: int(entry["year"]) for name, entry in _totals(data).items()}
    table = district.run(to=max(years.values())).tables()["district_year"]
    whole = table[(table["group"] == "all") & (table["stage"] == "all")].set_index(["year", "indicator"])["value"]
    return rows | {(year, "all", name): float(whole[year, name]) for name, year in years.items()}
