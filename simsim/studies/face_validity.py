"""Face validity: what anybody in an education bureau knows by heart (teachers per class, load, class and school size,
pupils per teacher), simulated, against the figures of the nation and the province.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pandas as pd

from simsim.base.codes import STAGES
from simsim.district import District
from simsim.districts.files import DistrictData, load_district
from simsim.experiments.places import district_of
from simsim.experiments.results import Results
from simsim.inputs.defaults import default_district
from simsim.inputs.documents import Document, Draft
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml

YEARS = (0, 10)
"""Years after the first that are looked at."""
LOW, HIGH = 0.05, 0.95
INSIDE, OUTSIDE = "inside", "OUTSIDE"

Key = tuple[str, str, int]


@cache
def known() -> Draft:
    """Return parameters/face_validity.yaml: figures, ranges and sources, and what their table needs besides."""
    return read_yaml(resource("parameters") / "face_validity.yaml")


def check(
    replications: int = 10, first_seed: int = 1, jobs: int = 1, district: str | None = None, scenario: str = "baseline"
) -> pd.DataFrame:
    """Return one row for every quantity, stage and year: simulated (median, low and high: 5-95 % over replications),
    nation (of the nearest year known), province, the range expected and whether the median lies in it, sources.

    InputError when the district or the scenario cannot be read, or fewer than one replication is asked for.
    """
    from joblib import Parallel, delayed

    if replications < 1:
        raise InputError(Problem("face_validity", "replications", replications, "give at least 1"))
    data = load_district(district or default_district())
    seeds = range(first_seed, first_seed + replications)
    found = pd.DataFrame(Parallel(n_jobs=jobs)(delayed(simulated)(scenario, seed, data) for seed in seeds))
    rows = [row(entry, year, found) for entry in known()["quantities"] for year in years_of(data)]
    return pd.DataFrame(rows)


def of_results(results: Results, scenario: str = "baseline") -> pd.DataFrame:
    """Return the rows of `check` from an experiment that was run: every replication of a scenario. InputError where its
    district cannot be read, or it has not the years.
    """
    data = district_of(results, scenario)
    if data is None or not set(years_of(data)) <= set(results.years):
        remedy = "needs the district's files and runs of ten years"
        raise InputError(Problem("face_validity", "experiment", str(results.folder), remedy))
    names = {"district_year": ["pupils", "teachers", "classes"], "school_year": ["pupils"]}
    tables = {
        table: results.rows_if_any(table, {"scenario": [scenario], "year": years_of(data), "indicator": wanted})
        for table, wanted in names.items()
    }
    seeds = results.replications(scenario)
    found = pd.DataFrame(
        [amounts_of({n: t[t["replication"] == seed] for n, t in tables.items()}, data) for seed in seeds]
    )
    return pd.DataFrame([row(entry, year, found) for entry in known()["quantities"] for year in years_of(data)])


def years_of(data: DistrictData) -> list[int]:
    """Return the years looked at."""
    return [int(data.spec["first_year"]) + years for years in YEARS]


def simulated(scenario: str, seed: int, data: DistrictData) -> dict[Key, float]:
    """Return what one replication makes of the quantities, by name, stage and year."""
    return amounts_of(District(scenario, seed=seed, data=data).run(to=max(years_of(data))).tables(), data)


def amounts_of(tables: Mapping[str, pd.DataFrame], data: DistrictData) -> dict[Key, float]:
    """Return the quantities of one replication's tables by name, stage and year."""
    return {
        (name, stage, year): value
        for year in years_of(data)
        for stage in STAGES
        for name, value in amounts(of_stage(tables, stage, year), known()["lessons_a_week"][stage]).items()
    }


def of_stage(tables: Mapping[str, pd.DataFrame], stage: str, year: int) -> dict[str, float]:
    """Return pupils, teachers, classes and schools (those with pupils) of a stage in a year."""
    table = tables["district_year"]
    here = table[(table["group"] == "all") & (table["stage"] == stage) & (table["year"] == year)]
    values = here.set_index("indicator")["value"]
    schools = tables["school_year"]
    here = schools[(schools["stage"] == stage) & (schools["year"] == year) & (schools["indicator"] == "pupils")]
    counts = {name: float(values[name]) for name in ("pupils", "teachers", "classes")}
    return counts | {"schools": float((here["value"] > 0).sum())}


def amounts(counts: Mapping[str, float], lessons: float) -> dict[str, float]:
    """Return the quantities from pupils, teachers, classes and schools; `lessons`: those of a class in a week."""
    per_class = counts["teachers"] / counts["classes"]
    return {
        "pupils_per_teacher": counts["pupils"] / counts["teachers"],
        "class_size": counts["pupils"] / counts["classes"],
        "teachers_per_class": per_class,
        "load": lessons / per_class,
        "pupils_per_school": counts["pupils"] / counts["schools"],
    }


def row(entry: Document, year: int, found: pd.DataFrame) -> dict[str, object]:
    """Return the row of one quantity of a stage in a year."""
    values = found[entry["name"], entry["stage"], year]
    median, low, high = (float(values.quantile(q)) for q in (0.5, LOW, HIGH))
    near = min(entry["nation"], key=lambda known_year: abs(known_year - year))
    about = {"quantity": entry["name"], "stage": entry["stage"], "year": year, "unit": entry["unit"]}
    beside = {"nation": entry["nation"][near], "nation_year": near, "province": entry.get("province")}
    verdict = INSIDE if entry["low"] <= median <= entry["high"] else OUTSIDE
    expected = {"expected": f"{entry['low']:g} to {entry['high']:g}", "verdict": verdict}
    return about | {"median": median, "low": low, "high": high} | beside | expected | {"sources": entry["sources"]}
