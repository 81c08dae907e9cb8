"""One table of an office after the other: which rows count, which school each is of, and what its cells say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from simsim.districts.doubts import names_of_classes, perhaps_the_year, unread_grades, without_code
from simsim.districts.given import Cell, Given, Place
from simsim.districts.hidden import is_sensitive, of_persons, shielded, tells_of_persons, without_differences
from simsim.inputs.errors import Problem, suggest
from simsim.tables.cells import clean, is_blank, plain
from simsim.tables.columns import columns
from simsim.tables.headings import Heading
from simsim.tables.meanings import known_headings
from simsim.tables.table import Table
from simsim.tables.words import Meaning, Said, Year, count_of, grade_of, grades_of, listed, say, year_in, year_of

MEASURES = ("pupils", "classes")
SCHOOL_KEYS = ("school", "code")
TEXTS = ("name_en", "district", "area", "ownership", "urban", "catchment_primary", "catchment_junior", "what", "grades")
YEARS = ("opens", "closes")
NUMBERS = (
    "rooms", "places", "teachers", "overqualified", "midtitle", "backbone", "title_senior", "title_first",
    "title_second", "title_none", "longitude", "latitude", "x_km", "y_km", "ses", "migrant_share", "migrant_pupils",
    "building_year", "poor_pupils", "disabled_pupils",
)  # fmt: skip
BY_STAGE = (
    "teachers", "overqualified", "midtitle", "backbone", "pe_arts", "star", "rooms", "places", "title_none",
    "title_second", "title_first", "title_senior",
)  # fmt: skip
FACILITIES = ("teaching_area_m2", "sports_area_m2", "equipment_yuan", "computers", "books", "multimedia_rooms")
KEPT_APART = ("poor_pupils", "disabled_pupils", "migrant_pupils")
"""Counts of children that are written beside the district, the small ones hidden."""
SIGNED = ("longitude", "latitude", "x_km", "y_km", "ses")
LARGEST_ROLL = 100_000
NOT_A_NUMBER = "is not a number; write digits only, leave it empty or write * where it is not known"
FEW_SHOWN = 6


def numeric() -> tuple[str, ...]:
    """Return the keys of schools that hold numbers and are used."""
    staged = tuple(f"{key}_{stage}" for key in BY_STAGE for stage in ("primary", "junior"))
    return (*NUMBERS, *staged, *FACILITIES, "pupils_senior")


def only_rows(tables: Sequence[Table], conditions: Sequence[str]) -> list[Problem]:
    """Keep the rows of tables that meet every condition COLUMN=VALUE; return what is wrong with a condition."""
    problems = []
    for condition in conditions:
        column, _, value = condition.partition("=")
        found = [(table, h) for table in tables if (h := _named(table, column.strip())) is not None]
        if not value.strip() or not found:
            names = list(dict.fromkeys(heading.shown for table in tables for heading in table.headings))
            remedy = f"must be COLUMN=VALUE with a column of the tables{suggest(column.strip(), names)}"
            problems.append(Problem("--only", "", condition, remedy))
            continue
        seen: Counter[str] = Counter()
        for table, heading in found:
            cells = [clean(row[heading.place]) if not is_blank(row[heading.place]) else "" for row in table.rows]
            seen.update(cells)
            table.keep(plain(cell) == plain(value) for cell in cells)
        if not any(table.rows for table, _ in found):
            common = ", ".join(name for name, _ in seen.most_common(FEW_SHOWN))
            remedy = f"is in no row of {column.strip()}{suggest(value.strip(), seen)}; there are {common} ..."
            problems.append(Problem("--only", "", condition, remedy))
        else:
            _of_these_schools(tables, {id(table) for table, _ in found})
    return problems


def _named(table: Table, name: str) -> Heading | None:
    """Return the heading of this name, or with the meaning that the name has; None when there is none."""
    exact = [h for h in table.headings if plain(name) in {plain(h.shown), *map(plain, h.parts)}]
    key = known_headings().get(plain(name))
    return next(iter(exact), None) or (table.first(key) if key else None)


def _of_these_schools(tables: Sequence[Table], filtered: set[int]) -> None:
    """Keep, in tables without the column of a condition, the rows of schools that the others still hold."""
    kept = {
        key: {plain(cell) for t in tables if id(t) in filtered for cell in t.column(key) if not is_blank(cell)}
        for key in SCHOOL_KEYS
    }
    for table in tables:
        key = next((key for key in ("code", "school") if table.first(key) and kept[key]), None)
        if id(table) in filtered or key is None:
            continue
        table.keep(plain(cell) in kept[key] for cell in table.column(key))


def several_districts(tables: Iterable[Table]) -> Iterator[Said]:
    """Yield what must be said of tables that name several districts, all taken for one."""
    for table in tables:
        heading = table.first("district")
        values = Counter(clean(cell) for cell in table.column("district") if not is_blank(cell))
        if heading is not None and len(values) > 1:
            some = ", ".join(name for name, _ in values.most_common(FEW_SHOWN))
            yield say("many_districts", table=table.shown, heading=heading.shown, n=len(values), some=some)


@dataclass
class Reader:
    """Reads tables into `given`, noting mistakes in `problems`; names and codes are linked across tables."""

    given: Given
    problems: list[Problem]
    year_is: str
    first_year: int | None
    undated: bool = False
    bare: int = 0
    adding: bool = False
    codes: dict[str, str] = field(default_factory=dict)
    twice: Counter[str] = field(default_factory=Counter)
    other: Counter[str] = field(default_factory=Counter)
    """By table how many numbers are the same as, or other than, those that stood before for the same place."""
    one_sex: dict[str, str] = field(default_factory=dict)
    """By table the sex whose numbers stand alone, without the other and without all."""
    unlike: Counter[str] = field(default_factory=Counter)
    """By table how many numbers of all pupils are not those of boys and girls together."""

    bare_codes: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The first code that is written so but for zeros at its beginning, and its table, by what follows them."""
    padded: dict[str, str] = field(default_factory=dict)
    """By code how another table writes it, with other zeros."""

    def read(self, table: Table) -> None:
        """Take in everything that one table says."""
        self.given.said += table.said
        if not any(table.first(key) for key in SCHOOL_KEYS):
            self._areas(table)
            return
        schools = self._schools(table)
        if table.first("what"):
            self._events(table, schools)
            return
        years = self._years(table)
        wide = [h for key in MEASURES for h in table.find(key) if h.means and (h.means.grade or h.means.year)]
        grade = table.first("grade")
        long = [h for key in MEASURES for h in table.find(key)] if grade else []
        long = [h for h in long if h.means and not h.means.grade] or (_boys_and_girls(table) if grade else [])
        parts, of_classes = _parts_of(table), names_of_classes(table, schools, years, grade)
        self.adding = of_classes is not None or (parts is not None and parts.adding)
        long = [heading for heading in long if heading is not of_classes]
        for at, (school, year) in enumerate(zip(schools, years, strict=True)):
            if not school or (parts is not None and at not in parts.rows):
                continue
            own = self._grade(table, at, grade) if grade else ""
            if grade is None or own:
                self._rolls(table, at, school, year, own, long if grade else wide)
        if of_classes is not None:
            self.given.said.append(say("class_rows", table=table.shown, heading=of_classes.shown))
        elif self.adding:
            names = ", ".join(heading.shown for heading in table.find("breakdown"))
            self.given.said.append(say("added_over", table=table.shown, names=names))
        self.adding = False
        used = {h.place for h in (*wide, *long, *table.find("breakdown"))} | {
            h.place for key in SCHOOL_KEYS for h in table.find(key)
        }
        used |= {h.place for key in ("year", "grade") for h in table.find(key)}
        used |= self._values(table, schools, years)
        self.given.said += [*without_code(table), *unread_grades(table, (*wide, *long))]
        self._extra(table, schools, years, used)

    # ---- which school, which year ----

    def _wrong(self, table: Table, at: int, heading: Heading, value: object, remedy: str) -> None:
        key = f"row {table.numbers[at]}, {heading.shown}"
        self.problems.append(Problem(table.shown, key, None if is_blank(value) else value, remedy))

    def _schools(self, table: Table) -> list[str]:
        """Return each row's school by its code, or by its name where no table has a code for it."""
        code, name = table.first("code"), table.first("school")
        found = []
        for at, row in enumerate(table.rows):
            given = "" if code is None or is_blank(row[code.place]) else clean(row[code.place])
            called = "" if name is None or is_blank(row[name.place]) else clean(row[name.place])
            if not given and not called:
                heading = code or name
                assert heading is not None
                self._wrong(table, at, heading, None, "is empty; write the school's code or name")
            school = given or self.codes.get(plain(called), called)
            if given:
                school = self._coded(table, given)
                self.given.coded.add(school)
                if called:
                    self.codes.setdefault(plain(called), school)
            if school and called:
                self.given.names[school] = called
            elif school:
                self.given.names.setdefault(school, school)
            found.append(school)
        return found

    def _coded(self, table: Table, given: str) -> str:
        """Return the code of a school as it was first written: another table may have lost zeros at its beginning."""
        key, bare = f"code {plain(given)}", plain(given).lstrip("0")
        first, where = self.bare_codes.setdefault(bare, (given, table.shown))
        if key not in self.codes and where != table.shown:
            self.padded.setdefault(first, given)
            self.codes[key] = first
        return self.codes.setdefault(key, given)

    def _years(self, table: Table) -> list[int | None]:
        """Return each row's September: of its cell, or what the title, the sheet or the file says, or --first-year."""
        heading = table.first("year")
        if heading is None:
            said = next((year for text in table.above if (year := year_in(text))), None)
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
                self._wrong(table, at, heading, cell, f"{wrong}; write it as 2012-13, 2012 or 113學年度")
            found.append(self._september(year) if year else None)
        return found

    def _september(self, year: Year) -> int:
        """Return the September of a school year as it is meant."""
        self.bare += year.bare
        return year.september - (year.bare and self.year_is == "end")

    def _grade(self, table: Table, at: int, heading: Heading) -> str:
        """Return the grade of a row of a long table; nothing for one of a total, or that is wrong."""
        cell = table.rows[at][heading.place]
        if is_blank(cell):
            self._wrong(table, at, heading, cell, "is empty; write the grade")
            return ""
        grade = grade_of(cell)
        if not grade and plain(cell) not in listed("totals"):
            self._wrong(table, at, heading, cell, "is no grade; write K, PK, 1 to 12, 一年级, 七年级 or 初一")
        return grade

    # ---- pupils ----

    def _rolls(
        self, table: Table, at: int, school: str, year: int | None, own: str, headings: Sequence[Heading]
    ) -> None:
        """Take in the numbers of pupils and classes of a row; boys and girls are added."""
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
                cells[means.key, september, means.grade or own][means.sex] = cell, heading
        for (key, september, grade), by_sex in cells.items():
            if len(by_sex) == 1 and "" not in by_sex:
                self.one_sex[table.shown] = next(iter(by_sex))
            self.unlike[table.shown] += _unlike({sex: cell for sex, (cell, _) in by_sex.items()})
            cell = _added({sex: cell for sex, (cell, _) in by_sex.items()})
            heading = next(iter(by_sex.values()))[1]
            cell.where = (table.shown, table.numbers[at])
            self._keep(table, at, heading, key, (school, september, grade), cell)

    def _cell(self, table: Table, at: int, heading: Heading) -> Cell | None:
        """Return the number of a cell; None, and a problem, for what is none."""
        value = table.rows[at][heading.place]
        count = count_of(value)
        if count.wrong or (count.value is not None and count.value < 0):
            self._wrong(table, at, heading, value, "is negative; write 0 or more" if not count.wrong else NOT_A_NUMBER)
            return None
        if count.value is not None and (count.value % 1 or count.value > LARGEST_ROLL):
            remedy = "is not a whole number; count persons" if count.value % 1 else f"is more than {LARGEST_ROLL:,}"
            self._wrong(table, at, heading, value, remedy)
            return None
        return Cell(None if count.value is None else int(count.value), count.most, count.blank)

    def _keep(self, table: Table, at: int, heading: Heading, key: str, place: Place, cell: Cell) -> None:
        """Keep a number; the same one a second time is passed over, another one for the same place is a mistake."""
        kept = self.given.rolls if key == "pupils" else self.given.classes
        before = kept.get(place)
        if before is None or (before.blank and not cell.blank):
            kept[place] = cell
        elif self.adding and before.where[0] == table.shown:
            if not cell.blank:
                kept[place] = _added({"one": before, "other": cell})
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
            self._wrong(table, at, heading, table.rows[at][heading.place], remedy)
        else:
            self.other[table.shown] += 1

    # ---- what else is told ----

    def _values(self, table: Table, schools: Sequence[str], years: Sequence[int | None]) -> set[int]:
        """Take in what a table says of schools beside their rolls; return the columns that were used."""
        used: set[int] = set()
        by_key: dict[str, list[Heading]] = defaultdict(list)
        for heading in table.headings:
            if heading.means and heading.means.key in (*numeric(), *TEXTS, *YEARS):
                by_key[heading.means.key].append(heading)
        by_key |= {key: headings for key, headings in _sums(table).items() if key not in by_key}
        for key, headings in by_key.items():
            used |= {h.place for h in headings if key not in KEPT_APART}
            for at, (school, year) in enumerate(zip(schools, years, strict=True)):
                value = self._value(table, at, key, headings) if school else None
                if value is not None and (year or 0) >= self.given.since.get((school, key), 0):
                    self.given.values[school][key] = value
                    self.given.since[school, key] = year or 0
        return used

    def _value(self, table: Table, at: int, key: str, headings: Sequence[Heading]) -> object:
        """Return a text, a September or a number that a row gives; None where it gives none or what is wrong."""
        cells = [table.rows[at][heading.place] for heading in headings]
        if key in TEXTS:
            return None if is_blank(cells[0]) else clean(cells[0])
        if key in YEARS:
            year = None if is_blank(cells[0]) else year_of(cells[0])
            return None if year is None else float(self._september(year))
        total = 0.0
        for cell, heading in zip(cells, headings, strict=True):
            count = count_of(cell)
            if count.wrong or (count.value is not None and count.value < 0 and key not in SIGNED):
                self._wrong(table, at, heading, cell, NOT_A_NUMBER if count.wrong else "is negative; write 0 or more")
            if count.value is None:
                return None
            total += count.value * _factor(heading)
        return total

    def _events(self, table: Table, schools: Sequence[str]) -> None:
        """Take in the rows of a table of what is to come: openings, closures, grades and places by year."""
        what, year = table.first("what"), table.first("year")
        grades, places = table.first("grades") or table.first("grade"), table.first("places")
        if what is None or year is None:
            self.problems.append(
                Problem(table.shown, "", None, "tells of changes, but of no year; add a column for it")
            )
            return
        for at, (school, row) in enumerate(zip(schools, table.rows, strict=True)):
            cell, when = row[what.place], year_of(row[year.place], year.shown)
            event = next((name for name in EVENTS if plain(cell) in listed("what", name)), None)
            if event is None:
                self._wrong(table, at, what, cell, f"is none of {', '.join(EVENTS)} (开办, 撤并, 年级, 学位)")
            elif when is None:
                self._wrong(table, at, year, row[year.place], "is no school year; write it as 2012-13 or 2012")
            elif school:
                named = "" if grades is None or is_blank(row[grades.place]) else clean(row[grades.place])
                room = None if places is None else count_of(row[places.place]).value
                told = {"grades": grades_of(named), "places": room}
                self.given.plans.append({"school": school, "year": self._september(when), "what": event, **told})

    def _areas(self, table: Table) -> None:
        """Take in a table without schools: births by year and area, or areas with the schools that serve them."""
        area, year = table.first("area"), table.first("year") or table.first("area_year")
        for key, kept in (("births", self.given.births), ("registered", self.given.registered)):
            for heading in table.find(key):
                for at, row in enumerate(table.rows):
                    means, count = heading.means, count_of(row[heading.place])
                    when = year_of(row[year.place], year.shown) if year else None
                    september = means.year if means and means.year else when.september if when else None
                    if september is None or count.wrong:
                        remedy = NOT_A_NUMBER if count.wrong else "has no year beside it; add a column with the year"
                        self._wrong(table, at, heading, row[heading.place], remedy)
                    elif count.value is not None:
                        where = "" if area is None or is_blank(row[area.place]) else clean(row[area.place])
                        kept.append((where, september, count.value))
        serves = [key for key in ("catchment_primary", "catchment_junior") if table.first(key)]
        for row in table.rows if serves and area else ():
            assert area is not None
            told = {h.means.key: row[h.place] for h in table.headings if h.means}
            self.given.areas.append({**told, "area": clean(row[area.place])})
        if not serves and not table.find("births") and not table.find("registered"):
            self.given.said.append(say("no_use", table=table.shown))

    def _extra(self, table: Table, schools: Sequence[str], years: Sequence[int | None], used: set[int]) -> None:
        """Keep the columns that nobody uses, but for those about persons; hide small counts of children."""
        unused = [h for h in table.headings if h.place not in used and h.parts]
        texts = {h.place: ["" if is_blank(row[h.place]) else clean(row[h.place]) for row in table.rows] for h in unused}
        persons = [h for h in unused if of_persons(h.shown) or tells_of_persons(texts[h.place])]
        self.given.dropped += [h.shown for h in persons]
        kept = [h for h in unused if h not in persons and any(texts[h.place])]
        if not kept:
            return
        pupils = [
            self._pupils_of(table, at, school, year)
            for at, (school, year) in enumerate(zip(schools, years, strict=True))
        ]
        frame: dict[str, list[object]] = {"sheet": [table.sheet.name or table.sheet.file] * len(table.rows)}
        frame |= {"code": list(schools), "year": list(years)}
        secret: dict[str, list[str]] = {}
        for heading in kept:
            cells = texts[heading.place]
            name = heading.shown if heading.shown not in frame else f"{heading.shown} ({heading.place + 1})"
            frame[name] = list(cells)
            if is_sensitive(heading.shown):
                secret[name] = list(shielded(heading.shown, cells, pupils))
        frame |= {name: list(cells) for name, cells in without_differences(secret).items()}
        self.given.extra.append(pd.DataFrame(frame))

    def _pupils_of(self, table: Table, at: int, school: str, year: int | None) -> float | None:
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


