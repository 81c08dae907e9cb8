"""Small districts of any school system: tables as an office would write them, imported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from simsim.base.codes import STAGES, SUBJECT_GROUPS, TITLES
from simsim.districts.checks import FACILITY_COLUMNS, NEIGHBOURHOOD_COLUMNS, absent_columns, school_columns
from simsim.districts.system import SchoolSystem, read_system, system_of
from simsim.districts.three_tables import import_district

FIRST = 2014
BIRTHS = pd.DataFrame({"year": range(FIRST - 16, FIRST + 6), "births": 120})
EACH, PER_CLASS, PER_TEACHER = 40, 20, 12


def kinds(system: SchoolSystem) -> tuple[str, ...]:
    """Return kinds of schools that teach every stage of a system at more than one school."""
    return {(0,): ("primary",) * 3, (1,): ("junior",) * 3}.get(
        system.stages, ("primary", "primary", "junior", "nine_year")
    )


def school(system: SchoolSystem, key: int, kind: str, place: int) -> dict[str, Any]:
    """Return one school with `EACH` pupils in every grade."""
    row: dict[str, Any] = dict.fromkeys(school_columns(system), 0)
    row |= {
        "key": key, "code": f"0{key:04d}", "name_zh": f"学校{key}", "name_en": f"School {key}", "kind": kind,
        "ownership": "public", "urban": key % 2, "neighbourhood": place, "x_km": 2.0 * key % 5, "y_km": key % 3,
        "building_year": 1990, "status": "named",
    }  # fmt: skip
    row |= dict.fromkeys(FACILITY_COLUMNS, 1000 + 10 * key)
    for stage in system.taught_by(kind):
        row |= _stage(system, stage)
    return row


def _stage(system: SchoolSystem, stage: int) -> dict[str, int]:
    word, columns = STAGES[stage], system.columns_of(stage)
    teachers = dict.fromkeys((f"t_{word}_{group}" for group in SUBJECT_GROUPS), len(columns) * EACH // PER_TEACHER // 5)
    n = sum(teachers.values())
    titles = dict.fromkeys((f"title_{title}_{word}" for title in TITLES), 0) | {f"title_first_{word}": n}
    rooms = {f"rooms_{word}": len(columns) * EACH // PER_CLASS}
    return (
        dict.fromkeys(columns, EACH) | teachers | titles | rooms | {f"backbone_{word}": 2, f"overqualified_{word}": 3}
    )


def tables(system: SchoolSystem, keys: Iterator[int] | None = None) -> dict[str, pd.DataFrame]:
    """Return schools and neighbourhoods, without the columns of stages that the system has not."""
    keys = keys or iter(range(1, 100))
    schools = [school(system, next(keys), kind, 1) for kind in kinds(system)]
    served = [[s["key"] for s in schools if stage in system.taught_by(s["kind"])] for stage in range(len(STAGES))]
    places = []
    for i, key in enumerate(range(1, 1 + max(map(len, served)))):
        place: dict[str, Any] = dict.fromkeys(NEIGHBOURHOOD_COLUMNS, 0)
        place |= {
            "key": key, "name_zh": f"片区{key}", "name_en": f"Area {key}", "parent": "town", "managed_by": "district",
            "included": 1, "urban": key % 2, "x_km": float(i), "y_km": i % 2, "radius_km": 1.0, "births_share": 1.0,
            "inflow_share": 1.0, "housing_share": 1.0, "ses_mean": 0.3 * i, "migrant_share": 0.2,
        }  # fmt: skip
        place |= {f"catchment_{word}": s[i % len(s)] for word, s in zip(STAGES, served, strict=True) if s}
        places.append(place)
    absent = absent_columns(system)
    return {
        "schools": pd.DataFrame(schools).drop(columns=list(absent["schools.csv"])),
        "neighbourhoods": pd.DataFrame(places).drop(columns=list(absent["neighbourhoods.csv"])),
        "births": BIRTHS,
    }


def imported(folder: Path, system: str | Path | None, name: str = "small") -> Path:
    """Write the tables of a system as a user would, import them, and return the district's folder."""
    paths = {}
    for table, frame in tables(system_of(read_system(system))).items():
        paths[table] = folder / f"{table}.csv"
        frame.to_csv(paths[table], index=False)
    return import_district(
        name, paths["schools"], paths["neighbourhoods"], paths["births"], folder / "small", FIRST, system
    )
