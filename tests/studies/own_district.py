"""A small district imported from rolls, for tests of what is made of its past."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from simsim.districts.files import DistrictData, load_district
from simsim.districts.importing import import_book
from simsim.studies.calibration import calibrate

FIRST, LAST = 2016, 2020
GRADES = range(1, 7)


def book(folder: Path, growth: float = 1.0, schools: int = 4, shrink: float = 1.0) -> Path:
    """Write rolls of primary schools whose entry grows, and whose cohorts change, by a factor a year."""
    rows = []
    for school in range(schools):
        for year in range(FIRST, LAST + 1):
            for grade in GRADES:
                born = year - grade - FIRST
                n = round((50 + 10 * school) * growth**born * shrink ** (grade - 1))
                rows.append((f"A{school}", f"School {school}", year, grade, n))
    path = folder / "rolls-of-an-office.csv"
    pd.DataFrame(rows, columns=["code", "name", "year", "grade", "pupils"]).to_csv(path, index=False)
    return path


def imported(folder: Path, growth: float = 1.0, shrink: float = 1.0) -> Path:
    """Return the folder of a district imported from such rolls."""
    folder.mkdir(parents=True, exist_ok=True)
    return import_book(book(folder, growth, shrink=shrink), "small", folder / "small").folder


def both_stages(folder: Path) -> DistrictData:
    """Return a calibrated district of two primary, two junior schools and one with both stages."""
    sizes = {"p1": (range(1, 7), 80), "p2": (range(1, 7), 60), "n": (range(1, 10), 40)}
    sizes |= {"j1": (range(7, 10), 110), "j2": (range(7, 10), 40)}
    rows = [
        (code, year, grade, size - 3 * (year - 2018) * (code == "j1") + 3 * (year - 2018) * (code == "j2"))
        for code, (grades, size) in sizes.items()
        for year in range(2018, 2021)
        for grade in grades
    ]
    pd.DataFrame(rows, columns=["code", "year", "grade", "pupils"]).to_csv(folder / "b.csv", index=False)
    made = import_book(folder / "b.csv", "both", folder / "both")
    calibrate(made.folder)
    return load_district(made.folder)


def totals(table: pd.DataFrame) -> np.ndarray:
    """Return pupils by year of a run's table of the district."""
    rows = table[(table["indicator"] == "pupils") & (table["stage"] == "all") & (table["group"] == "all")]
    return rows.sort_values("year")["value"].to_numpy(dtype=float)
