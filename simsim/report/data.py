"""The numbers behind a page's figures and tables: a CSV for each beside the page, and one workbook of them all."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from simsim.experiments.places import plan_at
from simsim.experiments.scoreboard import definition
from simsim.inputs.numbers import oddly, written
from simsim.inputs.whole_files import marked_csv, write_bytes
from simsim.report.exhibit import Exhibit
from simsim.report.figures.catalogue import shows
from simsim.report.figures.panels import THEMES
from simsim.report.markup import Safe
from simsim.report.sheets import workbook
from simsim.report.tables.plan_table import graded
from simsim.report.view import View
from simsim.report.words import chinese_marks
from simsim.tables.cells import safe

CONTENTS = "contents.json"
BOOK = "data.xlsx"
LONGEST_SHEET = 31
NOT_IN_SHEETS = re.compile(r"[\[\]:*?/\\']")
BLOCKS = ("small", "div", "br", "li")


# ---- what is behind an exhibit ----


def behind_figure(view: View, name: str, figure: Exhibit[Figure], args: Sequence[str]) -> pd.DataFrame:
    """Return the numbers that a figure draws: its own table, or the levels of its indicators in every scenario."""
    if figure.data is not None:
        return figure.data(view, *args)
    panels = [panel for row in THEMES[name].rows for panel in row] if name in THEMES else []
    names = [each for panel in panels for each in (panel.indicator, panel.beside) if each] or shows(name, args)
    levels = view.levels[view.levels.index.get_level_values("indicator").isin(names)]
    return levels.reset_index()


def behind_table(view: View, table: Exhibit[Safe], piece: str) -> list[pd.DataFrame]:
    """Return the numbers behind a table: its own, or the cells of what it shows, a frame for each table of the page."""
    return [table.data(view)] if table.data is not None else cells(piece)


class Cells(HTMLParser):
    """Reads the cells of HTML tables, row by row."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, row or cell; parts of a cell are kept apart."""
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables:
            self.open = True
            self.tables[-1][-1].append("")
        elif tag in BLOCKS and self.open and self.tables[-1][-1][-1]:
            self.tables[-1][-1][-1] += " "

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        self.open = self.open and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        """Add text to the cell that is open."""
        if self.open:
            self.tables[-1][-1][-1] += data


def cells(piece: str) -> list[pd.DataFrame]:
    """Return the tables of a piece of HTML as they are read, numbers as numbers."""
    reader = Cells()
    reader.feed(piece)
    found = []
    for head, *rows in (table for table in reader.tables if table):
        width = max(map(len, (head, *rows)))
        full = [[*map(_value, row), *[None] * (width - len(row))] for row in rows]
        names = [name or f"_{place}" for place, name in enumerate([*head, *[""] * (width - len(head))])]
        found.append(pd.DataFrame(full, columns=names, dtype=object))
    return found


def _value(cell: str) -> object:
    """Return a cell as a number where it is nothing else."""
    plain = " ".join(cell.split()).replace("\u2212", "-")
    number = None if oddly(plain) else written(plain)
    return " ".join(cell.split()) if number is None else number


# ---- in the reader's words ----


