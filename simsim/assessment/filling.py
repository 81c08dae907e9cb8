"""An official form filled from findings: every cell with its value, its decimals and whether it fails; what stays empty
is listed with the reason.

Cells keep the whole number and show the form's decimals, so that a form that is read again gives the same assessment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from simsim.assessment.findings import Findings
from simsim.assessment.layouts import Form, FormColumn, FormLine, FormTable
from simsim.assessment.table import heading
from simsim.assessment.words import joined
from simsim.base import balance
from simsim.inputs.numbers import real
from simsim.inputs.standards import Text
from simsim.tables.cells import is_blank
from simsim.tables.columns import columns

THROUGH = ("nine_year", "twelve_year")
"""Schools that teach primary and junior stage (一贯制学校)."""


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: a value shown with so many decimals, whether it fails its line, or why it is empty."""

    value: object = None
    decimals: int | None = None
    failing: bool = False
    missing: str = ""


@dataclass(frozen=True)
class Missing:
    """What of a form could not be filled: the column, the rows (empty: all of them), and why."""

    label: str
    heading: str
    rows: tuple[str, ...]
    reason: str
    values: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True)
class Filled:
    """A table of a form, filled: one row of cells a school, or a stage and number, and what is missing.

    `heads` are the headings of the rows (stage and number) of a form with a row a stage, empty otherwise; `stage` is
    what the form calls the one stage whose schools it lists, empty where there are both.
    """

    form: Form
    table: FormTable
    heads: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...]
    missing: tuple[Missing, ...]
    stage: str = ""


def fill(form: Form, table: FormTable, found: Findings) -> Filled:
    """Return a table of a form filled from findings of its standard."""
    if table.rows == "stages":
        return _stages(form, table, found)
    return _Schools(form, table, found).filled()


# ---- a row a stage and number ----


def _stages(form: Form, table: FormTable, found: Findings) -> Filled:
    """Fill a table of stages: schools that pass and their share, means and coefficients of variation."""
    parts = {str(stage): group for stage, group in found.parts.groupby("stage", sort=False)}
    rows = tuple(
        tuple(_of_stage(column, line, found, parts.get(line.stage)) for column in table.columns) for line in table.lines
    )
    heads = tuple(line.heading for line in table.lines)
    named = ["，".join(head) for head in heads]  # noqa: RUF001
    return Filled(form, table, heads, rows, table.notes, tuple(_missing(table, rows, named, found)))


def _of_stage(column: FormColumn, line: FormLine, found: Findings, mine: pd.DataFrame | None) -> Cell:
    """Return a cell of a stage, whose schools are `mine`: of one indicator, or over all of them."""
    if mine is None:
        return Cell(missing="no_stage")
    if column.give == "overall":
        return _overall(column, line, found.stages[found.stages["stage"] == line.stage].iloc[0], len(mine))
    if column.indicator not in found.standard.indicators:
        return Cell(missing="no_indicator")
    decimals = column.decimals if line.give == "mean" and column.decimals is not None else line.decimals
    if line.give in ("mean", "cv"):
        own = found.indicators[
            (found.indicators["stage"] == line.stage) & (found.indicators["indicator"] == column.indicator)
        ]
        return _number(float(own[line.give].iloc[0]), decimals, "not_computable")
    minimum = found.standard.indicators[column.indicator].minimum
    if minimum is None:
        return Cell(missing="no_minimum")
    reached = balance.reaches(
        mine[f"value_{column.indicator}"].to_numpy(float), np.array(getattr(minimum, line.stage), dtype=float)
    )
    return _passing(int(reached.sum()), len(mine), line)


def _overall(column: FormColumn, line: FormLine, stage: pd.Series, schools: int) -> Cell:
    """Return a cell of the column over all indicators; rows of means have none."""
    if line.give == "mean":
        return Cell(column.blank)
    if line.give == "cv":
        return _number(float(stage["composite"]), line.decimals, "no_composite")
    passing = stage.get("schools_passing")
    return Cell(missing="undecided") if passing is None or passing != passing else _passing(int(passing), schools, line)


def _passing(passing: int, schools: int, line: FormLine) -> Cell:
    """Return how many schools pass, or their share in per cent."""
    share = line.give == "passing_share"
    return Cell(100.0 * passing / schools if share else passing, line.decimals)


def _number(value: float, decimals: int | None, otherwise: str) -> Cell:
    return Cell(missing=otherwise) if value != value else Cell(value, decimals)


