"""What an office has decided for the years to come: which schools open, close, or teach other grades from when on.

`simsim new scenario NAME --district DISTRICT --from-plans` makes a scenario of it; without one no run acts on it.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from simsim.districts.rolls import KEYS, YEARS
from simsim.districts.system import SchoolSystem
from simsim.inputs.csvfile import Column, Number, Words, read_table
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.numbers import written

FILE = "plans.csv"
SITE = ("area", "x_km", "y_km")
"""Columns that say where a school opens; a table may lack them."""
OPENS, CLOSES, GRADES, PLACES = "opens", "closes", "grades", "places"


def read_plans(folder: Path, system: SchoolSystem) -> pd.DataFrame | None:
    """Return a folder's plans.csv (key, code, name, year, what, grades, places); None where it has none.

    InputError for grades that the district does not teach, and places that are no number.
    """
    if not (folder / FILE).exists():
        return None
    columns: dict[str, Column] = {
        "key": Number(*KEYS, whole=True), "code": Words(), "name": Words(optional=True),
        "year": Number(*YEARS, whole=True), "what": Words(allowed=(OPENS, CLOSES, GRADES, PLACES)),
        "grades": Words(optional=True), "places": Words(optional=True),
        **{name: Words(optional=True) for name in SITE},
    }  # fmt: skip
    plans = read_table(folder / FILE, columns, optional=SITE)
    known = [system.names[grade] for grade in system.taught]
    problems = [
        Problem(FILE, f"line {row + 2}, grades", grade, f"must be among {', '.join(known)}")
        for row, grades in enumerate(plans["grades"].astype(str).tolist())
        for grade in grades.split()
        if grade not in known
    ]
    problems += [
        Problem(FILE, f"line {row + 2}, places", places, "must be a whole number of 0 or more, or empty")
        for row, places in enumerate(plans["places"].astype(str).tolist())
        if places and ((number := written(places)) is None or number < 0 or number % 1)
    ]
    if problems:
        raise InputError(problems)
    return plans
