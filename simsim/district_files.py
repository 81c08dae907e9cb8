"""A district's files: district.yaml, schools.csv, neighbourhoods.csv and births.csv, read once and checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from simsim.codes import N_GRADES, STAGES, SUBJECT_GROUPS, TITLES
from simsim.errors import InputError, Problem, suggest
from simsim.paths import resource
from simsim.yamlfile import read_yaml

FACILITY_COLUMNS = ("teaching_area_m2", "sports_area_m2", "equipment_yuan", "computers", "books", "multimedia_rooms")
GRADE_COLUMNS = tuple(f"pupils_g{grade}" for grade in range(1, N_GRADES + 1))
STAFF_COLUMNS = tuple(
    column
    for stage in STAGES
    for column in (
        *(f"t_{stage}_{group}" for group in SUBJECT_GROUPS),
        f"overqualified_{stage}",
        *(f"title_{title}_{stage}" for title in TITLES),
        f"backbone_{stage}",
        f"star_{stage}",
    )
)
SCHOOL_TEXT = ("name_zh", "name_en", "kind", "ownership", "status")
SCHOOL_COLUMNS = (
    "key", "name_zh", "name_en", "kind", "ownership", "urban", "neighbourhood", "x_km", "y_km", "building_year", "status",
    "rooms_primary", "rooms_junior", *GRADE_COLUMNS, "senior_pupils", *STAFF_COLUMNS, *FACILITY_COLUMNS,
)  # fmt: skip
NEIGHBOURHOOD_TEXT = ("name_zh", "name_en", "parent", "managed_by")
NEIGHBOURHOOD_COLUMNS = (
    "key", "name_zh", "name_en", "parent", "managed_by", "included", "urban", "x_km", "y_km", "radius_km", "births_share",
    "inflow_share", "housing_share", "ses_mean", "migrant_share", "catchment_primary", "catchment_junior",
)  # fmt: skip
SCHEMA = "simsim-district/1"


@dataclass(frozen=True)
class DistrictData:
    """One district as its files describe it; everything was checked when it was read."""

    name: str
    spec: dict[str, Any]
    schools: pd.DataFrame
    neighbourhoods: pd.DataFrame
    births: pd.DataFrame

    def fitted(self) -> dict[str, float]:
        """Return the fitted parameters by name."""
        return {name: float(entry["value"]) for name, entry in self.spec.get("fitted", {}).items()}


def district_folder(name_or_path: str | Path) -> Path:
    """Return the folder of a district that ships with simsim, or of the user's own; InputError when there is none."""
    shipped = resource("parameters") / "districts"
    names = sorted(path.parent.name for path in shipped.glob("*/district.yaml"))
    if str(name_or_path) in names:
        return shipped / str(name_or_path)
    path = Path(name_or_path)
    folder = path.parent if path.name == "district.yaml" else path
    if folder.is_dir() and (folder / "district.yaml").exists():
        return folder
    remedy = f"is no district: give a folder with a district.yaml, or one of {', '.join(names)}{suggest(str(name_or_path), names)}"
    raise InputError(Problem(str(name_or_path), "", None, remedy))


def read_spec(path: str | Path) -> dict[str, Any]:
    """Return a district.yaml; InputError when it is not one."""
    spec = read_yaml(path)
    if spec.get("schema") != SCHEMA:
        raise InputError(Problem(Path(path).name, "schema", spec.get("schema"), f"must be {SCHEMA}"))
    return spec


def load_district(name_or_path: str | Path) -> DistrictData:
    """Read a district by its name or folder; InputError lists every problem of its files at once."""
    folder = district_folder(name_or_path)
    spec = read_spec(folder / "district.yaml")
    tables = {name: pd.read_csv(folder / f"{name}.csv") for name in ("schools", "neighbourhoods", "births")}
    return DistrictData(str(spec.get("name", folder.name)), spec, tables["schools"], tables["neighbourhoods"], tables["births"])
