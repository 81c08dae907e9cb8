"""One workbook a school, one sheet a statistical form (基础基, 教基), as one table of schools.

Untested on real files: which row and heading gives what is data (parameters/templates/school-forms.yaml).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from simsim.inputs.documents import Draft
from simsim.inputs.numbers import written
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml
from simsim.tables.by_stage import some
from simsim.tables.cells import clean, is_blank, plain
from simsim.tables.columns import columns
from simsim.tables.headings import Heading
from simsim.tables.paths import level
from simsim.tables.phrases import Meaning
from simsim.tables.sheets import Sheet
from simsim.tables.table import Table
from simsim.tables.words import say

NUMBER = re.compile(r"(基础基|教基)\s*([0-9]{3,4})")
FILE_NAME = re.compile(r"(?P<school>.+?)[(（](?P<kind>[^()（）]+)[)）]$")  # noqa: RUF001
FEWEST = 2
"""How many numbered forms make a workbook one of a school."""
TITLE_ROWS = 6
STAGE_ROWS = {
    "小学": "primary",
    "初中": "junior",
    "普通高中": "senior",
    "高中": "senior",
    "学前教育": "other",
    "特殊教育学校": "other",
}
WHOLE = ("计", "合计", "总计", "小计", "其中")
UNITS = ("单位", "计量单位")
NO_VALUES = ("编号", "代码", "单位", "计量单位", "序号")


@cache
def _data() -> Draft:
    return read_yaml(resource("parameters") / "templates" / "school-forms.yaml")


@dataclass
class Form:
    """One sheet: the path of each column, and its rows, each with the stage of its block, its name and its cells."""

    paths: list[tuple[str, ...]] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    rows: list[tuple[str, str, list[object]]] = field(default_factory=list)

    def at(self, rows: str, path: Sequence[str], stage: str = "") -> float | None:
        """Return the number in the row and column of these names; empty is 0; None where there is no such cell."""
        column = self._column(path)
        row = self._row(rows, stage)
        return None if column is None or row is None or column >= len(row) else _number(row[column])

    def beside(self, rows: str) -> object:
        """Return the cell that stands beside the name of a row; None where there is none."""
        names = frozenset(plain(name) for name in rows.split("|"))
        for _, _, cells in self.rows:
            at = next((i for i, cell in enumerate(cells) if not is_blank(cell) and _called(str(cell), names)), None)
            if at is None:
                continue
            skipped = {i for i, path in enumerate(self.paths) if path and path[-1] in NO_VALUES}
            right = [cells[i] for i in range(at + 1, len(cells)) if i not in skipped and not is_blank(cells[i])]
            return next(iter(right), None)
        return None

    def unit(self, rows: str, path: Sequence[str] = ()) -> str:
        """Return the unit that the heading of a column names, or a cell of the row that says so; nothing for none."""
        column = self._column(path) if path else None
        if column is not None:
            return self.units[column]
        names = frozenset(plain(name) for name in rows.split("|"))
        mine = (cells for _, _, cells in self.rows if any(isinstance(c, str) and _called(c, names) for c in cells))
        row: Sequence[object] = next(mine, ())
        at = [i for i, levels in enumerate(self.paths) if levels and levels[-1] in UNITS and i < len(row)]
        return plain(row[at[0]]) if at and not is_blank(row[at[0]]) else ""

    def _row(self, names: str, stage: str) -> list[object] | None:
        wanted = {level(name)[0] for name in names.split("|")}
        return next((cells for block, name, cells in self.rows if name in wanted and block in ("", stage)), None)

    def _column(self, path: Sequence[str]) -> int | None:
        wanted = [{level(name)[0] for name in names.split("|")} for names in path]
        for i, levels in enumerate(self.paths):
            kept = [name for name in levels if name not in WHOLE or name in wanted[-1]]
            if kept and kept[-1] in wanted[-1] and all(any(name in names for name in kept) for names in wanted):
                return i
        return None


def _called(text: str, names: frozenset[str]) -> bool:
    """Tell whether a cell is one of these names of a row; what stands in brackets in both counts."""
    name, inside = level(text)
    return plain(text) in names or name in names or (inside is not None and f"{name}({inside})" in names)


def _number(cell: object) -> float | None:
    """Return a number of a form, where an empty cell is 0; None for a cell that is not allowed (*)."""
    return 0.0 if is_blank(cell) else written(cell)


def school_forms(sheets: Sequence[Sheet]) -> tuple[list[Sheet], Table | None]:
    """Return the sheets that are no forms of one school, and the table of schools that the forms make, if there are
    any.
    """
    books: dict[str, dict[str, Sheet]] = defaultdict(dict)
    for sheet in sheets:
        number = _form_number(sheet)
        if number:
            books[sheet.file].setdefault(number, sheet)
    books = {file: forms for file, forms in books.items() if len(forms) >= FEWEST}
    if not books:
        return list(sheets), None
    mine = [sheet for sheet in sheets if sheet.file in books]
    rows = [
        _school(file, {number: _form(sheet.rows) for number, sheet in forms.items()}) for file, forms in books.items()
    ]
    keys = list(dict.fromkeys(key for row in rows for key in row))
    headings = [Heading(i, (key,), Meaning(key)) for i, key in enumerate(keys)]
    first = mine[0]
    table = Table(Sheet(first.file, "", []), headings, list(range(1, len(rows) + 1)), [], [Path(first.file).stem])
    table.rows = [[row.get(key) for key in keys] for row in rows]
    table.places, table.sources = list(books), mine
    table.said = [say("untested", n=len(books), some=some(list(books)))]
    return [sheet for sheet in sheets if sheet.file not in books], table


def _form_number(sheet: Sheet) -> str:
    """Return the number of the form on a sheet, by its name or what stands above its headings."""
    texts = [sheet.name, *(str(cell) for row in sheet.rows[:TITLE_ROWS] for cell in row if isinstance(cell, str))]
    found = next((match for text in texts if (match := NUMBER.search(text))), None)
    return found[1] + found[2] if found else ""


def _form(rows: Sequence[Sequence[object]]) -> Form:
    """Return a sheet's form; headings are the rows with several texts above the row that numbers the columns, or the
    first such row.
    """
    cells = _without_letters(rows)
    at = next((i for i, row in enumerate(cells) if any(plain(c) == "甲" for c in row if not is_blank(c))), None)
    heads = [i for i, row in enumerate(cells[: TITLE_ROWS if at is None else at]) if _texts(row) > 1 and not _unit(row)]
    above = [cells[i] for i in (heads if at is not None else heads[:1])]
    places = range(max(map(len, cells), default=0))
    form = Form([_path(above, place) for place in places], [_unit_over(above, place) for place in places])
    start = (at if at is not None else heads[0] if heads else -1) + 1
    block = ""
    for row in cells[start:]:
        first = next((cell for cell in row if isinstance(cell, str) and not is_blank(cell)), None)
        if first is None:
            continue
        name = level(first)[0]
        block = STAGE_ROWS.get(name, block)
        form.rows.append((block, name, list(row)))
    return form


def _without_letters(rows: Sequence[Sequence[object]]) -> list[list[object]]:
    """Return rows without the letters of columns and the numbers of rows that some exports write into the sheet."""
    if rows and [clean(cell) for cell in rows[0] if not is_blank(cell)][:2] == ["A", "B"]:
        return [list(row[1:]) for row in rows[1:]]
    return [list(row) for row in rows]


def _texts(row: Sequence[object]) -> int:
    return len({clean(cell) for cell in row if not is_blank(cell)})


def _unit(row: Sequence[object]) -> bool:
    """Tell whether a row names the form and its unit alone."""
    return any(isinstance(cell, str) and ("单位" in cell and NUMBER.search(cell) is not None) for cell in row)


def _unit_over(above: Sequence[Sequence[object]], place: int) -> str:
    """Return the unit that stands in brackets over a column; nothing for none."""
    found = [level(str(row[place]))[1] for row in above if place < len(row) and not is_blank(row[place])]
    return next((plain(unit) for unit in reversed(found) if unit), "")


def _path(above: Sequence[Sequence[object]], place: int) -> tuple[str, ...]:
    """Return the levels over a column, each in its normal form, once."""
    found: list[str] = []
    for row in above:
        name = level(str(row[place]))[0] if place < len(row) and not is_blank(row[place]) else ""
        if name and (not found or found[-1] != name):
            found.append(name)
    return tuple(found)


# ---- a school ----


def _school(file: str, forms: Mapping[str, Form]) -> dict[str, object]:
    """Return what a school's forms give, by key."""
    row: dict[str, object] = dict(_texts_of(file, forms))
    for key, value in (*_items(forms), *_staged(forms)):
        if value is not None and key not in row:
            row[key] = value
    return row


