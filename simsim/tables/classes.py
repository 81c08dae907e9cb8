"""Lists of classes, 一(1)班, 701 or 7A, as tables of grades: a row for each class tells its pupils."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from simsim.inputs.errors import InputError, Problem, capped
from simsim.tables.cells import clean, is_blank, plain, simplified
from simsim.tables.grades import CHINESE, FROM, GRADE, HIGHEST, grade_at, grade_of, short_grade, whole_number
from simsim.tables.headings import Heading
from simsim.tables.phrases import Meaning
from simsim.tables.table import Table
from simsim.tables.words import listed, say

MARK = r"(?:\(?[0-9]{1,2}\)?|\(?[一二三四五六七八九十]{1,2}\)?|[a-z]|[甲乙丙丁戊己庚辛壬癸忠孝仁爱信义和平])班?"
"""What tells the classes of a grade apart: (1), 1, A, 甲."""
STAGED = re.compile(rf"(?P<stage>初|高|小|国)?(?P<year>十[一二]?|[一二三四五六七八九])(?:{MARK})")
"""一(1)班, 初一(3)班."""
NUMBERED = re.compile(r"0?([1-9]|1[0-2])(?:0[1-9]|[1-4][0-9])班?")
"""701, 1203."""
LETTERED = re.compile(r"(1[0-2]|[1-9])(?:[-./]?[a-z]|[-./年][0-9]{1,2}|\([0-9]{1,2}\))班?")
"""7A, 7-1, 7(1)班, 7年1班."""
BEHIND = re.compile(r"[-/. ]?(?:[a-z]{1,12}|" + MARK + r")")
"""What follows a grade that is named as one: 一年级1班, Year 3 Oak."""
FEWEST = 2
REMEDY = "names a class, and not its grade; write 一(1)班, 701, 7A, or add a column 年级 (grade)"


def class_grade(text: object) -> str:
    """Return the grade of a class by its name; nothing where the name does not tell."""
    folded = re.sub(r"[\s_]+", "", unicodedata.normalize("NFKC", str(whole_number(text)))).lower()
    folded = simplified(folded)
    staged = STAGED.fullmatch(folded)
    if staged:
        number = CHINESE[staged["year"]] + FROM[staged["stage"] or "小"]
        return str(number) if number <= HIGHEST else ""
    for pattern in (NUMBERED, LETTERED):
        found = pattern.fullmatch(folded)
        if found:
            return found[1]
    named = GRADE.match(folded)
    if named and BEHIND.fullmatch(folded[named.end() :]):
        return grade_at(named)
    return short_grade(folded[:2]) if re.fullmatch(r"[py][1-9][a-z]", folded) else ""


def with_grades(table: Table) -> Table:
    """Return a list of classes as a table with a column of grades, in which each row is a class, and say so; another
    table as it is.

    InputError for classes whose names do not tell their grade.
    """
    grade = table.first("grade")
    names = grade if grade is not None else _names(table)
    if names is None or any(h.means and h.means.grade for h in table.headings):
        return table
    cells = [row[names.place] for row in table.rows]
    given = [cell for cell in cells if not is_blank(cell)]
    if grade is not None:
        found = [class_grade(cell) for cell in given if not grade_of(cell)]
        return _listed(table, names, cells) if len(found) >= FEWEST and all(found) else table
    if table.first("pupils") is None or not given:
        return table
    _check(table, names, cells)
    return _listed(table, names, cells)


def _names(table: Table) -> Heading | None:
    """Return the column of classes' names; None where there is none."""
    return next((h for h in table.headings if h.means is None and plain(h.shown) in listed("class_names")), None)


def _grade(cell: object, heading: Heading) -> str:
    """Return the grade of a cell; a bare number under 班级 is that of a class, under Class that of a grade."""
    bare = plain(whole_number(cell)).isdecimal() and not plain(heading.shown).isascii()
    own = "" if bare else grade_of(cell)
    return own or class_grade(cell)


def _check(table: Table, names: Heading, cells: Sequence[object]) -> None:
    problems = [
        Problem(table.shown, f"row {number}, {names.shown}", clean(cell), REMEDY)
        for number, cell in zip(table.numbers, cells, strict=True)
        if not is_blank(cell) and not _grade(cell, names) and plain(cell) not in listed("totals") | listed("ungraded")
    ]
    if problems:
        raise InputError(capped(problems))


def _listed(table: Table, names: Heading, cells: Sequence[object]) -> Table:
    """Give a table of classes columns of grades and of classes, one in each row."""
    rows = [(_grade(cell, names) or cell, cell, 0 if is_blank(cell) else 1) for cell in cells]
    alike = table.first("grade") is None and all(grade == grade_of(cell) for grade, cell, _ in rows)
    width, counted = len(table.headings), table.first("classes") is None and not alike
    if table.first("grade") is not None:
        table.headings[names.place] = Heading(names.place, names.parts, None)
    table.headings.append(Heading(width, names.parts, Meaning("grade")))
    table.headings.append(Heading(width + 1, ("class",), None))
    table.headings += [Heading(width + 2, ("classes",), Meaning("classes"))] if counted else []
    for row, more in zip(table.rows, rows, strict=True):
        row += more[: 3 if counted else 2]
    if not alike:
        table.said.append(say("class_list", table=table.shown, heading=names.shown, n=len(rows)))
    return table