def worded(view: View, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with the names of scenarios, indicators and stages, and of its columns, in the page's language."""
    say, plan = view.say, plan_at(view.results, view.focus)
    headings = {heading.key: heading.words[view.lang] for heading in plan.headings} if plan else {}
    lines = definition()["lines"]
    told: dict[str, Callable[[str], str]] = {
        "scenario": view.title,
        "stage": lambda name: say.either("stage", name),
        "indicator": lambda name: say("join").join(map(say.label, name.split())),
        "heading": lambda name: headings.get(name, name),
        "line": lambda name: lines[name][view.lang] if name in lines else say.label(name),
        "grade": lambda name: graded(view, name),
        **{key: partial(say.either, f"cell.{key}") for key in ("how", "kind", "over", "rule", "group")},
        "unit": lambda name: say.either("touches", name),
        "department": lambda name: say.either("department", name),
        "area": view.area,
    }
    found = frame.copy()
    for column in found.columns:
        if column in told:
            words = {value: told[column](str(value)) for value in found[column].dropna().unique() if value != ""}
            found[column] = found[column].astype(object).map(lambda value, words=words: words.get(value, value))
        elif found[column].dtype == object and any(isinstance(value, tuple | list) for value in found[column]):
            found[column] = found[column].map(lambda value: " ".join(map(str, value)))
    found = found.rename(columns=lambda name: say.either("column", str(name)))
    return _in_full_width(found) if view.lang == "zh" else found


def _in_full_width(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose headings and texts have the marks of Chinese."""
    for place, kind in enumerate(frame.dtypes):
        if not pd.api.types.is_numeric_dtype(kind):
            column = frame.iloc[:, place]
            told = {each: chinese_marks(each) for each in column.dropna().unique() if isinstance(each, str)}
            frame.isetitem(place, [told.get(value, value) for value in column.astype(object)])
    return frame.rename(columns=chinese_marks)


# ---- files ----


@dataclass
class DataFolder:
    """The folder beside a page: every table that is added becomes a CSV, and is kept in mind for the workbook."""

    path: Path
    listed: list[tuple[str, str, list[str]]] = field(default_factory=list)

    def empty(self) -> None:
        """Remove what an earlier page left."""
        for file in (*self.path.glob("[0-9][0-9]-*.csv"), self.path / CONTENTS, self.path / BOOK):
            file.unlink(missing_ok=True)

    def add(self, view: View, name: str, title: str, frame: pd.DataFrame) -> str:
        """Write a table and return the file's name; nothing for an empty one."""
        if frame.empty:
            return ""
        file = f"{len(self.listed) + 1:02d}-{re.sub(r'[^a-z0-9_-]+', '-', name.lower())}.csv"
        escaped = _escaped(worded(view, frame))
        self.path.mkdir(parents=True, exist_ok=True)
        write_bytes(marked_csv(escaped), self.path / file)
        texts = [
            str(name)
            for name, column in escaped.items()
            if all(v is None or isinstance(v, str) for v in column.astype(object))
        ]
        self.listed.append((file, title, texts))
        write_bytes(json.dumps(self.listed, ensure_ascii=False).encode(), self.path / CONTENTS)
        return file


def _escaped(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table none of whose texts and headings a spreadsheet takes for a formula."""
    for place, kind in enumerate(frame.dtypes):
        if not pd.api.types.is_numeric_dtype(kind):
            frame.isetitem(place, frame.iloc[:, place].map(safe).array)
    return frame.rename(columns=lambda column: str(safe(str(column))))


def write_workbook(folder: Path, contents: str) -> Path | None:
    """Write the tables of a data folder as one workbook, a sheet each, after a list of them; None where there are none.

    The list (`contents` is its name) is read from what `DataFolder.add` noted, which is then removed.
    """
    noted = folder / CONTENTS
    if not noted.is_file():
        return None
    listed = json.loads(noted.read_text("utf-8"))
    names = [sheet_name(file, title) for file, title, _ in listed]
    first = [[name, safe(title), file] for name, (file, title, _) in zip(names, listed, strict=True)]
    tables = {name: _rows(folder / file, texts) for name, (file, _, texts) in zip(names, listed, strict=True)}
    write_bytes(workbook({contents[:LONGEST_SHEET]: first, **tables}, in_view=names), folder / BOOK)
    noted.unlink()
    return folder / BOOK


def _number(cell: str) -> object:
    """Return a cell of a column that holds numbers as one, an empty cell as none, and words as they are."""
    number = None if oddly(cell) else written(cell)
    return (cell or None) if number is None else number


def sheet_name(file: str, title: str) -> str:
    """Return a sheet's name: the file's number, which no other has, and as much of the title as fits."""
    return f"{file[:2]} {NOT_IN_SHEETS.sub(' ', title)}"[:LONGEST_SHEET].strip()


def _rows(file: Path, texts: Sequence[str]) -> list[list[object]]:
    """Return the table of a CSV as rows, its headings first; columns of `texts` stay text."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        names, *rows = csv.reader(lines)
    columns = []
    for name, cells in zip(names, zip(*rows, strict=True), strict=True):
        known = {cell: (cell or None) if name in texts else _number(cell) for cell in set(cells)}
        columns.append([known[cell] for cell in cells])
    return [[*names], *map(list, zip(*columns, strict=True))]
