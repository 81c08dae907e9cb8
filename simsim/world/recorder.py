"""The record of a run: one row an indicator and year, kept in lists while it runs and given out as tidy tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from functools import lru_cache
from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from simsim.base.arrays import Floats, Rows
from simsim.base.codes import STAGES
from simsim.base.sums import added_up
from simsim.world.schools import School

ALL = "all"
Row = tuple[str, str, str, float]
"""Indicator, stage, group, value."""
COLUMNS = {
    "district_year": ("year", "stage", "group", "indicator", "value"),
    "teacher_moves": ("year", "teacher", "origin", "destination", "reason", "instance", "stage", "backbone", "km"),
    "milestones": ("measure", "milestone", "due", "done", "striving", "met"),
    "law_rooms": ("year", "stage", "school", "rooms", "places", "yuan"),
    "costs": ("year", "instance", "measure", "kind", "value"),
    "notices": ("year", "stage", "school", "indicator", "value", "line", "gap"),
    "instance_year": ("year", "instance", "measure", "planned", "funded", "spent"),
    "touched": ("instance", "measure", "policy", "value"),
    "schools": (
        "year",
        "school",
        "name_zh",
        "name_en",
        "kind",
        "ownership",
        "urban",
        "x_km",
        "y_km",
        "opened",
        "cluster",
    ),
}

Mover = tuple[int, int, int, bool, int]
"""A teacher who moves: id, school key before, stage, backbone, school key afterwards."""
Wish = tuple[int, str, float, float]
"""Year, instance, yuan wanted, share granted."""

BY_UNIT = {
    "school_year": ("year", "stage", "school", "indicator", "value"),
    "neighbourhood_year": ("year", "stage", "neighbourhood", "indicator", "value"),
}


def words(names: Sequence[str], codes: Rows) -> ExtensionArray:
    """Return words by their places in `names` (n), as a column of text: made into text once a name, not once a row."""
    return _text(tuple(names)).take(codes)


@lru_cache(maxsize=64)
def _text(names: tuple[str, ...]) -> ExtensionArray:
    return pd.Series(names).array


class Long(NamedTuple):
    """A year's numbers of schools or neighbourhoods, a row a number: the codes of its stage, the key, the place of its
    indicator in `names`, and the number itself (n each). Nobody writes into them.
    """

    year: int
    stage: Rows
    key: Rows
    names: tuple[str, ...]
    indicator: Rows
    value: Floats


def joined(years: Sequence[Long], unit: str) -> pd.DataFrame:
    """Return numbers of several years as one table; `unit` names the column of keys (school, neighbourhood)."""
    names = tuple(dict.fromkeys(name for one in years for name in one.names))
    place = {name: number for number, name in enumerate(names)}
    codes = [np.array([place[name] for name in one.names], np.int64)[one.indicator] for one in years]
    return pd.DataFrame(
        {
            "year": np.repeat(np.array([one.year for one in years], np.int64), [len(one.value) for one in years]),
            "stage": words(STAGES, np.concatenate([one.stage for one in years])),
            unit: np.concatenate([one.key for one in years]),
            "indicator": words(names, np.concatenate(codes)),
            "value": np.concatenate([one.value for one in years]),
        }
    )


class HasYear(Protocol):
    """Something that lives a year."""

    @property
    def year(self) -> int:
        """The September being lived."""


class Instance(Protocol):
    """What the record says of a policy."""

    id: str
    measure: str | None
    touched: int

    @property
    def name(self) -> str:
        """The policy's name."""