# ---- a row a school ----


class _Schools:
    """A table with a row a school and stage, being filled."""

    def __init__(self, form: Form, table: FormTable, found: Findings) -> None:
        self.form, self.table, self.found = form, table, found

    def filled(self) -> Filled:
        """Return the table: the primary schools, then the junior ones, each numbered from 1."""
        rows: list[tuple[Cell, ...]] = []
        named: list[str] = []
        for stage, group in self.found.parts.groupby("stage", sort=False):
            if self.table.lines_first:
                rows.append(self._lines(str(stage)))
                named.append("")
            for number, part in enumerate(group.to_dict("records"), 1):
                rows.append(self._row({str(key): value for key, value in part.items()}, number))
                named.append(self.name(part["school"], part["kind"], str(stage)))
        missing = tuple(_missing(self.table, rows, named, self.found))
        stages = self.found.parts["stage"].unique()
        alone = self.form.stage_names.get(_stage(str(stages[0])), "") if len(stages) == 1 else ""
        return Filled(self.form, self.table, (), tuple(rows), self._notes, missing, alone)

    def name(self, school: str, kind: str, stage: str) -> str:
        """Return a school's name, of one with several stages with the stage."""
        mark = self.form.part_names.get(_stage(stage), "")
        whole = len(columns().kinds[kind].stages) == 1
        return school if whole or school.endswith(mark) else school + mark

    def _row(self, part: Mapping[str, object], number: int) -> tuple[Cell, ...]:
        cells = [self._cell(column, part, number) for column in self.table.columns]
        judged = [c for c in cells if c.failing]
        return tuple(
            self._passes(column, part, len(judged)) if column.give == "passes" else cell
            for column, cell in zip(self.table.columns, cells, strict=True)
        )

    def _cell(self, column: FormColumn, part: Mapping[str, object], number: int) -> Cell:
        """Return one cell of a school."""
        stage, pupils = str(part["stage"]), float(str(part["pupils"]))
        match column.give:
            case "number":
                return Cell(number, 0)
            case "school":
                return Cell(self.name(str(part["school"]), str(part["kind"]), stage))
            case "pupils":
                return Cell(pupils, 0)
            case "owner":
                return self._owner(part)
            case "count":
                return self._given(column, part)
            case "class_size":
                classes = real(self._given(column, part).value)
                return self._judged(column, pupils / classes, stage) if classes else Cell(missing="no_key")
            case "line":
                known = column.lines.get(_stage(stage))
                return Cell(missing="no_line") if known is None else Cell(column.line_shown.format(line=_short(known)))
            case "value":
                if column.indicator not in self.found.standard.indicators:
                    return Cell(missing="no_indicator")
                return self._judged(column, float(str(part[f"value_{column.indicator}"])), stage)
            case "remarks":
                return Cell(self._remarks(part))
            case _:
                return Cell(missing="" if column.give == "passes" else "nothing")

    def _judged(self, column: FormColumn, value: float, stage: str) -> Cell:
        """Return a number, marked where it fails the line of the form."""
        line = column.lines.get(_stage(stage))
        if line is None:
            return Cell(value, column.decimals)
        most = column.rule == "at_most"
        kept = balance.at_most(value, line) if most else bool(balance.reaches(np.array(value), np.array(line)))
        return Cell(value, column.decimals, failing=not kept)

    def _given(self, column: FormColumn, part: Mapping[str, object]) -> Cell:
        """Return what a column of the table of schools says of a school and stage."""
        key = (column.key or "").format(stage=part["stage"])
        if key not in self.found.schools or self.found.schools[key].isna().all():
            return Cell(missing="no_key")
        value = self.found.schools[key].tolist()[int(str(part["row"]))]
        return Cell(missing="empty") if is_blank(value) else Cell(value, 0)

    def _owner(self, part: Mapping[str, object]) -> Cell:
        """Return the form's code of a school's owner."""
        name = str(part["owner"])
        if not name:
            return Cell(missing="empty" if self.found.parts["owner"].any() else "no_key")
        code = columns().owners[name].code
        return Cell(code, 0) if code in self.form.owners else Cell(missing="unknown_owner")

    def _passes(self, column: FormColumn, part: Mapping[str, object], failed: int) -> Cell:
        """Return whether a school passes: by the standard, or by how many items of the form it may miss."""
        if self.table.may_fail is None:
            passes = part.get("passes")
            return Cell(missing="undecided") if passes is None else Cell(column.passing if passes else column.failing)
        if failed > self.table.may_fail:
            return Cell(column.failing)
        stage = _stage(str(part["stage"]))
        items = [c for c in self.table.columns if c.give in ("value", "class_size", "nothing") and _is_item(c)]
        known = all(c.give != "nothing" and stage in c.lines for c in items)
        return Cell(column.passing) if known else Cell(missing="undecided")

    def _remarks(self, part: Mapping[str, object]) -> str:
        """Return which indicators reach their minimum, which the floor below it, and which not even that."""
        groups: tuple[list[str], ...] = ([], [], [])
        floor, stage = self.found.standard.floor, _stage(str(part["stage"]))
        for column in self.table.columns:
            indicator = self.found.standard.indicators.get(column.indicator or "")
            if indicator is None or indicator.minimum is None or column.give != "value":
                continue
            value, line = np.array(float(str(part[f"value_{column.indicator}"]))), getattr(indicator.minimum, stage)
            kept = 0 if balance.reaches(value, line) else 1 if balance.reaches(value, floor * line) else 2
            groups[kept].append(column.label)
        told = zip(self.table.remarks, groups, strict=True)
        return joined((words.format(floor=floor, labels="、".join(labels)) for words, labels in told if labels), "zh")

    def _lines(self, stage: str) -> tuple[Cell, ...]:
        """Return the row that carries the lines of a stage and no school."""
        at = _stage(stage)
        shown = self.form.stage_rows.get(at, "")
        return tuple(
            Cell(shown)
            if c.give == "school"
            else Cell(c.line_shown.format(line=_short(c.lines[at])))
            if c.give == "line" and at in c.lines
            else Cell("")
            for c in self.table.columns
        )

    @cached_property
    def _notes(self) -> tuple[str, ...]:
        """The notes with what they count, and the owner codes."""
        kinds = self.found.parts.groupby("stage")["kind"].value_counts()

        def count(stage: str, *of: str) -> int:
            return int(sum(kinds.get((stage, kind), 0) for kind in of))

        every = tuple(columns().kinds)
        told = {
            "primary": count("primary", *every),
            "primary_through": count("primary", *THROUGH),
            "points": count("primary", "teaching_point"),
            "junior": count("junior", *every),
            "junior_through": count("junior", *THROUGH),
            "junior_complete": count("junior", "complete"),
            "owners": "，".join(f"{code} {text}" for code, text in self.form.owners.items()),  # noqa: RUF001
        }
        return tuple(_written(note, told) for note in self.table.notes)


