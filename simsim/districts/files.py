"""A district's files: district.yaml, schools.csv, neighbourhoods.csv and births.csv; begun, found, read, checked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

import pandas as pd

from simsim.districts import calibrated, provenance, ridge
from simsim.districts.calibrated import Calibrated, read_calibrated
from simsim.districts.checks import (
    BIRTH_COLUMNS,
    BIRTH_OPTIONAL,
    CODE,
    NEIGHBOURHOOD_COLUMNS,
    absent_columns,
    lived,
    school_columns,
    spec_problems,
    table_problems,
)
from simsim.districts.defaults import TEMPLATE, TEMPLATES, completed
from simsim.districts.factual import Factual, factual_of
from simsim.districts.own import own_parameters
from simsim.districts.rolls import FILE as ROLLS_FILE
from simsim.districts.rolls import Rolls, read_rolls
from simsim.districts.system import SchoolSystem, system_of, system_problems
from simsim.inputs.csvfile import Column, read_table
from simsim.inputs.documents import Draft
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.paths import folder_name, path_of, resource
from simsim.inputs.whole_files import write_text
from simsim.inputs.yamlfile import read_yaml

SCHEMA = "simsim-district/1"
SPEC = "district.yaml"
TABLES = ("schools.csv", "neighbourhoods.csv", "births.csv")
SAFE_NAME = re.compile(r"\w[\w-]{0,63}")
Found = TypeVar("Found")
Otherwise = TypeVar("Otherwise")
NUMBERING = "0123456789 "
"""How the name of a neighbourhood ends that is one of several of its area."""


@dataclass(frozen=True)
class DistrictData:
    """One district as its files describe it, checked when it was
    read; shared by all who load it, so only read from it.
    """

    name: str
    spec: Draft
    schools: pd.DataFrame
    neighbourhoods: pd.DataFrame
    births: pd.DataFrame
    columns: pd.DataFrame | None = None
    calibrated: Calibrated | None = None
    rolls: Rolls | None = None
    as_of: int | None = None
    """The September from which nothing later is known, for a look ahead as of that year; None for all there is."""

    def own(self) -> DistrictData:
        """Return the same data for one district alone: what its user writes into them reaches no other."""
        tables = {name: getattr(self, name).copy(deep=False) for name in ("schools", "neighbourhoods", "births")}
        return replace(self, spec=deepcopy(self.spec), **tables)

    @property
    def provenance(self) -> pd.DataFrame:
        """Where every column comes from: table, column, status (imported, filled, synthetic), rule, rows."""
        if self.columns is not None:
            return self.columns if self.calibrated is None else provenance.calibrated_on_rolls(self.columns)
        tables = {name: getattr(self, name.removesuffix(".csv")) for name in TABLES}
        return provenance.assumed(self.spec, tables)

    def own_parameters(self) -> dict[str, float]:
        """Return the parameters that the district sets instead of simsim's defaults, by name."""
        return own_parameters(self.spec)

    @cached_property
    def system(self) -> SchoolSystem:
        """The stages, grades and school age of the district."""
        return system_of(self.spec.get("system"))

    @property
    def factual(self) -> Factual | None:
        """What is published of later years and holds in every world; None where nothing is, or was by `as_of`."""
        found = factual_of(self.spec)
        return found if found and (self.as_of is None or found.year <= self.as_of) else None

    @cached_property
    def digest(self) -> str:
        """A fingerprint of everything that the files say, and of the year as of which."""
        tables = [getattr(self, name.removesuffix(".csv")).to_csv(index=False) for name in TABLES]
        own = None if self.calibrated is None else self.calibrated.numbers()
        text = json.dumps([self.spec, self.as_of, own, *tables], ensure_ascii=False, default=str)
        return blake2b(text.encode(), digest_size=16).hexdigest()

    def area_words(self) -> dict[str, dict[str, str]]:
        """Return what the areas of neighbourhoods are called, by language: what the names of their neighbourhoods begin
        with (Dongsheng 1), or as the tables write them, where an import named zones after the schools in them.
        """
        columns = self.provenance
        named = (columns["table"] == "neighbourhoods") & (columns["column"] == "name_zh")
        by_school = columns.loc[named, "status"].eq(provenance.FILLED).any()
        return {
            str(row["parent"]): {
                lang: str(row["parent" if by_school else f"name_{lang}"]).rstrip("" if by_school else NUMBERING)
                for lang in ("zh", "en")
            }
            for _, row in self.neighbourhoods.drop_duplicates("parent").iterrows()
        }

    def codes(self) -> dict[int, str]:
        """Return the official codes of schools by key; none where schools.csv has no column for them."""
        if CODE not in self.schools:
            return {}
        return dict(zip(self.schools["key"].tolist(), self.schools[CODE].tolist(), strict=True))

    def fitted(self, drawn: Mapping[str, float] | None = None) -> dict[str, float]:
        """Return the fitted parameters by name; with the numbers `drawn` in a world, those that fit as well there."""
        return {name: ridge.value_of(name, entry, drawn) for name, entry in self.spec["fitted"].items()}


