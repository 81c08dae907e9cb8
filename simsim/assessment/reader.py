"""Read the user's table of schools from a workbook or a text file, as people save them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from simsim.districts.chosen import only_rows, several_districts
from simsim.districts.low_grades import LowGrades, low_grades
from simsim.inputs.errors import InputError, Problem, capped
from simsim.inputs.size_limits import MOST_ROWS
from simsim.tables.beside import apart, sheet_in_book
from simsim.tables.beside_joined import joined_beside
from simsim.tables.by_stage import some, whole_schools
from simsim.tables.cells import clean, plain
from simsim.tables.classes import with_grades
from simsim.tables.columns import columns
from simsim.tables.grade_names import name_grades
from simsim.tables.grades import PK, order
from simsim.tables.headings import Heading, score
from simsim.tables.layouts import lists_of_schools
from simsim.tables.meanings import known_headings
from simsim.tables.names import link_names
from simsim.tables.phrases import without_unit
from simsim.tables.school_forms import school_forms
from simsim.tables.sheets import Sheet, bare_formula, error_cells, read_sheets
from simsim.tables.table import Table
from simsim.tables.vertical import vertical_forms
from simsim.tables.widened import widened
from simsim.tables.words import count_of, say
from simsim.tables.years import year_of

START = "start from parameters/templates/schools-template.csv"
STAGE_GRADES = {"primary": range(0, 7), "junior": range(7, 10), "senior": range(10, 13)}
"""The grades of each stage where a table has pupils by grade alone: the official methods mean six and three years."""
KIND_OF = {
    (True, False, False): "primary", (False, True, False): "junior", (True, True, False): "nine_year",
    (False, True, True): "complete", (True, True, True): "twelve_year", (True, False, True): "twelve_year",
}  # fmt: skip
READ = ("year", "serial", "stage", "counted", "main_school")
"""Headings that tell which rows are which, and no number of a school."""
OF_STAGE = ("teachers", "overqualified", "midtitle", "backbone")


Paths = str | Path | Sequence[str | Path]


def read_table(source: Paths, only: Sequence[str] = ()) -> pd.DataFrame:
    """Return the cells of a table of schools under its headings, the index holding each row's number in the file.

    `source` is a file, a folder or several of them, as `simsim.tables` reads them. Tables by stage, or with a row for
    each part of a school, are joined into one of whole schools; else the sheet is read in which most headings are
    understood. Of a table of many districts the rows that meet every condition COLUMN=VALUE of `only` are read, of
    several school years the last; pupils by grade are added up by stage. What was left out or taken stands in
    `attrs["said"]`. InputError when no sheet holds a heading of the table of schools, or for a wrong condition.
    """
    paths = [Path(source)] if isinstance(source, str | Path) else [Path(path) for path in source]
    name = " + ".join(path.name for path in paths)
    sheets = [sheet for path in paths for sheet in read_sheets(path, score, MOST_ROWS)]
    if not any(sheet.rows for sheet in sheets):
        raise InputError(Problem(name, "", None, f"is empty; {START}"))
    rest, of_forms = school_forms(sheets)
    rest, vertical = vertical_forms(rest)
    of_schools = [one for one in (of_forms, vertical) if one is not None]
    sheets, rest, whole = _apart(sheets, rest)
    tables = lists_of_schools([sheet for sheet in rest if sheet.rows], bool(of_schools))
    tables = _visible(tables, whole)
    linked = link_names(tables)
    tables = [*of_schools, *whole_schools(tables)]
    tables = [t for t in tables if any(h.means and h.means.key in columns().columns for h in t.headings)]
    if not tables:
        raise InputError([Problem(s.shown, "", None, f"has no heading that simsim knows; {START}") for s in sheets[:1]])
    if problems := only_rows(tables, only):
        raise InputError(problems)
    table = max(tables, key=lambda table: sum(map(_of_schools, table.headings)))
    linked += [] if only else several_districts([table])
    errors = _check_formulas(paths, table)
    said = [*_other_sheets(sheets, table), *errors, *linked, *table.said, *_last_year(table)]
    frame = pd.DataFrame(
        [row[: len(table.headings)] for row in table.rows], columns=_names(table), index=_places(table), dtype=object
    )
    frame.attrs["shown"] = table.called
    said += _by_stage(frame, table)
    frame.attrs["said"] = said
    frame.attrs["used"] = [name for name, h in zip(_names(table), table.headings, strict=True) if _fed(h, table)]
    return frame


def _apart(sheets: Sequence[Sheet], rest: Sequence[Sheet]) -> tuple[list[Sheet], list[Sheet], dict[int, Sheet]]:
    """Return all sheets, and those of them to read, with their tables in place of the `rest`; the sheet of each table
    by its `id`.
    """
    parts = [(part, sheet) for sheet in rest for part in apart(sheet)]
    others = [one for one in sheets if not any(one is sheet for sheet in rest)]
    tables = [part for part, _ in parts]
    return [*others, *tables], tables, {id(part): sheet for part, sheet in parts}


def _visible(tables: Sequence[Table], whole: Mapping[int, Sheet]) -> list[Table]:
    """Return the tables that are not hidden (all where all are), grades named, parts of one sheet (`whole`) joined."""
    shown = [table for table in tables if not table.sheet.hidden] or tables
    return joined_beside([_with_grades(table) for table in shown], whole)


def _with_grades(table: Table) -> Table:
    """Return a table with a row for each school, its grades named: a list of classes or grades is added up."""
    name_grades(table)
    return widened(with_grades(table))


def _check_formulas(paths: Sequence[Path], table: Table) -> list[object]:
    """Refuse (InputError) a table with formulas that no program has worked out; return what must be said of those that
    gave an error.
    """
    said: list[object] = []
    files = {file.name: file for path in paths for file in (path.iterdir() if path.is_dir() else [path])}
    for sheet in table.sources or [table.sheet]:
        bare = bare_formula(files[sheet.file], sheet_in_book(sheet.name))
        if bare:
            remedy = "is a formula without a saved value; open the workbook in Excel or LibreOffice and save it again"
            raise InputError(Problem(sheet.file, f"sheet {sheet.name}, cell {bare}", None, remedy))
        errors = error_cells(files[sheet.file], sheet_in_book(sheet.name))
        said += [say("error_cells", table=sheet.shown, n=len(errors), some=some(errors))] if errors else []
    return said


def _places(table: Table) -> list[object]:
    """Return how messages name each row."""
    return [int(place) if place.isdecimal() else place for place in table.places] or list(table.numbers)


def _fed(heading: Heading, table: Table) -> bool:
    """Tell whether a heading's numbers are in a sum by stage, or chose the rows."""
    means = heading.means
    return means is not None and (bool(means.grade) and means.key == "pupils" or means.key in (*READ, *OF_STAGE))


