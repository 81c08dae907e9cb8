"""Worlds founded on what an office knew at an earlier September: the same forecast, lived by pupils.

Schools come from the rolls known then; everything else is filled by the import's rules, for nobody kept it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from simsim.base.arrays import Floats
from simsim.base.codes import NO_SCHOOL
from simsim.district import District
from simsim.districts.files import DistrictData, load_district
from simsim.districts.importing import import_book
from simsim.districts.rolls import Rolls
from simsim.inputs.documents import Document
from simsim.inputs.yamlfile import yaml_text
from simsim.record.record import record
from simsim.scenarios.scenario import Scenario
from simsim.studies.calibration import calibrate
from simsim.studies.opening_settings import Claimed, Opening, begun, settings_of

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


class Reopened:
    """Districts founded on earlier Septembers, in each of which one school opens as it did: its grades and place are
    known, how many came is not. Districts are kept to the end of the `with`, for several schools open in one September.
    """

    def __init__(
        self, rolls: Rolls, data: DistrictData, worlds: int, places: Mapping[str, tuple[float, float]] | None = None
    ) -> None:
        self.rolls, self.data, self.worlds, self.places = rolls, data, worlds, places or {}
        self.folder = TemporaryDirectory()
        self.founded: dict[int, DistrictData] = {}

    def __enter__(self) -> Reopened:
        return self

    def __exit__(self, *_: object) -> None:
        self.folder.cleanup()

    def lived(self, row: int, base: int, years: int, grades: Sequence[str]) -> Floats:
        """Return the mean over worlds of pupils 1 to `years` years after `base`, in the September after which the
        school `row` of the rolls opened with some grades (years, schools, grades).
        """
        data = self._then(base)
        keys = {code: key for key, code in called(data).items()}
        new, code = max(keys.values()) + 1, self.rolls.codes[row]
        rows = np.array([new if c == code else keys.get(c, NO_SCHOOL) for c in self.rolls.codes])
        opening = Opening(new, code, base + 1, begun(data, grades), place=self.places.get(code))
        project = {"policy": "new_schools", "from": f"{base + 1}-09-01"}
        scenario = {
            "schema": "simsim-scenario/1", "title": {"zh": code, "en": code}, "description": {"zh": code, "en": code},
            "extends": SCENARIO, "district": str(Path(self.folder.name) / str(base) / NAME),
            "policies": {"opened": project | {"settings": settings_of(data, opening, Claimed())}},
        }  # fmt: skip
        worlds = [_one(data, seed, base + years, rows, scenario) for seed in range(1, self.worlds + 1)]
        return np.asarray(np.mean(worlds, axis=0))

    def _then(self, base: int) -> DistrictData:
        if base not in self.founded:
            folder = Path(self.folder.name) / str(base)
            folder.mkdir()
            self.founded[base] = _founded(self.rolls.known_at(base), self.data, folder, self.places)
        return self.founded[base]


def called(data: DistrictData) -> dict[int, str]:
    """Return what rolls call each school, by key: its code, or its name where the office has no codes."""
    codes = data.codes()
    return codes or dict(zip(data.schools["key"].tolist(), data.schools["name_en"].astype(str).tolist(), strict=True))


def _founded(
    known: Rolls, data: DistrictData, folder: Path, places: Mapping[str, tuple[float, float]] | None = None
) -> DistrictData:
    """Return a district imported from rolls alone, and the places (km) of its schools where given, and calibrated."""
    at = np.argwhere(known.taught)
    book = pd.DataFrame(
        {
            "code": [known.codes[school] for school, _, _ in at.tolist()],
            "year": [known.years[year] for _, year, _ in at.tolist()],
            "grade": [known.grades[grade] for _, _, grade in at.tolist()],
            "pupils": [_written(value) for value in known.pupils[known.taught].tolist()],
        }
    )
    if places:
        book["x_km"], book["y_km"] = ([places.get(code, ("", ""))[axis] for code in book["code"]] for axis in (0, 1))
    book.to_csv(folder / "rolls-known.csv", index=False)
    system = None
    if (block := data.spec.get("system")) is not None:
        system = folder / "system.yaml" if not isinstance(block, str) else block
        if isinstance(system, Path):
            system.write_text(yaml_text(block), encoding="utf-8")
    made = import_book(folder / "rolls-known.csv", NAME, folder / NAME, system=system)
    calibrate(made.folder)
    return load_district(made.folder)


def _until(year: int, data: DistrictData) -> DistrictData:
    """Return the same district with an account that ends in `year`."""
    return data if data.calibrated is None else replace(data, calibrated=data.calibrated.until(year))


def _written(pupils: float) -> str:
    """Return a number as an office writes it: `*` where nobody knows it, though the grade is taught."""
    return "*" if np.isnan(pupils) else str(int(pupils))


def _one(
    data: DistrictData, seed: int, to: int, rows: np.ndarray, scenario: str | Document | Scenario = SCENARIO
) -> Floats:
    """Return the pupils of one world by year, school and grade (years, schools, grades) for schools by key (n)."""
    district = District(scenario, seed=seed, data=data)
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
