"""One file a school with an item a row, 填报项目 and 填报值 (the school's form of a supervision system), as one table.

Untested on real files: the layout was read, no filled form was at hand.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from simsim.inputs.errors import InputError, Problem, capped
from simsim.inputs.numbers import written
from simsim.tables.by_stage import some
from simsim.tables.cells import clean, is_blank, plain
from simsim.tables.columns import columns, known_units
from simsim.tables.conversion import column_of, factor_of
from simsim.tables.headings import Heading
from simsim.tables.meanings import known_headings, understood
from simsim.tables.phrases import Meaning
from simsim.tables.school_forms import FILE_NAME
from simsim.tables.sheets import Sheet
from simsim.tables.table import Table
from simsim.tables.words import say

ITEM, VALUE, UNIT, GROUP = ("填报项目", "指标名称"), ("填报值", "填报内容"), ("单位", "计量单位"), ("类别", "指标类别")
STAGE_STARTS = {"小学": "primary", "初中": "junior", "高中": "senior"}
TEACHERS = "专任教师"
OF_TEACHERS = re.compile(r"^(?:其中[:：]?)?(?:小学|初中|高中)?专任教师(?:总数)?中?的?(?:其中[:：]?)?")  # noqa: RUF001
COUNTED = re.compile(r"(?:毕业|学历)?(?:的)?(?:专任)?(?:教师)?(?:人数|数)?$")
TEXTS = ("school", "code", "kind", "ownership")


@dataclass(frozen=True)
class Item:
    """One row: its group, what is asked, the unit, the answer, and its place in the file."""

    group: str
    text: str
    unit: str
    value: object
    number: int


def vertical_forms(sheets: Sequence[Sheet]) -> tuple[list[Sheet], Table | None]:
    """Return the sheets that are no vertical form of a school, and the table of schools that those make, if there are
    any. InputError for an item in a unit of something else.
    """
    found = {id(sheet): items for sheet in sheets if (items := list(_items(sheet)))}
    rows, mine, unused, problems = [], [], set[str](), list[Problem]()
    for sheet in sheets:
        row = _school(sheet, found[id(sheet)], unused, problems) if id(sheet) in found else {}
        if any(key.startswith("pupils") for key in row):
            rows.append(row)
            mine.append(sheet)
    if problems:
        raise InputError(capped(problems))
    if not rows:
        return list(sheets), None
    keys = list(dict.fromkeys(key for row in rows for key in row))
    headings = [Heading(i, (key,), Meaning(key)) for i, key in enumerate(keys)]
    table = Table(Sheet(mine[0].file, "", []), headings, list(range(1, len(rows) + 1)), [], [])
    table.rows = [[row.get(key) for key in keys] for row in rows]
    table.places, table.sources = [sheet.shown for sheet in mine], mine
    table.said = [say("vertical", n=len(rows), some=some([sheet.file for sheet in mine]))]
    if unused:
        table.said.append(say("vertical_unused", n=len(unused), some=some(sorted(unused))))
    return [sheet for sheet in sheets if sheet not in mine], table


def _items(sheet: Sheet) -> Iterator[Item]:
    """Yield the items of a sheet; none where no row heads them."""
    places: dict[str, int] = {}
    group = ""
    for number, row in enumerate(sheet.rows, 1):
        texts = {plain(cell): place for place, cell in enumerate(row) if not is_blank(cell)}
        heads = {name: next((texts[t] for t in names if t in texts), None) for name, names in _HEADS.items()}
        if heads["item"] is not None and heads["value"] is not None:
            places = {name: place for name, place in heads.items() if place is not None}
            continue
        cells = {name: row[place] if place < len(row) else None for name, place in places.items()}
        group = group if is_blank(cells.get("group")) else clean(cells["group"])
        if not is_blank(cells.get("item")) and not is_blank(cells.get("value")):
            unit = "" if is_blank(cells.get("unit")) else clean(cells["unit"])
            yield Item(group, clean(cells["item"]), unit, cells["value"], number)


_HEADS = {"item": ITEM, "value": VALUE, "unit": UNIT, "group": GROUP}


def _school(sheet: Sheet, items: Sequence[Item], unused: set[str], problems: list[Problem]) -> dict[str, object]:
    """Return a school's numbers by key; note items that are not understood."""
    row: dict[str, object] = {}
    staged: dict[str, list[tuple[Item, object]]] = defaultdict(list)
    for item in items:
        key, stage = _meant(item)
        if not key:
            unused.add(item.text)
            continue
        value = _amount(sheet, item, key, problems)
        if key in columns().columns and not stage:
            row.setdefault(key, value)
        elif stage and f"{key}_{stage}" in columns().columns:
            row.setdefault(f"{key}_{stage}", value)
        else:
            staged[key].append((item, value))
    named = FILE_NAME.fullmatch(Path(sheet.file).stem)
    row.setdefault("school", named["school"] if named else Path(sheet.file).stem)
    if named:
        row.setdefault("kind", named["kind"])
    taught = columns().kinds[kind].stages if (kind := columns().by_kind.get(plain(row.get("kind", "")))) else ()
    for key, given in staged.items():
        for item, value in given:
            if len(taught) == 1 and f"{key}_{taught[0]}" in columns().columns:
                row.setdefault(f"{key}_{taught[0]}", value)
            else:
                unused.add(item.text)
    return row


def _meant(item: Item) -> tuple[str, str]:
    """Return the key that an item asks for, without its stage, and the stage; nothing where it is not understood."""
    text, group = plain(item.text), plain(item.group)
    stage = next((s for word, s in STAGE_STARTS.items() if word in text), "")
    stage = stage or next((s for word, s in STAGE_STARTS.items() if word in group), "")
    rest = next((text.removeprefix(word) for word in STAGE_STARTS if text.startswith(word)), text)
    part = COUNTED.sub("", OF_TEACHERS.sub("", text))
    paths = [(item.text,), (rest,), (item.group, rest), (TEACHERS, part) if TEACHERS in text else (rest,)]
    for path in paths:
        means = understood(path, known_headings())
        if means is not None and not means.sex and not means.grade and means.key not in ("serial", "what"):
            ended = next((s for s in STAGE_STARTS.values() if means.key.endswith(f"_{s}")), "")
            return means.key.removesuffix(f"_{ended}") if ended else means.key, ended or _stage_of(means.key, stage)
    return "", ""


def _stage_of(key: str, stage: str) -> str:
    """Return the stage that a key needs; none for what belongs to the whole school."""
    column = columns().by_stage.get(key)
    return "" if key in columns().columns and (column is None or column.part_of) else stage


def _amount(sheet: Sheet, item: Item, key: str, problems: list[Problem]) -> object:
    """Return an answer in the unit of its key; note a unit of something else."""
    column, number = column_of(key), written(item.value)
    if key in TEXTS or column is None or number is None:
        return item.value
    if item.unit and plain(item.unit) in known_units() and plain(item.unit) not in map(plain, column.units):
        remedy = f"is not a unit of this; use one of: {', '.join(column.units)}"
        problems.append(Problem(sheet.shown, f"row {item.number}, {item.text}", item.unit, remedy))
    return number * factor_of(column, item.unit)
