"""A small district imported from rolls, for tests of what is made of its past."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from simsim.districts.importing import import_book

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


def totals(table: pd.DataFrame) -> np.ndarray:
    """Return pupils by year of a run's table of the district."""
    rows = table[(table["indicator"] == "pupils") & (table["stage"] == "all") & (table["group"] == "all")]
    return rows.sort_values("year")["value"].to_numpy(dtype=float)
