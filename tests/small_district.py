"""A small district that is not Erdao: real names, a first year of its own, imported as a user would."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from simsim.districts.three_tables import import_district
from tests.fuzz.districts import Shape, tables

FIRST = 2021
SHAPE = Shape(
    seed=7, schools=6, neighbourhoods=6, most_in_a_grade=20, empty_grades=0.0, private=0.0, idle_facilities=0.0,
    births=0, excluded=0.0, spread_km=3.0,
)  # fmt: skip


@cache
def small_district() -> Path:
    """Return the folder of the district `northford`, imported once for all tests."""
    home, paths = Path(mkdtemp()), {}
    for name, table in tables(SHAPE).items():
        table = table.assign(status="named") if name == "schools" else table
        paths[name] = home / f"{name}.csv"
        table.to_csv(paths[name], index=False)
    return import_district(
        "northford", paths["schools"], paths["neighbourhoods"], out=home / "northford", first_year=FIRST
    )
