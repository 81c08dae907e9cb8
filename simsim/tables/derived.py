"""What follows from columns that offices have: teachers above the required degree from those by degree, PE and arts
from their subjects, areas with and without indoor sports rooms, amounts from values per pupil.

Rules: docs/data-dictionary.md, "What follows from other columns".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from simsim.base.arrays import Floats, Mask
from simsim.inputs.numbers import written
from simsim.inputs.standards import Text
from simsim.tables.cells import plain
from simsim.tables.columns import columns
from simsim.tables.headings import Heading
from simsim.tables.phrases import Meaning
from simsim.tables.table import Table
from simsim.tables.words import say

COMPULSORY = ("primary", "junior")
DEGREES = {"primary": ("bachelor", "college"), "junior": ("bachelor",)}
"""The degrees beside postgraduate ones that are above the required one: a college diploma counts for primary only."""
UP = {"primary": "college_up", "junior": "bachelor_up"}
GRADUATES = (("degree_graduate",), ("degree_doctor", "degree_master"), ("degree_master",))
SENIOR = (("title_senior",), ("title_full", "title_deputy"), ("title_deputy",))
DECIMALS = 2
"""Decimals of the values in the declaration's forms."""
EXACT = 6
"""From so many decimals on a value is no rounded one."""


@dataclass
class Derived:
    """Numbers by key (NaN: not given), the keys that are there, what must be said, and how much values may be rounded:
    half of the last decimal, per pupil, by indicator and stage.
    """

    numbers: dict[str, Floats]
    present: set[str]
    said: list[object] = field(default_factory=list)
    half: dict[tuple[str, str], float] = field(default_factory=dict)

    def run(self, teaches: Mapping[str, Mask]) -> None:
        """Fill what follows; `teaches` tells by stage which schools teach it."""
        for stage in COMPULSORY:
            self._degrees(stage)
            self._titles(stage)
            self._subjects(stage)
        self._areas()
        for stage in COMPULSORY:
            self._values(stage)
        self._wholes(teaches)

    def fill(self, key: str, amounts: Floats) -> bool:
        """Take amounts for a key where it has none; tell whether any were taken."""
        old = self.numbers[key] if key in self.present else np.full(len(amounts), np.nan)
        taken = np.isnan(old) & ~np.isnan(amounts)
        self.numbers[key] = np.where(taken, amounts, old)
        if taken.any():
            self.present.add(key)
        return bool(taken.any())

    def sum(self, keys: Sequence[str]) -> Floats:
        """Return the sum of columns; an empty cell is 0 beside another with a number."""
        held = np.array([self.numbers[key] for key in keys])
        return np.where(np.isnan(held).all(axis=0), np.nan, np.nansum(held, axis=0))

    def _any_of(self, choices: Sequence[tuple[str, ...]], stage: str) -> list[str]:
        """Return the first choice of keys whose columns are all there; nothing where none is."""
        for choice in choices:
            keys = [f"{key}_{stage}" for key in choice]
            if set(keys) <= self.present:
                return keys
        return []

    def _summed(self, key: str, keys: Sequence[str], stage: str) -> None:
        parts = [columns().by_stage[part.removesuffix(f"_{stage}")] for part in keys]
        called = tuple(Text(zh=part.zh, en=part.en) for part in parts)
        if self.fill(f"{key}_{stage}", self.sum(keys)):
            whole = columns().columns[f"{key}_{stage}"]
            what = Text(zh=whole.zh.removeprefix("小学").removeprefix("初中"), en=whole.en.split(" ", 1)[1])
            self.said.append(say("from_parts", stage=stage, what=what, parts=called))

    def _degrees(self, stage: str) -> None:
        """Teachers above the required degree: 专科 and more in primary, 本科 and more in junior schools."""
        if f"overqualified_{stage}" in self.present:
            return
        graduates = self._any_of(GRADUATES, stage)
        others = [f"degree_{name}_{stage}" for name in DEGREES[stage]]
        if graduates and set(others) <= self.present:
            self._summed("overqualified", [*graduates, *others], stage)
        elif f"degree_{UP[stage]}_{stage}" in self.present:
            self._summed("overqualified", [f"degree_{UP[stage]}_{stage}"], stage)
        elif stage == "primary" and "degree_bachelor_up_primary" in self.present:
            self.said.append(say("bachelor_primary"))

    def _titles(self, stage: str) -> None:
        """Teachers with a middle or higher title."""
        senior = self._any_of(SENIOR, stage)
        if f"midtitle_{stage}" not in self.present and senior and f"title_first_{stage}" in self.present:
            self._summed("midtitle", [*senior, f"title_first_{stage}"], stage)

    def _subjects(self, stage: str) -> None:
        """PE and arts: arts may hold music and art already, which shows where they are never fewer than the two."""
        pe, arts = f"pe_{stage}", f"arts_{stage}"
        apart = [key for key in (f"music_{stage}", f"art_{stage}") if key in self.present]
        if f"pe_arts_{stage}" in self.present or pe not in self.present:
            return
        if arts not in self.present:
            if len(apart) == 2:
                self._summed("pe_arts", [pe, *apart], stage)
            return
        both = self.sum(apart) if apart else np.zeros_like(self.numbers[arts])
        whole = bool((np.nan_to_num(self.numbers[arts]) >= np.nan_to_num(both)).all())
        if apart and np.nansum(both):
            self.said.append(say("arts_whole" if whole else "arts_apart", stage=stage))
        self._summed("pe_arts", [pe, arts] if whole else [pe, arts, *apart], stage)

    def _areas(self) -> None:
        """Teaching area without indoor sports rooms; sports area with them (教督〔2017〕6号)."""
        indoor = self.numbers["indoor_sports_m2"] if "indoor_sports_m2" in self.present else None
        if "teaching_net_m2" in self.present:
            self.fill("teaching_area_m2", self.numbers["teaching_net_m2"])
        elif "teaching_area_m2" in self.present and indoor is not None:
            self.numbers["teaching_area_m2"] = self.numbers["teaching_area_m2"] - np.nan_to_num(indoor)
            self.said.append(say("indoor_out"))
        if "teaching_gross_m2" in self.present:
            gross = self.numbers["teaching_gross_m2"]
            taken = self.fill("teaching_area_m2", gross if indoor is None else gross - np.nan_to_num(indoor))
            if taken:
                self.said.append(say("indoor_unknown" if indoor is None else "indoor_out"))
        if "sports_ground_m2" not in self.present or "sports_area_m2" in self.present:
            return
        if indoor is None:
            self.said.append(say("ground_alone"))
        else:
            self.fill("sports_area_m2", self.sum(["sports_ground_m2", "indoor_sports_m2"]))
            self.said.append(say("sports_sum"))

    def _values(self, stage: str) -> None:
        """Amounts from values per pupil or per 100 pupils."""
        for key, column in columns().by_stage.items():
            own = f"{key}_{stage}"
            if column.value_of is None or own not in self.present:
                continue
            values = self.numbers[own]
            amounts = values * self.numbers[f"pupils_{stage}"] / column.per
            if self.fill(target(column.value_of, stage), amounts):
                decimals = max((_decimals(v) for v in values[~np.isnan(values)]), default=0)
                if decimals < EXACT:
                    self.half[column.value_of, stage] = 0.5 * 10.0 ** -max(decimals, DECIMALS) / column.per

    def _wholes(self, teaches: Mapping[str, Mask]) -> None:
        """Let a whole school have what all its parts have together, where all are given, divided already."""
        for key, column in columns().columns.items():
            parts = [(stage, f"{key}_{stage}") for stage in COMPULSORY]
            given = [part for part in parts if part[1] in self.present]
            if column.input is None or column.stage or not given:
                continue
            known = [~np.isnan(self.numbers[part]) if part in self.present else ~teaches[s] for s, part in parts]
            divided = np.logical_and.reduce(
                [good | ~teaches[s] for good, (s, _) in zip(known, parts, strict=True)]
            ) & np.logical_or.reduce([~np.isnan(self.numbers[part]) for _, part in given])
            self.fill(key, np.where(divided, self.sum([part for _, part in given]), np.nan))


