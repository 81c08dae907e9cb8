"""What an office has decided for the years to come: which schools open, close, or teach other grades from when on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from simsim.base.arrays import Mask
from simsim.districts.rolls import KEYS, YEARS, Rolls
from simsim.districts.system import SchoolSystem
from simsim.inputs.csvfile import Column, Number, Words, read_table
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.numbers import whole

FILE = "plans.csv"
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
    }  # fmt: skip
    plans = read_table(folder / FILE, columns)
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
        if places and ((number := whole(places)) is None or number < 0)
    ]
    if problems:
        raise InputError(problems)
    return plans


def served_ahead(rolls: Rolls, plans: pd.DataFrame | None, years: int) -> tuple[Rolls, Mask | None]:
    """Return rolls with the schools that will open, as yet without pupils, and which grades each school teaches 1 to
    `years` years ahead (years, schools, grades); None where nothing is planned.
    """
    base = rolls.years[-1]
    due = None if plans is None else plans[(plans["year"] > base) & (plans["what"] != PLACES)]
    if due is None or due.empty:
        return rolls, None
    rolls = _with_new(rolls, due)
    row = {key: index for index, key in enumerate(rolls.keys.tolist())}
    served = np.repeat((rolls.counted[:, -1] > 0)[None], years, axis=0)
    for key, year, what, grades in zip(
        due["key"].tolist(), due["year"].tolist(), due["what"].tolist(), due["grades"].astype(str).tolist(), strict=True
    ):
        if key not in row:
            continue
        columns = [rolls.grades.index(grade) for grade in grades.split()]
        if what == CLOSES:
            served[year - base - 1 :, row[key]] = False
        elif columns:
            served[year - base - 1 :, row[key]] = False
            served[year - base - 1 :, row[key], columns] = True
    return rolls, served


def _with_new(rolls: Rolls, due: pd.DataFrame) -> Rolls:
    """Return rolls with a row of nobody for each school that opens and is not in them."""
    new = due[(due["what"] == OPENS) & ~due["key"].isin(rolls.keys)].drop_duplicates("key")
    if new.empty:
        return rolls
    shape = (len(new), *rolls.pupils.shape[1:])
    return replace(
        rolls,
        keys=np.concatenate([rolls.keys, new["key"].to_numpy()]),
        codes=(*rolls.codes, *new["code"].astype(str).tolist()),
        pupils=np.concatenate([rolls.pupils, np.zeros(shape)]),
        taught=np.concatenate([rolls.taught, np.zeros(shape, dtype=bool)]),
        most=np.concatenate([np.broadcast_to(rolls.most, rolls.pupils.shape), np.full(shape, np.inf)]),
    )
