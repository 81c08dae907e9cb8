"""A district from three tables of a user, schools, neighbourhoods and births: checked, and written as a folder with a
district.yaml.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pandas as pd

from simsim.base.codes import STAGES
from simsim.districts import provenance
from simsim.districts.checks import absent_columns, table_problems
from simsim.districts.files import (
    SPEC,
    TABLES,
    collect,
    name_problems,
    new_folder,
    occupied,
    read_district_table,
    three,
)
from simsim.districts.own import first_year_problem
from simsim.districts.system import SchoolSystem, read_system, system_of
from simsim.inputs.defaults import last_year
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.numbers import whole
from simsim.inputs.paths import resource
from simsim.inputs.whole_files import csv_of, write_all

IMPORTED_BIRTH_YEARS = 10
BIRTHS_RULE = "births like the entry grade: as many every year as it has pupils"


def import_district(
    name: str, schools: str | Path, neighbourhoods: str | Path, births: str | Path | None = None,
    out: str | Path | None = None,
    first_year: int | None = None,
    system: str | Path | None = None,
) -> Path:  # fmt: skip
    """Check a user's own tables and write them as a district folder `out` (./NAME by default); return the folder.

    `system` is the name of a school system in parameters/systems/, or a YAML file with one; by default it is China's.
    Without `births` every year has as many as the pupils of the entry grade (an estimate). InputError lists every
    problem, and nothing is written then, nor over a folder that already holds something.
    """
    problems, year = name_problems(name, "name") + _first_year_problems(first_year), whole(first_year) or 0
    folder = new_folder(name if not problems else ".", out)
    problems += [] if problems else occupied(folder, out or name)
    tables: dict[str, pd.DataFrame] = {}
    block = read_system(system)
    grades = system_of(block)
    for file, path in zip(TABLES, (schools, neighbourhoods, births), strict=True):
        if path is not None:
            read, found = collect(partial(read_district_table, Path(path), file, grades, Path(path).name), None)
            problems += found
            if read is not None:
                tables[file] = read
    filled: dict[str, str] = {}
    if births is None and "schools.csv" in tables:
        tables["births.csv"] = _births_like_entrants(tables["schools.csv"], year, grades)
        filled["births.csv"] = BIRTHS_RULE
    if tables.keys() == set(TABLES):
        problems += table_problems(*three(tables), year, grades)
    if problems:
        raise InputError(problems)
    absent = absent_columns(grades)  # columns that the school system does not have
    kept = {file: table.drop(columns=list(absent.get(file, ()))) for file, table in tables.items()}
    texts = {file: csv_of(table) for file, table in kept.items()}
    texts[provenance.FILE] = csv_of(provenance.of_import(kept, filled))
    texts[SPEC] = imported_spec(name, tables["schools.csv"], year, grades, block)
    write_all({folder / file: text for file, text in texts.items()})
    return folder


def _first_year_problems(first_year: int | None) -> list[Problem]:
    remedy = first_year_problem(first_year)
    why = "is missing: the September that the tables describe; " if first_year is None else ""
    return [Problem("import", "first_year", first_year, f"{why}{remedy}")] if remedy else []


def _births_like_entrants(schools: pd.DataFrame, first_year: int, system: SchoolSystem) -> pd.DataFrame:
    """Return births that keep the entering cohort as large as the entry grade is now."""
    years = range(min(first_year - IMPORTED_BIRTH_YEARS, first_year - system.entry_age - 1), first_year + 1)
    grade, column = system.names[system.entry_grade], system.columns[system.entry_grade]
    source = f"as many as pupils of grade {grade} in schools.csv"
    return pd.DataFrame(
        {"year": list(years), "births": int(schools[column].sum()), "kind": "estimate", "source": source}
    )


def imported_spec(
    name: str, schools: pd.DataFrame, first_year: int, system: SchoolSystem, block: object, more: str = ""
) -> str:
    """Return a district.yaml for imported tables: ratios from the tables, no in-migration
    and no new flats until somebody enters them; `more` are lines of its own.
    """
    ratios = []
    for stage in system.stages:
        teachers = schools.loc[:, schools.columns.str.startswith(f"t_{STAGES[stage]}_")].to_numpy().sum()
        ratio = schools[system.columns_of(stage)].to_numpy().sum() / max(int(teachers), 1)
        known = f"value: {round(max(ratio, 1.0), 2)}, unit: pupils per teacher, kind: derived, source: schools.csv"
        ratios.append(f"  {STAGES[stage]}: {{{known}}}")
    template = (resource("parameters") / "templates" / "imported-district.yaml").read_text(encoding="utf-8")
    return template.format(
        name=name, first_year=first_year, ratios="\n".join(ratios), system=_system_lines(block) + more,
        last_year=last_year({"first_year": first_year}),
        arrivals=[0] * len(system.taught),
        grades=f"{system.names[system.entry_grade]} to {system.names[system.n_grades]}",
    )  # fmt: skip


def _system_lines(block: object) -> str:
    """Return the lines of a district.yaml that say which school system it has; none for the default."""
    return "" if block is None else f"system: {json.dumps(block, ensure_ascii=False)}\n"
