"""What a district's own past says of the years to come: `calibrated.yaml`, written by `simsim district calibrate`.

It holds the entry level and ratios that were found, the pupils by year and grade that they lead to, and how wide the
ranges are; what leaves and arrives in a world follows from it (rules/own_account.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from simsim.base.arrays import Floats, Ints
from simsim.districts.own_forecast import ahead
from simsim.districts.rolls import FILE as ROLLS
from simsim.districts.rolls import MOST_PUPILS, Rolls, read_rolls
from simsim.districts.system import SchoolSystem
from simsim.inputs.documents import Draft
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.numbers import real, whole
from simsim.inputs.whole_files import write_text
from simsim.inputs.yamlfile import read_yaml, yaml_text

FILE = "calibrated.yaml"
SCHEMA = "simsim-calibrated/1"
LARGEST_DRIFT = 1.0
"""A year on the log scale: more is no drift but a mistake."""
AGAIN = "run `simsim district calibrate` on the folder again"


@dataclass(frozen=True)
class Calibrated:
    """Pupils by grade (grades) in the years to come, in schools (schools, grades) as the rolls share them out, and in
    the first September; `keys` are of those schools, `world_drift` is the SD of the drift of a world, a year on the log
    scale.
    """

    keys: Ints
    first: Floats
    pupils: dict[int, Floats]
    schools: dict[int, Floats]
    world_drift: float

    def until(self, year: int) -> Calibrated:
        """Return the same with an account that ends in `year`: what is expected later changes nothing before."""
        pupils, schools = ({y: row for y, row in by.items() if y <= year} for by in (self.pupils, self.schools))
        return replace(self, pupils=pupils, schools=schools)

    def numbers(self) -> list[object]:
        """Return everything that a run reads of it, for a fingerprint."""
        by_year = {year: self.schools[year].tolist() for year in sorted(self.schools)}
        return [self.keys.tolist(), self.first.tolist(), by_year, self.world_drift]


def digest(folder: Path) -> str:
    """Return the sha256 of a folder's rolls."""
    return hashlib.sha256((folder / ROLLS).read_bytes()).hexdigest()


def write_calibrated(folder: Path, document: Draft) -> Path:
    """Write calibrated.yaml into a district's folder; return the file."""
    head = "# Written by `simsim district calibrate`; every number comes from rolls.csv by parameters/forecast.yaml.\n"
    head += (
        "# Runs read `pupils` and `world_drift`; all else says where they come from, and a change there does nothing.\n"
    )
    text = yaml_text({"schema": SCHEMA, **document}, flow=None)
    write_text(head + text, folder / FILE)
    return folder / FILE


def read_calibrated(folder: Path, system: SchoolSystem, first_year: int) -> Calibrated | None:
    """Return what a folder's calibrated.yaml says; None where there is none. InputError where it does not fit."""
    if not (folder / FILE).exists():
        return None
    document = read_yaml(folder / FILE)
    grades = len(system.taught)
    first = _numbers(document.get("first"), grades)
    pupils = document.get("pupils")
    by_year = {
        year: row
        for key, value in (pupils.items() if isinstance(pupils, Mapping) else ())
        if (year := whole(key)) is not None and (row := _numbers(value, grades)) is not None
    }
    drift = real(document.get("world_drift"))
    rolls = read_rolls(folder, system)
    problems = [
        Problem(FILE, key, value, remedy)
        for key, value, good, remedy in (
            ("schema", document.get("schema"), document.get("schema") == SCHEMA, f"must be {SCHEMA}; {AGAIN}"),
            ("base", document.get("base"), document.get("base") == first_year,
             f"is not the first year of district.yaml, {first_year}; {AGAIN}"),
            ("first", None, first is not None, f"must list pupils of {grades} grades; {AGAIN}"),
            ("pupils", None, bool(by_year) and isinstance(pupils, Mapping) and len(by_year) == len(pupils)
             and sorted(by_year) == list(range(first_year + 1, first_year + 1 + len(by_year))),
             f"must give pupils of {grades} grades for every year from {first_year + 1} on; {AGAIN}"),
            ("world_drift", document.get("world_drift"), drift is not None and 0 <= drift <= LARGEST_DRIFT,
             f"must be a number from 0 to {LARGEST_DRIFT:g}; {AGAIN}"),
        )
        if not good
    ]  # fmt: skip
    if rolls is None:
        problems.append(Problem(ROLLS, "", None, f"is missing, and {FILE} was made of it; put it back"))
    elif not problems and document.get("sha256") != digest(folder):
        problems.append(Problem(FILE, "sha256", None, f"{ROLLS} has changed since; {AGAIN}"))
    elif max((float(row.max()) for row in by_year.values()), default=0.0) > (most := MOST_PUPILS * len(rolls.keys)):
        problems.append(Problem(FILE, "pupils", None, f"must be at most {most:,} in a grade; {AGAIN}"))
    if problems or rolls is None or drift is None:
        raise InputError(problems)
    return shared_out(rolls, by_year, drift)


def shared_out(rolls: Rolls, pupils: dict[int, Floats], drift: float) -> Calibrated:
    """Return what is calibrated, the district's pupils (grades by year) shared out among the schools that are open in
    the last of the rolls.
    """
    open_now = rolls.counted[:, -1].any(axis=1)
    schools = ahead(rolls, len(pupils)).schools[:, open_now]
    whole = schools.sum(axis=1, keepdims=True)
    wanted = np.array([pupils[year] for year in sorted(pupils)])[:, None]
    schools = np.divide(schools * wanted, whole, out=np.zeros_like(schools), where=whole > 0)
    by_year = dict(zip(sorted(pupils), schools, strict=True))
    return Calibrated(rolls.keys[open_now], rolls.counted[open_now, -1], pupils, by_year, drift)


def _numbers(value: object, n: int) -> Floats | None:
    """Return a list of n numbers of 0 or more; None for anything else."""
    if not isinstance(value, list) or len(value) != n:
        return None
    found = [real(one) for one in value]
    good = all(one is not None and one >= 0 for one in found)
    return np.array(found, dtype=float) if good else None
