"""Where every column of a district's tables comes from: imported, filled by a named rule, or synthetic
(columns.provenance.csv).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

import pandas as pd

from simsim.inputs.csvfile import FIRST_DATA_LINE, Column, Number, Words, records
from simsim.inputs.documents import Document
from simsim.inputs.errors import Problem, suggest
from simsim.inputs.indicators import rests_on

FILE = "columns.provenance.csv"
IMPORTED, FILLED, SYNTHETIC = "imported", "filled", "synthetic"
STATUSES = (IMPORTED, FILLED, SYNTHETIC)
OF_THE_FILE = "district"
"""The `table` of what stands in district.yaml."""
RULES = ("migration.arrivals_by_grade", "housing.flats_by_year")
"""What stands in district.yaml and is a column's kin: the district's own numbers, filled until somebody enters them."""
COLUMNS: dict[str, Column] = {
    "table": Words(("schools", "neighbourhoods", "births", OF_THE_FILE)),
    "column": Words(),
    "status": Words(STATUSES),
    "rule": Words(),
    "rows": Number(0, 1e9, whole=True),
}
NO_RULE = "none"
CALIBRATED = "from the district's own rolls (calibrated.yaml)"
FROM_ROLLS: dict[str, tuple[str, ...]] = {
    "births": (), OF_THE_FILE: RULES, "neighbourhoods": ("births_share", "inflow_share", "housing_share"),
}  # fmt: skip
"""What a calibrated district takes from its rolls instead, by table; all columns where none is named."""
SYNTHESIS = "simsim district synthesise"


def of_tables(tables: Mapping[str, pd.DataFrame], status: str, rule: str) -> pd.DataFrame:
    """Return one status and rule for every column of tables (by file name)."""
    rows = [
        (file.removesuffix(".csv"), str(column), status, rule, len(table))
        for file, table in tables.items()
        for column in table.columns
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def of_import(tables: Mapping[str, pd.DataFrame], filled: Mapping[str, str]) -> pd.DataFrame:
    """Return the provenance of an imported district: every column of the tables is imported but those of the tables in
    `filled` (by file name: the rule); what the tables do not say of migration and housing is filled.
    """
    given = {file: table for file, table in tables.items() if file not in filled}
    parts = [of_tables(given, IMPORTED, NO_RULE)]
    parts += [of_tables({file: tables[file]}, FILLED, rule) for file, rule in filled.items()]
    rule = "none assumed until somebody enters it"
    parts.append(pd.DataFrame([(OF_THE_FILE, name, FILLED, rule, 1) for name in RULES], columns=list(COLUMNS)))
    return pd.concat(parts, ignore_index=True)


def calibrated_on_rolls(columns: pd.DataFrame) -> pd.DataFrame:
    """Return provenance where a district is calibrated: who enters, moves in and moves out comes from its own rolls,
    not from what the import filled.
    """
    by_rolls = pd.Series(False, index=columns.index)
    for table, names in FROM_ROLLS.items():
        by_rolls |= (columns["table"] == table) & (columns["column"].isin(names) if names else True)
    by_rolls &= columns["status"] == FILLED
    return columns.assign(
        status=columns["status"].mask(by_rolls, IMPORTED), rule=columns["rule"].mask(by_rolls, CALIBRATED)
    )


def assumed(spec: Document, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the provenance of a district without the file: synthetic where it was made from aggregates, or
    of copies of another.
    """
    made = "aggregates" in spec or "scaled" in spec
    return of_tables(tables, SYNTHETIC if made else IMPORTED, SYNTHESIS if made else NO_RULE)


def problems(columns: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> Iterator[Problem]:
    """Yield rows that name no column of the district's tables, name one twice, or fill it by no rule."""
    for row, entry in enumerate(records(columns)):
        line = f"line {row + FIRST_DATA_LINE}"
        table = tables.get(f"{entry['table']}.csv")
        known = RULES if table is None else [str(name) for name in table]
        read = table is not None or entry["table"] == OF_THE_FILE
        if read and entry["column"] not in known:
            remedy = f"is no column of {entry['table']}{suggest(str(entry['column']), known)}"
            yield Problem(FILE, f"{line}, column", entry["column"], remedy)
        if entry["status"] == FILLED and entry["rule"] == NO_RULE:
            yield Problem(FILE, f"{line}, rule", entry["rule"], "name the rule by which the column was filled")
    for row in columns.index[columns.duplicated(["table", "column"])]:
        yield Problem(FILE, f"line {row + FIRST_DATA_LINE}", columns["column"][row], "is there twice; keep one")


def counted_births(columns: pd.DataFrame) -> bool:
    """Tell whether somebody counted a district's births; those worked back from who entered school are no knowledge of
    children to come.
    """
    mine = columns[(columns["table"] == "births") & (columns["column"] == "births")]
    return not bool(((mine["status"] == FILLED) | (mine["rule"] == CALIBRATED)).any())


def statuses(columns: pd.DataFrame, table: str) -> set[str]:
    """Return the statuses of a table's columns."""
    return set(columns.loc[columns["table"] == table, "status"])


def filled(columns: pd.DataFrame) -> dict[str, str]:
    """Return the rule of every filled column, by table.column."""
    mine = columns[columns["status"] == FILLED]
    return {f"{entry['table']}.{entry['column']}": str(entry["rule"]) for entry in records(mine)}


def resting(columns: pd.DataFrame, on: Iterable[str]) -> dict[str, str]:
    """Return those filled columns, with their rules, that match one of the patterns (as schools.t_*)."""
    return _matching(filled(columns), on)


def _matching(rules: dict[str, str], on: Iterable[str]) -> dict[str, str]:
    """Return those rules by column whose column matches one of the patterns."""
    patterns = list(on)
    return {name: rule for name, rule in rules.items() if any(fnmatchcase(name, pattern) for pattern in patterns)}


def resting_on(columns: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Return the filled columns, with their rules, on which each indicator rests; indicators that rest on none left
    out.
    """
    rules = filled(columns)
    found = {name: _matching(rules, patterns) for name, patterns in rests_on().items()}
    return {name: names for name, names in found.items() if names}