def _texts_of(file: str, forms: Mapping[str, Form]) -> Iterator[tuple[str, object]]:
    """Yield name, code, kind and owner, of the forms or of the file's name, 学校名(办学类型)."""
    named = FILE_NAME.fullmatch(Path(file).stem)
    for key in ("school", "code", "kind", "ownership"):
        about = _data()[key]
        told = [form.beside(about["row"]) for number, form in _of(forms, about["forms"])]
        value = next((clean(cell) for cell in told if cell is not None), "")
        if key == "kind":
            value = _data()["kinds"].get(value, value)
            if plain(value) not in columns().by_kind and named:
                value = named["kind"]
        elif key == "school" and not value:
            value = named["school"] if named else Path(file).stem
        if value:
            yield key, value


def _of(forms: Mapping[str, Form], numbers: Sequence[str]) -> list[tuple[str, Form]]:
    return [(number, forms[number]) for number in numbers if number in forms]


def _items(forms: Mapping[str, Form]) -> Iterator[tuple[str, float | None]]:
    """Yield the numbers of the whole school."""
    for item in _data()["items"]:
        for _, form in _of(forms, item["forms"]):
            value = _beside(form, item["row"]) if item.get("value") else form.at(item["row"], item["column"])
            unit = form.unit(item["row"], () if item.get("value") else item["column"])
            known = {plain(text): factor for text, factor in columns().columns[item["key"]].units.items()}
            factor = known.get(unit, item.get("factor", 1))
            yield item["key"], None if value is None else value * factor


def _beside(form: Form, row: str) -> float | None:
    cell = form.beside(row)
    return None if cell is None else written(cell)


def _staged(forms: Mapping[str, Form]) -> Iterator[tuple[str, float | None]]:
    """Yield classes, degrees, subjects and titles by stage."""
    whole = [_data()["all_column"]]
    for what, by_stage in _data()["by_stage"].items():
        for stage, numbers in by_stage.items():
            for _, form in _of(forms, numbers):
                for key, names in _data()["rows"][what].items():
                    yield f"{key}_{stage}", form.at(names, whole, stage)
                for key, names in _data()["subjects"].items() if what == "degrees" else ():
                    yield f"{key}_{stage}", form.at(_data()["rows"]["degrees"]["teachers"], [names], stage)
