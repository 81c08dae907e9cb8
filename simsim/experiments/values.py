"""What may stand in a column of the tables: a value that stands in none of them, and cannot, is refused, for its rows
would be missed without a word; one that may stand there and has no rows (the school that never opened) is answered by
none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from typing import Protocol

import numpy as np
import pandas as pd

from simsim.base.codes import KINDS, OWNERSHIP, STAGES, SUBJECT_GROUPS
from simsim.experiments.filters import unknown
from simsim.experiments.once import Tabled, once
from simsim.experiments.table_folder import TableFolder
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.indicators import indicators
from simsim.inputs.numbers import whole
from simsim.record.homes import SPLITS
from simsim.world.world import KINDS_OF_COST

PUBLIC = "public"
GROUPS = (
    "all", "urban", "rural", "private", PUBLIC, *(f"{PUBLIC}_{group}" for group in SUBJECT_GROUPS),
    *(group for split in SPLITS for group in split if group),
)  # fmt: skip
"""Groups that a district may have, or not: of one without migrants none is recorded."""
WORDS: Mapping[str, Collection[object]] = {
    "stage": ("all", *STAGES),
    "group": GROUPS,
    "ownership": OWNERSHIP,
    "kind": (*KINDS_OF_COST, *KINDS),
    "reason": ("rotation", "return", "voluntary", "hire"),
}
"""Words that a column may hold, whether or not a run wrote them."""
NUMBERS = ("replication", "year", "school", "neighbourhood")
SHOWN = {"school": "schools", "neighbourhood": "neighbourhood_year", "instance": "touched"}
"""The table that has them all."""


class Asked(Tabled, Protocol):
    """Results, as far as they are asked here."""

    @property
    def scenarios(self) -> list[str]:
        """The scenarios that finished a run."""

    @property
    def years(self) -> list[int]:
        """The years of the record."""

    def replications(self, scenario: str) -> list[int]:
        """Return the seeds of a scenario."""

    def frame(self, table: str) -> pd.DataFrame:
        """Return a table."""


def listed(wanted: Mapping[str, object]) -> dict[str, list[object] | None]:
    """Return the values wanted in each column as a list, None for all; InputError for what is no list of them."""
    for column, values in wanted.items():
        wrong = isinstance(values, str | bytes | Mapping | pd.DataFrame) or not isinstance(values, Iterable)
        if values is not None and wrong:
            raise InputError(Problem("results", column, values, "must be a list of values"))
    return {column: list(values) if isinstance(values, Iterable) else None for column, values in wanted.items()}


def check_values(results: Asked, table: str, wanted: Mapping[str, list[object] | None]) -> None:
    """Raise InputError for a value wanted that stands nowhere in the results, and cannot."""
    for column, values in wanted.items():
        for value in values or ():
            _check(results, table, column, value)


def _check(results: Asked, table: str, column: str, value: object) -> None:
    if not isinstance(value, Hashable):
        raise InputError(Problem("results", column, value, "must be one value; write a flat list of them"))
    if column in NUMBERS and whole(value) is None:
        raise InputError(Problem("results", column, value, "must be a whole number, as the table has them"))
    if column in LOOKED_UP:
        there: Collection[object] = LOOKED_UP[column](results)
    elif column in SHOWN:
        there = keys_of(results, column)
    elif column in WORDS:
        there = WORDS[column]
    else:
        return
    if value not in there and value not in _written(results, table, column):
        raise unknown(column, value, there or _written(results, table, column))


def _scenarios(results: Asked) -> Collection[object]:
    """Return the scenarios that were asked for; one of which every run failed has no rows."""
    return {*results.manifest.get("order", ()), *results.manifest.get("scenarios", ())} or results.scenarios


def _seeds(results: Asked) -> Collection[object]:
    return results.manifest.get("seeds") or set.union(set(), *map(results.replications, results.scenarios))


@once
def _years(results: Asked) -> Collection[object]:
    years = results.years
    return range(years[0], years[-1] + 1) if years else ()


def _indicators(_: Asked) -> Collection[object]:
    return indicators()


LOOKED_UP: Mapping[str, Callable[[Asked], Collection[object]]] = {
    "scenario": _scenarios,
    "replication": _seeds,
    "year": _years,
    "indicator": _indicators,
}


@once
def keys_of(results: Asked, column: str) -> Collection[object]:
    """Return the schools, neighbourhoods or instances of all runs, by key; none where no table tells."""
    name = SHOWN[column]
    frame = results.tables[name] if name in results.tables else pd.DataFrame()
    return frame[column].drop_duplicates().sort_values().tolist() if column in frame else ()


def _written(results: Asked, table: str, column: str) -> Collection[object]:
    """Return what a column of the table itself holds; read where other words do not answer."""
    if isinstance(results.tables, TableFolder):
        frame = results.tables.first_rows(table)
        if column in frame and column == "indicator":
            return set(pd.unique(frame[column]))
    frame = results.frame(table)
    found = pd.unique(frame[column]) if column in frame else np.empty(0, object)
    return {value.item() if isinstance(value, np.generic) else value for value in found}