def _of_schools(heading: Heading) -> bool:
    """Tell whether a heading is one of the table of schools, or of pupils by grade."""
    means = heading.means
    return means is not None and (means.key in columns().columns or means.key in OF_STAGE or bool(means.grade))


def _other_sheets(sheets: Sequence[Sheet], table: Table) -> list[object]:
    """Return what must be said of the sheets that are not read."""
    read = table.sources or [table.sheet]
    others = [sheet for sheet in sheets if not any(sheet is one for one in read)]
    said = [text for sheet in others for text in sheet.said]
    if others:
        names = ", ".join(_named(sheet, sheets) + " (hidden)" * sheet.hidden for sheet in others)
        said.append(say("sheets", sheet=", ".join(_named(sheet, sheets) for sheet in read), others=names))
    return said


def _named(sheet: Sheet, sheets: Sequence[Sheet]) -> str:
    """Return a sheet's name, with its file's where there are several."""
    return sheet.name if sheet.name and len({one.file for one in sheets}) == 1 else sheet.shown


def _last_year(table: Table) -> list[object]:
    """Keep the rows of the last school year of a table in which several are stacked, and say so."""
    heading = table.first("year")
    if heading is None:
        return []
    years = [year_of(row[heading.place], heading.shown) for row in table.rows]
    found = Counter(year.september for year in years if year)
    if len(found) < 2:
        return []
    last = max(found)
    table.keep(year is not None and year.september == last for year in years)
    return [say("stacked", heading=heading.shown, n=len(found), first=min(found), last=last)]


def _names(table: Table) -> list[str]:
    """Return the names of columns: the user's headings, those of several levels as the one that is understood."""
    found: list[str] = []
    for heading in table.headings:
        name = heading.shown
        if len(heading.parts) > 1 and heading.means and heading.means.key in columns().columns:
            unit = f"({heading.means.unit})" if heading.means.unit else ""
            called = (text + unit for text in _joined(heading) if _same_key(text, heading.means.key))
            name = next(called, heading.means.key + unit)
        elif heading.means and heading.means.key in columns().columns and not _is_known(name):
            name = heading.means.key + (f"({heading.means.unit})" if heading.means.unit else "")
        elif heading.means is None and plain(name.split("(")[0]) in known_headings():
            name = f"{name} [{heading.place + 1}]"
        found.append(clean(name) if name not in found else f"{clean(name)} [{heading.place + 1}]")
    return found