def shipped_districts() -> list[str]:
    """Return the names of the districts that come with simsim."""
    return sorted(path.parent.name for path in (resource("parameters") / "districts").glob(f"*/{SPEC}"))


def district_folder(name_or_path: str | Path) -> Path:
    """Return the folder of a district that ships with simsim, or of the user's own; InputError when there is none."""
    names = shipped_districts()
    if str(name_or_path) in names:
        return resource("parameters") / "districts" / str(name_or_path)
    path = Path(name_or_path)
    folder = path.parent if path.name == SPEC else path
    if "\0" not in str(path) and (folder / SPEC).is_file():
        return folder
    known = f"{', '.join(names)}{suggest(str(name_or_path), names)}"
    remedy = f"is no district: give a folder that holds a {SPEC}, or one of {known}"
    raise InputError(Problem(str(name_or_path), "", None, remedy))


def read_spec(path: str | Path) -> Draft:
    """Return a district.yaml whose schema and name are right, with the defaults that it names; InputError otherwise."""
    path, spec = Path(path), read_yaml(path)
    problems = []
    if spec.get("schema") != SCHEMA:
        problems.append(Problem(path.name, "schema", spec.get("schema"), f"must be {SCHEMA}"))
    problems += name_problems(spec.get("name"), path.name)
    if problems:
        raise InputError(problems)
    return completed(spec, path.name)