def _is_item(column: FormColumn) -> bool:
    """Tell whether a column is a school's own value, in a form of values beside lines."""
    return not any(word in column.heading[-1] for word in ("标准",))


def _written(note: str, told: Mapping[str, object]) -> str:
    for name, value in told.items():
        note = note.replace(f"{{{name}}}", str(value))
    return note


def _stage(stage: str) -> Literal["primary", "junior"]:
    return "primary" if stage == "primary" else "junior"


def _short(value: float) -> float | int:
    return int(value) if value == int(value) else value


# ---- what stays empty ----


def _missing(
    table: FormTable, rows: Iterable[tuple[Cell, ...]], named: Iterable[str], found: Findings
) -> Iterator[Missing]:
    """Yield what is missing, a column and reason at a time."""
    listed = [(name, row) for name, row in zip(named, rows, strict=True) if name]
    for place, column in enumerate(table.columns):
        reasons: dict[str, list[str]] = {}
        for name, row in listed:
            if row[place].missing:
                reasons.setdefault(row[place].missing, []).append(name)
        for reason, names in reasons.items():
            some = () if len(names) == len(listed) else tuple(names)
            yield Missing(column.label, column.shown, some, reason, _told(column, found))


def _told(column: FormColumn, found: Findings) -> dict[str, Text]:
    """Return the headings of the table of schools that a column would need."""
    keys = [column.key.format(stage=stage) for stage in ("primary", "junior")] if column.key else []
    keys += [key for key, c in columns().columns.items() if column.indicator and c.input == column.indicator]
    keys = list(dict.fromkeys(keys))
    known = [key for key in keys if key in columns().columns]
    return {
        "headings": Text(
            zh="、".join(heading(key, "zh") for key in known) or "、".join(keys),
            en=", ".join(heading(key, "en") for key in known) or ", ".join(keys),
        )
    }