class Recorder:
    """Everything a run leaves behind; `codes` are the official codes of schools by key, where the district's files
    give any.
    """

    def __init__(self, codes: Mapping[int, str] | None = None) -> None:
        self.codes = dict(codes or {})
        self.district: list[tuple[int, str, str, str, float]] = []
        self.by_school: list[Long] = []
        self.by_place: list[Long] = []
        self.moves: list[tuple[object, ...]] = []
        self.milestones: list[tuple[object, ...]] = []
        self.costs: list[tuple[int, str, str, str, float]] = []
        self.law_rooms: list[tuple[int, str, int, int, int, float]] = []
        self.notices: list[tuple[object, ...]] = []
        self.schools: list[tuple[object, ...]] = []

    def __deepcopy__(self, memo: dict[int, object]) -> Recorder:
        """Return a copy with lists of its own: what is in them is never changed."""
        twin = copy(self)
        memo[id(self)] = twin
        for name, value in vars(self).items():
            setattr(twin, name, value.copy())
        return twin

    def note(self, district: HasYear, indicator: str, value: float, stage: str = ALL, group: str = ALL) -> None:
        """Write one number of this year."""
        self.note_rows(district.year, [(indicator, stage, group, value)])

    def note_all(self, district: HasYear, values: Mapping[str, float], stage: str = ALL, group: str = ALL) -> None:
        """Write several numbers of this year."""
        self.note_rows(district.year, [(indicator, stage, group, value) for indicator, value in values.items()])

    def note_rows(self, year: int, rows: Iterable[Row]) -> None:
        """Write numbers of the district of one year."""
        self.district += [(year, stage, group, indicator, float(value)) for indicator, stage, group, value in rows]

    def moved(
        self, year: int, people: Iterable[Mover], schools: Mapping[int, School], reason: str, instance: str
    ) -> None:
        """Write down where teachers come from and go to; a new teacher comes from school 0."""
        people = list(people)
        to = {key: schools[key] for key in {key for *_, key in people}}
        ways = [(schools.get(origin), to[key]) for _, origin, _, _, key in people]
        apart = [(0.0, 0.0) if a is None else (a.x_km - b.x_km, a.y_km - b.y_km) for a, b in ways]
        kilometres = np.hypot(*np.array(apart).reshape(-1, 2).T).tolist()
        self.moves += [
            (year, person, origin, key, reason, instance, STAGES[stage], backbone, km)
            for (person, origin, stage, backbone, key), km in zip(people, kilometres, strict=True)
        ]

    def tables(self, policies: Sequence[Instance], wishes: Iterable[Wish]) -> dict[str, pd.DataFrame]:
        """Return all tables; costs also appear as indicators of the year."""
        touched = [(p.id, p.measure or "", p.name, float(p.touched)) for p in policies]
        rows: dict[str, Sequence[tuple[object, ...]]] = {
            "district_year": self.district + self._cost_rows(),
            "teacher_moves": self.moves,
            "milestones": self.milestones,
            "law_rooms": self.law_rooms,
            "costs": self.costs,
            "notices": self.notices,
            "instance_year": self._instance_rows(policies, wishes),
            "touched": touched,
            "schools": self.schools,
        }
        tables = {name: pd.DataFrame(list(rows[name]), columns=list(COLUMNS[name])) for name in COLUMNS}
        if self.codes:
            tables["schools"]["code"] = tables["schools"]["school"].map(self.codes).fillna("")
        tables["school_year"] = self.school_year()
        tables["neighbourhood_year"] = joined(self.by_place, "neighbourhood")
        return tables

    def school_year(self) -> pd.DataFrame:
        """Return what was recorded of schools, a row a number."""
        return joined(self.by_school, "school")

    def _cost_rows(self) -> list[tuple[int, str, str, str, float]]:
        """Return yearly costs of everything but staff pay, capital and running, and staff pay apart."""
        years = sorted({row[0] for row in self.district})
        rows = []
        for indicator, wanted in (("cost_capital", "capital"), ("cost_running", "running")):
            for year in years:
                total = added_up(
                    v for y, instance, _, kind, v in self.costs if y == year and kind == wanted and instance != "staff"
                )
                rows.append((year, ALL, ALL, indicator, total))
        rows += [(y, ALL, ALL, "cost_staff", v) for y, instance, _, _, v in self.costs if instance == "staff"]
        return rows

    def _instance_rows(
        self, policies: Sequence[Instance], wishes: Iterable[Wish]
    ) -> list[tuple[int, str, str, float, float, float]]:
        """Return, by year and instance, what it wanted, the share of it that was granted, and what it spent."""
        spent: dict[tuple[int, str], float] = {}
        for year, instance, _, _, yuan in self.costs:
            spent[year, instance] = spent.get((year, instance), 0.0) + yuan
        wished = {(year, instance): (planned, funded) for year, instance, planned, funded in wishes}
        measures = {policy.id: policy.measure or "" for policy in policies}
        keys = sorted(key for key in {*spent, *wished} if key[1] in measures)
        return [
            (year, i, measures[i], *wished.get((year, i), (0.0, 1.0)), spent.get((year, i), 0.0)) for year, i in keys
        ]
