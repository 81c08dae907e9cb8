"""Worlds founded on what an office knew at an earlier September: the same forecast, lived by pupils.

Schools come from the rolls known then; everything else is filled by the import's rules, for nobody kept it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import yaml

from simsim.base.arrays import Floats
from simsim.base.codes import NO_SCHOOL
from simsim.district import District
from simsim.districts.files import DistrictData, load_district
from simsim.districts.importing import import_book
from simsim.districts.rolls import Rolls
from simsim.record.record import record
from simsim.studies.calibration import calibrate

NAME, SCENARIO = "own-past", "baseline"


def lived(rolls: Rolls, data: DistrictData, base: int, years: int, worlds: int) -> Floats:
    """Return pupils 1 to `years` years after `base` in each world (worlds, years, schools, grades), founded on what was
    known in September of `base`.
    """
    known = rolls.known_at(base)
    with TemporaryDirectory() as folder:
        then = _until(base + years, _founded(known, data, Path(folder)))
        keys = {code: key for key, code in called(then).items()}
        rows = np.array([keys.get(code, NO_SCHOOL) for code in rolls.codes])
        return np.array([_one(then, seed, base + years, rows) for seed in range(1, worlds + 1)])


def called(data: DistrictData) -> dict[int, str]:
    """Return what rolls call each school, by key: its code, or its name where the office has no codes."""
    codes = data.codes()
    return codes or dict(zip(data.schools["key"].tolist(), data.schools["name_en"].astype(str).tolist(), strict=True))


def _founded(known: Rolls, data: DistrictData, folder: Path) -> DistrictData:
    """Return a district imported from rolls alone, and calibrated on them."""
    at = np.argwhere(known.taught)
    book = pd.DataFrame(
        {
            "code": [known.codes[school] for school, _, _ in at.tolist()],
            "year": [known.years[year] for _, year, _ in at.tolist()],
            "grade": [known.grades[grade] for _, _, grade in at.tolist()],
            "pupils": [_written(value) for value in known.pupils[known.taught].tolist()],
        }
    )
    book.to_csv(folder / "rolls-known.csv", index=False)
    system = None
    if (block := data.spec.get("system")) is not None:
        system = folder / "system.yaml" if not isinstance(block, str) else block
        if isinstance(system, Path):
            system.write_text(yaml.safe_dump(block, allow_unicode=True), encoding="utf-8")
    made = import_book(folder / "rolls-known.csv", NAME, folder / NAME, system=system)
    calibrate(made.folder)
    return load_district(made.folder)


def _until(year: int, data: DistrictData) -> DistrictData:
    """Return the same district with an account that ends in `year`: what is expected later changes nothing before."""
    own = data.calibrated
    if own is None:
        return data
    pupils, schools = ({y: row for y, row in by.items() if y <= year} for by in (own.pupils, own.schools))
    return replace(data, calibrated=replace(own, pupils=pupils, schools=schools))


def _written(pupils: float) -> str:
    """Return a number as an office writes it: `*` where nobody knows it, though the grade is taught."""
    return "*" if np.isnan(pupils) else str(int(pupils))


def _one(data: DistrictData, seed: int, to: int, rows: np.ndarray) -> Floats:
    """Return the pupils of one world by year, school and grade (years, schools, grades) for schools by key (n)."""
    district = District(SCENARIO, seed=seed, data=data)
    found: list[Floats] = []
    district.watchers.append(_counting(rows, found))
    district.stopped = frozenset([record])  # nobody reads its tables, and no rule does
    district.run(to=to)
    return np.array(found[1:])


def _counting(rows: np.ndarray, found: list[Floats]) -> Callable[[District], None]:
    """Return a watcher that notes pupils by school and grade after each year's roll."""

    def count(district: District) -> None:
        students, system = district.students, district.system
        most = int(max(rows.max(), students.school.max())) + 1
        cell = students.school.astype(np.int64) * (system.n_grades + 1) + students.grade
        counts = np.bincount(cell[students.school != NO_SCHOOL], minlength=most * (system.n_grades + 1))
        table = counts.reshape(most, -1)[:, system.entry_grade :].astype(float)
        mine = np.where((rows != NO_SCHOOL)[:, None], table[np.maximum(rows, 0)], 0.0)
        found.append(mine)

    return count
