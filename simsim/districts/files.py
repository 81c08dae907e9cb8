"""A district's files: district.yaml, schools.csv, neighbourhoods.csv
and births.csv; read, checked, imported, updated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeVar

import pandas as pd

from simsim.base.codes import N_GRADES
from simsim.districts.checks import (
    BIRTH_COLUMNS,
    BIRTH_OPTIONAL,
    LIVED,
    NEIGHBOURHOOD_COLUMNS,
    SCHOOL_COLUMNS,
    spec_problems,
    table_problems,
)
from simsim.districts.defaults import TEMPLATE, TEMPLATES, completed
from simsim.inputs.csvfile import read_table
from simsim.inputs.documents import Document, Draft
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.form import FIRST_YEAR
from simsim.inputs.numbers import whole
from simsim.inputs.paths import resource
from simsim.inputs.run_limits import LAST_YEAR
from simsim.inputs.yamlfile import read_yaml

SCHEMA = "simsim-district/1"
SPEC = "district.yaml"
TABLES = {"schools.csv": SCHOOL_COLUMNS, "neighbourhoods.csv": NEIGHBOURHOOD_COLUMNS, "births.csv": BIRTH_COLUMNS}
SAFE_NAME = re.compile(r"\w[\w-]{0,63}")
IMPORTED_BIRTH_YEARS = 10
Found = TypeVar("Found")
Otherwise = TypeVar("Otherwise")


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

    def fitted(self) -> dict[str, float]:
        """Return the fitted parameters by name."""
        return {name: float(entry["value"]) for name, entry in self.spec["fitted"].items()}


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
    """Write a short district.yaml to start from into a new folder `out` (./NAME by default); return the file."""
    problems = name_problems(name, "name")
    folder = Path(out) if out is not None else Path(name if not problems else ".")
    if not problems and (folder / SPEC).exists():
        problems.append(Problem(str(folder / SPEC), "", None, "exists already; choose another folder"))
    if problems:
        raise InputError(problems)
    text = (resource("parameters") / TEMPLATES / TEMPLATE).read_text(encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SPEC).write_text(text.replace("name: example\n", f"name: {name}\n"), encoding="utf-8", newline="\n")
    return folder / SPEC


def name_problems(name: object, file: str) -> list[Problem]:
    """Return a problem unless a name is fit to be a folder's: letters, digits, _ and - only."""
    if isinstance(name, str) and SAFE_NAME.fullmatch(name):
        return []
    return [Problem(file, "name", name, "must be 1 to 64 letters, digits, _ or -, with no dots and no slashes")]


def load_district(name_or_path: str | Path) -> DistrictData:
    """Read a district by its name or folder; InputError lists every problem of its files at once.

    A district whose files have not changed is read once per process.
    """
    if not isinstance(name_or_path, str | Path):
        remedy = "is no district: give its name, such as 'erdao', or the folder of its files"
        raise InputError(Problem("district", "name", name_or_path, remedy))
    folder = district_folder(name_or_path)
    stamps = tuple((folder / name).stat().st_mtime_ns if (folder / name).exists() else 0 for name in (SPEC, *TABLES))
    return _loaded(folder.resolve(), stamps)


def check_district(path: str | Path) -> list[Problem]:
    """Return everything that is wrong with a district's files; an empty list when it can be simulated."""
    try:
        load_district(path)
    except InputError as error:
        return error.problems
    return []


@lru_cache(maxsize=8)
def _loaded(folder: Path, stamps: tuple[int, ...]) -> DistrictData:
    """Read one state (`stamps`) of a folder's files."""
    spec, problems = _collect(lambda: read_spec(folder / SPEC), {})
    if not problems:
        problems = spec_problems(spec, SPEC, LIVED)
    tables: dict[str, pd.DataFrame] = {}
    for name in TABLES:
        table, found = _collect(partial(_table, folder / name, name), None)
        problems += found
        if table is not None:
            tables[name] = table
    if tables.keys() == TABLES.keys() and isinstance(spec.get("first_year"), int):
        problems += table_problems(*_three(tables), spec["first_year"])
    if problems:
        raise InputError(problems)
    return DistrictData(spec["name"], spec, *_three(tables))