def write_template(name: str, out: str | Path | None = None) -> Path:
    """Write a short district.yaml to start from into a new folder `out` (./NAME by default); return the file.

    InputError for a name that is none, and where there is such a file.
    """
    problems = name_problems(name, "name")
    folder = new_folder(name if not problems else ".", out)
    if not problems and (folder / SPEC).exists():
        problems.append(Problem(str(folder / SPEC), "", None, "exists already; choose another folder"))
    if problems:
        raise InputError(problems)
    text = (resource("parameters") / TEMPLATES / TEMPLATE).read_text(encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    write_text(text.replace("name: example\n", f"name: {json.dumps(name)}\n"), folder / SPEC)
    return folder / SPEC


def new_folder(name: str, out: str | Path | None) -> Path:
    """Return the folder of a new district: `out`, or ./NAME; InputError for a path that cannot be one."""
    return folder_name(path_of(out, "district", "out")) if out is not None else Path(name)


def occupied(folder: Path, shown: object) -> list[Problem]:
    """Return a problem where a folder for a new district already holds something, or is no folder."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        return [Problem(str(shown), "", None, "exists already; choose a new folder")]
    return []


def name_problems(name: object, file: str) -> list[Problem]:
    """Return a problem unless a name is fit to be a folder's: letters, digits, _ and - only."""
    if isinstance(name, str) and SAFE_NAME.fullmatch(name):
        return []
    return [Problem(file, "name", name, "must be 1 to 64 letters, digits, _ or -, with no dots and no slashes")]


def load_district(name_or_path: str | Path, with_calibration: bool = True) -> DistrictData:
    """Read a district by its name or folder; InputError lists every problem of its files at once.

    A district whose files have not changed is read once per process. Without calibration it is read as if it had no
    calibrated.yaml, for those who write that file.
    """
    if not isinstance(name_or_path, str | Path):
        remedy = "is no district: give its name, as `simsim list districts` shows it, or the folder of its files"
        raise InputError(Problem("district", "name", name_or_path, remedy))
    folder = district_folder(name_or_path)
    stamps = tuple(
        (folder / name).stat().st_mtime_ns if (folder / name).exists() else 0
        for name in (SPEC, *TABLES, provenance.FILE, calibrated.FILE, ROLLS_FILE)
    )
    return _loaded(folder.resolve(), stamps, with_calibration)


def check_district(path: str | Path) -> list[Problem]:
    """Return everything that is wrong with a district's files; an empty list when it can be simulated."""
    try:
        load_district(path)
    except InputError as error:
        return error.problems
    return []


@lru_cache(maxsize=8)
def _loaded(folder: Path, stamps: tuple[int, ...], with_calibration: bool) -> DistrictData:
    """Read one state (`stamps`) of a folder's files."""
    spec, problems = collect(lambda: read_spec(folder / SPEC), {})
    if system_problems(spec.get("system")):
        raise InputError(spec_problems(spec, SPEC, {}))
    system = system_of(spec.get("system"))
    if not problems:
        problems = spec_problems(spec, SPEC, lived(system))
    if not any((folder / name).exists() for name in TABLES):
        remedy = f"are missing; `simsim district synthesise {folder}` makes them from {SPEC}, or import your own"
        raise InputError([*problems, Problem(", ".join(TABLES), "", None, remedy)])
    tables: dict[str, pd.DataFrame] = {}
    for name in TABLES:
        table, found = collect(partial(read_district_table, folder / name, name, system), None)
        problems += found
        if table is not None:
            tables[name] = table
    if tables.keys() == set(TABLES) and isinstance(spec.get("first_year"), int):
        problems += table_problems(*three(tables), spec["first_year"], system)
    columns, found = collect(partial(_provenance, folder, tables), None)
    problems += found
    if problems:
        raise InputError(problems)
    own = read_calibrated(folder, system, spec["first_year"]) if with_calibration else None
    return DistrictData(spec["name"], spec, *three(tables), columns, own, read_rolls(folder, system))


def _provenance(folder: Path, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame | None:
    """Return the file that tells where columns come from; None where a district has none."""
    if not (folder / provenance.FILE).exists():
        return None
    columns = read_table(folder / provenance.FILE, provenance.COLUMNS)
    if problems := list(provenance.problems(columns, tables)):
        raise InputError(problems)
    return columns


def three(tables: Mapping[str, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return schools, neighbourhoods and births."""
    return tables["schools.csv"], tables["neighbourhoods.csv"], tables["births.csv"]


def collect(read: Callable[[], Found], otherwise: Otherwise) -> tuple[Found | Otherwise, list[Problem]]:
    """Return what a reader gives and no problems, or `otherwise` and its problems."""
    try:
        return read(), []
    except InputError as error:
        return otherwise, error.problems


def read_district_table(path: Path, name: str, system: SchoolSystem, shown: str | None = None) -> pd.DataFrame:
    """Read one of TABLES; columns of stages that the district does not teach are 0 where they are left out."""
    columns: dict[str, Mapping[str, Column]] = {
        "schools.csv": school_columns(system),
        "neighbourhoods.csv": NEIGHBOURHOOD_COLUMNS,
        "births.csv": BIRTH_COLUMNS,
    }
    absent = absent_columns(system).get(name, ())
    may_lack = {"schools.csv": (CODE, *absent), "neighbourhoods.csv": absent, "births.csv": BIRTH_OPTIONAL}
    table = read_table(path, columns[name], optional=may_lack[name], shown=shown or name)
    return table.assign(**{column: 0 for column in absent if column not in table})