@dataclass(frozen=True)
class _Parts:
    """Which rows of a table count that has one for each group of pupils, and whether their numbers are added up."""

    rows: frozenset[int]
    adding: bool


def _parts_of(table: Table) -> _Parts | None:
    """Return how a table is read that is broken down by sex or another group: the rows of all pupils where it has
    them, else all rows, added up; None for a table that is not.
    """
    headings = table.find("breakdown")
    if not headings:
        return None
    rows, adding = set(range(len(table.rows))), False
    for heading in headings:
        texts = [plain(row[heading.place]) for row in table.rows]
        whole = {at for at, text in enumerate(texts) if text in listed("totals") | listed("all_children")}
        rows, adding = (rows & whole, adding) if whole else (rows, True)
    return _Parts(frozenset(rows), adding)


EVENTS = ("opens", "closes", "grades", "places")


def _added(by_sex: Mapping[str, Cell]) -> Cell:
    """Return a number of all pupils: as it stands, or boys and girls added; not known where one of them is not."""
    if "" in by_sex or len(by_sex) == 1:
        return by_sex.get("", next(iter(by_sex.values())))
    cells = list(by_sex.values())
    if all(cell.blank for cell in cells):
        return Cell(None, blank=True)
    known = [cell.value for cell in cells if cell.value is not None]
    if len(known) == len(cells):
        return Cell(sum(known))
    blank = [cell for cell in cells if cell.blank]
    if len(blank) + len(known) == len(cells) and any(known):
        return Cell(None)
    most = [cell.value if cell.value is not None else cell.most for cell in cells]
    return Cell(None, sum(m for m in most if m is not None) if None not in most else None)