def _three(tables: Mapping[str, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return schools, neighbourhoods and births."""
    return tables["schools.csv"], tables["neighbourhoods.csv"], tables["births.csv"]


def _collect(read: Callable[[], Found], otherwise: Otherwise) -> tuple[Found | Otherwise, list[Problem]]:
    """Return what a reader gives and no problems, or `otherwise` and its problems."""
    try:
        return read(), []
    except InputError as error:
        return otherwise, error.problems


def _table(path: Path, name: str, shown: str | None = None) -> pd.DataFrame:
    return read_table(path, TABLES[name], optional=BIRTH_OPTIONAL if name == "births.csv" else (), shown=shown or name)


def update_fitted(path: str | Path, values: Mapping[str, Document]) -> None:
    """Rewrite only the `fitted` block of a district.yaml; every other character of the file stays.

    `values` maps a fitted name to its entries (value, target, residual, command); entries not given keep what they had.
    InputError for a name that is not fitted there.
    """
    path = district_folder(path) / SPEC
    text, spec = path.read_text(encoding="utf-8"), read_spec(path)
    unknown = [
        Problem(SPEC, f"fitted.{name}", None, f"is not fitted{suggest(name, spec['fitted'])}")
        for name in values
        if name not in spec["fitted"]
    ]
    if unknown:
        raise InputError(unknown)
    lines = []
    for name, old in spec["fitted"].items():
        entries = {**old, **values.get(name, {})}
        lines.append(f"  {name}: {{{', '.join(f'{key}: {_plain(value)}' for key, value in entries.items())}}}\n")
    block = re.compile(r"^fitted:[^\n]*\n(?:[ \t]+[^\n]*\n|\n(?=[ \t]))*", re.MULTILINE)
    written, found = block.subn(lambda _: "fitted:\n" + "".join(lines), text, count=1)
    written = written if found else f"{text.rstrip()}\n\nfitted:\n{''.join(lines)}"
    path.write_text(written, encoding="utf-8", newline="\n")


def _plain(value: str | float | None) -> str:
    """Write one YAML scalar; text is quoted when it has to be."""
    if value is None:
        return "null"
    if isinstance(value, (bool, str)):
        text = str(value)
        return (
            text
            if re.fullmatch(r"[A-Za-z][\w .()/+-]*", text) and isinstance(value, str)
            else '"' + text.replace('"', "'") + '"'
        )
    return repr(int(value)) if float(value).is_integer() and not isinstance(value, float) else repr(float(value))


def import_district(
    name: str, schools: str | Path, neighbourhoods: str | Path, births: str | Path | None = None,
    out: str | Path | None = None,
    first_year: int = 2014,
) -> Path:  # fmt: skip
    """Check a user's own tables and write them as a district folder `out` (./NAME by default); return the folder.

    Without `births` every year has as many as the pupils of grade 1 (an estimate). InputError lists every problem, and
    nothing is written then, nor over a folder that already holds something.
    """
    problems = name_problems(name, "name")
    year = whole(first_year) or 0
    if not FIRST_YEAR <= year <= LAST_YEAR:
        problems.append(Problem("import", "first_year", first_year, f"must be a year from {FIRST_YEAR} to {LAST_YEAR}"))
    folder = Path(out) if out is not None else Path(name if not problems else ".")
    if not problems and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        problems.append(Problem(str(out or name), "", None, "exists already; choose a new folder"))
    tables: dict[str, pd.DataFrame] = {}
    for file, path in zip(TABLES, (schools, neighbourhoods, births), strict=True):
        if path is not None:
            read, found = _collect(partial(_table, Path(path), file, Path(path).name), None)
            problems += found
            if read is not None:
                tables[file] = read
    if births is None and "schools.csv" in tables:
        tables["births.csv"] = _births_like_grade_one(tables["schools.csv"], year)
    if tables.keys() == TABLES.keys():
        problems += table_problems(*_three(tables), year)
    if problems:
        raise InputError(problems)
    folder.mkdir(parents=True, exist_ok=True)
    for file, table in tables.items():
        table.to_csv(folder / file, index=False, lineterminator="\n")
    (folder / SPEC).write_text(_imported_spec(name, tables["schools.csv"], year), encoding="utf-8", newline="\n")
    return folder


def _births_like_grade_one(schools: pd.DataFrame, first_year: int) -> pd.DataFrame:
    """Return births that keep the entering cohort as large as grade 1 is now."""
    years = range(first_year - IMPORTED_BIRTH_YEARS, first_year + 1)
    source = "as many as pupils of grade 1 in schools.csv"
    return pd.DataFrame(
        {"year": list(years), "births": int(schools["pupils_g1"].sum()), "kind": "estimate", "source": source}
    )


def _imported_spec(name: str, schools: pd.DataFrame, first_year: int) -> str:
    """Return a district.yaml for imported tables: ratios from the tables, no in-migration
    and no new flats until somebody enters them.
    """
    ratio = {}
    for stage, grades in (("primary", range(1, 7)), ("junior", range(7, N_GRADES + 1))):
        teachers = schools.loc[:, schools.columns.str.startswith(f"t_{stage}_")].to_numpy().sum()
        ratio[stage] = schools[[f"pupils_g{grade}" for grade in grades]].to_numpy().sum() / max(int(teachers), 1)
    template = (resource("parameters") / "templates" / "imported-district.yaml").read_text(encoding="utf-8")
    return template.format(
        name=name, first_year=first_year, **{f"ratio_{stage}": round(max(r, 1.0), 2) for stage, r in ratio.items()}
    )