def with_derived(table: Table) -> Table:
    """Return a table with the columns that follow from others, where it has none of them; said in it."""
    held = {key: h for key in columns().columns if (h := table.first(key)) and _holds(key)}
    if not any(key.removesuffix(f"_{stage}") in columns().by_stage for key in held for stage in COMPULSORY):
        return table
    numbers = {key: np.array([_number(row[h.place], h) for row in table.rows], dtype=float) for key, h in held.items()}
    derived = Derived(numbers, set(held))
    taught = {stage: numbers.get(f"pupils_{stage}", np.zeros(len(table.rows))) > 0 for stage in COMPULSORY}
    derived.run(taught)
    keys = [key for key in columns().columns if key in derived.present - set(held) or key == "teaching_area_m2"]
    keys = [key for key in keys if key in derived.present]
    width = len(table.headings)
    kept = [h if not h.means or h.means.key not in keys else Heading(h.place, h.parts, None) for h in table.headings]
    more = [Heading(width + i, (key,), Meaning(key)) for i, key in enumerate(keys)]
    rows = [
        [*row, *(None if np.isnan(value := derived.numbers[key][at]) else float(value) for key in keys)]
        for at, row in enumerate(table.rows)
    ]
    return replace(table, headings=[*kept, *more], rows=rows, said=[*table.said, *derived.said])


def _holds(key: str) -> bool:
    return columns().columns[key].holds in ("count", "amount")


def _number(cell: object, heading: Heading) -> float:
    """Return the number of a cell in the unit of its key; NaN for none."""
    number, means = written(cell), heading.means
    column = columns().columns.get(means.key) if means else None
    units = {plain(unit): factor for unit, factor in column.units.items()} if column else {}
    return np.nan if number is None else number * units.get(plain(means.unit) if means and means.unit else "", 1.0)


def target(indicator: str, stage: str) -> str:
    """Return the key of an indicator's amounts in a stage: its own column, or the part of a whole school's."""
    whole = next((key for key, c in columns().columns.items() if c.input == indicator and not c.stage), None)
    return f"{whole or indicator}_{stage}"


def _decimals(value: float) -> int:
    """Return how many decimals a value has, EXACT where it has more."""
    return next((n for n in range(EXACT) if abs(value - round(value, n)) <= 1e-9 * max(1.0, abs(value))), EXACT)
