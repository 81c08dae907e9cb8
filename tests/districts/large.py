"""A district as large as keys allow for: two thousand tiny schools in four thousand neighbourhoods."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from simsim.districts.system import SchoolSystem, shipped
from simsim.districts.three_tables import import_district
from tests.districts.small_systems import FIRST, school

SCHOOLS, NEIGHBOURHOODS = 2_000, 4_000
FIRST_KEY, LAST_PLACE = 8_000, 9_999
EVERY = 10
"""Every so manieth school teaches both stages; the others are primary schools."""
SPREAD_KM = 60.0


def tables(system: SchoolSystem) -> dict[str, pd.DataFrame]:
    """Return the tables of the district, with keys up to the largest."""
    side = int(SCHOOLS**0.5) + 1
    schools = []
    for i in range(SCHOOLS):
        row = school(system, FIRST_KEY + i - SCHOOLS // 2, "primary" if i % EVERY else "nine_year", LAST_PLACE)
        place = {"x_km": SPREAD_KM * (i % side) / side, "y_km": SPREAD_KM * (i // side) / side}
        row |= place | {column: min(row[column], 2) for column in system.columns.values()}
        schools.append(row)
    frame = pd.DataFrame(schools)
    through = frame.loc[frame["kind"] == "nine_year", "key"].tolist()
    n = range(NEIGHBOURHOODS)
    places = pd.DataFrame(
        {
            "key": [LAST_PLACE - i for i in n],
            "name_zh": [f"片区{i}" for i in n],
            "name_en": [f"Area {i}" for i in n],
            "parent": [f"town {i % 40}" for i in n],
            "managed_by": "district",
            "included": 1,
            "urban": [i % 2 for i in n],
            "x_km": [schools[i % SCHOOLS]["x_km"] for i in n],
            "y_km": [schools[i % SCHOOLS]["y_km"] + 0.1 for i in n],
            "radius_km": 0.5,
            "births_share": 1.0,
            "inflow_share": 1.0,
            "housing_share": 1.0,
            "ses_mean": [(i % 7 - 3) / 10 for i in n],
            "migrant_share": 0.1,
            "catchment_primary": [schools[i % SCHOOLS]["key"] for i in n],
            "catchment_junior": [through[i % len(through)] for i in n],
        }
    )
    births = pd.DataFrame({"year": range(FIRST - 16, FIRST + 6), "births": 2 * SCHOOLS})
    return {"schools": frame, "neighbourhoods": places, "births": births}


def imported(folder: Path) -> Path:
    """Write the tables, import them, and return the district's folder."""
    paths = {}
    for name, table in tables(shipped()).items():
        paths[name] = folder / f"{name}.csv"
        table.to_csv(paths[name], index=False)
    where = paths["schools"], paths["neighbourhoods"], paths["births"]
    return import_district("large", *where, folder / "large", FIRST)
