"""What in an office's tables may be something else than it is taken for: a row of all schools, rows without a code,
grades that are not understood, rows of classes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence

from simsim.districts.given import Given
from simsim.inputs.errors import Problem
from simsim.tables.cells import clean, is_blank, plain
from simsim.tables.grades import grade_in
from simsim.tables.headings import Heading
from simsim.tables.table import Table
from simsim.tables.words import Said, count_of, listed, say
from simsim.tables.years import year_in, year_of

FEWEST_SCHOOLS, FEWEST_GRADES = 3, 3
"""Fewer may add up to another by chance."""
SHOWN = 6


def rows_of_all(given: Given) -> Iterator[Problem]:
    """Yield schools that have in every grade of a year as many pupils as all the others together: rows of totals under
    a name that does not say so.
    """
    years: dict[int, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for (school, year, grade), cell in given.rolls.items():
        if cell.value:
            years[year][school][grade] = cell.value
    found: dict[str, int] = {}
    for year in sorted(years):
        found |= dict.fromkeys(_alike_all(years[year]), year)
    for school, year in found.items():
        remedy = f"has in every grade of {year} as many pupils as all other schools together: a row of totals?"
        yield Problem("rolls", given.names.get(school, school), None, f"{remedy} leave it out, or call it 合计 (total)")


def _alike_all(pupils: dict[str, dict[str, int]]) -> Iterator[str]:
    """Yield the schools whose pupils by grade are the sum of all those that have others (the same total may stand there
    several times).
    """
    every: Counter[str] = Counter()
    for grades in pupils.values():
        every.update(grades)
    alike = Counter(tuple(sorted(grades.items())) for grades in pupils.values())
    for school, grades in pupils.items():
        times = alike[tuple(sorted(grades.items()))]
        enough = len(pupils) - times >= FEWEST_SCHOOLS - 1 and len(grades) >= FEWEST_GRADES
        if enough and all(every[grade] == (times + 1) * grades.get(grade, 0) for grade in every):
            yield school


def without_code(table: Table) -> Iterator[Said]:
    """Yield what must be said of rows without a code in a table in which most schools have one."""
    if table.first("code") is None or table.first("school") is None:
        return
    bare = [name for code, name in zip(table.column("code"), table.column("school"), strict=True) if is_blank(code)]
    names = list(dict.fromkeys(clean(name) for name in bare if not is_blank(name)))
    if names and 2 * len(bare) < len(table.rows):
        yield say("no_code", table=table.shown, n=len(bare), some=", ".join(names[:SHOWN]))


def unread_grades(table: Table, read: Collection[Heading]) -> Iterator[Said]:
    """Yield what must be said of columns of numbers that are not understood and name a grade of which no other column
    has been `read`.
    """
    known = {h.means.grade for h in read if h.means}
    if not known - {""}:
        return
    names = [
        heading.shown
        for heading in table.headings
        if heading.means is None and (grade := grade_in(heading.shown)) and grade not in known
        and all(count_of(row[heading.place]).value is not None or is_blank(row[heading.place]) for row in table.rows)
    ]  # fmt: skip
    if names:
        yield say("unread_grades", table=table.shown, some=", ".join(names[:SHOWN]))


def perhaps_the_year(table: Table) -> str:
    """Return the heading of a column that is not understood, and in which every cell could be a school year; nothing
    where a column of years is there.
    """
    if table.first("year") is not None:
        return ""
    for heading in table.headings:
        cells = [row[heading.place] for row in table.rows if not is_blank(row[heading.place])]
        if heading.means is None and cells and all(year_of(cell) or year_in(cell) for cell in cells):
            return heading.shown
    return ""


def names_of_classes(
    table: Table, schools: Sequence[str], years: Sequence[int | None], grade: Heading | None
) -> Heading | None:
    """Return the column that tells the classes of a grade apart, where the table has a row for each class; None where
    it has not.
    """
    if grade is None:
        return None
    grades = [plain(row[grade.place]) for row in table.rows]
    groups = Counter(zip(schools, years, grades, strict=True))
    if max(groups.values(), default=0) < 2:
        return None
    for heading in table.headings:
        if plain(heading.shown) in listed("class_names"):
            cells = [plain(row[heading.place]) for row in table.rows]
            if len(set(zip(schools, years, grades, cells, strict=True))) == len(table.rows):
                return heading
    return None
