"""A workbook, a text file or a folder of an office's tables, read as a whole: what is given, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from simsim.districts.areas import without_areas
from simsim.districts.chosen import SCHOOL_KEYS, only_rows, several_districts
from simsim.districts.doubts import perhaps_the_year, rows_of_all, without_others
from simsim.districts.given import Given
from simsim.districts.reading import Reader
from simsim.inputs.errors import InputError, Problem, capped
from simsim.tables.beside import apart, sheet_in_book
from simsim.tables.by_stage import whole_schools
from simsim.tables.classes import with_grades
from simsim.tables.derived import with_derived
from simsim.tables.grade_names import name_grades
from simsim.tables.headings import score
from simsim.tables.named_sheets import by_name
from simsim.tables.names import link_names
from simsim.tables.reshaped import reshaped
from simsim.tables.school_forms import school_forms
from simsim.tables.sheets import Sheet, bare_formula, read_sheets
from simsim.tables.table import Table, read_table
from simsim.tables.words import Said, say

PERIOD = ("start", "end")
TOTALS_BY_STAGE = ("pupils_primary", "pupils_junior", "pupils_senior")
SHOWN = 6
LONGEST_LIST = 300


def read_book(
    book: str | Path, only: Sequence[str] = (), year_is: str = "start", first_year: int | None = None
) -> Given:
    """Return what a workbook, text file or folder of tables gives; InputError names every mistake with its sheet, row
    and column, in some twenty lines at most.

    `only` are conditions COLUMN=VALUE; a bare year means the school year that begins (start) or ends (end) in it;
    `first_year` is the September of tables that name no year.
    """
    if year_is not in PERIOD:
        raise InputError(Problem("--year-is", "", year_is, "must be start or end"))
    tables, said = _tables(book)
    given = Given(said)
    problems = only_rows(tables, only)
    if not problems:
        reader = Reader(given, problems, year_is, first_year)
        reader.look_ahead(tables)
        for table in sorted(tables, key=lambda table: table.first("code") is None):
            reader.read(table)
        given.said += _told(reader, tables, only)
        if not problems:
            problems += _missing(given, tables, Path(book).name, reader.undated)
            problems += rows_of_all(given)
    if problems:
        raise InputError(capped(problems))
    return given


def _tables(book: str | Path) -> tuple[list[Table], list[object]]:
    """Return the tables of a book, and what is said of sheets that hold none; InputError when none does."""
    tables: list[Table] = []
    said: list[object] = []
    rest, of_forms = school_forms(read_sheets(book, score))
    problems: list[Problem] = []
    for sheet in (part for whole in rest for part in apart(whole)):
        table = read_table(sheet) if sheet.rows else None
        table = table and reshaped(_with_grades(table))
        if table is None:
            said += [*sheet.said, say("passed_over" if sheet.rows else "sheet_empty", table=sheet.shown)]
        elif table.rows:
            problems += [*without_areas(table), *_without_values(book, sheet)]
            tables.append(table)
    if problems:
        raise InputError(capped(problems))
    if visible := [table for table in tables if not table.sheet.hidden]:
        said += [say("hidden_sheet", table=table.shown) for table in tables if table.sheet.hidden]
        tables = visible
    if of_forms:
        tables.append(of_forms)
    tables = without_others(tables, said)
    if not tables:
        remedy = "holds no table with headings that simsim knows (docs/data-dictionary.md)"
        remedy += "; it needs schools, and their pupils by year and grade"
        raise InputError([Problem(Path(book).name, "", None, remedy), *(_passed(str(line)) for line in said)])
    said += link_names(tables)
    return [with_derived(table) for table in whole_schools(tables, by_kind=False)], said


def _with_grades(table: Table) -> Table:
    """Return a table with the grades that its sheet's name, its other grades or its classes' names tell."""
    by_name(table)
    name_grades(table)
    return with_grades(table)


def _without_values(book: str | Path, sheet: Sheet) -> Iterator[Problem]:
    """Yield the first formula of a sheet that no program has computed: its cell reads as empty."""
    path = Path(book) / sheet.file if Path(book).is_dir() else Path(book)
    cell = bare_formula(path, sheet_in_book(sheet.name)) if sheet.name and not sheet.before else ""
    if cell:
        remedy = "holds a formula without a saved value; open the workbook in a spreadsheet and save it"
        yield Problem(sheet.shown, f"cell {cell}", None, remedy)


def _passed(line: str) -> Problem:
    place, _, why = line.rpartition(": ")
    return Problem(place, "", None, why)


def _told(reader: Reader, tables: Sequence[Table], only: Sequence[str]) -> Iterator[Said]:
    """Yield what must be said of all tables: bare years, numbers given twice, several districts."""
    yield from reader.told_of_schools()
    if reader.before:
        yield say("year_before")
    for place, codes in reader.negative.items():
        yield say("negative_codes", table=place, n=sum(codes.values()), some=", ".join(map(str, sorted(codes))))
    if reader.bare:
        yield say(f"bare_{reader.year_is}")
    for place, sex in reader.one_sex.items():
        yield say(f"one_sex_{sex}", table=place)
    yield from (say("unlike_sexes", table=place, n=number) for place, number in reader.unlike.items() if number)
    yield from (say("twice", table=place, n=number) for place, number in reader.twice.items() if number)
    yield from (say("other_number", table=place, n=number) for place, number in reader.other.items())
    if not only:
        yield from several_districts(tables)


def _missing(given: Given, tables: Sequence[Table], shown: str, undated: bool) -> Iterator[Problem]:
    """Yield what must be there and is not: somewhere a school, and its pupils by year and grade."""
    if not any(table.first(key) for table in tables for key in SCHOOL_KEYS):
        headings = ", ".join(dict.fromkeys(h.shown for table in tables for h in table.headings if not h.means))
        remedy = f"have no column with a name or a code; headings that are not understood: {headings[:LONGEST_LIST]}"
        remedy = f"{remedy}; where each sheet or file is one school, name it so (East School, 东街小学)"
        yield Problem(shown, "schools", None, remedy)
        return
    if any(cell.value for cell in given.rolls.values()):
        return
    if undated:
        remedy = "have no school year: add a column (2012-13, 2012, 113學年度), name it in a title or the sheet's name"
        perhaps = next((name for table in tables if (name := perhaps_the_year(table))), "")
        asked = f" (is {perhaps} one? then call it 学年 or school year)" if perhaps else ""
        yield Problem(shown, "rolls", None, f"{remedy}, or give --first-year{asked}")
        return
    totals = [heading.shown for table in tables for key in TOTALS_BY_STAGE for heading in table.find(key)]
    remedy = "have no pupils by grade: give code, year, grade and pupils, or a column for each grade (一年级, grade 1)"
    if totals:
        remedy += f"; {', '.join(totals[:SHOWN])} are totals of stages, which say nothing of grades"
    yield Problem(shown, "rolls", None, remedy)
