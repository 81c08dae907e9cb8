"""What in an office's tables may be something else than it is taken for: a row of all schools, rows without a code,
grades that are not understood, rows of classes.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence

from simsim.districts.given import Given
from simsim.inputs.errors import InputError, Problem, capped
from simsim.tables.cells import clean, is_blank, plain
from simsim.tables.grades import grade_in
from simsim.tables.headings import Heading
from simsim.tables.sheets import HEADING_ROWS
from simsim.tables.table import Table
from simsim.tables.words import Said, count_of, listed, of_others, say
from simsim.tables.years import year_in, year_of

FEWEST_SCHOOLS, FEWEST_GRADES = 3, 3
"""Fewer may add up to another by chance."""
SHOWN = 6
FEWEST_LETTERS = 3
CAMPUS = ("校区", "分校", "校部", "教学点", "campus", "Campus", "annex", "Annex")
SEVERAL = re.compile(
    r"(?:grades?|gr|years?|yrs?|class)?(?:p?k|1[0-2]|0?[1-9])"
    r"[~–—至to]+(?:grade|gr)?(?:1[0-2]|0?[1-9])(?:total|年级)?"
)


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
    several = [h.shown for h in table.headings if h.means is None and is_several(h.shown) and _numbers(table, h)]
    if several:
        yield say("several_grades", table=table.shown, some=", ".join(several[:SHOWN]))
    names = [
        heading.shown
        for heading in table.headings
        if heading.means is None and _may_be_grade(heading.shown, known)
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


def of_no_grade(table: Table, read: Collection[Heading]) -> Iterator[Said]:
    """Yield what must be said of pupils of no grade: in columns of their own, or in rows of a long table."""
    grade = table.first("grade")
    names: list[str] = []
    number = 0
    if grade is None:
        headings = [h for h in table.headings if h.means is None and plain(h.shown) in listed("ungraded")]
        cells = [(h.shown, row[h.place]) for h in headings for row in table.rows]
    else:
        counted = [h for h in read if h.means and h.means.key == "pupils"]
        rows = [row for row in table.rows if plain(row[grade.place]) in listed("ungraded")]
        cells = [(clean(row[grade.place]), row[h.place]) for row in rows for h in counted]
    for name, cell in cells:
        value = count_of(cell).value
        if value:
            names, number = [*names, name], number + int(value)
    if number:
        yield say("ungraded", table=table.shown, n=number, some=", ".join(list(dict.fromkeys(names))[:SHOWN]))


def unlike_total(table: Table, read: Collection[Heading], rows: Collection[int]) -> Iterator[Said]:
    """Yield what must be said where a column of all pupils of a wide table is not the sum of those of its grades.

    `rows` are those that count.
    """
    grades = [h for h in read if h.means and h.means.key == "pupils" and h.means.grade and h.means.year is None]
    if not grades or table.first("grade") is not None:
        return
    sums = [_sum_of(row, grades) if at in rows else None for at, row in enumerate(table.rows)]
    every = [(heading, _misses(table, heading, sums)) for heading in table.headings if _of_all(heading)]
    if not every or any(not misses for _, misses in every):
        return
    heading, misses = min(every, key=lambda pair: len(pair[1]))
    row, told, counted = misses[0]
    about = {"table": table.shown, "heading": heading.shown, "n": len(misses), "all": sum(bool(s) for s in sums)}
    yield say("unlike_total", **about, row=row, told=int(told), counted=int(counted))


def _of_all(heading: Heading) -> bool:
    """Tell whether a column holds all pupils of a school, by its heading."""
    means, name = heading.means, plain(heading.shown)
    if any(word in name for word in ("班", "class", "%", "teacher", "教师")):
        return False
    if means is not None:
        return means.key == "pupils" and not (means.grade or means.year or means.sex)
    return name in listed("total_columns") | listed("totals")


def _sum_of(row: Sequence[object], headings: Sequence[Heading]) -> float | None:
    """Return a row's pupils of all grades, boys and girls together; None where one of them is not known."""
    by_grade: dict[str, dict[str, float]] = defaultdict(dict)
    for heading in headings:
        count = count_of(row[heading.place])
        if count.value is None and not count.blank:
            return None
        if heading.means and count.value is not None and count.value >= 0:
            by_grade[heading.means.grade][heading.means.sex] = count.value
    return sum(cells.get("", sum(cells.values())) for cells in by_grade.values())