def _is_known(name: str) -> bool:
    """Tell whether a heading, its unit left out, is one of the table of schools under its own name."""
    return plain(without_unit(name)[0]) in columns().by_heading


def _same_key(text: str, key: str) -> bool:
    return columns().by_heading.get(plain(text)) == key


def _joined(heading: Heading) -> list[str]:
    parts = [part.split("(")[0].split("（")[0] for part in heading.parts]  # noqa: RUF001
    return ["".join(parts), "".join(parts[::-1]), parts[-1]]


# ---- what is not there under its own heading ----


def _by_stage(frame: pd.DataFrame, table: Table) -> list[object]:
    """Add pupils by stage, kinds, names and teachers by stage that follow from other columns; return what was added."""
    said: list[object] = []
    grades = [h for h in table.find("pupils") if h.means and h.means.grade not in ("", PK)]
    if not any(table.first(f"pupils_{stage}") for stage in STAGE_GRADES) and grades:
        low = low_grades(table, [str(place) for place in table.numbers], [None] * len(table.rows), None, grades)
        if low.problems:
            raise InputError(capped(low.problems))
        for stage in STAGE_GRADES:
            frame[f"pupils_{stage}"] = _sum(table, grades, stage, low)
        said += [*low.said, say("by_grade")]
    if table.first("school") is None and table.first("code"):
        frame["school"] = [clean(cell) for cell in table.column("code")]
    if table.first("kind") is None and (kinds := _kinds(frame, table)):
        frame["kind"] = kinds
        said.append(say("kinds"))
        empty = [at for at, kind in enumerate(kinds) if not kind]
        if empty:
            said.append(say("no_pupils", n=len(empty)))
            frame.drop(index=frame.index[empty], inplace=True)
    return said + _teachers(frame, table)


def _sum(table: Table, grades: Sequence[Heading], stage: str, low: LowGrades) -> list[int]:
    """Return the pupils of a stage by row: the numbers of its grades that are known, boys and girls."""
    whole = {h.means.grade for h in grades if h.means and not h.means.sex}
    mine = [(h.place, h.means.grade) for h in grades if h.means and (not h.means.sex or h.means.grade not in whole)]
    taught = STAGE_GRADES[stage]
    return [
        int(sum(count_of(row[place]).value or 0 for place, grade in mine if order(low.grade(at, grade)) in taught))
        for at, row in enumerate(table.rows)
    ]


def _kinds(frame: pd.DataFrame, table: Table) -> list[str]:
    """Return the kinds that schools are by their pupils, empty without any; nothing where pupils are not known."""
    found = {}
    for stage in STAGE_GRADES:
        heading = table.first(f"pupils_{stage}")
        if f"pupils_{stage}" in frame:
            found[stage] = list(frame[f"pupils_{stage}"])
        elif heading:
            found[stage] = [count_of(row[heading.place]).value or 0 for row in table.rows]
    if not found:
        return []
    rows = len(table.rows)
    has = [[bool(n) for n in found.get(stage, [0] * rows)] for stage in STAGE_GRADES]
    return [KIND_OF.get(pair, "") for pair in zip(*has, strict=True)]


def _teachers(frame: pd.DataFrame, table: Table) -> list[object]:
    """Add teachers, and some of them, by stage where a table has them for whole schools, all of one stage."""
    if "kind" not in frame:
        return []
    taught = {kind for kind in frame["kind"] if isinstance(kind, str)}
    if len(taught) != 1 or not taught <= {"primary", "junior"}:
        return []
    stage = taught.pop()
    said: list[object] = []
    rows = dict(zip(table.numbers, table.rows, strict=True))
    for key in OF_STAGE:
        headings = table.find(key)
        if headings and table.first(f"{key}_{stage}") is None:
            whole = [h for h in headings if h.means and not h.means.sex] or headings
            frame[f"{key}_{stage}"] = [
                sum(count_of(rows[number][h.place]).value or 0 for h in whole) for number in frame.index
            ]
            said.append(say("of_stage", headings=" + ".join(h.shown for h in whole), stage=stage))
    return said