def _boys_and_girls(table: Table) -> list[Heading]:
    """Return the columns that a long table heads 男 and 女 alone; none where one of them is not there."""
    found = {
        sex: next((h for h in table.headings if h.means is None and plain(h.shown) in listed(sex)), None)
        for sex in ("boys", "girls")
    }
    headings = [Heading(h.place, h.parts, Meaning("pupils", sex=sex)) for sex, h in found.items() if h is not None]
    return headings if len(headings) == len(found) else []


def _unlike(by_sex: Mapping[str, Cell]) -> bool:
    """Tell whether the number of all pupils stands beside those of boys and girls, and is another."""
    whole, parts = by_sex.get(""), [cell.value for sex, cell in by_sex.items() if sex]
    known = [value for value in parts if value is not None]
    return whole is not None and whole.value is not None and len(known) == len(parts) > 1 and sum(known) != whole.value


def _sums(table: Table) -> dict[str, list[Heading]]:
    """Return the headings that together stand for a key, as columns.yaml says, where all of them are there."""
    places = {plain(heading.shown): heading for heading in table.headings}
    found = {
        key: [places.get(plain(part)) for part in column.sum_of]
        for key, column in columns().columns.items()
        if column.sum_of and key in numeric()
    }
    return {key: [h for h in parts if h] for key, parts in found.items() if all(parts)}


def _factor(heading: Heading) -> float:
    """Return what turns the unit in a heading's brackets into the unit of its key; 1 for one that is not known."""
    means = heading.means
    column = columns().columns.get(means.key) if means else None
    if column is None or means is None or means.unit is None:
        return 1.0
    return {plain(unit): factor for unit, factor in column.units.items()}.get(plain(means.unit), 1.0)
