"""One table of an office after the other: which rows count, which school each is of, and its pupils by grade."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from simsim.districts.chosen import SCHOOL_KEYS
from simsim.districts.doubts import (
    campuses,
    names_of_classes,
    of_no_grade,
    perhaps_the_year,
    special_schools,
    unlike_total,
    unread_grades,
    without_code,
)
from simsim.districts.extras import keep_apart
from simsim.districts.given import Cell, Place
from simsim.districts.identity import Identifier, several_names
from simsim.districts.low_grades import LowGrades, low_grades
from simsim.districts.sexes import added, boys_and_girls, mixed_groups, parts_of, unlike, without_row_of_all
from simsim.districts.telling import NOT_A_NUMBER
from simsim.tables.cells import is_blank, plain
from simsim.tables.grades import PK, grade_of
from simsim.tables.headings import Heading
from simsim.tables.table import Table
from simsim.tables.words import count_of, listed, say, words
from simsim.tables.years import Year, year_among, year_of

MEASURES = ("pupils", "classes")
LARGEST_ROLL = 100_000
THOUSANDS = re.compile(r"[1-9][0-9]{0,2}[.]000")
"""1.000, a thousand where a point stands between thousands."""


@dataclass
class Reader(Identifier):
    """Reads tables into `given`, noting mistakes in `problems`; names and codes are linked across tables."""

    first_year: int | None
    undated: bool = False
    adding: bool = False
    before_k: bool = False
    """Whether the table has several names for what comes before K, as 小班 and 中班, which are added."""
    twice: Counter[str] = field(default_factory=Counter)
    other: Counter[str] = field(default_factory=Counter)
    """By table how many numbers are the same as, or other than, those that stood before for the same place."""
    one_sex: dict[str, str] = field(default_factory=dict)
    """By table the sex whose numbers stand alone, without the other and without all."""
    negative: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    """By table the negative numbers that say why there is none."""
    unlike: Counter[str] = field(default_factory=Counter)
    """By table how many numbers of all pupils are not those of boys and girls together."""

    def read(self, table: Table) -> None:
        """Take in everything that one table says."""
        self.given.said += table.said
        if not any(table.first(key) for key in SCHOOL_KEYS):
            self._areas(table)
            return
        schools = self.schools_of(table)
        if table.first("what"):
            self._events(table, schools)
            return
        years = self._years(table)
        self.given.said += several_names(table, schools, years, self.problems)
        counted = self._counted(table, schools, years)
        used = {h.place for h in (*counted, *table.find("breakdown"))}
        used |= {h.place for key in (*SCHOOL_KEYS, "year", "grade") for h in table.find(key)}
        used |= self._values(table, schools, years)
        self.given.said += [*without_code(table), *of_no_grade(table, counted), *unread_grades(table, counted)]
        self.given.said += [*campuses(table), *special_schools(table)]
        self.given.said += unlike_total(table, counted, _rows_that_count(table))
        pupils = [self._pupils_of(school, year) for school, year in zip(schools, years, strict=True)]
        keep_apart(self.given, table, schools, pupils, years, used)

    def _counted(self, table: Table, schools: Sequence[str], years: Sequence[int | None]) -> list[Heading]:
        """Take in the pupils and classes of a table, and return the columns in which they stand."""
        grade, parts = table.first("grade"), parts_of(table)
        of_classes = names_of_classes(table, schools, years, grade)
        self.problems += mixed_groups(table)
        self.given.said += without_row_of_all(table, schools, parts)
        low = low_grades(table, schools, years, grade, _headings(table, grade))
        self.problems += low.problems
        self.given.said += low.said
        self.adding = of_classes is not None or (parts is not None and parts.adding)
        self.before_k = len({plain(cell) for cell in table.column("grade") if grade_of(cell) == PK}) > 1
        headings = [heading for heading in _headings(table, grade) if heading is not of_classes]
        for at, (school, year) in enumerate(zip(schools, years, strict=True)):
            if not school or (parts is not None and at not in parts.rows):
                continue
            own = self._grade(table, at, grade) if grade else ""
            if grade is None or own:
                self._rolls(table, at, (school, year, own), headings, low)
        if of_classes is not None:
            self.given.said.append(say("class_rows", table=table.shown, heading=of_classes.shown))
        elif self.adding:
            names = ", ".join(heading.shown for heading in table.find("breakdown"))
            self.given.said.append(say("added_over", table=table.shown, names=names))
        self.adding = False
        return headings

    # ---- which school, which year ----

    def _years(self, table: Table) -> list[int | None]:
        """Return each row's September: of its cell, or what the title, the sheet or the file says, or --first-year."""
        heading = table.first("year")
        if heading is None:
            said = year_among(table.above)
            september = self._september(said) if said else self.first_year
            if said:
                whole = f"{september}-{(september or 0) + 1}"
                self.given.said.append(say("title_year", table=table.shown, year=whole))
            return [september] * len(table.rows)
        found: list[int | None] = []
        for at, row in enumerate(table.rows):
            cell = row[heading.place]
            year = None if is_blank(cell) else year_of(cell, heading.shown)
            if year is None:
                wrong = "is empty" if is_blank(cell) else "is no school year"
                self.wrong(table, at, heading, cell, f"{wrong}; write it as 2012-13, 2012 or 113學年度")
            found.append(self._september(year) if year else None)
        return found

    def _grade(self, table: Table, at: int, heading: Heading) -> str:
        """Return the grade of a row of a long table; nothing for one of a total, or that is wrong."""
        cell = table.rows[at][heading.place]
        if is_blank(cell):
            self.wrong(table, at, heading, cell, "is empty; write the grade")
            return ""
        grade = grade_of(cell)
        if not grade and plain(cell) not in listed("totals") | listed("all_children") | listed("ungraded"):
            self.wrong(table, at, heading, cell, "is no grade; write K, PK, 1 to 12, 一年级, 七年级 or 初一")
        return grade

    # ---- pupils ----

    def _rolls(
        self, table: Table, at: int, of: tuple[str, int | None, str], headings: Sequence[Heading], low: LowGrades
    ) -> None:
        """Take in the numbers of pupils and classes of a row, `of` a school, a year and, in a long table, a grade; boys
        and girls are added.
        """
        school, year, own = of
        cells: dict[tuple[str, int, str], dict[str, tuple[Cell, Heading]]] = defaultdict(dict)
        for heading in headings:
            means = heading.means
            assert means is not None
            september = self._september(Year(means.year, means.bare)) if means.year else year
            if september is None:
                self.undated |= table.first("year") is None
                continue
            cell = self._cell(table, at, heading)
            if cell is not None:
                cells[means.key, september, low.grade(at, means.grade or own)][means.sex] = cell, heading
        for (key, september, grade), by_sex in cells.items():
            if len(by_sex) == 1 and "" not in by_sex:
                self.one_sex[table.shown] = next(iter(by_sex))
            self.unlike[table.shown] += unlike({sex: cell for sex, (cell, _) in by_sex.items()})
            cell = added({sex: cell for sex, (cell, _) in by_sex.items()})
            heading = next(iter(by_sex.values()))[1]
            cell.where = (table.shown, table.numbers[at])
            self._keep(table, at, heading, key, (school, september, grade), cell)

    def _cell(self, table: Table, at: int, heading: Heading) -> Cell | None:
        """Return the number of a cell; None, and a problem, for what is none."""
        value = table.rows[at][heading.place]
        count = count_of(value)
        if count.value is not None and str(count.value) in words()["negative_codes"]:
            self.negative[table.shown][int(count.value)] += 1
            return Cell(None, blank=words()["negative_codes"][str(count.value)] == "none")
        if isinstance(value, str) and THOUSANDS.fullmatch(value.strip()):
            self.wrong(table, at, heading, value, "may be a thousand or one; write digits only")
            return None
        if count.wrong or (count.value is not None and count.value < 0):
            self.wrong(table, at, heading, value, "is negative; write 0 or more" if not count.wrong else NOT_A_NUMBER)
            return None
        if count.value is not None and (count.value % 1 or count.value > LARGEST_ROLL):
            remedy = "is not a whole number; count persons" if count.value % 1 else f"is more than {LARGEST_ROLL:,}"
            self.wrong(table, at, heading, value, remedy)
            return None
        return Cell(None if count.value is None else int(count.value), count.most, count.blank)

    def _keep(self, table: Table, at: int, heading: Heading, key: str, place: Place, cell: Cell) -> None:
        """Keep a number; the same one a second time is passed over, another one for the same place is a mistake."""
        kept = self.given.rolls if key == "pupils" else self.given.classes
        before = kept.get(place)
        if before is None or (before.blank and not cell.blank):
            kept[place] = cell
        elif (self.adding or (self.before_k and place[2] == PK)) and before.where[0] == table.shown:
            if not cell.blank:
                kept[place] = added({"one": before, "other": cell})
                kept[place].where = before.where
        elif cell.blank or before.value == cell.value:
            self.twice[table.shown] += not cell.blank
        elif before.where[0] == table.shown:
            school, year, grade = place
            name = f"{self.given.names[school]}, {year}-{(year + 1) % 100:02d}, grade {grade}"
            first = f"(first in row {before.where[1]}: {before.value})"
            perhaps = perhaps_the_year(table)
            asked = f"; or is {perhaps} the school year? then call it 学年 or school year" if perhaps else ""
            remedy = f"is a second number for {name} {first}; keep one, or give two schools two codes{asked}"
            self.wrong(table, at, heading, table.rows[at][heading.place], remedy)
        else:
            self.other[table.shown] += 1

    def _pupils_of(self, school: str, year: int | None) -> float | None:
        """Return a school's pupils of all grades in a year; None where none is known."""
        known = self.sums.get((school, year or 0))
        return float(known) if known else None

    @property
    def sums(self) -> Mapping[tuple[str, int], int]:
        """The pupils of each school and year that are known so far."""
        if len(self.given.rolls) != self._summed[0]:
            found: Counter[tuple[str, int]] = Counter()
            for (school, year, _), cell in self.given.rolls.items():
                found[school, year] += cell.value or 0
            self._summed = len(self.given.rolls), found
        return self._summed[1]

    _summed: tuple[int, Counter[tuple[str, int]]] = field(default_factory=lambda: (-1, Counter()))


def _rows_that_count(table: Table) -> Collection[int]:
    parts = parts_of(table)
    return range(len(table.rows)) if parts is None else parts.rows


def _headings(table: Table, grade: Heading | None) -> list[Heading]:
    """Return the columns of pupils and classes: in a long table those without a grade, else those of a grade."""
    counted = [(h, h.means) for key in MEASURES for h in table.find(key) if h.means]
    if grade is None:
        return [h for h, means in counted if means.grade]
    alone = [h for h, means in counted if not means.grade]
    return alone if any(h.means and h.means.key == "pupils" for h in alone) else [*alone, *boys_and_girls(table)]