def _misses(table: Table, heading: Heading, sums: Sequence[float | None]) -> list[tuple[int, float, float]]:
    """Return row, number and sum of the rows in which a column of all pupils is not the sum of their grades."""
    told = [count_of(row[heading.place]).value for row in table.rows]
    return [
        (number, all_pupils, counted)
        for number, all_pupils, counted in zip(table.numbers, told, sums, strict=True)
        if all_pupils is not None and counted is not None and all_pupils != counted
    ]


def _may_be_grade(heading: str, known: Collection[str]) -> bool:
    """Tell whether a heading names a grade that is not among those `known`, or is called a grade (预备年级)."""
    grade = grade_in(heading)
    return grade not in known if grade else plain(heading).endswith("年级")


def is_several(heading: str) -> bool:
    """Tell whether a heading names several grades together and nothing else: K-2, Grades 3-5."""
    return bool(SEVERAL.fullmatch(plain(heading.replace("-", "~"))))


def _numbers(table: Table, heading: Heading) -> bool:
    return any(count_of(row[heading.place]).value for row in table.rows)


def campuses(table: Table) -> Iterator[Said]:
    """Yield what must be said of schools whose names are another one's with something behind it (南校区, 教学点)."""
    names = list(dict.fromkeys(clean(name) for name in table.column("school") if not is_blank(name)))
    whole = set(names)
    found = [name for name in names if any(name[:end] in whole for end in range(FEWEST_LETTERS, len(name)))]
    found = [name for name in found if any(word in name for word in CAMPUS)]
    if found:
        yield say("campuses", table=table.shown, n=len(found), some=", ".join(found[:SHOWN]))


def special_schools(table: Table) -> Iterator[Said]:
    """Yield what must be said of special and vocational schools, told by their names or kinds."""
    cells = zip(table.column("school"), table.column("kind"), strict=True)
    named = [(name, f"{name} {'' if is_blank(kind) else kind}") for name, kind in cells if not is_blank(name)]
    found = dict.fromkeys(clean(name) for name, text in named if any(w in plain(text) for w in listed("special_words")))
    if found:
        yield say("special_schools", table=table.shown, n=len(found), some=", ".join(list(found)[:SHOWN]))


def without_others(tables: Sequence[Table], said: list[object]) -> list[Table]:
    """Return tables without those whose title or name says that others than all pupils are counted, where another table
    counts pupils, and say so. InputError where there is no other.
    """
    found = {id(table): words for table in tables if _counts_pupils(table) and (words := _words_of_others(table))}
    if not found:
        return list(tables)
    others = [table for table in tables if _counts_pupils(table) and id(table) not in found]
    firm = [
        table for table in tables if id(table) in found and _words_of_others(table, False) and not _of_pupils(table)
    ]
    if firm and not others and len(firm) == len(found):
        remedy = "in its title or name: its numbers are not those of all pupils; give a table of all pupils by grade"
        raise InputError(capped([Problem(t.shown, "", ", ".join(found[id(t)]), f"stands {remedy}") for t in firm]))
    for table in tables:
        if id(table) in found:
            key = "others_passed" if table in firm else "title_of_others"
            said.append(say(key, table=table.shown, some=", ".join(found[id(table)])))
    return [table for table in tables if table not in firm]


def _counts_pupils(table: Table) -> bool:
    return any(h.means and h.means.key == "pupils" and h.means.grade for h in table.headings) or (
        table.first("grade") is not None and table.first("pupils") is not None
    )


def _titles_of(table: Table, with_file: bool = True) -> str:
    """Return the texts above a table that stand alone in their rows, the sheet's name and, if asked for, the file's."""
    rows = [[clean(cell) for cell in row if not is_blank(cell)] for row in table.sheet.rows[:HEADING_ROWS]]
    alone = {cells[0] for cells in rows if len(set(cells)) == 1} | {table.sheet.name}
    file = table.sheet.file.rsplit(".", 1)[0]
    return " ".join(text for text in table.above if (text == file and with_file) or text in alone)


def _words_of_others(table: Table, with_file: bool = True) -> list[str]:
    return of_others(_titles_of(table, with_file))


def _of_pupils(table: Table) -> bool:
    return any(word in plain(_titles_of(table)) for word in listed("all_pupils"))
